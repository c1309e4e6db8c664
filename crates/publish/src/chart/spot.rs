//! Finding a free spot for a label: no label may lie on another, on a point or on a curve.

use crate::chart::lettering;
use crate::chart::paper::{Anchor, Paper, QUIET};

/// A rectangle on the paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Area {
    /// The square around a point.
    pub(crate) fn around((x, y): (f64, f64), radius: f64) -> Self {
        Self { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius }
    }

    /// The rectangle with so much more on each side.
    pub(crate) fn wider(&self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// The smallest rectangle around both.
    pub(crate) fn with(&self, other: &Area) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(crate) fn meets(&self, other: &Area) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    fn holds(&self, other: &Area) -> bool {
        self.left <= other.left && self.right >= other.right && self.top <= other.top && self.bottom >= other.bottom
    }
}

/// What is already taken on a paper.
#[derive(Clone, Debug)]
pub(crate) struct Spots {
    frame: Area,
    taken: Vec<Area>,
    curves: Vec<(f64, f64)>,
}

/// Labels keep this far from each other and from points.
const CLOSE: f64 = 2.0;
/// Curves are looked at every so many units.
const STRIDE: f64 = 3.0;

impl Spots {
    /// Labels must stay within the frame.
    pub(crate) fn within(frame: Area) -> Self {
        Self { frame, taken: Vec::new(), curves: Vec::new() }
    }

    /// Nothing may be put there any more, nor so close that two labels would read as one.
    pub(crate) fn take(&mut self, area: Area) {
        self.taken.push(area.wider(CLOSE));
    }

    /// Labels keep off this curve where they can.
    pub(crate) fn keep_off(&mut self, curve: &[(f64, f64)]) {
        for pair in curve.windows(2) {
            let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let steps = ((dx * dx + dy * dy).sqrt() / STRIDE).ceil().clamp(1.0, 2000.0) as usize;
            self.curves.extend((0..=steps).map(|i| {
                let part = i as f64 / steps as f64;
                (pair[0].0 + part * dx, pair[0].1 + part * dy)
            }));
        }
    }

    /// Whether an area lies in the frame and on no label or point.
    pub(crate) fn accepts(&self, area: &Area) -> bool {
        self.is_free(area, false)
    }

    /// Whether an area lies in the frame and on nothing; curves count only if `strict`.
    fn is_free(&self, area: &Area, strict: bool) -> bool {
        self.frame.holds(area)
            && !self.taken.iter().any(|other| other.meets(area))
            && !(strict && self.curves.iter().any(|(x, y)| *x > area.left && *x < area.right && *y > area.top && *y < area.bottom))
    }

    /// Writes lines that begin at `left`, around the height `middle`, if nothing at all is there.
    pub(crate) fn write(&mut self, paper: &mut Paper, left: f64, middle: f64, lines: &[String]) -> bool {
        let (font, line) = (paper.size.font(), paper.size.line());
        let half = lines.len() as f64 * line / 2.0;
        let area = Area { left, top: middle - half, right: left + lettering::widest(lines, font), bottom: middle + half };
        let free = self.is_free(&area, true);
        if free {
            paper.say_lines((left, area.top + font * 0.95), Anchor::Start, lines);
            self.take(area);
        }
        free
    }

    /// Writes a label beside a point where there is room, and says whether there was. With `insist`, a curve may run behind
    /// it, and it may stand farther off with a line that leads to it.
    pub(crate) fn label(&mut self, paper: &mut Paper, at: (f64, f64), gap: f64, lines: &[String], insist: bool) -> bool {
        let tries: &[(bool, f64)] =
            if insist { &[(true, 1.0), (false, 1.0), (true, 2.5), (false, 2.5), (false, 4.0), (false, 6.0)] } else { &[(true, 1.0)] };
        tries.iter().any(|(strict, reach)| self.label_at(paper, at, gap * reach, lines, *strict, *reach > 1.0))
    }

