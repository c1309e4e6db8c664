//! Scale and trend: how much, with which certainty, and whether it changes.

use super::change::Changes;
use crate::definition::Indicator;
use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::exhibit::{cell, rate_per_1_000, refilled, treated, treated_series};
use crate::needs_assessment::finding::Ranked;
use headwater_release::{Block, Certainty, Column, Figure, FigureParts, Finding, Passage, Section, Table, Target, Value, View, derive_rows};
use headwater_statistics::control_chart::{self, Better};
use headwater_statistics::funnel::{self, Position};
use headwater_statistics::trend::{SuddenSettings, sudden_changes};

pub(in crate::needs_assessment) fn scale_and_trend(setting: &Setting<'_>, scope: &Scope, findings: &mut Vec<Ranked>) -> Result<Section, String> {
    let mut blocks = Vec::new();
    let mut lines = Vec::new();
    for indicator in &setting.indicators {
        let changes = Changes::of(setting, scope, indicator);
        let slug = format!("trend-{}", indicator.id);
        lines.push(changes.sentence(setting, scope, indicator));
        findings.extend(changes.findings(setting, scope, indicator, &slug));
        blocks.push(match control_chart(setting, scope, indicator, &slug, &changes)? {
            Ok(figure) => Block::Figure(Box::new(figure)),
            Err(reason) => Block::NotYetKnown(Passage::new().name(indicator.name.clone()).say(": no control chart, because ").name(reason).say(".")),
        });
    }
    if let Some((figure, outlier)) = funnel_figure(setting, scope)? {
        findings.extend(outlier);
        blocks.push(Block::Heading("Beside other areas".into()));
        blocks.push(Block::Figure(Box::new(figure)));
    }
    blocks.insert(0, Block::List(lines));
    Ok(Section {
        slug: "scale-and-trend".into(),
        name: "Scale and trend".into(),
        title: Passage::new().say("How much is recorded, and whether it is changing"),
        lede: Passage::new().say("Month-to-month ups and downs are usually chance. A control chart marks only what chance seldom does; a year is compared with the year before."),
        blocks,
    })
}

/// The control chart of an indicator, or why there is none.
fn control_chart(
    setting: &Setting<'_>,
    scope: &Scope,
    indicator: &Indicator,
    slug: &str,
    changes: &Changes,
) -> Result<Result<Figure, String>, String> {
    let series = setting.series(scope, &indicator.crime_types);
    let inputs = treated_series(&series);
    let months = &setting.counted.months;
    let (mut signals, mut because) = (0, String::new());
    let mut steps = Vec::new();
    let rows = derive_rows(&inputs, |known, derived| {
        let counts = refilled(&series, known);
        steps = sudden_changes(&setting.comparable(&counts), &SuddenSettings::default()).map(|found| found.steps).unwrap_or_default();
        let chosen = control_chart::for_counts(&counts, Better::Lower).map_err(|refusal| refusal.to_string())?;
        because.clone_from(&chosen.because);
        signals = chosen.chart.signals().count();
        Ok(chosen
            .chart
            .points
            .iter()
            .zip(months)
            .zip(&series)
            .map(|((point, month), n)| {
                vec![
                    Value::label(month.name()),
                    cell(*n),
                    derived.number(point.mean, 1),
                    derived.number(point.lower, 1),
                    derived.number(point.upper, 1),
                    Value::label(point.rule.map_or("", |rule| rule.words())),
                ]
            })
            .collect())
    });
    let rows = match rows {
        Ok(rows) => rows,
        Err(gap) => return Ok(Err(gap.reason().unwrap_or("a count is hidden").to_owned())),
    };
    let breaks: Vec<(String, String)> = steps.iter().map(|step| (months[step.at].name(), "level changes".to_owned())).collect();
    let title = match &changes.on_the_year_before {
        Ok(change) => Passage::new().name(indicator.name.clone()).say(": ").then(change.words()).say(" on the year before"),
        Err(_) => Passage::new().name(indicator.name.clone()).say(" by month"),
    };
    let last = rows.iter().rev().find(|row| row[1].as_number().is_some()).cloned().unwrap_or_default();
    let mut description = Passage::new().say("Control chart of monthly counts with their average and the limits of chance. ");
    if last.len() == 6 {
        description = description.say("In ").value(&last[0]).say(" there were ").value(&last[1]).say("; the average is ").value(&last[2]).say(". ");
    }
    description = match signals {
        0 => description.say("No month is outside what chance explains."),
        n => description
            .value(&setting.number(n as f64, 0))
            .say(" of ")
            .value(&setting.number(rows.len() as f64, 0))
            .say(" months break a rule of the chart."),
    };
    let figure = Figure::build(FigureParts {
        slug: slug.to_owned(),
        title,
        subtitle: format!("{}, records a month, {}, {}", indicator.name, scope.name, setting.ask.period.name()),
        description,
        table: Table::new(
            format!("{} by month, {}", indicator.name, scope.name),
            vec![
                Column::text("month", "Month"),
                Column::number("records", "Records", ""),
                Column::number("average", "Average", ""),
                Column::number("lower_limit", "Lower limit", ""),
                Column::number("upper_limit", "Upper limit", ""),
                Column::text("signal", "What the rules found"),
            ],
            rows,
        )?,
        view: View::ControlChart { x: 0, y: 1, mean: 2, lower: 3, upper: 4, signal: 5, breaks },
        cautions: [
            Passage::new().name(indicator.caution.clone()),
            Passage::new()
                .name(because)
                .say(" A month that was not supplied is a gap, and the same month of the other year is then left out of the comparison."),
        ]
        .into_iter()
        .chain(setting.partial_caution())
        .collect(),
        provenance: setting.provenance(
            Some(indicator),
            &[],
            &[
                ("NHS Making Data Count rules", "spc_xmr_making_data_count"),
                ("Change on the year before, ratio of two rates", "rate_ratio"),
                ("Change a year over the whole period, quasi-Poisson", "trend"),
            ],
        ),
    })?;
    Ok(Ok(figure))
}

