//! What these sources cannot say: one honest line for each question, with what would answer it.

use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use headwater_release::{Block, Passage, Section};

/// A section that only says what is not yet known and what is needed.
fn unknown(slug: &str, name: &str, title: &'static str, needs: &[&'static str]) -> Section {
    Section {
        slug: slug.to_owned(),
        name: name.to_owned(),
        title: Passage::new().say(title),
        lede: Passage::new().say("The sources added so far do not answer this question."),
        blocks: needs.iter().map(|needs| Block::NotYetKnown(Passage::new().say(needs))).collect(),
    }
}

/// Who is harmed, who causes harm, what stays hidden.
pub(in crate::needs_assessment) fn people(_setting: &Setting<'_>, _scope: &Scope) -> Vec<Section> {
    vec![
        unknown(
            "who-is-harmed",
            "Who is harmed",
            "Who is harmed is not yet known",
            &[
                "Needs victims' age, sex, ethnicity and relationship from the force's own records, or assault attendances by age and sex. police.uk records no person.",
            ],
        ),
        unknown(
            "who-causes-harm",
            "Who causes harm",
            "Who causes harm is not yet known",
            &["Needs suspects and offenders by age and sex from the force, and youth justice data; only totals of groups, never a person."],
        ),
        unknown(
            "hidden-harm",
            "Hidden and under-reported harm",
            "How much never reaches the police is not yet known",
            &[
                "Needs emergency department (ISTV) or ambulance assaults by place and month, to set beside what the police recorded. Elsewhere more than half of emergency department assaults were unknown to the police.",
            ],
        ),
    ]
}

/// Voice, cost, response and what works.
pub(in crate::needs_assessment) fn response() -> Vec<Section> {
    vec![
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
        unknown(
            "response-and-gaps",
            "Current response and gaps",
            "What is being done, and for whom, is not yet recorded",
            &["Needs the partnership's list of interventions: aim, cohort, area, level of prevention, funding, evaluation."],
        ),
        unknown(
            "what-works",
            "What works",
            "Evidence for candidate interventions is not yet attached",
            &[
                "Needs the interventions above, each with its rating in the Youth Endowment Fund or College of Policing toolkit and the date of the rating.",
            ],
        ),
    ]
}
