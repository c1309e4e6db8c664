//! Place and population: how many people live here, how old they are, how deprived the small areas are.

use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::finding::Ranked;
use crate::source::population::Layout;
use headwater_release::{Block, Column, Figure, FigureParts, Passage, Section, Table, Value, View};
use std::collections::BTreeMap;

/// Age bands by their first age; the last is open.
const BANDS: [(u8, &str); 10] = [
    (0, "0 to 9"),
    (10, "10 to 14"),
    (15, "15 to 19"),
    (20, "20 to 24"),
    (25, "25 to 34"),
    (35, "35 to 44"),
    (45, "45 to 54"),
    (55, "55 to 64"),
    (65, "65 to 74"),
    (75, "75 and over"),
];

pub(in crate::needs_assessment) fn place_and_population(
    setting: &Setting<'_>,
    scope: &Scope,
    _findings: &mut Vec<Ranked>,
) -> Result<Section, String> {
    let mut blocks = Vec::new();
    let residents = setting.residents_of(scope);
    let ages = ages(setting, scope);
    match (residents, &ages) {
        (Some(total), Some(ages)) => {
            let under_25: u64 = ages.iter().take(25).sum();
            blocks.push(Block::Paragraph(
                Passage::new()
                    .value(&setting.number(total, 0))
                    .say(" people live in ")
                    .name(scope.name.clone())
                    .say("; ")
                    .value(&setting.number(under_25 as f64, 0))
                    .say(" of them (")
                    .value(&setting.number(100.0 * under_25 as f64 / total, 1))
                    .say(" %) are under 25, the age that most definitions of serious violence put first."),
            ));
            blocks.push(Block::Figure(Box::new(age_figure(setting, scope, ages)?)));
        }
        (Some(total), None) => {
            blocks.push(Block::Paragraph(Passage::new().value(&setting.number(total, 0)).say(" people live in ").name(scope.name.clone()).say(".")));
            blocks.push(Block::NotYetKnown(Passage::new().say("Needs a population by single year of age on these boundaries to show how many are under 25.")));
        }
        (None, _) => blocks.push(Block::NotYetKnown(Passage::new().say("Needs a population by small area on the boundaries of the crime records (ONS mid-year estimates). Without it there are counts and no rates."))),
    }
    if let Some(figure) = deprivation_figure(setting, scope)? {
        blocks.push(Block::Figure(Box::new(figure)));
    } else {
        blocks.push(Block::NotYetKnown(Passage::new().say("Needs an index of deprivation on the boundaries of the crime records.")));
    }
    Ok(Section {
        slug: "place".into(),
        name: "Place and population".into(),
        title: Passage::new().say("Who lives in ").name(scope.name.clone()),
        lede: Passage::new().say("Rates in this assessment are per resident. Town centres, seafronts and stations draw many more people than live there: read their rates beside their counts."),
        blocks,
    })
}

/// Residents of the area by single year of age, where the table gives ages for all its areas.
fn ages(setting: &Setting<'_>, scope: &Scope) -> Option<Vec<u64>> {
    let file = setting.evidence.population_for(setting.counted.vintage, setting.ask.period.last())?;
    if !matches!(file.read.layout, Layout::Ages | Layout::AgesBySex) {
        return None;
    }
    let by_lsoa: BTreeMap<_, _> = file.read.records.iter().map(|r| (r.lsoa, r)).collect();
    let mut sums = vec![0u64; crate::source::population::N_AGES];
    for lsoa in &scope.lsoas {
        let record = by_lsoa.get(&setting.counted.lsoas[*lsoa])?;
        if let Some(ages) = &record.ages {
            sums.iter_mut().zip(ages.iter()).for_each(|(sum, n)| *sum += u64::from(*n));
        } else if let Some(by_sex) = &record.by_sex {
            for sex in by_sex.iter() {
                sums.iter_mut().zip(sex.iter()).for_each(|(sum, n)| *sum += u64::from(*n));
            }
        }
    }
    Some(sums)
}

