//! Where: rates by small area, hot spots, how concentrated and how stable they are.

use crate::needs_assessment::area::Scope;
use crate::needs_assessment::exhibit::{rate_per_1_000, treated};
use crate::needs_assessment::finding::Ranked;
use crate::needs_assessment::{PART_TOLERANCE_M, Setting};
use crate::place::{AreaCode, Kind, shape};
use headwater_release::{
    Block, Certainty, Column, Figure, FigureParts, Fill, Finding, MapClass, Passage, Section, Shape, Table, Target, Treated, Value, View, derive_rows,
};
use headwater_statistics::concentration::{self, stability};
use headwater_statistics::estimate::Confidence;
use headwater_statistics::neighbour::{self, Drawing, Lean, Neighbours, Outline};
use std::collections::BTreeMap;

/// How many of the worst places are listed.
const LISTED: usize = 10;

/// Areas with fewer residents have no rate on the map.
const FEWEST_RESIDENTS: f64 = 100.0;

/// Discoveries on the map: at most one in twenty is expected to be false.
const FALSE_DISCOVERIES: f64 = 0.05;

/// What the hot-spot test found, by position of the LSOA.
pub(in crate::needs_assessment) struct HotSpots {
    by_lsoa: BTreeMap<usize, Lean>,
    monte_carlo: Vec<usize>,
    n_islands: usize,
}

/// Gi* of the last year's rates of the broadest indicator over the whole force area.
pub(in crate::needs_assessment) fn hot_spots(setting: &Setting<'_>) -> Result<HotSpots, String> {
    let indicator = setting.broadest();
    let year = setting.last_year();
    let known: Vec<usize> = (0..setting.counted.lsoas.len())
        .filter(|i| setting.outlines[*i].is_some() && setting.residents[*i].is_some_and(|n| n >= FEWEST_RESIDENTS))
        .collect();
    if known.is_empty() {
        return Err("needs boundaries and a population on the boundaries of the crime records".into());
    }
    let outlines: Vec<Outline<'_>> = known
        .iter()
        .filter_map(|i| setting.outlines[*i].as_ref())
        .map(|shape| Outline { rings: shape.polygons.iter().flatten().map(Vec::as_slice).collect() })
        .collect();
    let neighbours: Neighbours = neighbour::queen(&outlines, neighbour::DEGREES_STEP).map_err(|fault| fault.to_string())?;
    let counts: Option<Vec<u64>> = known.iter().map(|i| treated(setting.counted.in_lsoa(*i, &indicator.crime_types, year)).known()).collect();
    let counts = counts.ok_or("a count is hidden")?;
    let values: Vec<f64> = known.iter().zip(counts).map(|(i, n)| n as f64 / setting.residents[*i].unwrap_or(1.0)).collect();
    let permuted = neighbour::permute(&values, &neighbours, &Drawing::standard(setting.ask.seed)).map_err(|refusal| refusal.to_string())?;
    let by_lsoa = permuted
        .areas
        .iter()
        .zip(&known)
        .filter_map(|(tail, i)| tail.filter(|tail| tail.q <= FALSE_DISCOVERIES).map(|tail| (*i, tail.lean)))
        .collect();
    Ok(HotSpots { by_lsoa, monte_carlo: permuted.monte_carlo.discoveries.clone(), n_islands: neighbours.islands().len() })
}

