//! What a publisher of official figures must state: how accessible the site is, and how the figures are made.

use headwater_release::{Block, Passage, Publication, Publisher, Section, Target};

/// The pages of statements, to stand among those about the publication; they take the place of pages with their slugs.
///
/// The first follows the model accessibility statement of the United Kingdom's public sector: what is accessible, what is not, how it was
/// tested, how to complain. The second says for each pillar of the
/// Code of Practice for Statistics what was done and what was not. What only the publisher knows is taken from the imprint;
/// where that is empty, the page says that it was not given.
pub fn statements(publication: &Publication) -> Vec<Section> {
    vec![accessibility(publication), code_of_practice(publication)]
}

fn say(words: &'static str) -> Passage {
    Passage::new().say(words)
}

fn paragraph(words: &'static str) -> Block {
    Block::Paragraph(say(words))
}

fn heading(words: &str) -> Block {
    Block::Heading(words.to_owned())
}

fn list(items: &[&'static str]) -> Block {
    Block::List(items.iter().map(|item| say(item)).collect())
}

/// Who publishes, as a sentence's subject.
fn publisher(it: &Publisher) -> Passage {
    it.name.as_ref().map_or_else(|| say("its publisher (name not given)"), |name| Passage::new().name(name.clone()))
}

/// How to reach them, as facts.
fn contact(it: &Publisher) -> Block {
    let given = |value: &Option<String>| value.as_ref().map_or_else(|| say("not given"), |value| Passage::new().name(value.clone()));
    let email =
        it.email.as_ref().map_or_else(|| say("not given"), |email| Passage::new().link(email.clone(), Target::Url(format!("mailto:{email}"))));
    Block::Facts(vec![("Publisher".into(), given(&it.name)), ("Contact e-mail".into(), email), ("Address".into(), given(&it.address))])
}

fn prepared(publication: &Publication) -> Block {
    Block::Paragraph(match publication.imprint.issued {
        Some(day) => say("This statement was prepared on ").name(day.name()).say(", with the edition of that day."),
        None => say("This statement is part of a build that was not published as an edition; it has no date."),
    })
}

fn accessibility(publication: &Publication) -> Section {
    let who = &publication.imprint.publisher;
    let mut blocks = vec![
        Block::Paragraph(
            say("This statement applies to the site \u{201c}")
                .name(publication.title.clone())
                .say("\u{201d}. The site is run by ")
                .then(publisher(who))
                .say(". As many people as possible should be able to use it. For example, you should be able to:"),
        ),
        list(&[
            "change colours, contrast and letters with the settings of your browser or device;",
            "zoom in up to 400 % without the text spilling off the screen; only tables scroll sideways, within themselves;",
            "use every page with a keyboard alone, or with speech recognition;",
            "listen to every page with a screen reader, charts and maps included: each has its message as a heading, a description in words and the same values as a table;",
            "read every page without a script; the page that searches needs one, and everything it finds is listed in the A to Z.",
        ]),
        Block::Paragraph(
            say("AbilityNet")
                .say(" has advice on making your device easier to use if you have a disability: ")
                .link("mcmw.abilitynet.org.uk", Target::Url("https://mcmw.abilitynet.org.uk/".into()))
                .say("."),
        ),
        heading("How accessible this site is"),
        paragraph("We know that some parts are not fully accessible:"),
        list(&[
            "The PDF of a document, where there is one, is tagged (PDF/UA-1), with words for every picture. Long tables are shortened in it and name the file with all rows.",
            "Files for programs (CSV, JSON, GeoJSON, Atom) are made to be read by programs.",
            "Maps show small areas that cannot be selected one by one; the table below each map holds every area.",
        ]),
    ];
    if publication.translations.is_empty() {
        blocks.push(paragraph("There is no Welsh and no Easy Read version of this edition."));
    } else {
        let names: Vec<String> = publication
            .translations
            .iter()
            .map(|it| {
                let of = it.document.as_ref().and_then(|slug| publication.documents.iter().find(|document| document.slug == *slug));
                format!("{} of {}", it.readership.name(), of.map_or("the front page", |document| document.area.as_str()))
            })
            .collect();
        blocks.push(Block::Paragraph(
            say("Written by people for other readers: ")
                .name(names.join(", "))
                .say(". They were not made by the program that makes the other pages, and their PDFs were not checked by it."),
        ));
    }
    blocks.extend([
        heading("Feedback and contact information"),
        paragraph("If you find a problem that is not listed here, if you think that the site does not meet the requirements, or if you need something in another format (accessible PDF, large print, Easy Read, audio recording, braille), write to:"),
        contact(who),
    ]);
    blocks.push(if who.can_be_reached() {
        paragraph("Say which page it is, what is wrong, and which format you need.")
    } else {
        Block::Warning(say("contact not given. Whoever publishes this site must name an address before it is made public."))
    });
    blocks.extend([
        heading("Enforcement procedure"),
        Block::Paragraph(
            say("The Equality and Human Rights Commission (EHRC) is responsible for enforcing the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018 (the \u{201c}accessibility regulations\u{201d}). If you are not happy with how your complaint was answered, ")
                .link("contact the Equality Advisory and Support Service (EASS)", Target::Url("https://www.equalityadvisoryservice.com/".into()))
                .say("."),
        ),
        heading("Technical information about this site’s accessibility"),
        Block::Paragraph(publisher_begins(who).say(
            " is committed to making this site accessible, in accordance with the accessibility regulations.",
        )),
        Block::Paragraph(
            say("It was built to meet the ")
                .link("Web Content Accessibility Guidelines version 2.2", Target::Url("https://www.w3.org/TR/WCAG22/".into()))
                .say(", level AA. No failure is known in its pages. It has not been audited by an independent body, and has not yet been tested with users of assistive technology: so it is stated to be ")
                .strong("partially compliant")
                .say(", until others have looked."),
        ),
        heading("How this site was tested"),
        paragraph("The program that makes these pages is tested with each change, on pages of an invented area:"),
        list(&[
            "every page is opened in Chromium at 1280 and 390 pixels, and once without script, and put before axe-core (WCAG 2.0 to 2.2, levels A and AA);",
            "every page is searched for text that is cut off, overprinted or runs off the side, and for links that lead nowhere;",
            "every PDF is put before a checker of PDF/UA-1 that had no part in writing it;",
            "pictures of pages are kept and looked at, at both widths.",
        ]),
        paragraph("The pages of this area were made by the same program; they have not each been tested again."),
        heading("What is being done to improve it"),
        paragraph("Testing with people who use screen readers, magnifiers and speech recognition comes first. Until then, tell us what does not work."),
        prepared(publication),
    ]);
    Section {
        slug: "accessibility".into(),
        name: "Accessibility statement".into(),
        title: say("Accessibility statement"),
        lede: say("What is accessible, how it was tested, what is known not to be, and how to tell us."),
        blocks,
    }
}

fn publisher_begins(it: &Publisher) -> Passage {
    it.name.as_ref().map_or_else(|| say("The publisher (name not given)"), |name| Passage::new().name(name.clone()))
}

fn code_of_practice(publication: &Publication) -> Section {
    let who = &publication.imprint.publisher;
    let rules: std::collections::BTreeSet<&str> = publication
        .documents
        .iter()
        .flat_map(|document| document.figures().map(|(_, figure)| figure.provenance().rule.as_str()).collect::<Vec<_>>())
        .filter(|rule| !rule.is_empty())
        .collect();
    let mut blocks = vec![
        Block::Paragraph(
            say("The figures on this site are management information and analysis of data that others publish. They are not official statistics and not accredited official statistics, and do not claim to be. Whoever makes them may apply the ")
                .link("Code of Practice for Statistics", Target::Url("https://code.statisticsauthority.gov.uk/".into()))
                .say(" voluntarily. This page says what was done for each of its pillars, and what was not."),
        ),
        heading("Trustworthiness"),
        list(&[
            "The same files, definitions, settings and period give the same figures, to the byte. Nobody edits a number on its way to a page.",
            "Every file that was read is kept unaltered under its hash, and every step is an event in a log that shows any later change.",
            "An edition is never replaced in silence: it stays at its dated address, and says by which edition it was superseded, when and why.",
            "The order of findings follows a rule that is written down, not the wishes of the publisher.",
        ]),
        heading("Quality"),
        Block::List(vec![
            say("What was found wrong in the sources, and what was done about it, is listed: ").link("sources", Target::About("sources".into())).say("."),
            say("Each figure names its method, its interval, the definition it counts by with its version, and the files it rests on."),
            say("A figure that a method cannot support is refused, with the reason, and shown as not available."),
            say("Methods are tested against results of other tools."),
        ]),
        heading("Value"),
        list(&[
            "Each page begins with what was found; what a figure does not show stands beside it.",
            "What is not known is said, with what would be needed to know it.",
            "Every table can be downloaded, for people and for programs, under an open licence where its sources have one.",
        ]),
        heading("Keeping people’s information safe"),
    ];
    blocks.push(Block::Paragraph(
        say("Small counts are treated before anything is worked out from them. Rules used in this edition: ")
            .name(if rules.is_empty() { "none".to_owned() } else { rules.into_iter().collect::<Vec<_>>().join("; ") })
            .say("."),
    ));
    blocks.extend([
        heading("What was not done"),
        list(&[
            "The figures have not been assessed by the Office for Statistics Regulation.",
            "There is no head of profession for statistics, unless the publisher has one.",
            "Dates of publication were not announced ahead by this program; who had access before publication is for the publisher to say.",
        ]),
        heading("Questions and complaints"),
        Block::Paragraph(say("About figures and corrections, write to ").then(publisher(who)).say(".")),
        contact(who),
        Block::Paragraph(
            say("If you are not content with the answer, the Office for Statistics Regulation takes up concerns about the use of figures: ")
                .link("osr.statisticsauthority.gov.uk", Target::Url("https://osr.statisticsauthority.gov.uk/".into()))
                .say("."),
        ),
        prepared(publication),
    ]);
    Section {
        slug: "code-of-practice".into(),
        name: "How figures are made and by which code".into(),
        title: say("How these figures are made, and what they are not"),
        lede: say("A note on the Code of Practice for Statistics: trustworthiness, quality and value, pillar by pillar."),
        blocks,
    }
}
