//! The key above a chart: only for what cannot be said where it is drawn.

use crate::chart::lettering::capital;
use crate::chart::paper::{GREY, INK, MAIN, Mark, QUIET, SHADE, drawn, n};
use crate::page::tied;
use maud::{Markup, PreEscaped, html};

/// How a thing is drawn in the chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Swatch {
    /// A filled square.
    Fill(String),
    /// A line, perhaps dashed, perhaps with a mark on it.
    Line { colour: &'static str, dash: &'static str, mark: Option<Mark> },
    /// A mark alone.
    Point(Mark, &'static str),
    /// A shaded band.
    Band,
    /// An interval: a thin line with ends.
    Interval,
}

/// One line of the key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) swatch: Swatch,
    pub(crate) words: String,
    /// Whether the wide chart says it by itself.
    pub(crate) narrow_only: bool,
}

impl Entry {
    pub(crate) fn new(swatch: Swatch, words: impl Into<String>) -> Self {
        Self { swatch, words: words.into(), narrow_only: false }
    }

    pub(crate) fn for_phones(swatch: Swatch, words: impl Into<String>) -> Self {
        Self { narrow_only: true, ..Self::new(swatch, words) }
    }

    /// Bars drawn strong.
    pub(crate) fn dark(words: impl Into<String>) -> Self {
        Self::new(Swatch::Fill(MAIN.to_owned()), words)
    }

    /// Bars drawn pale.
    pub(crate) fn pale(words: impl Into<String>) -> Self {
        Self::new(Swatch::Fill(GREY.to_owned()), words)
    }
}

/// The key as a list; nothing when there is nothing to say.
pub(crate) fn key(entries: &[Entry]) -> Markup {
    html! {
        @if !entries.is_empty() {
            ul.key.phones[entries.iter().all(|entry| entry.narrow_only)] {
                @for entry in entries {
                    li.phones[entry.narrow_only] { (swatch(&entry.swatch)) (capital(&tied(&entry.words))) }
                }
            }
        }
    }
}

/// The little drawing before an entry's words.
pub(crate) fn swatch(swatch: &Swatch) -> Markup {
    let inside = match swatch {
        Swatch::Fill(fill) => format!(r#"<rect x="4" y="2" width="20" height="12" fill="{fill}" stroke="{QUIET}" stroke-width=".5"/>"#),
        Swatch::Line { colour, dash, mark } => {
            let dash = if dash.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{dash}""#) };
            let mark = mark.map(|mark| drawn(mark, (14.0, 8.0), 4.5, colour)).unwrap_or_default();
            format!(r#"<path d="M1 8H27" stroke="{colour}" stroke-width="2.5"{dash}/>{mark}"#)
        }
        Swatch::Point(mark, colour) => drawn(*mark, (14.0, 8.0), 5.0, colour),
        Swatch::Band => format!(r#"<rect x="1" y="2" width="26" height="12" fill="{SHADE}" stroke="{GREY}" stroke-width=".5"/>"#),
        Swatch::Interval => format!(r#"<path d="M3 8H25M3 4V12M25 4V12" stroke="{INK}" stroke-width="1.5"/>"#),
    };
    let (width, height) = (n(28.0), n(16.0));
    PreEscaped(format!(
        r#"<svg class="swatch" viewBox="0 0 28 16" width="{width}" height="{height}" aria-hidden="true" focusable="false">{inside}</svg>"#
    ))
}
