//! What is observed in look-ups, populations, deprivation and boundaries.

use super::{Observation, Weight, whole};
use crate::evidence::Evidence;
use crate::place::{Kind, NestingProblem, Vintage};
use crate::source::deprivation::{Domain, Measure};
use crate::source::population::Layout;
use headwater_release::{Open, Passage};
use std::collections::BTreeSet;

/// How many areas are named in one sentence.
const MOST_NAMED: usize = 8;

pub(super) fn observe(evidence: &Evidence, open: Open, out: &mut Vec<Observation>) {
    several_partnerships(evidence, open, out);
    several_authorities(evidence, open, out);
    changes(evidence, open, out);
    deprivation(evidence, open, out);
    population(evidence, open, out);
    boundaries(evidence, open, out);
}

fn several_partnerships(evidence: &Evidence, open: Open, out: &mut Vec<Observation>) {
    let problems = evidence.nesting.problems();
    if problems.is_empty() {
        return;
    }
    let mut names = Vec::new();
    let mut children = Vec::new();
    for NestingProblem::SeveralParents { child, parents, .. } in &problems {
        names.push(format!("{} ({})", evidence.nesting.name(*child), parents.len()));
        children.push((*child, parents.len()));
    }
    let vintage = if evidence.nesting.has_vintage(Vintage::Lsoa2021) { Vintage::Lsoa2021 } else { Vintage::Lsoa2011 };
    let (mut n_lsoas, mut n_extra) = (0, 0);
    for lsoa in evidence.nesting.lsoas(vintage) {
        let place = evidence.nesting.parent(lsoa, Kind::LocalAuthority).and_then(|area| children.iter().position(|(child, _)| *child == area));
        if let Some(place) = place {
            n_lsoas += 1;
            n_extra += children[place].1 - 1;
        }
    }
    out.push(Observation {
        id: "several-partnerships",
        weight: Weight::Problem,
        about: "area look-ups".to_owned(),
        sentence: Passage::new()
            .value(&whole(open, problems.len() as u64))
            .say(" local authorities lie in several Community Safety Partnerships, so that a plain join would count their ")
            .value(&whole(open, n_lsoas as u64))
            .say(" LSOAs more than once, ")
            .value(&whole(open, n_extra as u64))
            .say(" rows too many: ")
            .name(names.join(", "))
            .say("."),
        treatment: "They are joined to no partnership, and to their force area once.",
        numbers: vec![
            ("local_authorities".into(), problems.len() as f64),
            ("lsoas".into(), n_lsoas as f64),
            ("rows_too_many".into(), n_extra as f64),
        ],
    });
}

/// Authorities are reorganised, and look-ups of several years are mixed.
fn several_authorities(evidence: &Evidence, open: Open, out: &mut Vec<Observation>) {
    let moved: Vec<_> = evidence.nesting.moved(Kind::Lsoa, Kind::LocalAuthority).collect();
    if moved.is_empty() {
        return;
    }
    let now: BTreeSet<_> = moved.iter().filter_map(|lsoa| evidence.nesting.parent(*lsoa, Kind::LocalAuthority)).collect();
    let mut names: Vec<String> = now.iter().take(MOST_NAMED).map(|area| evidence.nesting.name(*area)).collect();
    if now.len() > MOST_NAMED {
        names.push(format!("and {} more", now.len() - MOST_NAMED));
    }
    out.push(Observation {
        id: "several-authorities",
        weight: Weight::Problem,
        about: "area look-ups".to_owned(),
        sentence: Passage::new()
            .say("Look-ups of several years place ")
            .value(&whole(open, moved.len() as u64))
            .say(" LSOAs in different local authorities, so that a plain join would count them more than once; they now lie in: ")
            .name(names.join(", "))
            .say("."),
        treatment: "Each is joined to the authority of the newest look-up.",
        numbers: vec![("lsoas".into(), moved.len() as f64), ("local_authorities_now".into(), now.len() as f64)],
    });
}

fn changes(evidence: &Evidence, open: Open, out: &mut Vec<Observation>) {
    if evidence.bridge.is_empty() {
        return;
    }
    let tally = evidence.bridge.tally();
    out.push(Observation {
        id: "lsoa-changes",
        weight: Weight::Note,
        about: "look-up of LSOAs 2011 to 2021".to_owned(),
        sentence: Passage::new()
            .say("Of the LSOAs of 2011, ")
            .value(&whole(open, tally[0] as u64))
            .say(" are unchanged in 2021, ")
            .value(&whole(open, tally[1] as u64))
            .say(" were split, ")
            .value(&whole(open, tally[2] as u64))
            .say(" merged and ")
            .value(&whole(open, tally[3] as u64))
            .say(" changed irregularly."),
        treatment: "Split and irregular areas are shared by population; the shares are stated where they are used.",
        numbers: ["unchanged", "split", "merged", "irregular"].iter().zip(tally).map(|(name, n)| ((*name).to_owned(), n as f64)).collect(),
    });
}

