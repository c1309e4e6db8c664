//! What is observed in street crime.

use super::{Observation, PARTIAL_RATIO, Weight, months, percent, whole};
use crate::evidence::Evidence;
use crate::period::Month;
use crate::place::{Kind, Vintage};
use crate::source::street::CrimeType;
use headwater_release::{Open, Passage, Value, written};
use headwater_statistics::trend::{SuddenSettings, sudden_changes};
use std::collections::{BTreeMap, BTreeSet};

/// One force's months in order, as given; what `None` means is said where it is used.
type Months = BTreeMap<Month, usize>;

/// A share of records outside the force area is odd from this per cent on, and when it is three times the usual.
const ODD_OUTSIDE_PERCENT: f64 = 2.0;

/// A month with at least so many forces is a national month, in which absent forces are named.
const NATIONAL_FORCES: usize = 10;

pub(super) fn observe(evidence: &Evidence, open: Open, territorial: &[&str], out: &mut Vec<Observation>) {
    let mut by_force: BTreeMap<&str, Months> = BTreeMap::new();
    for (force, month, file) in evidence.force_months() {
        by_force.entry(force).or_default().insert(month, file);
    }
    for (force, held) in &by_force {
        gaps(force, held, out);
        sudden(evidence, force, held, open, out);
        outside(evidence, force, held, open, out);
        vintages(evidence, force, held, open, out);
        places(evidence, force, held, open, out);
        snapshots(evidence, force, held, open, out);
    }
    absent_forces(&by_force, territorial, open, out);
    repeats(evidence, open, out);
    issued_again(evidence, open, out);
    promises(evidence, out);
    always(evidence, &by_force, open, out);
}

/// Months between the first and last that no file holds.
fn gaps(force: &str, held: &Months, out: &mut Vec<Observation>) {
    let (Some((first, _)), Some((last, _))) = (held.first_key_value(), held.last_key_value()) else { return };
    let missing: Vec<Month> = (first.index()..=last.index()).filter_map(Month::from_index).filter(|month| !held.contains_key(month)).collect();
    if missing.is_empty() {
        return;
    }
    let mut spans: Vec<(Month, Month)> = Vec::new();
    for month in &missing {
        match spans.last_mut() {
            Some((_, end)) if end.plus(1) == *month => *end = *month,
            _ => spans.push((*month, *month)),
        }
    }
    let words: Vec<String> = spans.iter().map(|(a, b)| if a == b { a.name() } else { format!("{} to {}", a.name(), b.name()) }).collect();
    out.push(Observation {
        id: "missing-months",
        weight: Weight::Problem,
        about: force.to_owned(),
        sentence: Passage::new()
            .name(force)
            .say(": ")
            .name(months(missing.len()))
            .say(if missing.len() == 1 { " is missing between " } else { " are missing between " })
            .name(first.name())
            .say(" and ")
            .name(last.name())
            .say(": ")
            .name(words.join(", "))
            .say("."),
        treatment: "Shown as a gap, never as nought; no trend is drawn across it.",
        numbers: vec![("missing_months".into(), missing.len() as f64)],
    });
}

