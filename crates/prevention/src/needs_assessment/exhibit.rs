//! What every exhibit needs: treated counts, rates with intervals, provenance.

use super::Setting;
use super::area::Scope;
use crate::definition::Indicator;
use crate::period::{Month, Period};
use crate::source::Kind;
use crate::source::street::CrimeType;
use headwater_release::{
    Audience, Count, ExtractRef, Interval, MethodRef, Passage, Provenance, Rule, Treated, Value, derive, derive_interval, derive_rows, treat,
};
use headwater_statistics::estimate::Confidence;
use headwater_statistics::{proportion, rate};
use std::collections::BTreeSet;

/// The rule of every source: [`Setting::open`] is only given when it is this one.
pub(super) fn rule() -> &'static Rule {
    Rule::already_public()
}

/// A count of an open source, treated for the public.
pub(super) fn treated(n: u64) -> Treated {
    treat(Count::new(n), rule(), Audience::Public)
}

/// A share in per cent with Wilson's 95 % interval.
pub(super) fn share(part: u64, whole: u64) -> Interval {
    derive_interval(&[treated(part), treated(whole)], 1, |n| {
        let estimate = proportion::wilson(n[0] as f64, n[1] as f64, 100.0, Confidence::P95).map_err(|refusal| refusal.to_string())?;
        Ok([estimate.value(), estimate.lower(), estimate.upper()])
    })
}

/// A share in per cent of a whole that was counted in full and stands for nothing but itself: without an interval.
pub(super) fn percent(part: u64, whole: u64) -> Value {
    derive(&[treated(part), treated(whole)], 1, |n| if n[1] == 0 { Err("nothing was counted".into()) } else { Ok(100.0 * n[0] as f64 / n[1] as f64) })
}

/// The caution about months of another source that hold far fewer than those around them, where there are any.
pub(super) fn dips(months: &[Month], all: &[Option<u64>]) -> Option<Passage> {
    let inputs = treated_series(all);
    let mut named = Vec::new();
    // Only the names of months leave the formula.
    let _ = derive_rows(&inputs, |known, _| {
        let partial = super::supplied_in_part(&refilled(all, known));
        named = months.iter().zip(partial).filter(|(_, partial)| *partial).map(|(month, _)| month.name()).collect();
        Ok(Vec::new())
    });
    (!named.is_empty())
        .then(|| Passage::new().say("Far fewer than in the months around it, perhaps supplied in part: ").name(named.join(", ")).say("."))
}

/// A rate per 1,000 residents a year with its 95 % interval, from the months supplied.
pub(super) fn rate_per_1_000(events: u64, residents: Option<f64>, n_months: usize) -> Interval {
    derive_interval(&[treated(events)], 1, |n| {
        let residents = residents.ok_or("no population for this area")?;
        let estimate = rate::crude(n[0] as f64, residents * n_months as f64 / 12.0, &rate::Settings::per_1_000(Confidence::P95))
            .map_err(|refusal| refusal.to_string())?;
        Ok([estimate.value(), estimate.lower(), estimate.upper()])
    })
}

