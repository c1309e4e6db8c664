//! Maps: areas filled by class, hatched where numbers are hidden, with outlines named or numbered on top.
//!
//! All areas of a class are one path, so that a thousand areas stay small. Simplifying outlines is the caller's work: borders
//! that two areas share must be simplified together, and only the caller has both.

mod outline;
mod pattern;
mod projection;
mod ring;

use crate::chart::Note;
use crate::chart::lettering::{capital, widest, wrapped};
use crate::chart::paper::{Anchor, FONTS, INK, Paper, Size, escaped, n};
use crate::chart::spot::{Area, Spots};
use headwater_release::{MapClass, Shape, Shapes, Table, Value, written};
use maud::{Markup, PreEscaped, html};
use projection::Projection;
use ring::Ring;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A map is at most this wide and high, in SVG units.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 640.0;
/// A phone shows the map at about half size, so its words are drawn twice as large.
const PHONE_SCALE: f64 = 2.0;
/// Room for a name inside an outline.
const NAME_ROOM: f64 = 110.0;

/// What a map is drawn from.
pub(crate) struct Map<'a> {
    pub(crate) table: &'a Table,
    pub(crate) code: usize,
    pub(crate) class: usize,
    pub(crate) shapes: &'a Shapes,
    pub(crate) classes: &'a [MapClass],
    pub(crate) outlines: &'a Shapes,
}

/// A finished map, with the notes to the numbers in it.
pub(crate) struct Drawn {
    pub(crate) svg: Markup,
    pub(crate) notes: Vec<Note>,
}

