//! Data quality for one area, and the pages about the whole publication.

use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::exhibit::treated;
use crate::source::Kind;
use headwater_release::{Block, Column, Passage, Section, Table, Target, Value};

pub(in crate::needs_assessment) fn quality(setting: &Setting<'_>, scope: &Scope) -> Result<Section, String> {
    let r = &setting.counted.reconciliation;
    let count = |n: u64| Value::count(treated(n));
    let rows = vec![
        vec![Value::label("Placed in a small area of the force area"), count(r.n_in_area)],
        vec![Value::label("Placed in another force's area"), count(r.n_outside)],
        vec![Value::label("Without a place"), count(r.n_without_place)],
        vec![Value::label("With a place that no look-up knows"), count(r.n_unknown)],
        vec![Value::label("All records of the force"), count(r.n_total)],
    ];
    let table = Table::new(
        format!("How every record of {} in {} is accounted for", setting.ask.force, setting.ask.period.name()),
        vec![Column::text("where", "Where"), Column::number("records", "Records", "")],
        rows,
    )?
    .with_note(
        Passage::new()
            .value(&count(r.n_carried))
            .say(" records were carried from LSOAs of 2011 to those of 2021, ")
            .value(&count(r.n_shared))
            .say(" of them in areas that were split and shared by population. The lines add up to the last one exactly. About this data set: ")
            .link(Kind::Street.name(), Target::Measure(Kind::Street.id().to_owned()))
            .say("."),
    );
    let mut blocks = vec![Block::Table(Box::new(table))];
    let mine: Vec<Passage> =
        setting.audit.observations.iter().filter(|o| o.about == setting.ask.force).map(|o| o.sentence.clone().say(" ").name(o.treatment)).collect();
    blocks.push(Block::Heading("What was found in this force's records".into()));
    blocks.push(if mine.is_empty() { Block::Paragraph(Passage::new().say("Nothing unusual.")) } else { Block::List(mine) });
    blocks.push(Block::Paragraph(Passage::new().link("All sources and what was found in them", Target::About("sources".into())).say(".")));
    Ok(Section {
        slug: "data-quality".into(),
        name: "Data quality".into(),
        title: Passage::new().say("What was checked, and what it means for ").name(scope.name.clone()),
        lede: Passage::new().say("Every record read is counted or accounted for; every fault found is listed with what was done about it."),
        blocks,
    })
}

/// The pages about the publication.
pub(in crate::needs_assessment) fn about(setting: &Setting<'_>) -> Result<Vec<Section>, String> {
    Ok(vec![sources(setting)?, methods(), accessibility(), words()])
}

