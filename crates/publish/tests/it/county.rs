//! An invented county with one exhibit of every kind, drawn from no file and no chance.

use headwater_release::{
    Audience, Block, Certainty, Column, Document, ExtractRef, Figure, FigureParts, Finding, Measure, MeasureKind, MethodRef, Open, Passage,
    Provenance, Publication, Readership, Rendering, Rule, Section, Table, Target, Translation, Value, View,
};

use crate::exhibits::{bars, changes, control_chart, funnel, gradient, lines, lorenz, pyramid, season, table_only};
use crate::land::map;

/// A number between 0 and 1 that depends on its seed alone.
pub fn noise(seed: u64) -> f64 {
    let mut x = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

pub fn say(words: &'static str) -> Passage {
    Passage::new().say(words)
}

pub fn label(words: impl Into<String>) -> Value {
    Value::label(words)
}

pub fn number(value: f64, decimals: u8) -> Value {
    Value::reference(Open::under(Rule::already_public()).unwrap(), value, decimals)
}

pub fn months(count: usize) -> Vec<String> {
    let names = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    (0..count).map(|i| format!("{} {}", names[(i + 11) % 12], 2019 + i.div_ceil(12))).collect()
}

fn provenance() -> Provenance {
    let extract = |month: usize| ExtractRef {
        hash: format!("{:064x}", 0xfeed_0000_u64 + month as u64),
        name: format!("2021-{month:02}-wealdmere-street.csv"),
        publisher: "data.police.uk".into(),
        licence: "Open Government Licence v3.0".into(),
    };
    Provenance {
        extracts: (1..=12).map(extract).collect(),
        definition: Some(("robbery".into(), "3f2a9c1d".into())),
        sources: vec!["street".into()],
        methods: vec![MethodRef { name: "Byar or exact Poisson interval".into(), page: "rate_byar_exact".into() }],
        period: "December 2019 to November 2021".into(),
        rule: Rule::already_public().to_string(),
        program: "Headwater 0.1.0".into(),
    }
}

pub fn figure(slug: &str, title: Passage, subtitle: &str, table: Table, view: View) -> Block {
    let kind = "What the picture shows in words: its kind, what it counts, where it is highest, and two or three of its values, such as 41.2 per 1,000 in Fellmarket against 23.1 in the county.";
    Block::Figure(Box::new(
        Figure::build(FigureParts {
            slug: slug.into(),
            title,
            subtitle: subtitle.into(),
            description: say(kind),
            table,
            view,
            cautions: vec![
                say("Records follow where crimes are reported and how they are recorded, as well as how many there are."),
                say("Visitors are not counted among residents."),
            ],
            provenance: provenance(),
        })
        .unwrap(),
    ))
}

fn section(slug: &str, name: &str, title: &'static str, blocks: Vec<Block>) -> Section {
    Section {
        slug: slug.into(),
        name: name.into(),
        title: say(title),
        lede: say("What a reader takes away from this page, in a sentence or two, with what it rests on."),
        blocks,
    }
}

fn findings() -> Vec<Finding> {
    let finding = |figure: &str, words: &'static str, certainty| Finding {
        statement: say(words),
        certainty,
        why: say("Far beyond chance; but rates are per resident, and visitors to town centres are not counted."),
        exhibit: Target::Figure(figure.into()),
    };
    vec![
        finding(
            "beside-other-areas",
            "Fellmarket records 41.2 violent crimes per 1,000 residents (95 % interval 39.6 to 42.8), above the 23.1 of all Wealdmere areas together (police.uk, year to November 2021).",
            Certainty::Moderate,
        ),
        finding(
            "concentration",
            "Half of recorded violence lies in 21 % of small areas; if risk were equal everywhere chance alone would need 37 %.",
            Certainty::High,
        ),
        finding(
            "season",
            "Violence is highest in July: 115.4 where an average month of equal length is 100 (95 % interval 109.4 to 121.4).",
            Certainty::Low,
        ),
    ]
}

fn sections(audience: Audience) -> Vec<Section> {
    let unknown = |words| Block::NotYetKnown(say(words));
    vec![
        section(
            "summary",
            "Executive summary",
            "Three findings stand out",
            vec![Block::Findings(findings()), Block::Paragraph(say("All other findings are within what chance explains."))],
        ),
        section(
            "scope",
            "Scope, definition and method",
            "What is counted here, and what is not",
            vec![
                Block::Warning(say("police.uk has no severity, weapon or age: violence here means the published type, from homicide to harassment.")),
                Block::Facts(vec![
                    ("Case definition".into(), say("sussex-vrp, version 9c1d")),
                    ("Period".into(), say("December 2019 to November 2021")),
                ]),
                Block::Heading("Which sources were at hand".into()),
                table_only(),
            ],
        ),
        section(
            "place",
            "Place and population",
            "Who lives in Wealdmere",
            vec![Block::Paragraph(say("1,458,000 people live here.")), pyramid(), unknown("Needs an index of deprivation.")],
        ),
        section(
            "trend",
            "Scale and trend",
            "Violence rose, and two areas stand out",
            vec![
                control_chart("violence-by-month", 2100.0, false),
                control_chart("robbery-by-month", 60.0, audience != Audience::Public),
                funnel(),
                changes(),
            ],
        ),
        section("kinds", "Kinds of crime", "Which kinds of crime are recorded", vec![bars("crime-types", audience)]),
        section(
            "where",
            "Where",
            "Where it is recorded, and whether the same places stay worst",
            vec![map("rates", false), map("hot-spots", true), lorenz()],
        ),
        section("when", "When", "When it happens: by month of the year", vec![season(), unknown("Hour and weekday need the force's own records.")]),
        section(
            "exploitation",
            "Exploitation and modern slavery",
            "Where exploitation may overlap with violence",
            vec![lines("referrals", 4, false), lines("referrals-in-all", 1, true), lines("referrals-by-age", 2, false)],
        ),
        section("factors", "Risk and protective factors", "How recorded violence follows deprivation", vec![gradient()]),
        section(
            "response",
            "Current response and gaps",
            "What is being done is not yet recorded",
            vec![unknown("Needs the partnership's list of interventions."), unknown("Needs spending by partner."), unknown("Needs reach.")],
        ),
        section(
            "conclusions",
            "Conclusions",
            "Each finding waits for a recommendation",
            vec![Block::List(vec![
                Passage::new().strong("First").say(": see ").link("the funnel", Target::Figure("beside-other-areas".into())).say("."),
                Passage::new()
                    .say("Then read ")
                    .link("where", Target::Section("where".into()))
                    .say(" or ")
                    .link("nowhere", Target::Section("nowhere".into()))
                    .say("."),
                Passage::new()
                    .link("Sources", Target::About("sources".into()))
                    .say(", ")
                    .link("the law", Target::Url("https://www.legislation.gov.uk/ukpga/2022/32".into()))
                    .say(", ")
                    .link("a trap", Target::Url("javascript:alert(1)".into()))
                    .say("; run `headwater method list`."),
            ])],
        ),
    ]
}