impl Map<'_> {
    /// The classes in words with their fill and how many areas each holds.
    pub(crate) fn key(&self, id: &str) -> Markup {
        html! { ul.key { @for (swatch, words) in self.key_entries(id, false) { li { (swatch) (words) } } } }
    }

    /// The entries of the key, each a little drawing and its words; see [`pattern::swatch`].
    pub(crate) fn key_entries(&self, id: &str, are_alone: bool) -> Vec<(Markup, String)> {
        let by_code = self.class_of_code();
        let entry = |(i, class): (usize, &MapClass)| {
            let count = by_code.values().filter(|c| **c == i).count();
            let areas = if count == 1 { "area" } else { "areas" };
            let rings = if self.has_rings(i, are_alone) { format!("; {}", ring::in_words(class.fill)) } else { String::new() };
            (pattern::swatch(id, class, are_alone), format!("{} ({} {areas}{rings})", capital(&class.label), written(count as f64, 0)))
        };
        self.classes.iter().enumerate().map(entry).collect()
    }

    fn class_of_code(&self) -> BTreeMap<String, usize> {
        let cells = |row: &[Value]| Some((row.get(self.code)?.shown(), row.get(self.class)?.shown()));
        self.table
            .rows()
            .iter()
            .filter_map(|row| {
                let (code, word) = cells(row)?;
                Some((code, self.classes.iter().position(|class| class.key == word)?))
            })
            .collect()
    }

    /// Draws the map for a screen of any width.
    pub(crate) fn draw(&self, id: &str, title: &str, description: &str) -> Option<Drawn> {
        self.drawn(id, title, description, true)
    }

    /// Draws the map for a wide page alone; what it shows is described elsewhere.
    #[cfg(feature = "pdf")]
    pub(crate) fn draw_for_paper(&self, id: &str, title: &str) -> Option<Drawn> {
        self.drawn(id, title, "", false)
    }

    fn projection(&self) -> Option<Projection> {
        let all = self.shapes.iter().chain(self.outlines);
        Projection::to_fit(all.flat_map(|shape| &shape.rings).flatten(), WIDTH, HEIGHT)
    }

    /// Whether some areas of a class are too small to see, on a wide page or, unless it stands on paper, on a phone.
    fn has_rings(&self, class: usize, is_on_paper: bool) -> bool {
        let scales: &[f64] = if is_on_paper { &[1.0] } else { &[1.0, PHONE_SCALE] };
        let Some(projection) = self.projection() else { return false };
        scales.iter().flat_map(|scale| self.rings(&projection, *scale)).any(|(i, rings)| i == class && !rings.is_empty())
    }

    /// The rings of each class that the map is there to show.
    fn rings(&self, projection: &Projection, scale: f64) -> Vec<(usize, Vec<Ring>)> {
        let by_code = self.class_of_code();
        let marked = self.classes.iter().enumerate().filter(|(_, class)| ring::is_marked(class.fill));
        let areas = |class| {
            let is_its = |shape: &&Shape| by_code.get(&shape.code) == Some(&class);
            self.shapes.iter().filter(is_its).filter_map(|shape| outline::extent(projection, &shape.rings)).collect::<Vec<_>>()
        };
        marked.map(|(class, _)| (class, Ring::around(&areas(class), scale))).collect()
    }

    fn drawn(&self, id: &str, title: &str, description: &str, for_phones: bool) -> Option<Drawn> {
        let projection = self.projection()?;
        let (width, height) = projection.size();
        let by_code = self.class_of_code();
        let mut paths = vec![String::new(); self.classes.len() + 1];
        for shape in self.shapes {
            // An area that the table does not name is drawn as an outline only.
            let class = by_code.get(&shape.code).copied().unwrap_or(self.classes.len());
            for ring in &shape.rings {
                outline::write(&mut paths[class], &projection, ring);
            }
        }
        let mut inside = String::new();
        for (i, path) in paths.iter().enumerate() {
            if !path.is_empty() {
                let fill = self.classes.get(i).map_or_else(|| "none".to_owned(), |class| pattern::paint(id, class.fill));
                let _ = write!(inside, r#"<path d="{path}" fill="{fill}"/>"#);
            }
        }
        let mut edges = String::new();
        for ring in self.outlines.iter().flat_map(|shape| &shape.rings) {
            outline::write(&mut edges, &projection, ring);
        }
        let (wide, narrow, notes) = self.names(&projection, width, height);
        let narrow = if for_phones { narrow } else { String::new() };
        let (w, h) = (n(width), n(height));
        let svg = PreEscaped(format!(
            r##"<svg class="map" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-labelledby="{id}-map-t" aria-describedby="{id}-map-d" font-family="{FONTS}"><title id="{id}-map-t">{}</title><desc id="{id}-map-d">{}</desc>{}<g transform="scale(.1)" fill-rule="evenodd" stroke-linejoin="round"><g stroke="#8a8f92" stroke-width="4">{inside}</g><path d="{edges}" fill="none" stroke="#fff" stroke-width="30"/><path d="{edges}" fill="none" stroke="{INK}" stroke-width="14"/></g>{wide}{narrow}</svg>"##,
            escaped(title),
            escaped(description),
            pattern::definitions(id, self.classes),
        ));
        Some(Drawn { svg, notes })
    }

    /// Names of the outlines for a wide page, numbers for a phone; a name without room is a number on a wide page, too.
    fn names(&self, projection: &Projection, width: f64, height: f64) -> (String, String, Vec<Note>) {
        let frame = Area { left: 0.0, top: 0.0, right: width, bottom: height };
        let (mut wide, mut narrow) = (Paper::new(Size::Wide, height), Paper::new(Size::Narrow, height));
        let (mut wide_spots, mut narrow_spots) = (Spots::within(frame), Spots::within(frame));
        let wide_rings = self.ringed(projection, 1.0, &mut wide_spots);
        let narrow_rings = self.ringed(projection, PHONE_SCALE, &mut narrow_spots);
        let mut notes = Vec::new();
        for (i, shape) in self.outlines.iter().enumerate() {
            let Some((x, y)) = outline::middle(projection, &shape.rings) else { continue };
            let number = (i + 1).to_string();
            let lines = wrapped(&shape.name, NAME_ROOM, Size::Wide.font(), 3);
            // A name that would be cut is better read in full below.
            let named = lines.join(" ") == shape.name && wide_spots.place(&mut wide, (x, y), &lines, 1.0);
            if !named {
                wide_spots.place(&mut wide, (x, y), std::slice::from_ref(&number), 1.0);
            }
            narrow_spots.place(&mut narrow, (x, y), &[number], PHONE_SCALE);
            notes.push(Note { number: i + 1, words: shape.name.clone(), narrow_only: named });
        }
        let group = |class: &str, font: f64, halo: f64, rings: &str, words: &str| {
            let rings = if rings.is_empty() { String::new() } else { format!(r#"<g class="{class}">{rings}</g>"#) };
            if words.is_empty() {
                return rings;
            }
            format!(
                r##"{rings}<g class="{class}" font-size="{}" font-weight="bold" text-anchor="middle" fill="{INK}" stroke="#fff" stroke-width="{}" stroke-linejoin="round" paint-order="stroke">{words}</g>"##,
                n(font),
                n(halo)
            )
        };
        let (wide, narrow) = (wide.into_words(), narrow.into_words());
        (
            group("wide", Size::Wide.font(), 4.0, &wide_rings, &wide),
            group("narrow", Size::Narrow.font() * PHONE_SCALE, 7.0, &narrow_rings, &narrow),
            notes,
        )
    }

    /// The rings as they are drawn; no name may stand in one.
    fn ringed(&self, projection: &Projection, scale: f64, spots: &mut Spots) -> String {
        let mut svg = String::new();
        for (class, rings) in self.rings(projection, scale) {
            ring::write(&mut svg, &rings, self.classes[class].fill, scale);
            rings.iter().for_each(|ring| spots.take(Area::around(ring.middle, ring.radius)));
        }
        svg
    }
}

impl Spots {
    /// Writes lines around a middle or a little above or below it, if that meets no other name.
    fn place(&mut self, paper: &mut Paper, (x, y): (f64, f64), lines: &[String], scale: f64) -> bool {
        let (font, line) = (paper.size.font() * scale, paper.size.line() * scale);
        let (half, height) = (widest(lines, font) / 2.0, lines.len() as f64 * line);
        for (dx, dy) in [(0.0, 0.0), (0.0, -1.0), (0.0, 1.0), (-0.6, 0.0), (0.6, 0.0), (-0.6, -1.0), (0.6, 1.0), (0.0, -2.0), (0.0, 2.0)] {
            let (x, top) = (x + dx * half, y - height / 2.0 + dy * line);
            let area = Area { left: x - half, top, right: x + half, bottom: top + height };
            if self.accepts(&area) {
                for (i, words) in lines.iter().enumerate() {
                    paper.say((x, top + font * 0.95 + i as f64 * line), Anchor::Start, words);
                }
                self.take(area);
                return true;
            }
        }
        false
    }
}