/// Steps and odd months, for all records (partial submissions) and for each crime type.
fn sudden(evidence: &Evidence, force: &str, held: &Months, open: Open, out: &mut Vec<Observation>) {
    let (Some((first, _)), Some((last, _))) = (held.first_key_value(), held.last_key_value()) else { return };
    let span: Vec<Month> = (first.index()..=last.index()).filter_map(Month::from_index).collect();
    let parts: Vec<_> = span.iter().map(|month| evidence.part(force, *month)).collect();
    let all: Vec<Option<f64>> = parts.iter().map(|part| part.map(|p| p.n_rows() as f64)).collect();
    let mut partial = BTreeSet::new();
    if let Ok(found) = sudden_changes(&all, &SuddenSettings { odd_ratio: PARTIAL_RATIO, ..SuddenSettings::default() }) {
        for odd in found.odd_months.iter().filter(|odd| odd.count < odd.usual) {
            partial.insert(odd.at);
            out.push(Observation {
                id: "partial-month",
                weight: Weight::Problem,
                about: force.to_owned(),
                sentence: Passage::new()
                    .name(force)
                    .say(", ")
                    .name(span[odd.at].name())
                    .say(": ")
                    .value(&records(open, odd.count))
                    .say(" records where about ")
                    .value(&records(open, odd.usual))
                    .say(" are usual: probably supplied in part."),
                treatment: "The month is kept and marked; ask the force, or download the month again.",
                numbers: vec![("records".into(), odd.count), ("usual".into(), odd.usual)],
            });
        }
    }
    for crime_type in CrimeType::ALL {
        let series: Vec<Option<f64>> =
            parts.iter().enumerate().map(|(i, part)| part.filter(|_| !partial.contains(&i)).map(|p| p.by_type(crime_type) as f64)).collect();
        if series.iter().flatten().sum::<f64>() < 5.0 {
            continue;
        }
        let Ok(found) = sudden_changes(&series, &SuddenSettings::default()) else { continue };
        for step in &found.steps {
            let word = if step.after > step.before { "steps up" } else { "steps down" };
            out.push(Observation {
                id: "sudden-step",
                weight: Weight::Caution,
                about: force.to_owned(),
                sentence: Passage::new()
                    .name(force)
                    .say(": ")
                    .name(crime_type.name())
                    .say(" ")
                    .name(word)
                    .say(" in ")
                    .name(span[step.at].name())
                    .say(", from ")
                    .name(range(step.before_range))
                    .say(" a month to ")
                    .name(range(step.after_range))
                    .say("."),
                treatment: "Marked on the chart. A change of recording or classification is the usual cause: ask the force before calling it a rise or fall.",
                numbers: vec![("before".into(), step.before), ("after".into(), step.after)],
            });
        }
        for odd in &found.odd_months {
            out.push(Observation {
                id: "odd-month",
                weight: Weight::Caution,
                about: force.to_owned(),
                sentence: Passage::new()
                    .name(force)
                    .say(": ")
                    .value(&records(open, odd.count))
                    .say(" records of ")
                    .name(crime_type.name())
                    .say(" in ")
                    .name(span[odd.at].name())
                    .say(" where about ")
                    .value(&records(open, odd.usual))
                    .say(" are usual."),
                treatment: "Kept. Find the event behind it before drawing a conclusion.",
                numbers: vec![("records".into(), odd.count), ("usual".into(), odd.usual)],
            });
        }
    }
}

/// A number of records, or a median of such numbers.
fn records(open: Open, n: f64) -> Value {
    Value::reference(open, n.round(), 0)
}

fn range((low, high): (f64, f64)) -> String {
    let (low, high) = (written(low.round(), 0), written(high.round(), 0));
    if low == high { low } else { format!("{low} to {high}") }
}