pub(in crate::needs_assessment) fn location(setting: &Setting<'_>, scope: &Scope, findings: &mut Vec<Ranked>) -> Result<Section, String> {
    let mut blocks = Vec::new();
    let ranked = ranked_lsoas(setting, scope);
    let shapes = drawn(setting, scope);
    if !shapes.is_empty() {
        if let Some(figure) = rate_map(setting, scope, &shapes)? {
            blocks.push(Block::Figure(Box::new(figure)));
        }
        blocks.push(match hot_spot_map(setting, scope, &shapes, findings)? {
            Ok(figure) => Block::Figure(Box::new(figure)),
            Err(reason) => Block::NotYetKnown(Passage::new().say("No hot-spot map: ").name(reason).say(".")),
        });
    } else {
        blocks.push(Block::NotYetKnown(
            Passage::new().say("No map: needs boundaries of the small areas (GeoJSON) of the same census as the crime records."),
        ));
    }
    blocks.push(Block::Figure(Box::new(worst_figure(setting, scope, &ranked)?)));
    blocks.push(match concentration_figure(setting, scope, findings)? {
        Ok(figure) => Block::Figure(Box::new(figure)),
        Err(reason) => Block::NotYetKnown(Passage::new().say("No measure of concentration: ").name(reason).say(".")),
    });
    blocks.push(Block::Paragraph(stability_sentence(setting, scope)));
    Ok(Section {
        slug: "where".into(),
        name: "Where".into(),
        title: Passage::new().say("Where it is recorded, and whether the same places stay worst"),
        lede: Passage::new()
            .say("Points on police.uk are moved to shared map points, so nothing here is finer than a small area of about 1,500 residents."),
        blocks,
    })
}

/// LSOAs of an area, most records first, then by code.
fn ranked_lsoas(setting: &Setting<'_>, scope: &Scope) -> Vec<(usize, u64)> {
    let indicator = setting.broadest();
    let year = setting.last_year();
    let mut ranked: Vec<(usize, u64)> = scope.lsoas.iter().map(|i| (*i, setting.counted.in_lsoa(*i, &indicator.crime_types, year))).collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked
}

/// Outlines to draw: coarse for the whole force area, fine for a partnership.
fn drawn(setting: &Setting<'_>, scope: &Scope) -> Vec<shape::Shape> {
    if scope.is_whole {
        return setting.whole.clone();
    }
    let own: Vec<shape::Shape> = scope.lsoas.iter().filter_map(|i| setting.outlines[*i].clone()).collect();
    shape::simplify(&own, PART_TOLERANCE_M)
}

fn to_release(shape: &shape::Shape, name: String) -> Shape {
    Shape { code: shape.code.to_string(), name, rings: shape.polygons.iter().flatten().cloned().collect() }
}

/// Heavier outlines on top: the partnerships of a force area; nothing for a single partnership.
fn overlay(setting: &Setting<'_>, scope: &Scope, shapes: &[shape::Shape]) -> Vec<Shape> {
    if !scope.is_whole {
        return Vec::new();
    }
    let group = |lsoa: AreaCode| {
        let code = setting.evidence.nesting.parent(lsoa, Kind::CommunitySafetyPartnership)?;
        Some((code, setting.evidence.nesting.name(code)))
    };
    shape::outline(shapes, group).iter().map(|s| to_release(s, s.name.clone())).collect()
}

/// A map's rows and parts common to both maps.
fn map_view(setting: &Setting<'_>, scope: &Scope, shapes: &[shape::Shape], class: usize, classes: Vec<MapClass>) -> View {
    let outlines = overlay(setting, scope, shapes);
    View::Map {
        code: 0,
        name: 1,
        class,
        shapes: shapes.iter().map(|s| to_release(s, setting.evidence.nesting.name(s.code))).collect(),
        classes,
        outlines,
    }
}