/// All partnerships against the limits of chance, for the broadest indicator in the last year.
fn funnel_figure(setting: &Setting<'_>, scope: &Scope) -> Result<Option<(Figure, Option<Ranked>)>, String> {
    let indicator = setting.broadest();
    let year = setting.last_year();
    let years = setting.counted.n_supplied(year) as f64 / 12.0;
    let areas: Vec<(&Scope, u64, f64)> = setting
        .parts
        .iter()
        .filter_map(|part| Some((part, setting.placed(part, &indicator.crime_types, year), setting.residents_of(part)?)))
        .collect();
    if areas.len() < 3 || years <= 0.0 {
        return Ok(None);
    }
    let inputs: Vec<_> = areas.iter().map(|(_, n, _)| treated(*n)).collect();
    let mut limits = Vec::new();
    let mut average = 0.0;
    let mut positions: Vec<Position> = Vec::new();
    let rows = derive_rows(&inputs, |known, derived| {
        let refuse = |refusal: headwater_statistics::estimate::Refusal| refusal.to_string();
        let events: Vec<f64> = known.iter().map(|n| *n as f64).collect();
        let person_years: Vec<f64> = areas.iter().map(|(_, _, residents)| residents * years).collect();
        average = funnel::baseline(&events, &person_years).map_err(refuse)?;
        let (least, most) = person_years.iter().fold((f64::INFINITY, 0.0f64), |(a, b), n| (a.min(*n), b.max(*n)));
        for step in 0..=40 {
            let population = least * 0.9 + (most * 1.05 - least * 0.9) * f64::from(step) / 40.0;
            let at = funnel::at_population(population, average * 1000.0, 1000.0).map_err(refuse)?;
            limits.push(
                [population / years, at.lower_99_8, at.lower_95, average * 1000.0, at.upper_95, at.upper_99_8]
                    .iter()
                    .enumerate()
                    .map(|(i, v)| derived.number(*v, if i == 0 { 0 } else { 2 }))
                    .collect::<Vec<_>>(),
            );
        }
        areas
            .iter()
            .zip(&events)
            .map(|((part, n, residents), events)| {
                let position = funnel::position(*events, residents * years, average).map_err(refuse)?;
                positions.push(position);
                let rate = rate_per_1_000(*n, Some(*residents), setting.counted.n_supplied(year));
                Ok(vec![
                    Value::label(part.name.clone()),
                    derived.number(*residents, 0),
                    Value::count(treated(*n)),
                    rate.value,
                    rate.lower,
                    rate.upper,
                    Value::label(if position == Position::Similar { "" } else { position.words() }),
                ])
            })
            .collect()
    });
    let Ok(rows) = rows else { return Ok(None) };
    let columns = |names: [(&str, &str); 6]| names.map(|(id, title)| Column::number(id, title, "")).to_vec();
    let high: Vec<usize> = (0..areas.len()).filter(|i| positions[*i] == Position::High99_8).collect();
    let title = match high.as_slice() {
        [] => Passage::new().say("No area stands far above the average of ").name(setting.ask.name),
        [one] => Passage::new().name(areas[*one].0.name.clone()).say(" stands well above the average of ").name(setting.ask.name),
        many => Passage::new()
            .value(&setting.number(many.len() as f64, 0))
            .say(" of ")
            .value(&setting.number(areas.len() as f64, 0))
            .say(" areas stand well above the average"),
    };
    let highest =
        (0..areas.len()).max_by(|a, b| rows[*a][3].as_number().unwrap_or(0.0).total_cmp(&rows[*b][3].as_number().unwrap_or(0.0))).unwrap_or(0);
    let own = areas.iter().position(|(part, _, _)| part.code == scope.code);
    let mut outlier = None;
    let about = if scope.is_whole { high.iter().copied().find(|i| *i == highest) } else { own.filter(|i| positions[*i] != Position::Similar) };
    if let Some(i) = about {
        let (lower, upper) = (rows[i][4].as_number().unwrap_or(0.0), rows[i][5].as_number().unwrap_or(0.0));
        let benchmark = average * 1000.0;
        let above = lower > benchmark;
        outlier = Some(Ranked {
            ratio: if above { lower / benchmark } else { benchmark / upper.max(0.001) },
            topic: "beside other areas".into(),
            finding: Finding {
                statement: Passage::new()
                    .name(areas[i].0.name.clone())
                    .say(" records ")
                    .value(&rows[i][3])
                    .say(" ")
                    .name(indicator.name.to_lowercase())
                    .say(" per 1,000 residents (95 % interval ")
                    .value(&rows[i][4])
                    .say(" to ")
                    .value(&rows[i][5])
                    .say("), ")
                    .say(if above { "above" } else { "below" })
                    .say(" the ")
                    .value(&setting.number(benchmark, 1))
                    .say(" of all ")
                    .name(setting.ask.name)
                    .say(" areas together (police.uk, ")
                    .name(year.name())
                    .say(")."),
                certainty: Certainty::Moderate,
                why: Passage::new().say("Far beyond chance; but rates are per resident, and visitors to town centres are not counted."),
                exhibit: Target::Figure("beside-other-areas".into()),
            },
        });
    }
    let figure = Figure::build(FigureParts {
        slug: "beside-other-areas".into(),
        title,
        subtitle: format!("{} per 1,000 residents, Community Safety Partnerships of {}, {}", indicator.name, setting.ask.name, year.name()),
        description: Passage::new()
            .say("Funnel plot: each point is an area, the curves are the limits within which 95 % and 99.8 % of areas of that size would lie by chance around the average of ")
            .value(&setting.number(average * 1000.0, 1))
            .say(". The highest rate is that of ")
            .value(&rows[highest][0])
            .say(", ")
            .value(&rows[highest][3])
            .say("."),
        table: Table::new(
            format!("{} by area, {}", indicator.name, year.name()),
            vec![
                Column::text("area", "Area"),
                Column::number("residents", "Residents", ""),
                Column::number("records", "Records", ""),
                Column::number("rate_per_1_000", "Rate", "per 1,000 residents"),
                Column::number("lower_95", "Lower 95 % limit", "per 1,000"),
                Column::number("upper_95", "Upper 95 % limit", "per 1,000"),
                Column::text("standing", "Beside the average"),
            ],
            rows,
        )?,
        view: View::Funnel {
            label: 0,
            x: 1,
            y: 3,
            class: 6,
            limits: Table::new(
                "Limits of chance by number of residents",
                columns([("residents", "Residents"), ("lower_99_8", "Lower 99.8 %"), ("lower_95", "Lower 95 %"), ("average", "Average"), ("upper_95", "Upper 95 %"), ("upper_99_8", "Upper 99.8 %")]),
                limits,
            )?,
        },
        cautions: vec![
            Passage::new().say("Areas differ by more than chance for many reasons: town centres, visitors, recording. The limits show chance only, and crime nearly always spreads wider."),
            Passage::new().say("Records without a place, or placed outside the force area, are in no area's count."),
        ],
        provenance: setting.provenance(Some(indicator), &[setting.population_file], &[("Exact Poisson funnel limits", "funnel_rate"), ("Byar or exact Poisson interval", "rate_byar_exact")]),
    })?;
    Ok(Some((figure, outlier)))
}
