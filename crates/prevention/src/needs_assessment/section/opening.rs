//! The opening pages: summary, scope and definition, front matter; and the conclusions that mirror them.

use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::exhibit::{rate_per_1_000, treated};
use crate::source::Kind;
use headwater_release::{Block, Column, Finding, Passage, Section, Shorthand, Table, Target, Value};

pub(in crate::needs_assessment) fn summary(setting: &Setting<'_>, scope: &Scope, findings: &[Finding]) -> Section {
    let mut blocks = vec![warning(setting)];
    if findings.is_empty() {
        blocks.push(Block::NotYetKnown(
            Passage::new().say("No figure here differs from its comparison by more than chance explains, or too little was recorded to tell."),
        ));
    } else {
        blocks.push(Block::Findings(findings.to_vec()));
        blocks.push(Block::Paragraph(
            Passage::new().say("Ranked by how sure the finding is, then by the size of the difference that chance does not explain. High certainty: chance is no likely explanation and the measure fits the question. Moderate: one source with known weaknesses. Low: few events or an indirect measure."),
        ));
    }
    Section {
        slug: "summary".into(),
        name: "Executive summary".into(),
        title: Passage::new().say("What stands out in ").name(scope.name.clone()),
        lede: Passage::new()
            .value(&setting.number(findings.len() as f64, 0))
            .say(if findings.len() == 1 { " finding from " } else { " findings from " })
            .name(setting.ask.period.name())
            .say(", the surest first. Each links to its exhibit."),
        blocks,
    }
}

/// The warning that a source cannot express the agreed definition.
fn warning(setting: &Setting<'_>) -> Block {
    let cannot: Vec<String> = setting
        .case
        .sources
        .iter()
        .filter(|s| s.source == super::super::STREET)
        .flat_map(|s| &s.cannot)
        .map(|element| setting.case.elements.iter().find(|(name, _)| name == element).map_or_else(|| element.clone(), |(_, words)| words.clone()))
        .collect();
    let proxies: Vec<String> = setting.indicators.iter().map(|indicator| indicator.name.to_lowercase()).collect();
    Block::Warning(
        Passage::new()
            .say("Street crime on police.uk cannot express the agreed definition of serious violence: it does not record ")
            .name(cannot.join("; "))
            .say(". Standing in for it here: ")
            .name(proxies.join(", "))
            .say(". None of them is serious violence. ")
            .link("The definition", Target::Section("definition".into()))
            .say("."),
    )
}

