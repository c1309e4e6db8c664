//! Kinds of crime: which types make up what is recorded, and how each changed.

use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::exhibit::{rate_per_1_000, treated};
use crate::needs_assessment::finding::Ranked;
use crate::source::street::CrimeType;
use headwater_release::{Block, Column, Figure, FigureParts, Passage, Section, Table, Value, View, derive_interval};
use headwater_statistics::compare::{self, Pair};
use headwater_statistics::estimate::Confidence;

pub(in crate::needs_assessment) fn kinds(setting: &Setting<'_>, scope: &Scope, _findings: &mut Vec<Ranked>) -> Result<Section, String> {
    let year = setting.last_year();
    let before = setting.year_before();
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
            let change = match before {
                Some(before) if setting.counted.n_supplied(before) > 0 => {
                    let earlier = setting.total(scope, &[*crime_type], before);
                    let (now_months, then_months) = (months as f64, setting.counted.n_supplied(before) as f64);
                    derive_interval(&[treated(*n), treated(earlier)], 1, |known| {
                        let pair = Pair::new(known[0] as f64, now_months, known[1] as f64, then_months).map_err(|r| r.to_string())?;
                        let ratio = compare::ratio_score(&pair, Confidence::P95).map_err(|r| r.to_string())?;
                        Ok([ratio.value(), ratio.lower(), ratio.upper()].map(|v| 100.0 * (v - 1.0)))
                    })
                }
                _ => derive_interval(&[], 1, |_| Err("no year before in the period".to_owned())),
            };
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
        title: Passage::new().name(largest.name()).say(" is the largest of ").value(&Value::reference(types.len() as f64, 0)).say(" types"),
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
        cautions: vec![
            Passage::new().say("\"Violence and sexual offences\" runs from homicide to harassment without contact. Counts weigh them alike; harm scores need offence codes, which police.uk does not give."),
            Passage::new().say("Anti-social behaviour is incidents, not crimes."),
        ],
        provenance: setting.provenance(None, &[setting.population_file], &[("Byar or exact Poisson interval", "rate_byar_exact"), ("Ratio of two rates, score interval", "rate_ratio")]),
    })?;
    Ok(Section {
        slug: "kinds".into(),
        name: "Kinds of crime".into(),
        title: Passage::new().say("Which kinds of crime are recorded"),
        lede: Passage::new()
            .value(&Value::count(treated(total)))
            .say(" records of ")
            .value(&Value::reference(types.len() as f64, 0))
            .say(" types in ")
            .name(year.name())
            .say("."),
        blocks: vec![
            Block::Figure(Box::new(figure)),
            Block::NotYetKnown(Passage::new().say("Needs offence codes, weapon and domestic flags from the force to tell homicide, wounding, knife-enabled and domestic violence apart.")),
        ],
    })
}