fn rate_map(setting: &Setting<'_>, scope: &Scope, shapes: &[shape::Shape]) -> Result<Option<Figure>, String> {
    let indicator = setting.broadest();
    let year = setting.last_year();
    let months = setting.counted.n_supplied(year);
    let mut rates: Vec<f64> = scope.lsoas.iter().filter_map(|i| rate_of(setting, *i)).collect();
    if rates.len() < 5 {
        return Ok(None);
    }
    rates.sort_by(f64::total_cmp);
    let cut = |share: usize| (rates[(rates.len() * share / 5).min(rates.len() - 1)] * 10.0).round() / 10.0;
    let mut cuts: Vec<f64> = (1..5).map(cut).collect();
    cuts.dedup();
    let class_of = |rate: f64| cuts.iter().filter(|cut| rate >= **cut).count();
    let shown = |v: f64| setting.number(v, 1).shown();
    let label = |class: usize| match (class.checked_sub(1).map(|i| cuts[i]), cuts.get(class)) {
        (None, Some(high)) => format!("under {}", shown(*high)),
        (Some(low), Some(high)) => format!("{} to under {}", shown(low), shown(*high)),
        (Some(low), None) => format!("{} and over", shown(low)),
        (None, None) => "all".to_owned(),
    };
    let mut classes: Vec<MapClass> = (0..=cuts.len()).map(|c| MapClass { key: label(c), label: label(c), fill: Fill::Step(c as u8) }).collect();
    let mut rows = Vec::with_capacity(scope.lsoas.len());
    let mut without = false;
    for i in &scope.lsoas {
        let n = setting.counted.in_lsoa(*i, &indicator.crime_types, year);
        let rate = rate_per_1_000(n, setting.residents[*i].filter(|r| *r >= FEWEST_RESIDENTS), months);
        let class = rate_of(setting, *i).map_or_else(|| "no rate".to_owned(), |rate| label(class_of(rate)));
        without |= class == "no rate";
        rows.push(vec![
            Value::label(setting.counted.lsoas[*i].to_string()),
            Value::label(setting.lsoa_name(*i)),
            Value::count(treated(n)),
            rate.value,
            rate.lower,
            rate.upper,
            Value::label(class),
        ]);
    }
    if without {
        classes.push(MapClass { key: "no rate".into(), label: "no rate: no population".into(), fill: Fill::NoData });
    }
    let top_class = label(cuts.len());
    let n_top = rows.iter().filter(|row| row[6].shown() == top_class).count();
    Figure::build(FigureParts {
        slug: "rates-by-small-area".into(),
        title: Passage::new().say("A fifth of small areas have ").name(top_class.clone()).say(" per 1,000"),
        subtitle: format!("{} per 1,000 residents by small area, {}, {}", indicator.name, scope.name, year.name()),
        description: Passage::new()
            .say("Map of small areas in five classes with about equal numbers of areas. The darkest class, ")
            .name(top_class)
            .say(" per 1,000 residents, holds ")
            .value(&setting.number(n_top as f64, 0))
            .say(" of ")
            .value(&setting.number(rows.len() as f64, 0))
            .say(" areas."),
        table: Table::new(
            format!("{} by small area, {}", indicator.name, scope.name),
            vec![
                Column::text("lsoa", "LSOA"),
                Column::text("name", "Name"),
                Column::number("records", "Records", ""),
                Column::number("rate_per_1_000", "Rate", "per 1,000 residents"),
                Column::number("lower_95", "Lower 95 % limit", "per 1,000"),
                Column::number("upper_95", "Upper 95 % limit", "per 1,000"),
                Column::text("class", "Class on the map"),
            ],
            rows,
        )?,
        view: map_view(setting, scope, shapes, 6, classes),
        cautions: vec![
            Passage::new().say("Single areas differ by chance: look at the intervals in the table before comparing two of them."),
            Passage::new().say("Town centres and seafronts draw visitors who are not residents, so their rates look high."),
        ],
        provenance: setting.provenance(Some(indicator), &[setting.population_file], &[("Byar or exact Poisson interval", "rate_byar_exact")]),
    })
    .map(Some)
}

/// Records per 1,000 residents a year in the last year.
fn rate_of(setting: &Setting<'_>, lsoa: usize) -> Option<f64> {
    let year = setting.last_year();
    let months = setting.counted.n_supplied(year);
    let residents = setting.residents[lsoa].filter(|n| *n >= FEWEST_RESIDENTS)?;
    let n = treated(setting.counted.in_lsoa(lsoa, &setting.broadest().crime_types, year)).known()?;
    (months > 0).then(|| n as f64 * 12_000.0 / residents / months as f64)
}