fn sources(setting: &Setting<'_>) -> Result<Section, String> {
    let mut blocks = Vec::new();
    let rows = setting
        .audit
        .files
        .iter()
        .map(|file| {
            let extract = &setting.evidence.extracts[file.extract];
            vec![
                Value::label(file.name.clone()),
                Value::label(file.kind.name()),
                setting.number(file.n_rows as f64, 0),
                setting.number(file.set_aside.n_rows() as f64, 0),
                Value::label(extract.hash.get(..12).unwrap_or(&extract.hash)),
            ]
        })
        .collect();
    blocks.push(Block::List(
        setting
            .audit
            .observations
            .iter()
            .map(|o| Passage::new().strong(capital(o.weight.word())).say(": ").then(o.sentence.clone()).say(" ").name(o.treatment))
            .collect(),
    ));
    blocks.push(Block::Heading("Files read".into()));
    blocks.push(Block::Table(Box::new(
        Table::new(
            "Files read, with rows kept and set aside",
            vec![
                Column::text("file", "File"),
                Column::text("kind", "Data set"),
                Column::number("rows", "Rows read", ""),
                Column::number("set_aside", "Rows set aside", ""),
                Column::text("extract", "Extract (start of SHA-256)"),
            ],
            rows,
        )?
        .leading(setting.audit.files.iter().map(|file| Some(Target::Measure(file.kind.id().to_owned()))).collect()),
    )));
    let reasons: Vec<Passage> = setting
        .audit
        .files
        .iter()
        .flat_map(|file| file.set_aside.reasons().iter().map(move |reason| (file, reason)))
        .map(|(file, reason)| {
            Passage::new()
                .name(file.name.clone())
                .say(": ")
                .value(&setting.number(reason.n_rows as f64, 0))
                .say(" rows, ")
                .name(if reason.column.is_empty() { String::new() } else { format!("column {}: ", reason.column) })
                .name(&*reason.reason)
                .say("; to mend it, ")
                .name(&*reason.remedy)
                .say(".")
        })
        .collect();
    if !reasons.is_empty() {
        blocks.push(Block::Heading("Rows set aside".into()));
        blocks.push(Block::List(reasons));
    }
    let left_out = &setting.evidence.left_out;
    if !left_out.is_empty() {
        // Only the names: what is wrong with a file may quote it, and nobody has cleared what it says.
        blocks.push(Block::Heading("Files that could not be read".into()));
        blocks.push(Block::Paragraph(
            Passage::new().say("The figures are without these files. Whoever made the assessment was told what is wrong with them."),
        ));
        blocks.push(Block::List(left_out.iter().map(|file| Passage::new().name(file.name.clone())).collect()));
    }
    Ok(Section {
        slug: "sources".into(),
        name: "Sources and what was found in them".into(),
        title: Passage::new().say("Where the figures come from, and what is wrong with it"),
        lede: Passage::new().say("Files are kept unaltered under their hash. What an analyst would check by hand was checked in each of them."),
        blocks,
    })
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

fn methods() -> Section {
    let methods = [
        "Rates: exact Poisson limits under ten events, Byar's from ten (Office for Health Improvement and Disparities).",
        "Change on the year before: the ratio of two rates with a score interval, widened where months vary more than chance.",
        "Control charts: NHS England's Making Data Count rules; exact Poisson limits instead where counts are small.",
        "Funnels: exact Poisson limits at 95 % and 99.8 %; areas judged by their own interval.",
        "Concentration: Lorenz curve and generalised Gini beside what equal risk would give by chance.",
        "Hot spots: Gi* with queen neighbours and 99,999 conditional permutations, two-sided, with false discovery rate 5 %.",
        "Deprivation: slope and relative index of inequality over national fifths, fitted on the log scale.",
        "Shares: Wilson's score interval, for outcomes of crimes and for the share of searches after which something was done.",
        "Published indicators (Fingertips): value, limits and comparison with England as the publisher gives them; none is worked out again.",
        "Season: month-of-year indices adjusted for the length of months.",
        "Across the LSOA change of 2021: counts are carried by the exact-fit look-up; split areas are shared by population, whole records at a time.",
    ];
    Section {
        slug: "methods".into(),
        name: "Methods".into(),
        title: Passage::new().say("How the figures were made"),
        lede: Passage::new().say("Each method has a page of its own in the program (`headwater method list`), and anyone can run it on their own numbers (`headwater method run`)."),
        blocks: vec![Block::List(methods.iter().map(|m| Passage::new().say(m)).collect())],
    }
}

fn accessibility() -> Section {
    Section {
        slug: "accessibility".into(),
        name: "Accessibility".into(),
        title: Passage::new().say("This site is for everyone"),
        lede: Passage::new().say("It is made to the Web Content Accessibility Guidelines 2.2, level AA."),
        blocks: vec![Block::List(
            [
                "Every chart and map has a description in words, the same data as a table, and a file to download.",
                "Nothing depends on colour, a mouse or a script; pages work at 400 % zoom and on a phone.",
                "Pages are checked by a program at two widths, and by eye. They have not yet been tested with users of assistive technology.",
            ]
            .iter()
            .map(|s| Passage::new().say(s))
            .collect(),
        )],
    }
}

fn words() -> Section {
    let words = [
        ("95 % interval", "If the same risk played out again and again, the interval made this way would hold the true value 95 times in 100."),
        ("Control chart", "A line of monthly counts with an average and limits that chance alone seldom crosses."),
        ("Community Safety Partnership", "The partnership of council, police, fire, health and probation for a local authority area."),
        ("Find rate", "The share of searches after which the police took any action, of those whose outcome is recorded."),
        ("Gi*", "A measure of whether an area and its neighbours together are higher or lower than the rest."),
        ("LSOA", "Lower layer Super Output Area: a census area of about 1,500 residents; called small area here."),
        ("NRM", "National Referral Mechanism: how possible victims of modern slavery are identified and supported."),
        ("Strategic Needs Assessment", "The partnership's account of how much violence there is, what drives it and who needs help."),
    ];
    Section {
        slug: "words".into(),
        name: "Words used".into(),
        title: Passage::new().say("Words used on these pages"),
        lede: Passage::new().say("The field's terms, in a sentence each."),
        blocks: vec![Block::Facts(words.iter().map(|(word, meaning)| ((*word).to_owned(), Passage::new().say(meaning))).collect())],
    }
}
