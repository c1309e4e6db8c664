//! Risk factors that open data hold: the gradient over deprivation.

use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::exhibit::treated;
use crate::needs_assessment::finding::Ranked;
use headwater_release::{Block, Certainty, Column, Figure, FigureParts, Finding, Passage, Section, Table, Target, Value, View, derive_rows};
use headwater_statistics::estimate::Confidence;
use headwater_statistics::inequality::{self, Group, Settings};
use headwater_statistics::rate;

/// Fewer small areas than this in a fifth say little about it.
const FEWEST_AREAS: usize = 3;

pub(in crate::needs_assessment) fn factors(setting: &Setting<'_>, scope: &Scope, findings: &mut Vec<Ranked>) -> Result<Section, String> {
    let mut blocks = Vec::new();
    match gradient(setting, scope, findings)? {
        Ok(figure) => blocks.push(Block::Figure(Box::new(figure))),
        Err(reason) => blocks.push(Block::NotYetKnown(Passage::new().say("No deprivation gradient: ").name(reason).say("."))),
    }
    for needs in [
        "Individual factors: needs youth justice, school attendance and exclusions, substance misuse and mental health services.",
        "Relationship factors: needs children's social care (assessment factors), domestic abuse.",
        "Community factors: needs alcohol licences, housing, unemployment.",
        "Protective factors: needs surveys of belonging, trusted adults and activities.",
    ] {
        blocks.push(Block::NotYetKnown(Passage::new().say(needs)));
    }
    Ok(Section {
        slug: "risk-factors".into(),
        name: "Risk and protective factors".into(),
        title: Passage::new().say("How recorded violence follows deprivation"),
        lede: Passage::new().say("Causes cannot be read from open data; how steeply harm rises with deprivation can."),
        blocks,
    })
}

