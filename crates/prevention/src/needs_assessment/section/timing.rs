//! When: the months of the year, which is all that police.uk can say.

use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::exhibit::{refilled, treated_series};
use crate::needs_assessment::finding::Ranked;
use crate::period::Month;
use headwater_release::{Block, Certainty, Column, Figure, FigureParts, Finding, Passage, Section, Table, Target, Value, View, derive_rows};
use headwater_statistics::estimate::Confidence;
use headwater_statistics::season;

pub(in crate::needs_assessment) fn timing(setting: &Setting<'_>, scope: &Scope, findings: &mut Vec<Ranked>) -> Result<Section, String> {
    let indicator = setting.broadest();
    let series = setting.series(scope, &indicator.crime_types);
    let days: Vec<f64> = setting.counted.months.iter().map(|month| f64::from(month.days())).collect();
    let first = usize::from(setting.ask.period.first().month());
    let inputs = treated_series(&series);
    let (mut peak, mut low, mut p_value) = (0, 0, 1.0);
    let rows = derive_rows(&inputs, |known, derived| {
        let counts = setting.comparable(&refilled(&series, known));
        let season = season::monthly_indices(&counts, Some(&days), first, Confidence::P95).map_err(|refusal| refusal.to_string())?;
        (peak, low, p_value) = (season.peak_month() - 1, season.low_month() - 1, season.p_value);
        Ok(season
            .indices
            .iter()
            .enumerate()
            .map(|(i, index)| {
                let name = Month::new(2020, i as u8 + 1).map_or("", Month::name_in_year);
                let mut row = vec![Value::label(name)];
                row.extend([index.value(), index.lower(), index.upper()].map(|v| derived.number(v, 1)));
                row
            })
            .collect())
    });
    let mut blocks = Vec::new();
    match rows {
        Ok(rows) => {
            let (top, bottom) = (rows[peak].clone(), rows[low].clone());
            let sure = p_value < 0.05;
            if sure
                && let (Some(lower), Some(_)) = (top[2].as_number(), top[1].as_number())
                && lower > 100.0
            {
                findings.push(Ranked {
                    ratio: lower / 100.0,
                    topic: "season".into(),
                    finding: Finding {
                        statement: Passage::new()
                            .name(indicator.name.clone())
                            .say(" is highest in ")
                            .value(&top[0])
                            .say(": ")
                            .value(&top[1])
                            .say(" where an average month of equal length is 100 (95 % interval ")
                            .value(&top[2])
                            .say(" to ")
                            .value(&top[3])
                            .say("; police.uk, ")
                            .name(setting.ask.period.name())
                            .say(")."),
                        certainty: if setting.ask.period.n_months() >= 36 { Certainty::Moderate } else { Certainty::Low },
                        why: Passage::new().say("Two or three years show a season only roughly, and lockdowns or events can look like one."),
                        exhibit: Target::Figure("season".into()),
                    },
                });
            }
            let title = if sure {
                Passage::new().say("Highest in ").value(&top[0]).say(", lowest in ").value(&bottom[0])
            } else {
                Passage::new().say("No season beyond chance")
            };
            blocks.push(Block::Figure(Box::new(Figure::build(FigureParts {
                slug: "season".into(),
                title,
                subtitle: format!("{} by month of the year, average day = 100, {}, {}", indicator.name, scope.name, setting.ask.period.name()),
                description: Passage::new()
                    .say("Bars for the twelve months of the year, adjusted for their length. ")
                    .value(&top[0])
                    .say(" is highest at ")
                    .value(&top[1])
                    .say(" and ")
                    .value(&bottom[0])
                    .say(" lowest at ")
                    .value(&bottom[1])
                    .say(" (100 is average)."),
                table: Table::new(
                    format!("Month-of-year indices, {}, {}", indicator.name, scope.name),
                    vec![
                        Column::text("month", "Month"),
                        Column::number("index", "Index", "100 = average"),
                        Column::number("lower_95", "Lower 95 % limit", ""),
                        Column::number("upper_95", "Upper 95 % limit", ""),
                    ],
                    rows,
                )?,
                view: View::SeasonBars { label: 0, value: 1, lower: 2, upper: 3 },
                cautions: [
                    Passage::new()
                        .say("From so few years a season is an indication. Months of lockdown or special events weigh as much as any other."),
                    Passage::new().name(indicator.caution.clone()),
                ]
                .into_iter()
                .chain(setting.partial_caution())
                .collect(),
                provenance: setting.provenance(Some(indicator), &[], &[("Month-of-year index, quasi-Poisson", "season")]),
            })?)));
        }
        Err(gap) => blocks
            .push(Block::NotYetKnown(Passage::new().say("No month-of-year pattern: ").name(gap.reason().unwrap_or("a count is hidden")).say("."))),
    }
    blocks.push(Block::NotYetKnown(Passage::new().say("Hour and weekday need the force's own records: police.uk gives the month only. Elsewhere Friday and Saturday nights, and the hour after school, matter most.")));
    Ok(Section {
        slug: "when".into(),
        name: "When".into(),
        title: Passage::new().say("When it happens: by month of the year"),
        lede: Passage::new().say("police.uk gives the month of each record, neither day nor hour."),
        blocks,
    })
}
