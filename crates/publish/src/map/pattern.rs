//! Fills of map classes: five steps of one colour, two strong ones, and patterns for what is not a number.

use crate::chart::paper::{INK, LOUD, MAIN, QUIET};
use headwater_release::{Fill, MapClass};
use maud::{Markup, PreEscaped};

/// From pale to dark: the Analysis Function's sequential palette with two paler steps before it.
const STEPS: [&str; 5] = ["#e3eef9", "#b3d3f1", "#6BACE6", "#2073BC", "#12436D"];
const PLAIN: &str = "#eceeef";

/// What stands in the `fill` attribute; patterns are defined once in the figure whose id is given.
pub(crate) fn paint(id: &str, fill: Fill) -> String {
    match fill {
        Fill::Step(step) => STEPS[usize::from(step).min(STEPS.len() - 1)].to_owned(),
        Fill::Focus => LOUD.to_owned(),
        Fill::Plain => PLAIN.to_owned(),
        Fill::Contrast | Fill::Hidden | Fill::NoData => format!("url(#{id}-{})", name(fill)),
    }
}

fn name(fill: Fill) -> &'static str {
    match fill {
        Fill::Contrast => "contrast",
        Fill::Hidden => "hidden",
        Fill::NoData => "nodata",
        Fill::Step(_) | Fill::Focus | Fill::Plain => "",
    }
}

/// The patterns that the classes need. The strong colours differ in pattern, too, so that a grey print tells them apart.
pub(crate) fn definitions(id: &str, classes: &[MapClass]) -> String {
    let mut patterns = String::new();
    for class in classes {
        // Sizes are tenths, as the areas are.
        let inside = match class.fill {
            Fill::Contrast => format!(r##"<path d="M0 0H60V60H0z" fill="#cfe0ef"/><path d="M0 30H60" stroke="{MAIN}" stroke-width="22"/>"##),
            Fill::Hidden => format!(r##"<path d="M0 0H60V60H0z" fill="#fff"/><path d="M0 30H60" stroke="{INK}" stroke-width="12"/>"##),
            Fill::NoData => format!(r##"<path d="M0 0H60V60H0z" fill="#fff"/><circle cx="30" cy="30" r="11" fill="{QUIET}"/>"##),
            Fill::Step(_) | Fill::Focus | Fill::Plain => continue,
        };
        let turn = if class.fill == Fill::Hidden { r#" patternTransform="rotate(45)""# } else { "" };
        let pattern =
            format!(r#"<pattern id="{id}-{}" width="60" height="60" patternUnits="userSpaceOnUse"{turn}>{inside}</pattern>"#, name(class.fill));
        if !patterns.contains(&pattern) {
            patterns.push_str(&pattern);
        }
    }
    if patterns.is_empty() { patterns } else { format!("<defs>{patterns}</defs>") }
}

/// A swatch for the key: beside the map that defines its pattern, or alone with a definition of its own.
pub(crate) fn swatch(id: &str, class: &MapClass, is_alone: bool) -> Markup {
    let paint = paint(id, class.fill);
    let defined = if is_alone { definitions(id, std::slice::from_ref(class)) } else { String::new() };
    PreEscaped(format!(
        r#"<svg class="swatch" viewBox="0 0 280 160" width="28" height="16" aria-hidden="true" focusable="false">{defined}<rect x="10" y="10" width="260" height="140" fill="{paint}" stroke="{QUIET}" stroke-width="8"/></svg>"#
    ))
}