fn deprivation(evidence: &Evidence, open: Open, out: &mut Vec<Observation>) {
    for file in &evidence.deprivation {
        let edition = file.read.edition.map_or_else(|| "an index of deprivation of unknown edition".to_owned(), |edition| edition.name().to_owned());
        let has_whole = file.read.has.contains(&(Domain::Overall, Measure::Rank)) || file.read.has.contains(&(Domain::Overall, Measure::Decile));
        if has_whole && !file.read.has.contains(&(Domain::Overall, Measure::Score)) {
            out.push(Observation {
                id: "no-scores",
                weight: Weight::Note,
                about: file.name.clone(),
                sentence: Passage::new().name(file.name.clone()).say(" (").name(edition.clone()).say(") has ranks and deciles and no scores."),
                treatment: "Deprivation is grouped by decile, which needs no score.",
                numbers: vec![],
            });
        }
        let empty: u64 = file.read.empty_cells.iter().map(|(_, n)| n).sum();
        if empty > 0 {
            out.push(Observation {
                id: "empty-cells",
                weight: Weight::Note,
                about: file.name.clone(),
                sentence: Passage::new().name(file.name.clone()).say(" has ").value(&whole(open, empty)).say(" empty cells."),
                treatment: "An empty cell is not available, never nought.",
                numbers: vec![("empty_cells".into(), empty as f64)],
            });
        }
        if has_whole {
            out.push(Observation {
                id: "crime-in-index",
                weight: Weight::Caution,
                about: file.name.clone(),
                sentence: Passage::new()
                    .name(edition)
                    .say(" counts crime among its own parts, so that comparing crime with it is partly a comparison of crime with itself."),
                treatment: "The income domain is used for gradients where the file has it.",
                numbers: vec![],
            });
        }
    }
}

fn population(evidence: &Evidence, open: Open, out: &mut Vec<Observation>) {
    for file in &evidence.population {
        let coverage = file.read.coverage();
        out.push(Observation {
            id: "population-total",
            weight: Weight::Note,
            about: file.name.clone(),
            sentence: Passage::new()
                .name(file.name.clone())
                .say(" holds ")
                .value(&whole(open, coverage.n_residents))
                .say(" residents of ")
                .value(&whole(open, coverage.n_lsoas as u64))
                .say(" areas (")
                .name(file.read.vintage.map_or_else(|| "vintage not stated".to_owned(), |v| v.to_string()))
                .say(if file.read.layout == Layout::Totals { "; totals only)." } else { "; by age)." }),
            treatment: "Used as the denominator of rates for records of the same vintage.",
            numbers: vec![("residents".into(), coverage.n_residents as f64), ("areas".into(), coverage.n_lsoas as f64)],
        });
    }
    for vintage in [Vintage::Lsoa2011, Vintage::Lsoa2021] {
        let by_age = evidence.population.iter().any(|f| f.read.vintage == Some(vintage) && f.read.layout != Layout::Totals);
        if evidence.nesting.has_vintage(vintage) && !by_age {
            out.push(Observation {
                id: "no-ages",
                weight: Weight::Caution,
                about: vintage.to_string(),
                sentence: Passage::new().say("No population by age was added for ").name(vintage.to_string()).say("."),
                treatment: "Rates on these areas are crude; age structure is not shown. ONS publishes single years of age by LSOA.",
                numbers: vec![],
            });
        }
    }
}

fn boundaries(evidence: &Evidence, open: Open, out: &mut Vec<Observation>) {
    for file in evidence.boundary.iter().filter(|file| !file.read.invalid.is_empty()) {
        let codes: Vec<String> = file
            .read
            .invalid
            .iter()
            .take(10)
            .map(|(code, faults)| format!("{code} ({})", faults.first().map_or_else(String::new, |fault| fault.sentence())))
            .collect();
        out.push(Observation {
            id: "invalid-polygons",
            weight: Weight::Caution,
            about: file.name.clone(),
            sentence: Passage::new()
                .name(file.name.clone())
                .say(": ")
                .value(&whole(open, file.read.invalid.len() as u64))
                .say(if file.read.invalid.len() == 1 { " outline crosses itself: " } else { " outlines cross themselves: " })
                .name(codes.join(", "))
                .say("."),
            treatment: "Drawn as they are; neighbours are found from shared corners, which the fault does not change.",
            numbers: vec![("invalid".into(), file.read.invalid.len() as f64)],
        });
    }
}