fn document(slug: &str, area: &str, kind: &str, audience: Audience) -> Document {
    Document {
        slug: slug.into(),
        title: format!("{area}: Strategic Needs Assessment, December 2019 to November 2021"),
        area: area.into(),
        area_kind: kind.into(),
        period: "December 2019 to November 2021".into(),
        audience,
        standfirst: say("What the data that anyone may see say about violence here, and what they cannot. ")
            .link("How it was counted", Target::Section("scope".into()))
            .say("."),
        key_figures: vec![
            ("Violence and sexual offences".into(), say("33,680 (23.1 per 1,000 residents)")),
            ("Robbery".into(), say("733 (0.5 per 1,000 residents)")),
            ("Possession of weapons".into(), say("1,164 (0.8 per 1,000 residents)")),
        ],
        front: vec![
            ("Area".into(), Passage::new().name(area).say(" (E23000099)")),
            ("Street crime runs to".into(), say("November 2021")),
            ("Made with".into(), say("Headwater 0.1.0")),
        ],
        sections: sections(audience),
    }
}

/// The publication: the county for anyone, one area for partners, one for the team.
pub fn wealdmere() -> Publication {
    let sources = Table::new(
        "Files read",
        vec![Column::text("file", "File"), Column::number("rows", "Rows", ""), Column::text("extract", "Extract")],
        vec![
            vec![label("2021-01-wealdmere-street.csv"), number(14_123.0, 0), label("ab12cd34")],
            vec![label("=cmd|' /C calc'!A0"), Value::refused("the file is empty"), label("")],
        ],
    )
    .unwrap()
    .with_note(say("A note below the table."));
    let mut documents = vec![document("wealdmere", "Wealdmere", "Police force area", Audience::Public)];
    documents.push(document("fellmarket", "Fellmarket", "Community Safety Partnership", Audience::Partners));
    documents.push(document("brighthelm-and-hove", "Brighthelm and Hove-under-Lyme", "Community Safety Partnership", Audience::Team));
    Publication {
        title: "Wealdmere: Strategic Needs Assessment".into(),
        standfirst: say(
            "What open data say about violence in Wealdmere, December 2019 to November 2021: how much, where, when, and beside which needs; and what they cannot say.",
        ),
        documents,
        about: vec![
            Section {
                blocks: vec![
                    Block::List(vec![Passage::new().strong("Warning").say(": 3 months are missing.")]),
                    Block::Heading("Files read".into()),
                    Block::Table(Box::new(sources)),
                ],
                ..section("sources", "Sources and what was found in them", "Where the figures come from, and what is wrong with them", vec![])
            },
            section("methods", "Methods", "How the figures were made", vec![Block::Paragraph(say("Rates have exact Poisson limits."))]),
            section("accessibility", "Accessibility", "This site is for everyone", vec![Block::Paragraph(say("It is made to WCAG 2.2 AA."))]),
        ],
        attribution: vec![
            "Contains public sector information licensed under the Open Government Licence v3.0.".into(),
            "Contains OS data © Crown copyright and database right 2021.".into(),
        ],
        measures: vec![
            Measure {
                kind: MeasureKind::Indicator,
                id: "robbery".into(),
                version: "3f2a9c1d".into(),
                name: "Robbery".into(),
                lede: say("Robberies recorded by the police."),
                facts: vec![("How it is counted".into(), say("Each record is one robbery."))],
                traps: vec![say("There is a month and no day or hour.")],
                page: String::new(),
                see: vec!["rate_byar_exact".into()],
            },
            Measure {
                kind: MeasureKind::Method,
                id: "rate_byar_exact".into(),
                version: String::new(),
                name: "Crude rate with exact or Byar limits".into(),
                lede: say("Rates and how far off they could be."),
                facts: vec![],
                traps: vec![],
                page: "# Crude rate\n\n## What it answers\n\nHow many events for every 1,000 people?\n\n| events | people |\n|---:|---:|\n| 5 | 12,000 |\n".into(),
                see: vec![],
            },
        ],
        translations: vec![
            Translation { readership: Readership::Welsh, document: None, rendering: Rendering::Words("# Asesiad\n\nMae <b>trais</b> yn brin.\n".into()) },
            Translation { readership: Readership::EasyRead, document: Some("wealdmere".into()), rendering: Rendering::Words("# Violence in Wealdmere\n\nThis page is short.\n".into()) },
        ],
        ..Publication::default()
    }
}
