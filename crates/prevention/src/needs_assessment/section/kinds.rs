//! Kinds of crime: which types make up what is recorded, and how each changed.

use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::exhibit::{rate_per_1_000, refilled, treated, treated_series};
use crate::needs_assessment::finding::Ranked;
use crate::source::street::CrimeType;
use headwater_release::{Block, Column, Figure, FigureParts, Interval, Passage, Section, Table, Value, View, derive_interval};
use headwater_statistics::estimate::Confidence;
use headwater_statistics::trend::{SEASON_MONTHS, year_on_year};

pub(in crate::needs_assessment) fn kinds(setting: &Setting<'_>, scope: &Scope, _findings: &mut Vec<Ranked>) -> Result<Section, String> {
    let year = setting.last_year();
    let months_before = setting.year_before().map_or(0, |before| setting.counted.n_supplied(before));
    let months = setting.counted.n_supplied(year);
    let residents = setting.residents_of(scope);
    let stand_in: Vec<CrimeType> = setting.indicators.iter().flat_map(|i| i.crime_types.iter().copied()).collect();
    let mut types: Vec<(CrimeType, u64)> =
        CrimeType::ALL.into_iter().map(|t| (t, setting.total(scope, &[t], year))).filter(|(_, n)| *n > 0).collect();
    types.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let Some((largest, _)) = types.first().copied() else {
        return Ok(Section {
            slug: "kinds".into(),
            name: "Kinds of crime".into(),
            title: Passage::new().say("Nothing was recorded"),
            lede: Passage::new().say("No record of any kind lies in this area and period."),
            blocks: vec![],
        });
    };
    let total: u64 = types.iter().map(|(_, n)| n).sum();
    let rows: Vec<Vec<Value>> = types
        .iter()
        .map(|(crime_type, n)| {
            let rate = rate_per_1_000(*n, residents, months);
            let change = on_the_year_before(setting, scope, *crime_type);
            vec![
                Value::label(crime_type.name()),
                Value::count(treated(*n)),
                rate.value,
                rate.lower,
                rate.upper,
                change.value,
                change.lower,
                change.upper,
                Value::label(if stand_in.contains(crime_type) { "stands in for serious violence" } else { "" }),
            ]
        })
        .collect();
    let has_rates = residents.is_some();
    let figure = Figure::build(FigureParts {
        slug: "crime-types".into(),
        title: Passage::new().name(largest.name()).say(" is the largest of ").value(&setting.number(types.len() as f64, 0)).say(" types"),
        subtitle: format!("{}, {}, {}", if has_rates { "Records per 1,000 residents" } else { "Records" }, scope.name, year.name()),
        description: Passage::new()
            .say("Bar chart of ")
            .value(&Value::count(treated(total)))
            .say(" records by crime type. ")
            .name(largest.name())
            .say(" comes first with ")
            .value(&rows[0][1])
            .say(" records; the types that stand in for serious violence are drawn dark."),
        table: Table::new(
            format!("Records by crime type, {}, {}", scope.name, year.name()),
            vec![
                Column::text("crime_type", "Crime type"),
                Column::number("records", "Records", ""),
                Column::number("rate_per_1_000", "Rate", "per 1,000 residents"),
                Column::number("lower_95", "Lower 95 % limit", "per 1,000"),
                Column::number("upper_95", "Upper 95 % limit", "per 1,000"),
                Column::number("change_per_cent", "Change on the year before", "%"),
                Column::number("change_lower_95", "Lower 95 % limit of change", "%"),
                Column::number("change_upper_95", "Upper 95 % limit of change", "%"),
                Column::text("role", "Role here"),
            ],
            rows,
        )?,
        view: if has_rates {
            View::Bars { label: 0, value: 2, lower: Some(3), upper: Some(4), reference: None, highlight: Some(8) }
        } else {
            View::Bars { label: 0, value: 1, lower: None, upper: None, reference: None, highlight: Some(8) }
        },
        cautions: [
            Passage::new().say("\"Violence and sexual offences\" runs from homicide to harassment without contact. Counts weigh them alike; harm scores need offence codes, which police.uk does not give."),
            Passage::new().say("Anti-social behaviour is incidents, not crimes."),
            if months_before == 0 {
                Passage::new().say("There is no change on the year before: the period holds no such year.")
            } else {
                Passage::new().say("The change compares only the calendar months that are whole in both years; its interval is wider where months vary more than chance.")
            },
        ]
        .into_iter()
        .chain(setting.partial_caution())
        .collect(),
        provenance: setting.provenance(None, &[setting.population_file], &[("Byar or exact Poisson interval", "rate_byar_exact"), ("Ratio of two rates, score interval widened by the dispersion", "rate_ratio"), ("Change on the year before", "trend")]),
    })?;
    Ok(Section {
        slug: "kinds".into(),
        name: "Kinds of crime".into(),
        title: Passage::new().say("Which kinds of crime are recorded"),
        lede: Passage::new()
            .value(&Value::count(treated(total)))
            .say(" records of ")
            .value(&setting.number(types.len() as f64, 0))
            .say(" types in ")
            .name(year.name())
            .say("."),
        blocks: vec![
            Block::Figure(Box::new(figure)),
            Block::NotYetKnown(Passage::new().say("Needs offence codes, weapon and domestic flags from the force to tell homicide, wounding, knife-enabled and domestic violence apart.")),
        ],
    })
}

/// The change of a crime type on the year before in per cent, over the months that are whole in both years.
fn on_the_year_before(setting: &Setting<'_>, scope: &Scope, crime_type: CrimeType) -> Interval {
    let series = setting.series(scope, &[crime_type]);
    let Some(from) = series.len().checked_sub(SEASON_MONTHS) else {
        return derive_interval(&[], 1, |_| Err("no year before in the period".to_owned()));
    };
    let days: Vec<f64> = setting.counted.months.iter().map(|month| f64::from(month.days())).collect();
    derive_interval(&treated_series(&series), 1, |known| {
        let counts = setting.comparable(&refilled(&series, known));
        let (value, lower, upper) =
            year_on_year(&counts[from..], Some(&days[from..]), Confidence::P95).map_err(|refusal| refusal.to_string())?.percent();
        Ok([value, lower, upper])
    })
}