fn hot_spot_map(setting: &Setting<'_>, scope: &Scope, shapes: &[shape::Shape], findings: &mut Vec<Ranked>) -> Result<Result<Figure, String>, String> {
    let found = match &setting.hot_spots {
        Ok(found) => found,
        Err(reason) => return Ok(Err(reason.clone())),
    };
    let indicator = setting.broadest();
    let year = setting.last_year();
    let word = |i: usize| match found.by_lsoa.get(&i) {
        Some(Lean::High) => "hot spot",
        Some(Lean::Low) => "cold spot",
        _ => "neither",
    };
    let rows: Vec<Vec<Value>> = scope
        .lsoas
        .iter()
        .map(|i| vec![Value::label(setting.counted.lsoas[*i].to_string()), Value::label(setting.lsoa_name(*i)), Value::label(word(*i))])
        .collect();
    let hot: Vec<usize> = scope.lsoas.iter().copied().filter(|i| word(*i) == "hot spot").collect();
    let cold = scope.lsoas.iter().filter(|i| word(**i) == "cold spot").count();
    let names = neighbourhoods(setting, &hot);
    if !hot.is_empty() {
        let total = setting.placed(scope, &indicator.crime_types, year);
        let in_hot: u64 = hot.iter().map(|i| setting.counted.in_lsoa(*i, &indicator.crime_types, year)).sum();
        let inputs: [Treated; 2] = [treated(in_hot), treated(total)];
        let share =
            headwater_release::derive(&inputs, 0, |n| if n[1] == 0 { Err("no records".into()) } else { Ok(100.0 * n[0] as f64 / n[1] as f64) });
        let people: f64 = hot.iter().filter_map(|i| setting.residents[*i]).sum();
        let all: f64 = setting.residents_of(scope).unwrap_or(0.0);
        if all > 0.0 && total > 0 && people > 0.0 {
            let of_people = 100.0 * people / all;
            findings.push(Ranked {
                ratio: share.as_number().unwrap_or(0.0) / of_people,
                topic: "hot spots".into(),
                finding: Finding {
                    statement: Passage::new()
                        .value(&setting.number(hot.len() as f64, 0))
                        .say(" small areas lie in hot spots (")
                        .name(names.clone())
                        .say("); ")
                        .value(&setting.number(of_people, 0))
                        .say(" % of residents live there and ")
                        .value(&share)
                        .say(" % of ")
                        .name(indicator.name.to_lowercase())
                        .say(" is recorded there (police.uk, ")
                        .name(year.name())
                        .say(")."),
                    certainty: Certainty::High,
                    why: Passage::new().say("At most one in twenty of the areas so marked is expected to be there by chance."),
                    exhibit: Target::Figure("hot-spots".into()),
                },
            });
        }
    }
    let title = match hot.len() {
        0 => Passage::new().say("No hot spot beyond chance"),
        1 => Passage::new().say("One small area lies in a hot spot"),
        n => Passage::new().value(&setting.number(n as f64, 0)).say(" small areas lie in hot spots"),
    };
    let (least, most) = (found.monte_carlo.iter().min().copied().unwrap_or(0), found.monte_carlo.iter().max().copied().unwrap_or(0));
    let mut description = Passage::new()
        .say("Map of small areas whose own and neighbouring rates together are higher or lower than chance would put side by side: ")
        .value(&setting.number(hot.len() as f64, 0))
        .say(" hot, ")
        .value(&setting.number(cold as f64, 0))
        .say(" cold.");
    if !hot.is_empty() {
        description = description.say(" Hot: ").name(names).say(".");
    }
    let figure = Figure::build(FigureParts {
        slug: "hot-spots".into(),
        title,
        subtitle: format!("Local Getis-Ord Gi* of {} per resident against all of {}, false discovery rate 5 %, {}", indicator.name.to_lowercase(), setting.ask.name, year.name()),
        description,
        table: Table::new(
            format!("Hot and cold spots, {}", scope.name),
            vec![Column::text("lsoa", "LSOA"), Column::text("name", "Name"), Column::text("class", "Class on the map")],
            rows,
        )?,
        view: map_view(
            setting,
            scope,
            shapes,
            2,
            [("hot spot", "hot spot: high rates side by side", Fill::Focus), ("cold spot", "cold spot: low rates side by side", Fill::Contrast), ("neither", "neither", Fill::Plain)]
                .into_iter()
                .map(|(key, label, fill)| MapClass { key: key.into(), label: label.into(), fill })
                .collect(),
        ),
        cautions: vec![
            Passage::new()
                .say("99,999 draws, two-sided, Benjamini-Hochberg q at most 0.05. Three independent sets of draws marked between ")
                .value(&setting.number(least as f64, 0))
                .say(" and ")
                .value(&setting.number(most as f64, 0))
                .say(" areas in all of ")
                .name(setting.ask.name)
                .say("; ")
                .value(&setting.number(found.n_islands as f64, 0))
                .say(" areas have no neighbour and no test."),
            Passage::new().say("A hot spot is a place to look at, not a reason: a town centre, a station or a hospital can make one. A single bad area among good ones need not be one."),
        ],
        provenance: setting.provenance(Some(indicator), &[setting.population_file], &[("Gi*, conditional permutation with shared draws", "getis_ord"), ("Benjamini-Hochberg", "multiple_testing")]),
    })?;
    Ok(Ok(figure))
}

