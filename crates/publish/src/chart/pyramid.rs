//! Two sets of bars back to back, youngest at the foot.

use crate::chart::lettering::{shortened, widest, width, wrapped};
use crate::chart::paper::{Anchor, GRID, INK, PALETTE, Paper, Size};
use crate::chart::scale::{Foot, Scale};
use crate::chart::{cell, numbers, title, words};
use headwater_release::Table;

/// Labels and values take at most this much of the paper each, and are cut beyond; the table has them whole.
const SHARE: f64 = 0.2;

pub(crate) struct Pyramid<'a> {
    pub(crate) table: &'a Table,
    pub(crate) label: usize,
    pub(crate) left: usize,
    pub(crate) right: usize,
}

/// One side of the pyramid.
struct Side {
    column: usize,
    scale: Scale,
    outwards: f64,
    anchor: Anchor,
    fill: &'static str,
}

impl Pyramid<'_> {
    pub(crate) fn draw(&self, size: Size) -> Paper {
        let (font, line) = (size.font(), size.line());
        let labels = words(self.table, self.label);
        let labels: Vec<String> = labels.iter().map(|label| shortened(label, size.width() * SHARE, font)).collect();
        let gutter = widest(&labels, font).ceil() + 14.0;
        let half = (size.width() - gutter) / 2.0;
        let both = [self.left, self.right];
        let shown: Vec<String> = both.into_iter().flat_map(|column| words(self.table, column)).collect();
        let room = widest(&shown, font).min(size.width() * SHARE) + 8.0;
        let all = both.into_iter().flat_map(|column| numbers(self.table, column)).flatten();
        let scale = Scale::over(all, Foot::Nought, if size.is_narrow() { 2.0 } else { 4.0 }, 0.0, 1.0);
        let sides = [
            Side { column: self.left, scale: scale.moved(half, room), outwards: -5.0, anchor: Anchor::End, fill: PALETTE[0] },
            Side {
                column: self.right,
                scale: scale.moved(half + gutter, size.width() - room),
                outwards: 5.0,
                anchor: Anchor::Start,
                fill: PALETTE[3],
            },
        ];

        let headings = both.map(|column| wrapped(&title(self.table, column), half - 8.0, font, 3));
        let top = headings.iter().map(Vec::len).max().unwrap_or(0) as f64 * line + 8.0;
        let row = if size.is_narrow() { 24.0 } else { 26.0 };
        let bottom = top + row * labels.len() as f64;
        let mut paper = Paper::new(size, bottom + line + 8.0);
        for (side, heading) in sides.iter().zip(&headings) {
            paper.say_lines((side.scale.at(0.0), font), side.anchor, heading);
            let mut free = f64::INFINITY;
            for tick in side.scale.ticks() {
                let x = side.scale.at(tick);
                paper.line((x, top), (x, bottom), if tick == 0.0 { INK } else { GRID }, if tick == 0.0 { 1.2 } else { 1.0 }, "");
                let words = side.scale.written(tick);
                let space = width(&words, font);
                if (x - free).abs() > space + 4.0 {
                    paper.murmur((size.keep(x, space / 2.0), bottom + line), Anchor::Middle, &words);
                    free = x;
                }
            }
        }
        for (i, label) in labels.iter().enumerate() {
            // The first row is the youngest and stands at the foot.
            let middle = bottom - row * (i as f64 + 0.5);
            let base = middle + font * 0.35;
            paper.say((half + gutter / 2.0, base), Anchor::Middle, label);
            for side in &sides {
                let Some(value) = cell(self.table, i, side.column) else { continue };
                let end = side.scale.at(value.as_number().unwrap_or(0.0));
                if value.as_number().is_some() {
                    paper.bar((side.scale.at(0.0), middle - row * 0.36), (end, middle + row * 0.36), side.fill);
                }
                paper.say((end + side.outwards, base), side.anchor, &shortened(&value.shown(), size.width() * SHARE, font));
            }
        }
        paper
    }
}
