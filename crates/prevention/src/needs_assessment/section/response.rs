//! The response: what came of crimes, stop and search, and what else would have to be known.

use super::absent::unknown;
use super::outcomes::outcomes;
use super::searches::searches;
use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use headwater_release::{Block, Passage, Section, Target};

/// Voice, cost, police activity, response and what works.
pub(in crate::needs_assessment) fn response(setting: &Setting<'_>, scope: &Scope) -> Result<Vec<Section>, String> {
    let mut sections = vec![
        unknown(
            "community-voice",
            "Community and youth voice",
            "What residents and young people say is not yet recorded",
            &["Needs survey results, focus groups or consultation replies, with how many took part and how they were asked."],
        ),
        unknown(
            "impact-and-cost",
            "Impact and cost",
            "What violence costs here cannot yet be said",
            &[
                "Needs counts by Home Office offence code: police.uk pools offences whose costs differ a thousandfold. Unit costs are in Home Office Research Report 99.",
            ],
        ),
    ];
    let mut gaps = unknown(
        "response-and-gaps",
        "Current response and gaps",
        "What is being done, and for whom, is not yet recorded",
        &["Needs the partnership's list of interventions: aim, cohort, area, level of prevention, funding, evaluation."],
    );
    let mut told = Vec::new();
    for found in [outcomes(setting, scope)?, searches(setting, scope)?] {
        match found {
            Ok(section) => {
                told.push(Passage::new().link(section.name.clone(), Target::Section(section.slug.clone())).say("."));
                sections.push(section);
            }
            Err(needs) if scope.is_whole => gaps.blocks.push(Block::NotYetKnown(Passage::new().say(needs))),
            Err(needs) => {
                let whole = Target::Document(setting.ask.slug.to_owned());
                gaps.blocks.push(Block::NotYetKnown(Passage::new().say(needs).say(" See ").link(setting.ask.name, whole).say(".")));
            }
        }
    }
    if !told.is_empty() {
        gaps.lede =
            Passage::new().say("What the police did is told on pages of its own; what the partnership does is not in any source added so far.");
        gaps.blocks.insert(0, Block::List(told));
    }
    sections.push(gaps);
    sections.push(unknown(
        "what-works",
        "What works",
        "Evidence for candidate interventions is not yet attached",
        &["Needs the interventions above, each with its rating in the Youth Endowment Fund or College of Policing toolkit and the date of the rating."],
    ));
    Ok(sections)
}
