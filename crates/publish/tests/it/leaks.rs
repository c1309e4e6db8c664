//! Hidden counts whose digits occur nowhere else, in every exhibit, sentence and table of two editions; then every byte of every
//! file is searched: pages, drawings, tables, workbooks, catalogues, feed, search index, and what is set on paper.

use crate::county::{figure, label, say, wealdmere};
use headwater_publish::{Edition, File, edition, site_of_editions};
use headwater_release::{
    Audience, Block, Certainty, Column, Count, Fill, Finding, Imprint, MapClass, Passage, Publication, Publisher, Rule, Section, Shape, Table,
    Target, Treated, Value, View, derive, derive_interval, treat,
};
use std::io::{Cursor, Read};

/// A rule under which large numbers are small, so that no other number is like a hidden one.
const WIDE: &str = "id = \"wide\"\nname = \"Wide\"\nsays_who = \"a test\"\nhide_up_to = 2000000\nrounding = \"none\"\nhide_to_protect = false\n";

const DISTRICTS: [&str; 3] = ["E07000901", "E07000902", "E07000903"];
/// The counts of the first edition and of the second: the last of each is shown.
const COUNTS: [[u64; 3]; 2] = [[718_273, 1_645_109, 6_127_203], [719_284, 1_645_113, 6_138_217]];
/// Whole numbers of residents, for rates whose digits are as rare: the rates per 1,000 of the hidden counts are below.
const RESIDENTS: [f64; 3] = [3_000_000.0, 7_000_000.0, 9_000_000.0];

fn treated(n: u64) -> Treated {
    treat(Count::new(n), &Rule::from_toml(WIDE).unwrap(), Audience::Public)
}

fn rate(n: u64, residents: f64) -> Value {
    derive(&[treated(n)], 3, |n| Ok(1000.0 * n[0] as f64 / residents))
}

/// A section that says its counts in every way there is.
fn section(counts: [u64; 3]) -> Section {
    let rows: Vec<Vec<Value>> = DISTRICTS
        .iter()
        .zip(counts)
        .zip(RESIDENTS)
        .map(|((name, n), residents)| {
            let limits = derive_interval(&[treated(n)], 3, |n| Ok([1.0, 0.99, 1.01].map(|by| by * 1000.0 * n[0] as f64 / residents)));
            let class = limits.value.as_number().map_or("hidden", |_| "known");
            vec![label(*name), Value::count(treated(n)), limits.value, limits.lower, limits.upper, label(class)]
        })
        .collect();
    let columns = vec![
        Column::text("district", "District"),
        Column::number("records", "Records", "records"),
        Column::number("rate", "Rate", "per 1,000 residents"),
        Column::number("rate_lower_95", "Lower 95 % limit", "per 1,000 residents"),
        Column::number("rate_upper_95", "Upper 95 % limit", "per 1,000 residents"),
        Column::text("class", "Class on the map"),
    ];
    let table = |name: &str| Table::new(name, columns.clone(), rows.clone()).unwrap();
    let square = |i: usize| {
        let (x, y) = (i as f64, 50.0);
        vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0], [x, y]]
    };
    let shapes: Vec<Shape> =
        DISTRICTS.iter().enumerate().map(|(i, name)| Shape { code: (*name).into(), name: (*name).into(), rings: vec![square(i)] }).collect();
    let classes = [("known", Fill::Step(3)), ("hidden", Fill::Hidden)];
    let classes = classes.into_iter().map(|(key, fill)| MapClass { key: key.into(), label: key.into(), fill }).collect();
    let subtitle = "Records per 1,000 residents, Wealdmere, year to November 2021";
    // Each tells a shown count beside, by which it is known that the place was searched.
    let words = |n: u64| {
        let known = Value::count(treated(counts[2]));
        Passage::new()
            .say("Of ")
            .value(&known)
            .say(" there were ")
            .value(&Value::count(treated(n)))
            .say(", ")
            .value(&rate(n, 3_000_000.0))
            .say(" for 1,000 people")
    };
    let bars = View::Bars { label: 0, value: 2, lower: Some(3), upper: Some(4), reference: None, highlight: None };
    let map = View::Map { code: 0, name: 0, class: 5, shapes, classes, outlines: vec![] };
    Section {
        slug: "marked".into(),
        name: "Marked counts".into(),
        title: words(counts[0]),
        lede: words(counts[1]),
        blocks: vec![
            Block::Findings(vec![Finding {
                statement: words(counts[0]),
                certainty: Certainty::Low,
                why: words(counts[1]),
                exhibit: Target::Figure("marked-bars".into()),
            }]),
            Block::Facts(vec![("Records".into(), words(counts[0]))]),
            Block::Warning(words(counts[1])),
            Block::Paragraph(words(counts[2])),
            figure("marked-bars", words(counts[0]), subtitle, table("Marked counts as bars"), bars),
            figure("marked-map", words(counts[1]), subtitle, table("Marked counts on a map"), map),
            figure("marked-table", say("A table"), subtitle, table("Marked counts in a table"), View::TableOnly),
        ],
    }
}

