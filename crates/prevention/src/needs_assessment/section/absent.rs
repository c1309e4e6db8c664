//! What these sources cannot say: one honest line for each question, with what would answer it.

use headwater_release::{Block, Passage, Section};

/// A section that only says what is not yet known and what is needed.
pub(super) fn unknown(slug: &str, name: &str, title: &'static str, needs: &[&'static str]) -> Section {
    Section {
        slug: slug.to_owned(),
        name: name.to_owned(),
        title: Passage::new().say(title),
        lede: Passage::new().say("The sources added so far do not answer this question."),
        blocks: needs.iter().map(|needs| Block::NotYetKnown(Passage::new().say(needs))).collect(),
    }
}

/// Who is harmed and who causes harm.
pub(in crate::needs_assessment) fn people() -> Vec<Section> {
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
    ]
}