/// The names of the wards or local authorities that hold some LSOAs, the fullest first, at most five.
fn neighbourhoods(setting: &Setting<'_>, lsoas: &[usize]) -> String {
    let mut tally: BTreeMap<AreaCode, usize> = BTreeMap::new();
    for i in lsoas {
        let code = setting.counted.lsoas[*i];
        if let Some(place) = setting.evidence.nesting.parent(code, Kind::Ward).or_else(|| setting.evidence.nesting.parent(code, Kind::LocalAuthority))
        {
            *tally.entry(place).or_default() += 1;
        }
    }
    let mut places: Vec<(AreaCode, usize)> = tally.into_iter().collect();
    places.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut names: Vec<String> = places.iter().take(5).map(|(code, _)| setting.evidence.nesting.name(*code)).collect();
    if places.len() > 5 {
        names.push(format!("and {} more", places.len() - 5));
    }
    names.join(", ")
}

fn worst_figure(setting: &Setting<'_>, scope: &Scope, ranked: &[(usize, u64)]) -> Result<Figure, String> {
    let indicator = setting.broadest();
    let year = setting.last_year();
    let months = setting.counted.n_supplied(year);
    let rows: Vec<Vec<Value>> = ranked
        .iter()
        .take(LISTED)
        .map(|(i, n)| {
            let rate = rate_per_1_000(*n, setting.residents[*i].filter(|r| *r >= FEWEST_RESIDENTS), months);
            let count = headwater_release::derive_interval(&[treated(*n)], 0, |n| {
                let limits = headwater_statistics::rate::count(n[0] as f64, Confidence::P95).map_err(|r| r.to_string())?;
                Ok([limits.value(), limits.lower(), limits.upper()])
            });
            let ward =
                setting.evidence.nesting.parent(setting.counted.lsoas[*i], Kind::Ward).map_or_else(String::new, |w| setting.evidence.nesting.name(w));
            vec![
                Value::label(setting.lsoa_name(*i)),
                Value::label(setting.counted.lsoas[*i].to_string()),
                Value::label(ward),
                count.value,
                count.lower,
                count.upper,
                rate.value,
                rate.lower,
                rate.upper,
            ]
        })
        .collect();
    let first = rows.first().map_or_else(|| Value::label("none"), |row| row[0].clone());
    let most = rows.first().map_or_else(|| setting.number(0.0, 0), |row| row[3].clone());
    Figure::build(FigureParts {
        slug: "highest-counts".into(),
        title: Passage::new().say("Most is recorded in ").value(&first),
        subtitle: format!("{}, records in the {} small areas with most, {}, {}", indicator.name, rows.len(), scope.name, year.name()),
        description: Passage::new()
            .say("Bar chart of the small areas with most records and 95 % intervals. ")
            .value(&first)
            .say(" comes first with ")
            .value(&most)
            .say(" records. Where intervals overlap much, the order is not certain."),
        table: Table::new(
            format!("Small areas with most records, {}", scope.name),
            vec![
                Column::text("name", "Small area"),
                Column::text("lsoa", "LSOA"),
                Column::text("ward", "Ward"),
                Column::number("records", "Records", ""),
                Column::number("records_lower_95", "Lower 95 % limit", "records"),
                Column::number("records_upper_95", "Upper 95 % limit", "records"),
                Column::number("rate_per_1_000", "Rate", "per 1,000 residents"),
                Column::number("rate_lower_95", "Lower 95 % limit of rate", "per 1,000"),
                Column::number("rate_upper_95", "Upper 95 % limit of rate", "per 1,000"),
            ],
            rows,
        )?,
        view: View::Bars { label: 0, value: 3, lower: Some(4), upper: Some(5), reference: None, highlight: None },
        cautions: vec![
            Passage::new()
                .say("Counts say where most happens, rates how much for those who live there; both are needed, and neither counts visitors."),
        ],
        provenance: setting.provenance(Some(indicator), &[setting.population_file], &[("Byar or exact Poisson interval", "rate_byar_exact")]),
    })
}