fn publication(counts: [u64; 3], day: &str) -> Publication {
    let mut publication = wealdmere();
    publication.documents.truncate(1);
    let document = &mut publication.documents[0];
    document.sections.truncate(2);
    document.sections.push(section(counts));
    document.key_figures.push(("Marked".into(), Passage::new().value(&Value::count(treated(counts[0])))));
    publication.imprint = Imprint {
        publisher: Publisher { name: Some("Wealdmere Partnership".into()), email: Some("us@wealdmere.example".into()), address: None, site: None },
        issued: Some(day.parse().unwrap()),
    };
    publication
}

/// Every way in which a number may be written.
fn written(digits: &str, point: usize) -> Vec<String> {
    let (whole, rest) = digits.split_at(digits.len() - point);
    let grouped = |mark: &str| {
        let groups: Vec<&[u8]> = whole.as_bytes().rchunks(3).rev().collect();
        groups.iter().map(|group| std::str::from_utf8(group).unwrap()).collect::<Vec<_>>().join(mark)
    };
    let marks = ["", ",", " ", "\u{a0}", "\u{202f}", "&#160;", "&nbsp;", "."];
    marks.iter().map(|mark| if point == 0 { grouped(mark) } else { format!("{}.{rest}", grouped(mark)) }).collect()
}

/// What must be nowhere: the hidden counts and what would follow from them.
fn marked() -> Vec<String> {
    let mut all = Vec::new();
    for counts in COUNTS {
        for (n, residents) in counts.into_iter().zip(RESIDENTS).take(2) {
            all.extend(written(&n.to_string(), 0));
            for by in [1.0, 0.99, 1.01] {
                all.extend(written(&format!("{:.0}", 1_000_000.0 * by * n as f64 / residents), 3));
            }
        }
        // Sums and differences with what is shown.
        all.extend(written(&(counts[0] + counts[1]).to_string(), 0));
    }
    all
}

/// The bytes of a file and of all that is packed in it.
fn unpacked(file: &File) -> Vec<Vec<u8>> {
    let mut all = vec![file.bytes.clone()];
    if file.path.ends_with(".ods") {
        let mut book = zip::ZipArchive::new(Cursor::new(&file.bytes)).unwrap();
        for at in 0..book.len() {
            let mut bytes = Vec::new();
            book.by_index(at).unwrap().read_to_end(&mut bytes).unwrap();
            all.push(bytes);
        }
        assert!(all.len() > 3, "{} is empty", file.path);
    }
    #[cfg(feature = "pdf")]
    if file.path.ends_with(".pdf") {
        all.extend(crate::paper::texts(&file.bytes).into_iter().map(String::into_bytes));
    }
    all
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn nothing_leaks_out_of_any_file_of_two_editions() {
    let days = ["2025-03-03", "2025-06-02"];
    let editions: Vec<Edition> = COUNTS
        .into_iter()
        .zip(days)
        .map(|(counts, day)| {
            let publication = publication(counts, day);
            #[cfg(feature = "pdf")]
            let pdfs = vec![headwater_publish::pdf(&publication, 0).unwrap()];
            #[cfg(not(feature = "pdf"))]
            let pdfs = vec![];
            Edition {
                day: day.parse().unwrap(),
                period: "December 2019 to November 2021".into(),
                because: (day == days[1]).then(|| "counted again".into()),
                sha256: day.bytes().map(|byte| format!("{byte:02x}")).collect::<String>().repeat(4)[..64].to_owned(),
                files: edition(&publication, pdfs).unwrap(),
            }
        })
        .collect();
    let files = site_of_editions(&editions).unwrap();
    let (marked, shown) = (marked(), [written("6127203", 0), written("6138217", 0)].concat());
    let mut with_shown = Vec::new();
    for file in &files {
        for bytes in unpacked(file) {
            for hidden in &marked {
                assert!(!holds(&bytes, hidden), "{} holds {hidden}", file.path);
            }
            if shown.iter().any(|n| holds(&bytes, n)) {
                with_shown.push(file.path.as_str());
            }
        }
    }
    // What is shown is found in every kind of file that tells a figure, so that what is hidden would be.
    let mut kinds = vec!["marked.html", ".csv", ".ods", ".geojson", "search-index.js", "whats-new.html", "contents.json", "datapackage.json"];
    if cfg!(feature = "pdf") {
        kinds.push(".pdf");
    }
    for kind in kinds {
        assert!(with_shown.iter().any(|path| path.ends_with(kind)), "no {kind} among {with_shown:?}");
    }
    for kind in ["catalogue.jsonld", "datasets.jsonld", ".atom", "-fingertips.csv", ".csv-metadata.json", "a-to-z.html"] {
        assert!(files.iter().any(|file| file.path.ends_with(kind)), "no {kind} was searched");
    }
}
