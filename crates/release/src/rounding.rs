//! Rounding of counts that are shown.

/// How counts that are shown are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Not at all.
    None,
    /// To the nearest multiple, halves upwards.
    Nearest(u64),
    /// To the middle of groups of this many: with 6, 1 to 6 become 3 and 7 to 12 become 9 (OpenSAFELY's midpoint 6).
    Midpoint(u64),
    /// To one of the two multiples beside each count, so that all sums of a release still hold: controlled rounding. It is made
    /// for a whole release at once, by [`protect`](crate::protect); a multiple stays as it is.
    Controlled(u64),
}

impl Rounding {
    /// The count as it is shown; a step of 0 or 1 changes nothing. `None` under controlled rounding, where what is shown of a
    /// count depends on all others.
    ///
    /// ```
    /// use headwater_release::Rounding;
    /// assert_eq!([2, 3, 12, 13].map(|n| Rounding::Nearest(5).of(n)), [0, 5, 10, 15].map(Some));
    /// assert_eq!([0, 1, 6, 7, 12].map(|n| Rounding::Midpoint(6).of(n)), [0, 3, 3, 9, 9].map(Some));
    /// assert_eq!(Rounding::Controlled(5).of(12), None);
    /// ```
    pub fn of(self, count: u64) -> Option<u64> {
        Some(match self {
            Self::Nearest(to) if to > 1 => count.saturating_add(to / 2) / to * to,
            Self::Midpoint(size) if size > 1 && count > 0 => (count.div_ceil(size)).saturating_mul(size) - size / 2,
            Self::Controlled(_) => return None,
            _ => count,
        })
    }
}