pub(in crate::needs_assessment) fn scope_and_definition(setting: &Setting<'_>, scope: &Scope) -> Result<Section, String> {
    let mut facts = vec![
        ("Definition".to_owned(), Passage::new().name(setting.case.name.clone())),
        ("In words".to_owned(), Passage::new().name(setting.case.words.clone())),
        ("As told by".to_owned(), Passage::new().name(setting.case.told_by.clone())),
        ("Id and version".to_owned(), Passage::new().name(format!("{}, {}", setting.case.id, setting.case.version))),
        (
            "Small areas".to_owned(),
            Passage::new()
                .name(setting.counted.vintage.to_string())
                .say(" boundaries, ")
                .value(&setting.number(scope.lsoas.len() as f64, 0))
                .say(" areas"),
        ),
    ];
    for indicator in &setting.indicators {
        facts.push((format!("Stands in: {}", indicator.name), Passage::new().name(indicator.words.clone()).say(" ").name(indicator.caution.clone())));
    }
    let yes_no = |yes: bool| Value::label(if yes { "yes" } else { "no" });
    let supplied = setting.counted.supplied.iter().filter(|s| **s).count();
    let months = setting.counted.months.len();
    let rows = vec![
        vec![Value::label("police.uk street crime"), yes_no(supplied > 0), Value::label(format!("{supplied} of {months} months"))],
        vec![
            Value::label("Population by small area"),
            yes_no(setting.population_file.is_some()),
            Value::label(setting.evidence.population_for(setting.counted.vintage, setting.ask.period.last()).map_or_else(
                || "none on these boundaries".to_owned(),
                |f| {
                    f.read
                        .year
                        .or_else(|| crate::source::population::reference_year(&f.name))
                        .map_or_else(|| f.name.clone(), |y| format!("{y}, {}", f.name))
                },
            )),
        ],
        vec![
            Value::label("Deprivation by small area"),
            yes_no(setting.deprivation_file.is_some()),
            Value::label(if setting.deprivation_name.is_empty() { "none on these boundaries" } else { &setting.deprivation_name }),
        ],
        vec![
            Value::label("police.uk outcomes"),
            yes_no(!setting.evidence.outcome.is_empty()),
            Value::label("months, force only; shares by crime type come from the street files' last outcome"),
        ],
        vec![Value::label("Stop and search"), yes_no(!setting.evidence.stop_search.is_empty()), Value::label("months, force only")],
        vec![Value::label("NRM referrals by first responder"), yes_no(!setting.evidence.nrm.is_empty()), Value::label("quarters, force only")],
        vec![Value::label("NRM referrals by quarter"), yes_no(!setting.evidence.nrm_series.is_empty()), Value::label("quarters, United Kingdom")],
        vec![Value::label("Hospital admissions (Fingertips)"), yes_no(!setting.evidence.fingertips.is_empty()), Value::label("local authorities")],
        vec![Value::label("Emergency department, ambulance, youth justice, schools"), yes_no(false), Value::gap(Shorthand::NotAvailable)],
    ];
    let table = Table::new(
        format!("Sources at hand for {}", scope.name),
        vec![Column::text("source", "Source"), Column::text("added", "Added"), Column::text("coverage", "Coverage")],
        rows,
    )?
    // In the order of the rows; the last has no page.
    .leading(
        [
            Kind::Street,
            Kind::Population,
            Kind::Deprivation,
            Kind::Outcome,
            Kind::StopAndSearch,
            Kind::NrmReferral,
            Kind::NrmReferral,
            Kind::Fingertips,
        ]
        .map(|kind| Some(Target::Measure(kind.id().to_owned())))
        .to_vec(),
    );
    Ok(Section {
        slug: "definition".into(),
        name: "Scope, definition and method".into(),
        title: Passage::new().say("What counts as serious violence here, and what stands in for it"),
        lede: Passage::new().say(
            "The partnership's own definition comes first; where a source cannot express it, the nearest honest counts are shown with a warning.",
        ),
        blocks: vec![warning(setting), Block::Facts(facts), Block::Heading("Which sources were at hand".into()), Block::Table(Box::new(table))],
    })
}

pub(in crate::needs_assessment) fn front_matter(setting: &Setting<'_>, scope: &Scope) -> Vec<(String, Passage)> {
    let last =
        setting.counted.months.iter().zip(&setting.counted.supplied).rev().find(|(_, s)| **s).map_or_else(|| "none".to_owned(), |(m, _)| m.name());
    vec![
        ("Area".into(), Passage::new().name(scope.name.clone()).say(" (").name(scope.kind).say(", ").name(scope.code.to_string()).say(")")),
        ("Period".into(), Passage::new().name(setting.ask.period.name())),
        ("Case definition".into(), Passage::new().name(format!("{}, version {}", setting.case.id, setting.case.version))),
        ("Street crime runs to".into(), Passage::new().name(last)),
        ("Marking".into(), Passage::new().say("Public: open data only, under the Open Government Licence v3.0")),
        ("Made with".into(), Passage::new().name(setting.ask.program)),
    ]
}

pub(in crate::needs_assessment) fn key_figures(setting: &Setting<'_>, scope: &Scope) -> Vec<(String, Passage)> {
    let year = setting.last_year();
    let months = setting.counted.n_supplied(year);
    let mut figures = Vec::new();
    for indicator in &setting.indicators {
        let n = setting.total(scope, &indicator.crime_types, year);
        let rate = rate_per_1_000(n, setting.residents_of(scope), months);
        figures.push((
            indicator.name.clone(),
            Passage::new().value(&Value::count(treated(n))).say(" (").value(&rate.value).say(" per 1,000 residents)"),
        ));
    }
    figures
}

/// Conclusions: each finding waits for the partnership's recommendation, so that none can be lost on the way.
pub(in crate::needs_assessment) fn conclusions(findings: &[Finding]) -> Section {
    Section {
        slug: "conclusions".into(),
        name: "Conclusions and recommendations".into(),
        title: Passage::new().say("Each finding waits for a recommendation, an owner and an action"),
        lede: Passage::new().say("The program finds and ranks; what to do is for the specified authorities to decide together."),
        blocks: vec![
            Block::List(findings.iter().map(|finding| finding.statement.clone().say(" ").link("Exhibit", finding.exhibit.clone()).say(".")).collect()),
            Block::NotYetKnown(Passage::new().say("Needs the partnership's recommendations: for each finding above, what is to be done, by whom, by when, and how it will be seen to have worked.")),
        ],
    }
}
