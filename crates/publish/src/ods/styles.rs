//! How cells look: bold titles and headings, wrapped words, numbers with their decimals. Nothing is told by colour.

use super::NAME_SPACES;
use super::sheet::Sheet;
use super::xml::{declared, element, empty};
use std::collections::BTreeSet;

/// The file of styles: language, letter, and a page without header and footer.
pub(super) fn common() -> String {
    let letter = empty(
        "style:text-properties",
        &[("fo:font-family", "Arial, sans-serif"), ("fo:font-size", "12pt"), ("fo:language", "en"), ("fo:country", "GB")],
    );
    let language = element("style:default-style", &[("style:family", "table-cell")], &letter);
    // Room between a number and the words beside it.
    let cell = empty("style:table-cell-properties", &[("fo:padding", "0.1cm"), ("style:vertical-align", "top")]);
    let default = element("style:style", &[("style:name", "Default"), ("style:family", "table-cell")], &cell);
    let page = element(
        "style:page-layout",
        &[("style:name", "page")],
        &empty(
            "style:page-layout-properties",
            &[
                ("fo:page-width", "29.7cm"),
                ("fo:page-height", "21cm"),
                ("style:print-orientation", "landscape"),
                ("style:scale-to-X", "1"),
                ("style:scale-to-Y", "0"),
            ],
        ),
    );
    let master = element(
        "style:master-page",
        &[("style:name", "Default"), ("style:page-layout-name", "page")],
        &(empty("style:header", &[("style:display", "false")]) + &empty("style:footer", &[("style:display", "false")])),
    );
    let parts = element("office:styles", &[], &(language + &default))
        + &element("office:automatic-styles", &[], &page)
        + &element("office:master-styles", &[], &master);
    declared(&element("office:document-styles", &NAME_SPACES, &parts))
}

/// The styles that the sheets use, in order of name within each kind.
pub(super) fn automatic(sheets: &[Sheet]) -> String {
    let widths: BTreeSet<u32> = sheets.iter().flat_map(Sheet::widths).collect();
    let decimals: BTreeSet<usize> = sheets.iter().flat_map(Sheet::decimals).collect();
    let mut all = style("sheet", "table", &[("style:master-page-name", "Default")], &empty("style:table-properties", &[("table:display", "true")]));
    all += &style("row", "table-row", &[], &empty("style:table-row-properties", &[("style:use-optimal-row-height", "true")]));
    for width in widths {
        let size = format!("{}.{}cm", width / 10, width % 10);
        all += &style(&format!("w{width}"), "table-column", &[], &empty("style:table-column-properties", &[("style:column-width", &size)]));
    }
    let bold = |size: &str| empty("style:text-properties", &[("fo:font-weight", "bold"), ("fo:font-size", size)]);
    let wrapped = empty("style:table-cell-properties", &[("fo:wrap-option", "wrap")]);
    let end = empty("style:paragraph-properties", &[("fo:text-align", "end")]);
    all += &style("title", "table-cell", &[], &bold("16pt"));
    all += &style("heading", "table-cell", &[], &bold("14pt"));
    all += &style("line", "table-cell", &[], "");
    all += &style("words", "table-cell", &[], &wrapped);
    all += &style("header", "table-cell", &[], &(wrapped.clone() + &bold("12pt")));
    all += &style("header-of-numbers", "table-cell", &[], &(wrapped.clone() + &end + &bold("12pt")));
    all += &style("shorthand", "table-cell", &[], &(wrapped + &end));
    for places in decimals {
        let places = places.to_string();
        let number = empty(
            "number:number",
            &[
                ("number:decimal-places", &places),
                ("number:min-decimal-places", &places),
                ("number:min-integer-digits", "1"),
                ("number:grouping", "true"),
            ],
        );
        let format = format!("decimals{places}");
        all += &element("number:number-style", &[("style:name", &format)], &number);
        all += &style(&format!("number{places}"), "table-cell", &[("style:data-style-name", &format)], &end);
    }
    element("office:automatic-styles", &[], &all)
}

fn style(name: &str, family: &str, more: &[(&str, &str)], inner: &str) -> String {
    let mut attributes = vec![("style:name", name), ("style:family", family)];
    if family == "table-cell" {
        attributes.push(("style:parent-style-name", "Default"));
    }
    attributes.extend(more);
    element("style:style", &attributes, inner)
}