    fn label_at(&mut self, paper: &mut Paper, (x, y): (f64, f64), gap: f64, lines: &[String], strict: bool, led: bool) -> bool {
        let (font, line) = (paper.size.font(), paper.size.line());
        let (width, height) = (lettering::widest(lines, font), lines.len() as f64 * line);
        let places = [
            (Anchor::Start, x + gap, y - height / 2.0),
            (Anchor::End, x - gap, y - height / 2.0),
            (Anchor::Middle, x, y - gap - height),
            (Anchor::Middle, x, y + gap),
            (Anchor::Start, x + gap * 0.8, y - gap * 0.8 - height),
            (Anchor::Start, x + gap * 0.8, y + gap * 0.8),
            (Anchor::End, x - gap * 0.8, y - gap * 0.8 - height),
            (Anchor::End, x - gap * 0.8, y + gap * 0.8),
        ];
        for (anchor, edge, top) in places {
            let left = match anchor {
                Anchor::Start => edge,
                Anchor::Middle => edge - width / 2.0,
                Anchor::End => edge - width,
            };
            let area = Area { left, top, right: left + width, bottom: top + height };
            if self.is_free(&area, strict) {
                if led {
                    let nearest = (x.clamp(area.left, area.right), y.clamp(area.top, area.bottom));
                    paper.line((x, y), nearest, QUIET, 0.8, "");
                }
                paper.say_lines((edge, top + font * 0.95), anchor, lines);
                self.take(area);
                return true;
            }
        }
        false
    }
}

/// Heights for labels that want to stand at `wanted` but need `room` each, between `top` and `bottom`; order is kept, and
/// labels that crowd are moved apart around their common middle.
pub(crate) fn spread(wanted: &[f64], room: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]).then(a.cmp(b)));
    // Where each would stand below the first if all touched; what remains of its wish must not fall from one to the next.
    let mut below_first = vec![0.0; order.len()];
    for i in 1..order.len() {
        below_first[i] = below_first[i - 1] + (room[order[i - 1]] + room[order[i]]) / 2.0;
    }
    let mut crowds: Vec<(f64, usize)> = Vec::new();
    for (i, label) in order.iter().enumerate() {
        let (mut wish, mut members) = (wanted[*label] - below_first[i], 1);
        while let Some((other, others)) = crowds.last().copied()
            && other > wish
        {
            crowds.pop();
            wish = (wish * members as f64 + other * others as f64) / (members + others) as f64;
            members += others;
        }
        crowds.push((wish, members));
    }
    let (Some(first), Some(last)) = (order.first(), order.last()) else { return Vec::new() };
    let highest = top + room[*first] / 2.0;
    let lowest = (bottom - room[*last] / 2.0 - below_first[order.len() - 1]).max(highest);
    let wishes = crowds.into_iter().flat_map(|(wish, members)| std::iter::repeat_n(wish, members));
    let mut at = vec![0.0; wanted.len()];
    for (i, wish) in wishes.enumerate() {
        at[order[i]] = wish.clamp(highest, lowest) + below_first[i];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::paper::Size;

    #[test]
    fn labels_that_would_meet_are_pushed_apart_and_kept_inside() {
        assert_eq!(spread(&[50.0, 52.0], &[10.0, 10.0], 0.0, 100.0), [46.0, 56.0]);
        assert_eq!(spread(&[20.0, 50.0, 50.0, 50.0], &[10.0; 4], 0.0, 100.0), [20.0, 40.0, 50.0, 60.0]);
        assert_eq!(spread(&[], &[], 0.0, 100.0), [0.0; 0]);
        assert_eq!(spread(&[99.0, 98.0], &[10.0, 10.0], 0.0, 100.0), [95.0, 85.0]);
    }

    #[test]
    fn a_second_label_finds_another_side_and_a_crowd_finds_none() {
        let mut paper = Paper::new(Size::Wide, 200.0);
        let mut spots = Spots::within(Area { left: 0.0, top: 0.0, right: 200.0, bottom: 40.0 });
        let lines = ["Brighton".to_owned()];
        assert!(spots.label(&mut paper, (100.0, 20.0), 6.0, &lines, true));
        assert!(spots.label(&mut paper, (100.0, 20.0), 6.0, &lines, true));
        assert!(!spots.label(&mut paper, (100.0, 20.0), 6.0, &lines, true));
    }

    #[test]
    fn labels_keep_off_curves_unless_they_must_be_seen() {
        let mut spots = Spots::within(Area { left: 0.0, top: 0.0, right: 200.0, bottom: 40.0 });
        for y in 0..14 {
            spots.keep_off(&[(0.0, f64::from(y) * 3.0), (200.0, f64::from(y) * 3.0)]);
        }
        let mut paper = Paper::new(Size::Wide, 200.0);
        assert!(!spots.clone().label(&mut paper, (50.0, 20.0), 6.0, &["Adur".to_owned()], false));
        assert!(spots.label(&mut paper, (50.0, 20.0), 6.0, &["Adur".to_owned()], true));
    }
}