fn concentration_figure(setting: &Setting<'_>, scope: &Scope, findings: &mut Vec<Ranked>) -> Result<Result<Figure, String>, String> {
    let indicator = setting.broadest();
    let year = setting.last_year();
    let counts: Vec<u64> = scope.lsoas.iter().map(|i| setting.counted.in_lsoa(*i, &indicator.crime_types, year)).collect();
    let inputs: Vec<Treated> = counts.iter().map(|n| treated(*n)).collect();
    let mut measured = None;
    let rows = derive_rows(&inputs, |known, derived| {
        let refuse = |refusal: headwater_statistics::estimate::Refusal| refusal.to_string();
        let counts: Vec<f64> = known.iter().map(|n| *n as f64).collect();
        let found = concentration::measure(&counts, Confidence::P95).map_err(refuse)?;
        let curve = concentration::lorenz(&counts).map_err(refuse)?;
        let shares: Vec<f64> = (0..=20).map(|i| f64::from(i) / 20.0).collect();
        let chance = concentration::lorenz_by_chance(counts.len(), found.events, &shares[1..20], Confidence::P95).map_err(refuse)?;
        measured = Some(found);
        Ok(shares
            .iter()
            .enumerate()
            .map(|(i, share)| {
                let held = held_by(&curve, *share);
                let by_chance = match i {
                    0 => 0.0,
                    20 => 1.0,
                    _ => chance[i - 1].value(),
                };
                vec![derived.number(100.0 * share, 0), derived.number(100.0 * held, 1), derived.number(100.0 * by_chance, 1)]
            })
            .collect())
    });
    let (rows, found) = match (rows, measured) {
        (Ok(rows), Some(found)) => (rows, found),
        (Err(gap), _) => return Ok(Err(gap.reason().unwrap_or("a count is hidden").to_owned())),
        _ => return Ok(Err("it could not be worked out".into())),
    };
    let half = setting.number(100.0 * found.half_share, 0);
    let half_by_chance = setting.number(100.0 * found.half_share_by_chance.value(), 0);
    if found.beyond_chance() {
        findings.push(Ranked {
            ratio: found.half_share_by_chance.lower() / found.half_share.max(0.001),
            topic: "concentration".into(),
            finding: Finding {
                statement: Passage::new()
                    .say("Half of recorded ")
                    .name(indicator.name.to_lowercase())
                    .say(" lies in ")
                    .value(&half)
                    .say(" % of small areas; if risk were equal everywhere chance alone would need ")
                    .value(&half_by_chance)
                    .say(" % (police.uk, ")
                    .name(year.name())
                    .say(")."),
                certainty: Certainty::High,
                why: Passage::new().say("Far beyond what chance gives; small areas have like numbers of residents."),
                exhibit: Target::Figure("concentration".into()),
            },
        });
    }
    let figure = Figure::build(FigureParts {
        slug: "concentration".into(),
        title: Passage::new().say("Half lies in ").value(&half).say(" % of small areas; chance would need ").value(&half_by_chance).say(" %"),
        subtitle: format!("Share of {} held by a share of small areas, worst first, {}, {}", indicator.name.to_lowercase(), scope.name, year.name()),
        description: Passage::new()
            .say("Lorenz curve. The worst tenth of small areas hold ")
            .value(&rows[2][1])
            .say(" % of records; under equal risk they would hold ")
            .value(&rows[2][2])
            .say(" % by chance. Generalised Gini ")
            .value(&setting.number(found.gini_generalised, 2))
            .say("; Gini ")
            .value(&setting.number(found.gini, 2))
            .say(", by chance ")
            .value(&setting.number(found.gini_by_chance.value(), 2))
            .say("."),
        table: Table::new(
            format!("Concentration of {}, {}", indicator.name.to_lowercase(), scope.name),
            vec![
                Column::number("areas_per_cent", "Share of small areas, worst first", "%"),
                Column::number("records_per_cent", "Share of records", "%"),
                Column::number("by_chance_per_cent", "Share by chance alone", "%"),
            ],
            rows,
        )?,
        view: View::Lorenz { x: 0, y: 1, baseline: Some(2) },
        cautions: vec![
            Passage::new().say("Small areas without any record are counted. Concentration is by place of record, and says nothing of people."),
        ],
        provenance: setting.provenance(Some(indicator), &[], &[("Lorenz curve, generalised Gini, equal-risk baseline", "gini_sparse")]),
    })?;
    Ok(Ok(figure))
}

