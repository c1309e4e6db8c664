//! Maps: all areas of a class in one path, the key in words above, district outlines and names on top.

use super::canvas::{Anchor, CHARACTER, Canvas, px};
use super::words;
use headwater_release::{Fill, MapClass, Shape, Table};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Kilometres in a degree of latitude.
const KM_PER_DEGREE: f64 = 111.2;

/// Longitudes shrunk by the cosine of the middle latitude, then fitted into a box.
struct Projection {
    west: f64,
    north: f64,
    shrink: f64,
    scale: f64,
    origin: (f64, f64),
}

impl Projection {
    fn at(&self, position: &[f64; 2]) -> (f64, f64) {
        (self.origin.0 + (position[0] - self.west) * self.shrink * self.scale, self.origin.1 + (self.north - position[1]) * self.scale)
    }
}

pub fn draw(
    mut canvas: Canvas,
    table: &Table,
    code: usize,
    class: usize,
    shapes: &[Shape],
    classes: &[MapClass],
    outlines: &[Shape],
) -> Option<Canvas> {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for position in shapes.iter().flat_map(|s| &s.rings).flatten() {
        for i in 0..2 {
            low[i] = low[i].min(position[i]);
            high[i] = high[i].max(position[i]);
        }
    }
    if !(high[0] > low[0] && high[1] > low[1]) {
        return None;
    }
    // The key: one line a class.
    let mut y = 6.0;
    for class in classes {
        swatch(&mut canvas, class.fill, 2.0, y);
        canvas.text("", (34.0, y + 14.0), Anchor::Start, &class.label);
        y += 22.0;
    }
    let shrink = libm::cos((low[1] + high[1]) / 2.0 * std::f64::consts::PI / 180.0);
    let room = (canvas.width - 4.0, if canvas.narrow { 420.0 } else { 640.0 });
    let scale = (room.0 / ((high[0] - low[0]) * shrink)).min(room.1 / (high[1] - low[1]));
    let size = ((high[0] - low[0]) * shrink * scale, (high[1] - low[1]) * scale);
    let projection = Projection { west: low[0], north: high[1], shrink, scale, origin: (2.0 + (room.0 - size.0) / 2.0, y + 8.0) };
    let class_of: BTreeMap<String, String> = words(table, code).into_iter().zip(words(table, class)).collect();
    for class in classes {
        let mut d = String::new();
        for shape in shapes.iter().filter(|s| class_of.get(&s.code) == Some(&class.key)) {
            for ring in &shape.rings {
                d.push_str(&path(&projection, ring));
            }
        }
        canvas.path(&format!("area {}", fill(class.fill)), &d);
    }
    for outline in outlines {
        let d: String = outline.rings.iter().map(|ring| path(&projection, ring)).collect();
        canvas.path("out", &d);
    }
    let bottom = projection.origin.1 + size.1;
    names(&mut canvas, &projection, outlines);
    // A scale bar of a round length, about a quarter of the width.
    let pixels_per_km = scale / KM_PER_DEGREE;
    let km = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0].into_iter().rev().find(|km| km * pixels_per_km < canvas.width / 4.0).unwrap_or(1.0);
    canvas.line("wh", (4.0, bottom + 14.0), (4.0 + km * pixels_per_km, bottom + 14.0));
    canvas.text("t2", (10.0 + km * pixels_per_km, bottom + 19.0), Anchor::Start, &format!("{km} km"));
    canvas.height = bottom + 28.0;
    Some(canvas)
}

fn fill(fill: Fill) -> String {
    match fill {
        Fill::Step(step) => format!("step{}", step.min(4)),
        Fill::Focus => "focus".into(),
        Fill::Contrast => "contrast".into(),
        Fill::Plain => "plain0".into(),
        Fill::Hidden => "hidden".into(),
        Fill::NoData => "nodata".into(),
    }
}

fn swatch(canvas: &mut Canvas, class: Fill, x: f64, y: f64) {
    canvas.rect(&format!("key {}", fill(class)), x, y, 24.0, 16.0);
}

/// A ring in tenths of a pixel; corners that fall together are drawn once, rings smaller than a pixel not at all.
fn path(projection: &Projection, ring: &[[f64; 2]]) -> String {
    let mut d = String::new();
    let mut last = (String::new(), String::new());
    let mut n = 0;
    for position in ring.iter().take(ring.len().saturating_sub(1)) {
        let (x, y) = projection.at(position);
        let here = (px(x), px(y));
        if here != last {
            let _ = write!(d, "{}{} {}", if n == 0 { "M" } else { "L" }, here.0, here.1);
            last = here;
            n += 1;
        }
    }
    if n < 3 { String::new() } else { d + "Z" }
}

/// Names in the middle of the outlines that are wide enough, largest first, none over another.
fn names(canvas: &mut Canvas, projection: &Projection, outlines: &[Shape]) {
    let mut boxes: Vec<(f64, &Shape, (f64, f64), f64)> = outlines
        .iter()
        .filter_map(|outline| {
            let ring = outline.rings.iter().max_by_key(|ring| ring.len())?;
            let points: Vec<(f64, f64)> = ring.iter().map(|p| projection.at(p)).collect();
            let (mut a, mut cx, mut cy) = (0.0, 0.0, 0.0);
            for pair in points.windows(2) {
                let cross = pair[0].0 * pair[1].1 - pair[1].0 * pair[0].1;
                a += cross;
                cx += (pair[0].0 + pair[1].0) * cross;
                cy += (pair[0].1 + pair[1].1) * cross;
            }
            if a == 0.0 {
                return None;
            }
            let width = points.iter().map(|p| p.0).fold(f64::NEG_INFINITY, f64::max) - points.iter().map(|p| p.0).fold(f64::INFINITY, f64::min);
            Some((a.abs(), outline, (cx / (3.0 * a), cy / (3.0 * a)), width))
        })
        .collect();
    boxes.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.code.cmp(&b.1.code)));
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    for (_, outline, (x, y), width) in boxes {
        let words = outline.name.chars().count() as f64 * CHARACTER;
        let x = x.clamp(words / 2.0 + 2.0, canvas.width - words / 2.0 - 2.0);
        let free = taken.iter().all(|(from, to, other)| x + words / 2.0 < *from || x - words / 2.0 > *to || (y - other).abs() > 17.0);
        if free && words < width * 1.6 + 40.0 {
            canvas.text("halo b", (x, y + 5.0), Anchor::Middle, &outline.name);
            taken.push((x - words / 2.0, x + words / 2.0, y));
        }
    }
}
