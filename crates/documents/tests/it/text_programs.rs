//! One plan, as many programs write it, is read as one list of blocks.

// The documents of other programs lie outside the crate.
#![allow(clippy::disallowed_methods)]

use std::path::Path;

use headwater_documents::text::{BlockKind, DocumentText, Limits, of};

use BlockKind::{Heading, Item, Margin, Note, Paragraph, Row};

/// What every reader of the plan sees, in his order.
const PLAN: [(BlockKind, &str); 18] = [
    (Margin, "OFFICIAL"),
    (Heading(1), "Our plan for Ambermere"),
    (Heading(1), "What we found"),
    (Paragraph, "Half of recorded violence lies in a fifth of small areas, on Ynys\u{a0}M\u{f4}n too."),
    (Note, "Street crime, 2019 to 2021."),
    (Paragraph, "It is widely known. Kept from print."),
    (Paragraph, "Contact:\tthe Office\nsecond line"),
    (Heading(2), "What we do"),
    (Item(1), "1. Hear those harmed"),
    (Item(2), "a) in schools"),
    (Item(2), "b) in hospitals"),
    (Item(1), "2. Act early"),
    (Item(1), "A bullet"),
    (Row, "\t2019\t2020"),
    (Row, "Knives\t1,204\t998 (revised)"),
    (Paragraph, "Beside a box it ends."),
    (Paragraph, "In the box"),
    (Margin, "Page 1"),
];

fn read(name: &str) -> DocumentText {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/texts").join(name);
    of(name, std::fs::read(path).unwrap(), &Limits::default()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"))
}

fn blocks(text: &DocumentText, page: usize) -> Vec<(BlockKind, &str)> {
    let page = &text.pages[page];
    page.blocks.iter().map(|block| (block.kind, &page.text[block.range.clone()])).collect()
}

#[test]
fn one_plan_is_read_alike_whichever_program_wrote_it() {
    let box_and_foot = ["Beside", "In the box", "Page 1"];
    let below = ["a) ", "b) "];
    let cases: [(&str, Vec<&str>); 5] = [
        ("plan.fodt", vec![]),
        ("libreoffice.odt", vec![]),
        ("libreoffice.docx", vec![]),
        ("javascript.docx", box_and_foot.to_vec()),
        // It has no notes of its own.
        ("python-docx.docx", [&box_and_foot[..], &below[..], &["Street"]].concat()),
    ];
    for (name, lacks) in cases {
        let text = read(name);
        let wanted: Vec<(BlockKind, &str)> = PLAN.into_iter().filter(|(_, words)| !lacks.iter().any(|start| words.starts_with(start))).collect();
        assert_eq!(blocks(&text, 0), wanted, "{name}");
        let page = &text.pages[0];
        let hidden: Vec<&str> = page.words.iter().filter(|word| !word.is_visible).map(|word| &page.text[word.range.clone()]).collect();
        assert_eq!(hidden, ["Kept", "from", "print."], "{name}");
        assert!(text.remarks.iter().any(|remark| remark.contains("tracked changes")), "{name}");
    }
}

#[test]
fn rich_text_says_the_same_but_for_its_title_and_where_margins_stand() {
    // The style of a title has no level, and margins come before the text.
    let mut wanted = PLAN.to_vec();
    wanted[1].0 = Paragraph;
    let foot = wanted.remove(17);
    wanted.insert(1, foot);
    assert_eq!(blocks(&read("libreoffice.rtf"), 0), wanted);
}

#[test]
fn plainer_writers_and_pages_keep_order_headings_lists_and_tables() {
    let wanted =
        [PLAN[2], PLAN[3], PLAN[4], PLAN[7], (Item(1), "Hear those harmed"), (Item(1), "Act early"), (Row, "Knives\t2020"), (Row, "All\t998")];
    assert_eq!(blocks(&read("odfpy.odt"), 0), wanted);
    let page = read("libreoffice.html");
    let read: Vec<(BlockKind, &str)> = blocks(&page, 0).into_iter().filter(|(kind, _)| !matches!(kind, Paragraph)).collect();
    assert_eq!(read, [PLAN[2], PLAN[7], PLAN[8], PLAN[11], PLAN[12], PLAN[13], PLAN[14]]);
}

#[test]
fn slides_of_either_form_are_read_alike() {
    for name in ["python-pptx.pptx", "libreoffice.odp"] {
        let text = read(name);
        assert_eq!(text.pages.len(), 3, "{name}");
        assert_eq!(blocks(&text, 0), [PLAN[1], (Paragraph, "For the partnership")], "{name}");
        assert_eq!(
            blocks(&text, 1),
            [(Heading(1), "What we do"), (Item(1), "Hear those harmed"), (Item(2), "in schools"), (Note, "Say it slowly")],
            "{name}"
        );
        assert_eq!(blocks(&text, 2), [(Heading(1), "What we found"), (Row, "Knives\t2020"), (Row, "All\t998")], "{name}");
        assert!(text.pages[1].words.iter().rev().take(3).all(|word| !word.is_visible), "{name}");
    }
}