fn age_figure(setting: &Setting<'_>, scope: &Scope, ages: &[u64]) -> Result<Figure, String> {
    let total: u64 = ages.iter().sum();
    let share = |n: u64| 100.0 * n as f64 / total.max(1) as f64;
    let rows: Vec<Vec<Value>> = BANDS
        .iter()
        .enumerate()
        .map(|(i, (from, name))| {
            let to = BANDS.get(i + 1).map_or(ages.len(), |(next, _)| usize::from(*next));
            let n: u64 = ages[usize::from(*from)..to].iter().sum();
            vec![Value::label(*name), setting.number(n as f64, 0), setting.number(share(n), 1), Value::label(if to <= 25 { "under 25" } else { "" })]
        })
        .collect();
    let under: u64 = ages.iter().take(25).sum();
    let young: u64 = ages.iter().take(25).skip(10).sum();
    Figure::build(FigureParts {
        slug: "residents-by-age".into(),
        title: Passage::new().value(&setting.number(share(under), 0)).say(" % of residents are under 25"),
        subtitle: format!("Share of residents by age in per cent, {}", scope.name),
        description: Passage::new()
            .say("Bar chart of residents by age group. ")
            .value(&setting.number(share(young), 1))
            .say(" % are aged 10 to 24 and ")
            .value(&setting.number(share(under), 1))
            .say(" % under 25."),
        table: Table::new(
            format!("Residents by age, {}", scope.name),
            vec![
                Column::text("age_years", "Age in years"),
                Column::number("residents", "Residents", ""),
                Column::number("per_cent", "Share", "%"),
                Column::text("group", "Group"),
            ],
            rows,
        )?,
        view: View::Bars { label: 0, value: 2, lower: None, upper: None, reference: None, highlight: Some(3) },
        cautions: vec![Passage::new().say("Residents only: students are counted where they live in term; visitors and commuters are not counted.")],
        provenance: setting.provenance(None, &[setting.population_file], &[]),
    })
}

fn deprivation_figure(setting: &Setting<'_>, scope: &Scope) -> Result<Option<Figure>, String> {
    let mut by_decile = [0u64; 10];
    let mut people = [0.0; 10];
    for lsoa in &scope.lsoas {
        if let Some(decile) = setting.deciles[*lsoa].filter(|d| (1..=10).contains(d)) {
            by_decile[usize::from(decile) - 1] += 1;
            people[usize::from(decile) - 1] += setting.residents[*lsoa].unwrap_or(0.0);
        }
    }
    let known: u64 = by_decile.iter().sum();
    if known == 0 {
        return Ok(None);
    }
    let total: f64 = people.iter().sum();
    let share = |d: usize| if total > 0.0 { 100.0 * people[d] / total } else { 100.0 * by_decile[d] as f64 / known as f64 };
    let rows = (0..10)
        .map(|d| {
            let name = match d {
                0 => "1 (most deprived)".to_owned(),
                9 => "10 (least deprived)".to_owned(),
                _ => (d + 1).to_string(),
            };
            vec![
                Value::label(name),
                setting.number(by_decile[d] as f64, 0),
                setting.number(share(d), 1),
                Value::label(if d < 2 { "most deprived fifth" } else { "" }),
            ]
        })
        .collect();
    let worst = share(0) + share(1);
    let nation = if scope.code.is_welsh() { "Wales" } else { "England" };
    Figure::build(FigureParts {
        slug: "residents-by-deprivation".into(),
        title: Passage::new()
            .value(&setting.number(worst, 0))
            .say(" % of residents live in the most deprived fifth of ")
            .name(nation)
            .say("'s areas"),
        subtitle: format!("Share of residents by national deprivation decile in per cent, {}, {}", scope.name, setting.deprivation_name),
        description: Passage::new()
            .say("Bar chart of residents by deprivation decile. If the area were like the nation, each bar would be 10 %. The most deprived tenth holds ")
            .value(&setting.number(share(0), 1))
            .say(" % and the least deprived tenth ")
            .value(&setting.number(share(9), 1))
            .say(" %."),
        table: Table::new(
            format!("Small areas and residents by deprivation decile, {}", scope.name),
            vec![
                Column::text("decile", "Decile"),
                Column::number("areas", "Small areas", ""),
                Column::number("per_cent_of_residents", "Share of residents", "%"),
                Column::text("group", "Group"),
            ],
            rows,
        )?,
        view: View::Bars { label: 0, value: 2, lower: None, upper: None, reference: Some((format!("{nation}: 10 %"), setting.number(10.0, 0))), highlight: Some(3) },
        cautions: vec![Passage::new().say("Deciles rank small areas, not people: many deprived people live in areas that are not.")],
        provenance: setting.provenance(None, &[setting.population_file, setting.deprivation_file], &[]),
    })
    .map(Some)
}