/// Months in which many records lie in another force's area.
fn outside(evidence: &Evidence, force: &str, held: &Months, open: Open, out: &mut Vec<Observation>) {
    let mut home: BTreeMap<crate::place::AreaCode, u64> = BTreeMap::new();
    let mut by_month: BTreeMap<Month, BTreeMap<crate::place::AreaCode, (u64, u64)>> = BTreeMap::new();
    let mut parents = BTreeMap::new();
    for (month, file) in held {
        let counts = evidence.street[*file].read.counts();
        let Some(number) = counts.forces().iter().position(|name| name == force) else { continue };
        // The cells of an LSOA follow one another.
        let mut last = None;
        for cell in counts.cells().filter(|c| c.force == number && c.month == *month) {
            let Some(lsoa) = cell.lsoa else { continue };
            let parent = match last {
                Some((before, parent)) if before == lsoa => parent,
                _ => *parents.entry(lsoa).or_insert_with(|| evidence.nesting.parent(lsoa, Kind::PoliceForceArea)),
            };
            last = Some((lsoa, parent));
            let Some(area) = parent else { continue };
            *home.entry(area).or_default() += cell.n;
            let tally = by_month.entry(*month).or_default().entry(area).or_default();
            tally.0 += cell.n;
            tally.1 += if cell.crime_type == CrimeType::AntiSocialBehaviour { cell.n } else { 0 };
        }
    }
    // The force's own area is where most of its records lie.
    let Some((own, _)) = home.iter().max_by_key(|(_, n)| **n) else { return };
    let shares: Vec<(Month, u64, u64, u64)> = by_month
        .iter()
        .map(|(month, areas)| {
            let outside: Vec<_> = areas.iter().filter(|(area, _)| *area != own).map(|(_, tally)| *tally).collect();
            let total: u64 = evidence.part(force, *month).map_or(0, |part| part.n_rows());
            (*month, outside.iter().map(|t| t.0).sum(), outside.iter().map(|t| t.1).sum(), total)
        })
        .collect();
    let mut percents: Vec<f64> = shares.iter().map(|(_, n, _, total)| 100.0 * *n as f64 / (*total).max(1) as f64).collect();
    percents.sort_by(f64::total_cmp);
    let usual = percents.get(percents.len() / 2).copied().unwrap_or(0.0);
    let odd: Vec<_> = shares
        .iter()
        .filter(|(_, n, _, total)| {
            let percent = 100.0 * *n as f64 / (*total).max(1) as f64;
            percent >= ODD_OUTSIDE_PERCENT && percent >= 3.0 * usual
        })
        .collect();
    if !odd.is_empty() {
        let mut sentence = Passage::new().name(force).say(" placed many records outside its area: ");
        for (i, (month, n, _, total)) in odd.iter().enumerate() {
            sentence = sentence
                .name(if i == 0 { "" } else { ", " })
                .value(&whole(open, *n))
                .say(" in ")
                .name(month.name())
                .say(" (")
                .value(&percent(open, *n, *total))
                .say(" %)");
        }
        let (n, asb): (u64, u64) = odd.iter().fold((0, 0), |sum, (_, n, asb, _)| (sum.0 + n, sum.1 + asb));
        out.push(Observation {
            id: "outside-force-area",
            weight: Weight::Problem,
            about: force.to_owned(),
            sentence: sentence
                .say("; ")
                .value(&Value::reference(open, usual, 1))
                .say(" % is usual. ")
                .value(&percent(open, asb, n))
                .say(" % of them are anti-social behaviour."),
            treatment: "Counted in the force's totals, left out of every figure by place, and shown as \"outside\" in the reconciliation.",
            numbers: odd.iter().map(|(month, n, _, _)| (month.to_string(), *n as f64)).collect(),
        });
    }
    let total_outside: u64 = shares.iter().map(|(_, n, _, _)| n).sum();
    if odd.is_empty() && total_outside > 0 {
        let total: u64 = shares.iter().map(|(_, _, _, total)| total).sum();
        out.push(Observation {
            id: "outside-force-area",
            weight: Weight::Note,
            about: force.to_owned(),
            sentence: Passage::new()
                .value(&whole(open, total_outside))
                .say(" records of ")
                .name(force)
                .say(" (")
                .value(&percent(open, total_outside, total))
                .say(" %) lie outside its area."),
            treatment: "Counted in the force's totals, left out of every figure by place.",
            numbers: vec![("outside".into(), total_outside as f64)],
        });
    }
}

/// The vintage of the LSOA codes over time, and what joining them to the wrong one would lose.
fn vintages(evidence: &Evidence, force: &str, held: &Months, open: Open, out: &mut Vec<Observation>) {
    let mut spans: Vec<(Vintage, Month, Month, u64, u64)> = Vec::new();
    for (month, file) in held {
        let file = &evidence.street[*file];
        let Some(vintage) = evidence.vintage(file) else { continue };
        let telling = evidence.telling_codes(file);
        let lost = telling[vintage as usize];
        let n = file.read.n_rows();
        match spans.last_mut() {
            Some((known, _, end, sum_lost, sum_n)) if *known == vintage => {
                *end = *month;
                *sum_lost += lost;
                *sum_n += n;
            }
            _ => spans.push((vintage, *month, *month, lost, n)),
        }
    }
    if spans.is_empty() {
        return;
    }
    let mut sentence = Passage::new().name(force).say(": ");
    for (i, (vintage, first, last, lost, n)) in spans.iter().enumerate() {
        let other = if *vintage == Vintage::Lsoa2011 { Vintage::Lsoa2021 } else { Vintage::Lsoa2011 };
        let span = if first == last { first.name() } else { format!("{} to {}", first.name(), last.name()) };
        sentence = sentence
            .name(if i == 0 { "" } else { "; " })
            .name(span)
            .say(" has codes of ")
            .name(vintage.to_string())
            .say(" (joined to ")
            .name(other.to_string())
            .say(", ")
            .value(&percent(open, *lost, *n))
            .say(" % of records would be lost)");
    }
    out.push(Observation {
        id: "lsoa-vintage",
        weight: if spans.len() > 1 { Weight::Problem } else { Weight::Note },
        about: force.to_owned(),
        sentence: sentence.say("."),
        treatment: "Each record keeps its vintage. Series across the change are carried over by the look-up, split areas being shared by population, and every record is accounted for.",
        numbers: spans.iter().map(|(vintage, first, _, lost, n)| (format!("{first} {}", vintage.year()), 100.0 * *lost as f64 / (*n).max(1) as f64)).collect(),
    });
}

