//! A document as PDF/UA-1, for printing and for reading offline.
//!
//! The document is set anew and not printed from its pages: a title page, contents with page numbers, headings that are
//! bookmarks, every picture with its words for those who do not see it, tables with header cells. Charts and maps are the
//! drawings of the pages. The standard is enforced while writing: what it forbids is an error here and not a finding later.
//!
//! | Module | What is in it |
//! |---|---|
//! | `values` | a document as values to be set |
//! | `exhibit` | its figures and tables |
//! | `extracts` | the files it rests on, numbered |
//! | `letter` | a letter |
//! | `redacted` | a document of somebody else's with parts left out |
//! | `press` | the typesetter, with its fonts, `layout.typ` for documents, `letter.typ` and `redacted.typ` |

mod exhibit;
mod extracts;
mod letter;
mod press;
mod redacted;
mod values;

pub use letter::letter_pdf;
pub use redacted::{redacted_pdf, settable};

use crate::address::{Here, Site};
use crate::page::mark;
use crate::site::{File, pdf_name};
use headwater_release::Publication;
use press::Layout;

/// Sets one document of a publication, named by its position, as a PDF/UA-1 file in the document's folder of the site.
///
/// The bytes depend on the publication alone: there is no date in them, and no order of threads. A table of many rows is
/// shortened and names the CSV file with all of them.
///
/// # Errors
/// Refuses a position without a document, and anything that PDF/UA-1 forbids, with the reason.
pub fn pdf(publication: &Publication, document: usize) -> Result<File, String> {
    let Some(it) = publication.documents.get(document) else {
        return Err(format!("the publication \"{}\" has no document {}", publication.title, document + 1));
    };
    let site = Site::new(publication);
    let here = Here { site: &site, root: "", document: Some(document), section: None };
    let folder = site.folder(document);
    let path = format!("{folder}/{}", pdf_name(folder, mark(&here)));
    let identifier = format!("{} {path}", publication.title);
    let bytes = press::print(Layout::Document, values::document(&here, it), &identifier)
        .map_err(|why| format!("the PDF of \"{}\" cannot be made: {why}", it.title))?;
    Ok(File { path, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_release::{
        Audience, Block, Column, Count, Document, Figure, FigureParts, Passage, Provenance, Rule, Section, Table, Value as Cell, View, treat_all,
    };
    use typst::foundations::{Dict, Repr, Value};

    /// A document with one chart of a count that may be shown and one that may not.
    fn publication() -> Publication {
        let rule = Rule::named("nhs-subnational").unwrap();
        let counts = treat_all(&[Count::new(6), Count::new(140)], rule, Audience::Public);
        let rows = ["Adur", "Arun"].iter().zip(counts).map(|(area, count)| vec![Cell::label(*area), Cell::count(count)]).collect();
        let table = Table::new("Admissions by area", vec![Column::text("area", "Area"), Column::number("n", "Admissions", "")], rows).unwrap();
        let figure = Figure::build(FigureParts {
            slug: "admissions".into(),
            title: Passage::new().say("Most admissions are from Arun"),
            subtitle: "Admissions by area".into(),
            description: Passage::new().say("Bars: 140 admissions from Arun; the number from Adur is hidden."),
            table,
            view: View::Bars { label: 0, value: 1, lower: None, upper: None, reference: None, highlight: None },
            cautions: vec![],
            provenance: Provenance { program: "Headwater".into(), ..Provenance::default() },
        });
        let section = Section {
            slug: "harm".into(),
            name: "Harm".into(),
            title: Passage::new().say("Who is harmed"),
            lede: Passage::new(),
            blocks: vec![Block::Figure(Box::new(figure.unwrap()))],
        };
        let document = Document {
            slug: "sussex".into(),
            title: "Sussex".into(),
            area: "Sussex".into(),
            area_kind: "county".into(),
            period: "2024".into(),
            audience: Audience::Public,
            standfirst: Passage::new(),
            key_figures: vec![],
            front: vec![],
            sections: vec![section],
        };
        Publication { title: "Sussex".into(), documents: vec![document], ..Publication::default() }
    }

    fn values(publication: &Publication) -> Dict {
        let site = Site::new(publication);
        values::document(&Here { site: &site, root: "", document: Some(0), section: None }, &publication.documents[0])
    }

    fn without_alternative_text(value: Value) -> Value {
        match value {
            Value::Dict(it) => {
                let kept = it
                    .into_iter()
                    .map(|(key, value)| if key.as_str() == "alt" { (key, Value::None) } else { (key, without_alternative_text(value)) });
                Value::Dict(kept.collect())
            }
            Value::Array(it) => Value::Array(it.into_iter().map(without_alternative_text).collect()),
            other => other,
        }
    }

    #[test]
    fn a_picture_without_words_is_refused() {
        let whole = values(&publication());
        assert!(press::print(Layout::Document, whole.clone(), "sussex").is_ok());
        let Value::Dict(spoilt) = without_alternative_text(Value::Dict(whole)) else { unreachable!("a document is a dictionary") };
        let refused = press::print(Layout::Document, spoilt, "sussex").unwrap_err();
        assert!(refused.contains("alt"), "{refused}");
    }

    #[test]
    fn a_hidden_count_never_reaches_the_typesetter() {
        let publication = publication();
        let words = values(&publication).repr().to_string();
        assert!(words.contains("\"140\"") && words.contains("\"[c]\""), "{words}");
        assert!(!words.contains("\"6\""), "{words}");
        let svg = crate::chart::chart(
            publication.documents[0].figures().next().unwrap().1.table(),
            &View::Bars { label: 0, value: 1, lower: None, upper: None, reference: None, highlight: None },
        )
        .unwrap();
        assert!(!svg.wide.svg("a", "t", "d").into_string().contains(">6<"));
    }
}