impl Setting<'_> {
    /// A number of the sources, which are all open, or of what was made of them.
    pub(super) fn number(&self, value: f64, decimals: u8) -> Value {
        Value::reference(self.open, value, decimals)
    }

    /// Where an exhibit comes from: the street extracts of the period, and the other extracts named.
    pub(super) fn provenance(&self, indicator: Option<&Indicator>, others: &[Option<usize>], methods: &[(&str, &str)]) -> Provenance {
        let mut used = self.street_extracts();
        for extract in others.iter().flatten() {
            let kind = if Some(*extract) == self.deprivation_file { Kind::Deprivation } else { Kind::Population };
            used.insert((*extract, kind));
        }
        Provenance {
            definition: Some(indicator.map_or_else(|| (self.case.id.clone(), self.case.version.clone()), |i| (i.id.clone(), i.version.clone()))),
            ..self.provenance_of(&used, self.ask.period.name(), methods)
        }
    }

    /// The extracts that speak for the force's street crime in the period.
    pub(super) fn street_extracts(&self) -> BTreeSet<(usize, Kind)> {
        self.ask.period.months().filter_map(|month| self.evidence.speaks(self.ask.force, month)).map(|file| (file.extract, Kind::Street)).collect()
    }

    /// Where an exhibit comes from that rests on no case definition: its extracts with their kinds, and the time it covers.
    pub(super) fn provenance_of(&self, used: &BTreeSet<(usize, Kind)>, period: String, methods: &[(&str, &str)]) -> Provenance {
        let mut extracts: Vec<ExtractRef> = used
            .iter()
            .map(|(extract, kind)| ExtractRef {
                hash: self.evidence.extracts[*extract].hash.clone(),
                name: self.evidence.extracts[*extract].name.clone(),
                publisher: kind.publisher().to_owned(),
                licence: kind.licence().to_owned(),
            })
            .collect();
        // One archive holds several kinds of file, and is named once for each publisher.
        extracts.sort_by(|a, b| a.name.cmp(&b.name).then(a.hash.cmp(&b.hash)).then(a.publisher.cmp(&b.publisher)));
        extracts.dedup();
        let sources: BTreeSet<Kind> = used.iter().map(|(_, kind)| *kind).collect();
        Provenance {
            extracts,
            definition: None,
            sources: sources.into_iter().map(|kind| kind.id().to_owned()).collect(),
            methods: methods.iter().map(|(name, page)| MethodRef { name: (*name).to_owned(), page: (*page).to_owned() }).collect(),
            period,
            rule: rule().to_string(),
            program: self.ask.program.to_owned(),
        }
    }

    /// Monthly counts of an area: for the whole, all records of the force; for a part, those placed in it.
    pub(super) fn series(&self, scope: &Scope, types: &[CrimeType]) -> Vec<Option<u64>> {
        if scope.is_whole { self.counted.series_of_force(types) } else { self.counted.series_of_lsoas(&scope.lsoas, types) }
    }

    /// A monthly series for comparing months: what was supplied in part is left out like a gap.
    pub(super) fn comparable(&self, series: &[Option<f64>]) -> Vec<Option<f64>> {
        series.iter().zip(&self.partial).map(|(n, partial)| n.filter(|_| !partial)).collect()
    }

    /// The caution about months that were probably supplied in part, where there are any.
    pub(super) fn partial_caution(&self) -> Option<Passage> {
        let months: Vec<String> =
            self.counted.months.iter().zip(&self.partial).filter(|(_, partial)| **partial).map(|(month, _)| month.name()).collect();
        (!months.is_empty())
            .then(|| Passage::new().say("Probably supplied in part, so shown but left out of comparisons: ").name(months.join(", ")).say("."))
    }

    /// Records of an area in a span, counted as in [`Setting::series`].
    pub(super) fn total(&self, scope: &Scope, types: &[CrimeType], within: Period) -> u64 {
        self.series(scope, types).iter().zip(&self.counted.months).filter(|(_, month)| within.contains(**month)).filter_map(|(n, _)| *n).sum()
    }

    /// Records placed in the LSOAs of an area in a span.
    pub(super) fn placed(&self, scope: &Scope, types: &[CrimeType], within: Period) -> u64 {
        scope.lsoas.iter().map(|lsoa| self.counted.in_lsoa(*lsoa, types, within)).sum()
    }

    /// Residents of an area; `None` when no LSOA of it has any.
    pub(super) fn residents_of(&self, scope: &Scope) -> Option<f64> {
        let known: Vec<f64> = scope.lsoas.iter().filter_map(|lsoa| self.residents[*lsoa]).collect();
        (!known.is_empty()).then(|| known.iter().sum())
    }

    /// The last twelve months of the period, or all of it when it is shorter.
    pub(super) fn last_year(&self) -> Period {
        let period = self.ask.period;
        if period.n_months() >= 12 { period.years().pop().unwrap_or(period) } else { period }
    }

    /// The twelve months before the last twelve, where the period holds them.
    pub(super) fn year_before(&self) -> Option<Period> {
        let years = self.ask.period.years();
        years.len().checked_sub(2).map(|i| years[i])
    }

    /// An LSOA's name, or its code.
    pub(super) fn lsoa_name(&self, lsoa: usize) -> String {
        self.evidence.nesting.name(self.counted.lsoas[lsoa])
    }
}

/// The treated counts of a monthly series, gaps left out.
pub(super) fn treated_series(series: &[Option<u64>]) -> Vec<Treated> {
    series.iter().flatten().map(|n| treated(*n)).collect()
}

/// A monthly series made again from its treated counts, with the gaps where they were: what a formula may work on.
pub(super) fn refilled(series: &[Option<u64>], known: &[u64]) -> Vec<Option<f64>> {
    let mut known = known.iter();
    series.iter().map(|n| n.and_then(|_| known.next()).map(|n| *n as f64)).collect()
}

/// A gap for a month that was not supplied, else the count.
pub(super) fn cell(n: Option<u64>) -> Value {
    n.map_or_else(|| Value::refused("not supplied"), |n| Value::count(treated(n)))
}