/// Records without a place.
fn places(evidence: &Evidence, force: &str, held: &Months, open: Open, out: &mut Vec<Observation>) {
    let (mut rows, mut without, mut lsoa, mut odd, mut unusable) = (0, 0, 0, 0, 0);
    let mut by_year: BTreeMap<u16, (u64, u64)> = BTreeMap::new();
    for part in held.keys().filter_map(|month| evidence.part(force, *month).map(|part| (month, part))) {
        let (month, part) = part;
        rows += part.n_rows();
        without += part.n_without_place();
        lsoa += part.n_without_lsoa();
        odd += part.n_odd_point();
        unusable += part.n_unusable_code();
        let year = by_year.entry(month.year()).or_default();
        year.0 += part.n_without_lsoa();
        year.1 += part.n_rows();
    }
    if lsoa + without + odd + unusable == 0 {
        return;
    }
    let years: Vec<String> = by_year.iter().map(|(year, (n, all))| format!("{year}: {} %", percent(open, *n, *all).shown())).collect();
    out.push(Observation {
        id: "missing-place",
        weight: Weight::Caution,
        about: force.to_owned(),
        sentence: Passage::new()
            .value(&whole(open, lsoa))
            .say(" of ")
            .value(&whole(open, rows))
            .say(" records of ")
            .name(force)
            .say(" have no LSOA (")
            .name(years.join(", "))
            .say("), ")
            .value(&whole(open, without))
            .say(" no point; ")
            .value(&whole(open, odd))
            .say(" points lie outside the United Kingdom and ")
            .value(&whole(open, unusable))
            .say(" codes are not LSOAs."),
        treatment: "Counted in totals, left out of figures by place, and stated in the reconciliation.",
        numbers: vec![
            ("without_lsoa".into(), lsoa as f64),
            ("without_point".into(), without as f64),
            ("odd_points".into(), odd as f64),
            ("unusable_codes".into(), unusable as f64),
        ],
    });
}

/// How many crimes are still open tells how old each snapshot is.
fn snapshots(evidence: &Evidence, force: &str, held: &Months, open: Open, out: &mut Vec<Observation>) {
    let mut by_year: BTreeMap<u16, (u64, u64, u64)> = BTreeMap::new();
    for (month, part) in held.keys().filter_map(|month| evidence.part(force, *month).map(|part| (month, part))) {
        let year = by_year.entry(month.year()).or_default();
        year.0 += part.n_under_investigation();
        year.1 += part.n_rows() - part.by_type(CrimeType::AntiSocialBehaviour);
        year.2 += part.n_without_outcome();
    }
    if by_year.len() < 2 {
        return;
    }
    let years: Vec<String> =
        by_year.iter().map(|(year, (pending, crimes, _))| format!("{year}: {} %", percent(open, *pending, *crimes).shown())).collect();
    out.push(Observation {
        id: "snapshot-age",
        weight: Weight::Caution,
        about: force.to_owned(),
        sentence: Passage::new()
            .say("Outcomes of ")
            .name(force)
            .say(" were frozen when each file was made; crimes still under investigation: ")
            .name(years.join(", "))
            .say("."),
        treatment: "Outcomes are not compared between files of different age.",
        numbers: by_year.iter().map(|(year, (open, crimes, _))| (year.to_string(), 100.0 * *open as f64 / (*crimes).max(1) as f64)).collect(),
    });
}