fn gradient(setting: &Setting<'_>, scope: &Scope, findings: &mut Vec<Ranked>) -> Result<Result<Figure, String>, String> {
    let indicator = setting.broadest();
    let year = setting.last_year();
    let years = setting.counted.n_supplied(year) as f64 / 12.0;
    let mut events = [0u64; 5];
    let mut people = [0.0; 5];
    let mut areas = [0usize; 5];
    for lsoa in &scope.lsoas {
        let (Some(decile), Some(residents)) = (setting.deciles[*lsoa].filter(|d| (1..=10).contains(d)), setting.residents[*lsoa]) else { continue };
        let fifth = usize::from(decile - 1) / 2;
        events[fifth] += setting.counted.in_lsoa(*lsoa, &indicator.crime_types, year);
        people[fifth] += residents;
        areas[fifth] += 1;
    }
    if setting.deprivation_file.is_none() || setting.population_file.is_none() {
        return Ok(Err("needs deprivation and population on the boundaries of the crime records".into()));
    }
    if areas.iter().any(|n| *n < FEWEST_AREAS) {
        return Ok(Err(format!("{} has fewer than {FEWEST_AREAS} small areas in one of the five national deprivation groups", scope.name)));
    }
    let total: f64 = people.iter().sum();
    let inputs: Vec<_> = events.iter().map(|n| treated(*n)).collect();
    let mut indices = None;
    let rows = derive_rows(&inputs, |known, derived| {
        let refuse = |refusal: headwater_statistics::estimate::Refusal| refusal.to_string();
        let estimates = known
            .iter()
            .zip(people)
            .map(|(n, people)| rate::crude(*n as f64, people * years, &rate::Settings::per_1_000(Confidence::P95)).map_err(refuse))
            .collect::<Result<Vec<_>, _>>()?;
        let groups: Vec<Group> =
            estimates.iter().zip(people).map(|(e, population)| Group { population, value: e.value(), lower: e.lower(), upper: e.upper() }).collect();
        let found = inequality::gradient(&groups, &Settings::for_rates()).map_err(refuse)?;
        indices = Some(found);
        let mut below = 0.0;
        Ok((0..5)
            .map(|i| {
                let share = people[i] / total;
                let rank = below + share / 2.0;
                below += share;
                let name = ["1 (most deprived)", "2", "3", "4", "5 (least deprived)"][i];
                // On the log scale the line runs from the foot by the RII over the whole ladder.
                let fitted = found.foot * libm::exp(libm::log(found.rii.value()) * rank);
                vec![
                    Value::label(name),
                    derived.number(rank, 3),
                    Value::count(inputs[i]),
                    derived.number(people[i], 0),
                    derived.number(estimates[i].value(), 1),
                    derived.number(estimates[i].lower(), 1),
                    derived.number(estimates[i].upper(), 1),
                    derived.number(fitted, 1),
                ]
            })
            .collect())
    });
    let (rows, found) = match (rows, indices) {
        (Ok(rows), Some(found)) => (rows, found),
        (Err(gap), _) => return Ok(Err(gap.reason().unwrap_or("a count is hidden").to_owned())),
        _ => return Ok(Err("no gradient could be fitted".into())),
    };
    // The RII runs from the most deprived to the least; people ask how much higher the most deprived are.
    let times = [1.0 / found.rii.value(), 1.0 / found.rii.upper(), 1.0 / found.rii.lower()].map(|v| setting.number(v, 1));
    let difference = [-found.sii.value(), -found.sii.upper(), -found.sii.lower()].map(|v| setting.number(v, 1));
    let rises = found.rii.upper() < 1.0;
    if rises {
        findings.push(Ranked {
            ratio: 1.0 / found.rii.upper(),
            topic: "deprivation".into(),
            finding: Finding {
                statement: Passage::new()
                    .say("Over the deprivation ladder recorded ")
                    .name(indicator.name.to_lowercase())
                    .say(" is ")
                    .value(&times[0])
                    .say(" times as high at the most deprived end as at the least (95 % interval ")
                    .value(&times[1])
                    .say(" to ")
                    .value(&times[2])
                    .say("; police.uk and ")
                    .name(setting.deprivation_name.clone())
                    .say(", ")
                    .name(year.name())
                    .say(")."),
                certainty: Certainty::Moderate,
                why: Passage::new().say("Steep and far beyond chance; but crimes are counted where they happened, not where those harmed live."),
                exhibit: Target::Figure("deprivation-gradient".into()),
            },
        });
    }
    let title = if rises {
        Passage::new().value(&times[0]).say(" times as high at the most deprived end")
    } else {
        Passage::new().say("No clear rise with deprivation")
    };
    let figure = Figure::build(FigureParts {
        slug: "deprivation-gradient".into(),
        title,
        subtitle: format!("{} per 1,000 residents by national deprivation fifth, {}, {}", indicator.name, scope.name, year.name()),
        description: Passage::new()
            .say("Points with 95 % intervals for five deprivation groups and a fitted line. The rate is ")
            .value(&rows[0][4])
            .say(" in the most deprived fifth and ")
            .value(&rows[4][4])
            .say(" in the least deprived. The slope index of inequality is ")
            .value(&difference[0])
            .say(" per 1,000 (")
            .value(&difference[1])
            .say(" to ")
            .value(&difference[2])
            .say(")."),
        table: Table::new(
            format!("{} by deprivation fifth, {}", indicator.name, scope.name),
            vec![
                Column::text("deprivation_fifth", "Deprivation fifth"),
                Column::number("mid_rank", "Middle rank", "0 to 1"),
                Column::number("records", "Records", ""),
                Column::number("residents", "Residents", ""),
                Column::number("rate_per_1_000", "Rate", "per 1,000 residents"),
                Column::number("lower_95", "Lower 95 % limit", "per 1,000"),
                Column::number("upper_95", "Upper 95 % limit", "per 1,000"),
                Column::number("fitted", "Fitted line", "per 1,000"),
            ],
            rows,
        )?,
        view: View::Gradient { label: 0, x: 1, y: 4, lower: 5, upper: 6, fitted: 7 },
        cautions: vec![
            Passage::new().say("The line supposes an even rise over the ladder; look at the points, too."),
            Passage::new().say("Crimes are counted where they happened: a town centre's rate is not its residents' risk."),
        ],
        provenance: setting.provenance(
            Some(indicator),
            &[setting.population_file, setting.deprivation_file],
            &[("Slope and relative index of inequality, log scale", "sii_rii"), ("Byar or exact Poisson interval", "rate_byar_exact")],
        ),
    })?;
    Ok(Ok(figure))
}