/// The share of events that a share of places holds, along the curve.
fn held_by(curve: &[concentration::LorenzPoint], places: f64) -> f64 {
    for pair in curve.windows(2) {
        if places <= pair[1].places {
            let width = pair[1].places - pair[0].places;
            let part = if width > 0.0 { (places - pair[0].places) / width } else { 1.0 };
            return pair[0].events + part * (pair[1].events - pair[0].events);
        }
    }
    1.0
}

fn stability_sentence(setting: &Setting<'_>, scope: &Scope) -> Passage {
    let indicator = setting.broadest();
    let (now, Some(before)) = (setting.last_year(), setting.year_before()) else {
        return Passage::new().say("Whether the same places stay worst needs two whole years.");
    };
    let counts = |within| -> Vec<u64> { scope.lsoas.iter().map(|i| setting.counted.in_lsoa(*i, &indicator.crime_types, within)).collect() };
    let (first, second) = (counts(before), counts(now));
    let worst = (scope.lsoas.len() / 20).max(3);
    let inputs: Vec<Treated> = first.iter().chain(&second).map(|n| treated(*n)).collect();
    let n = first.len();
    let rows = derive_rows(&inputs, |known, derived| {
        let known: Vec<f64> = known.iter().map(|n| *n as f64).collect();
        let found = stability(&known[..n], &known[n..], worst, Confidence::P95).map_err(|refusal| refusal.to_string())?;
        Ok(vec![vec![
            derived.number(found.recurring as f64, 0),
            derived.number(worst as f64, 0),
            derived.number(found.share_by_chance * worst as f64, 1),
            found.spearman.map_or_else(|| Value::refused("no variation"), |r| derived.number(r, 2)),
        ]])
    });
    match rows {
        Ok(rows) => Passage::new()
            .say("Of the ")
            .value(&rows[0][1])
            .say(" small areas with most records in ")
            .name(before.name())
            .say(", ")
            .strong(rows[0][0].shown())
            .say(" are among the worst again in ")
            .name(now.name())
            .say("; chance would repeat ")
            .value(&rows[0][2])
            .say(". The rank correlation of the two years over all areas is ")
            .value(&rows[0][3])
            .say("."),
        Err(gap) => {
            Passage::new().say("Whether the same places stay worst cannot be said: ").name(gap.reason().unwrap_or("a count is hidden")).say(".")
        }
    }
}