/// Forces that a national month does not hold.
fn absent_forces(by_force: &BTreeMap<&str, Months>, territorial: &[&str], open: Open, out: &mut Vec<Observation>) {
    let mut by_month: BTreeMap<Month, BTreeSet<&str>> = BTreeMap::new();
    for (force, held) in by_force {
        for month in held.keys() {
            by_month.entry(*month).or_default().insert(force);
        }
    }
    for (month, present) in by_month.into_iter().filter(|(_, present)| present.len() >= NATIONAL_FORCES) {
        let absent: Vec<&str> = territorial.iter().copied().filter(|force| !present.contains(force)).collect();
        if !absent.is_empty() {
            out.push(Observation {
                id: "absent-forces",
                weight: Weight::Problem,
                about: month.name(),
                sentence: Passage::new()
                    .name(month.name())
                    .say(": ")
                    .value(&whole(open, absent.len() as u64))
                    .say(" of ")
                    .value(&whole(open, territorial.len() as u64))
                    .say(" forces are absent: ")
                    .name(absent.join(", "))
                    .say("."),
                treatment: "No total for England and Wales is made from this month.",
                numbers: vec![("absent".into(), absent.len() as f64)],
            });
        }
    }
}

/// Repeated rows and Crime IDs, by force or file.
fn repeats(evidence: &Evidence, open: Open, out: &mut Vec<Observation>) {
    let (mut rows, mut ids, mut all) = (0, 0, 0);
    let mut by_file: Vec<(u64, &str)> = Vec::new();
    for file in &evidence.street {
        rows += file.read.n_repeated_rows();
        ids += file.read.n_repeated_ids();
        all += file.read.n_rows();
        if file.read.n_repeated_ids() > 0 {
            by_file.push((file.read.n_repeated_ids(), &file.name));
        }
    }
    if ids > 0 {
        by_file.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let most: Vec<String> = by_file.iter().take(5).map(|(n, name)| format!("{} in {name}", whole(open, *n).shown())).collect();
        out.push(Observation {
            id: "repeated-crime-ids",
            weight: Weight::Caution,
            about: "street files".to_owned(),
            sentence: Passage::new()
                .value(&whole(open, ids))
                .say(" rows repeat a Crime ID within their file, in ")
                .value(&whole(open, by_file.len() as u64))
                .say(if by_file.len() == 1 { " file: " } else { " files, most of them: " })
                .name(most.join("; "))
                .say("."),
            treatment: "Kept: a Crime ID is not a key, and one crime may have several offences. The share bounds the error.",
            numbers: vec![("repeated_ids".into(), ids as f64), ("files".into(), by_file.len() as f64)],
        });
    }
    if rows > 0 {
        out.push(Observation {
            id: "repeated-rows",
            weight: Weight::Note,
            about: "street files".to_owned(),
            sentence: Passage::new()
                .value(&whole(open, rows))
                .say(" of ")
                .value(&whole(open, all))
                .say(" rows (")
                .value(&percent(open, rows, all))
                .say(" %) are the same to the letter as another row of their file; most are anti-social behaviour, which has no Crime ID."),
            treatment: "Kept: equal rows without an id may be different incidents at one map point.",
            numbers: vec![("repeated_rows".into(), rows as f64), ("rows".into(), all as f64)],
        });
    }
}

/// Force-months that came in more than one file.
fn issued_again(evidence: &Evidence, open: Open, out: &mut Vec<Observation>) {
    let mut holders: BTreeMap<(&str, Month), Vec<usize>> = BTreeMap::new();
    for (i, file) in evidence.street.iter().enumerate() {
        for (force, month, part) in file.read.force_months() {
            if part.n_rows() > 0 {
                holders.entry((force, month)).or_default().push(i);
            }
        }
    }
    for ((force, month), files) in holders.into_iter().filter(|(_, files)| files.len() > 1) {
        let (old, new) = (&evidence.street[files[files.len() - 2]], &evidence.street[files[files.len() - 1]]);
        let n = |file: &crate::evidence::ReadFile<crate::source::street::StreetRead>| {
            file.read.force_months().find(|(f, m, _)| *f == force && *m == month).map_or(0, |(_, _, part)| part.n_rows())
        };
        let (old_n, new_n) = (n(old), n(new));
        let new_ids = only_in_first(new.read.id_prints(), old.read.id_prints());
        let changed = only_in_first(new.read.row_prints(), old.read.row_prints());
        out.push(Observation {
            id: "issued-again",
            weight: Weight::Caution,
            about: force.to_owned(),
            sentence: Passage::new()
                .name(force)
                .say(", ")
                .name(month.name())
                .say(", came in ")
                .value(&whole(open, files.len() as u64))
                .say(" files: ")
                .value(&whole(open, old_n))
                .say(" records in ")
                .name(old.name.clone())
                .say(" and ")
                .value(&whole(open, new_n))
                .say(" in the one added last, with ")
                .value(&whole(open, new_ids))
                .say(" new Crime IDs and ")
                .value(&whole(open, changed))
                .say(" rows that differ."),
            treatment: "The file added last speaks; the others are kept but not counted.",
            numbers: vec![("records_before".into(), old_n as f64), ("records_now".into(), new_n as f64), ("new_ids".into(), new_ids as f64)],
        });
    }
}

/// How many of the first sorted list are not in the second.
fn only_in_first(first: &[u64], second: &[u64]) -> u64 {
    let mut second = second.iter().peekable();
    first
        .iter()
        .filter(|print| {
            while second.next_if(|other| other < print).is_some() {}
            second.peek() != Some(print)
        })
        .count() as u64
}

/// Files that do not hold what their names say.
fn promises(evidence: &Evidence, out: &mut Vec<Observation>) {
    for file in &evidence.street {
        let Some((month, _)) = file.read.promised() else { continue };
        let held: BTreeSet<Month> = file.read.force_months().map(|(_, month, _)| month).collect();
        if held.is_empty() {
            out.push(Observation {
                id: "empty-month",
                weight: Weight::Problem,
                about: file.name.clone(),
                sentence: Passage::new().name(file.name.clone()).say(" has a header and no records."),
                treatment: "The month is a gap, not nought.",
                numbers: vec![],
            });
        } else if held.len() > 1 || !held.contains(&month) {
            let others: Vec<String> = held.iter().filter(|m| **m != month).map(|m| m.name()).collect();
            out.push(Observation {
                id: "another-month",
                weight: Weight::Problem,
                about: file.name.clone(),
                sentence: Passage::new().name(file.name.clone()).say(" holds records of ").name(others.join(", ")).say("."),
                treatment: "Records count in the month that they state.",
                numbers: vec![],
            });
        }
    }
}

/// What is so in every police.uk file, said once with this workspace's numbers.
fn always(evidence: &Evidence, by_force: &BTreeMap<&str, Months>, open: Open, out: &mut Vec<Observation>) {
    let (mut asb, mut with_id, mut with_outcome, mut context, mut rows, mut other) = (0, 0, 0, 0, 0, 0);
    for (force, held) in by_force {
        for part in held.keys().filter_map(|month| evidence.part(force, *month)) {
            asb += part.by_type(CrimeType::AntiSocialBehaviour);
            with_id += part.n_asb_with_id();
            with_outcome += part.n_asb_with_outcome();
            context += part.n_context();
            other += part.n_other_reporter();
            rows += part.n_rows();
        }
    }
    if rows == 0 {
        return;
    }
    out.push(Observation {
        id: "asb-without-id",
        weight: Weight::Note,
        about: "police.uk street crime".to_owned(),
        sentence: Passage::new()
            .value(&whole(open, with_id))
            .say(" of ")
            .value(&whole(open, asb))
            .say(" records of anti-social behaviour have a Crime ID and ")
            .value(&whole(open, with_outcome))
            .say(" an outcome."),
        treatment: "Anti-social behaviour is never counted among crimes, nor in outcome shares.",
        numbers: vec![("asb".into(), asb as f64), ("with_id".into(), with_id as f64), ("with_outcome".into(), with_outcome as f64)],
    });
    out.push(Observation {
        id: "snap-points",
        weight: Weight::Note,
        about: "police.uk street crime".to_owned(),
        sentence: Passage::new()
            .say("Points are moved to shared map points; ")
            .value(&whole(open, context))
            .say(" of ")
            .value(&whole(open, rows))
            .say(" rows say anything under Context, and ")
            .value(&whole(open, other))
            .say(" were reported by another force than they fall within."),
        treatment: "Nothing is mapped finer than an LSOA.",
        numbers: vec![("context".into(), context as f64), ("other_reporter".into(), other as f64)],
    });
}
