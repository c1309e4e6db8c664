//! The rules that tell a special cause from the usual ups and downs, in their order of precedence.

/// A rule that a point breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Above the upper limit.
    AboveUpper,
    /// Below the lower limit.
    BelowLower,
    /// Part of a run of strictly rising points.
    Rising,
    /// Part of a run of strictly falling points.
    Falling,
    /// One of two in three neighbours in the outer third above the centre line.
    TwoInThreeAbove,
    /// One of two in three neighbours in the outer third below the centre line.
    TwoInThreeBelow,
    /// Part of a run above the centre line.
    RunAbove,
    /// Part of a run below the centre line.
    RunBelow,
}

impl Rule {
    /// The peer's label for it: `Above UCL`, `7 Point Trend (Increasing)`.
    pub fn label(self) -> &'static str {
        match self {
            Rule::AboveUpper => "Above UCL",
            Rule::BelowLower => "Below LCL",
            Rule::Rising => "7 Point Trend (Increasing)",
            Rule::Falling => "7 Point Trend (Decreasing)",
            Rule::TwoInThreeAbove => "2 in 3 Above CL",
            Rule::TwoInThreeBelow => "2 in 3 Below CL",
            Rule::RunAbove => "7 Points Above CL",
            Rule::RunBelow => "7 Points Below CL",
        }
    }

    /// The rule in words for a page.
    pub fn words(self) -> &'static str {
        match self {
            Rule::AboveUpper => "above the upper limit",
            Rule::BelowLower => "below the lower limit",
            Rule::Rising => "in a run of rising points",
            Rule::Falling => "in a run of falling points",
            Rule::TwoInThreeAbove => "one of two in three points near the upper limit",
            Rule::TwoInThreeBelow => "one of two in three points near the lower limit",
            Rule::RunAbove => "in a run above the average",
            Rule::RunBelow => "in a run below the average",
        }
    }

    /// Whether it speaks of a rise.
    pub fn upward(self) -> bool {
        matches!(self, Rule::AboveUpper | Rule::Rising | Rule::TwoInThreeAbove | Rule::RunAbove)
    }
}

/// Which points the two-in-three rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwoInThree {
    /// Points in the outer third but inside the limits (NHS England until November 2023, and the R package).
    InsideLimits,
    /// Points beyond the limits count, too (NHS England since November 2023).
    AlsoBeyondLimits,
}

/// How long runs must be, and which two-in-three rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleSet {
    /// So many strictly rising or falling points are a trend (7; 6 in NHS England's Excel tool).
    pub trend_points: usize,
    /// So many points on one side of the centre line are a shift.
    pub run_points: usize,
    /// Which points the two-in-three rule counts.
    pub two_in_three: TwoInThree,
}

impl RuleSet {
    /// The rules of NHSRplotthedots 0.2.2: seven points, two in three inside the limits.
    pub fn making_data_count() -> Self {
        RuleSet { trend_points: 7, run_points: 7, two_in_three: TwoInThree::InsideLimits }
    }

    /// The same with NHS England's rule of November 2023 for two in three.
    pub fn making_data_count_2023() -> Self {
        RuleSet { two_in_three: TwoInThree::AlsoBeyondLimits, ..Self::making_data_count() }
    }
}

/// What the rules need to know of a point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) value: f64,
    /// -1, 0, 1: below, on or above the centre line.
    pub(super) side: i8,
    /// In the outer third of the limits.
    pub(super) close: bool,
    /// -1, 0, 1: below the lower limit, inside, above the upper.
    pub(super) outside: i8,
}

/// The first rule, in order of precedence, that each point of one phase breaks. `None` points are gaps.
pub(super) fn broken(points: &[Option<Seen>], rules: RuleSet) -> Vec<Option<Rule>> {
    let mut found = vec![None; points.len()];
    // Runs stop at gaps, so each stretch without a gap is judged alone.
    let mut start = 0;
    while start < points.len() {
        if points[start].is_none() {
            start += 1;
            continue;
        }
        let stretch: Vec<Seen> = points[start..].iter().map_while(|point| *point).collect();
        for (offset, rule) in broken_in_stretch(&stretch, rules).into_iter().enumerate() {
            found[start + offset] = rule;
        }
        start += stretch.len();
    }
    found
}

/// The same for points that follow one another without a gap.
fn broken_in_stretch(points: &[Seen], rules: RuleSet) -> Vec<Option<Rule>> {
    let trend = long_runs(&steps(points), rules.trend_points.saturating_sub(1), true);
    let sides: Vec<i8> = points.iter().map(|point| point.side).collect();
    let run = long_runs(&sides, rules.run_points, false);
    let pair = two_in_three(points, rules.two_in_three);
    points
        .iter()
        .enumerate()
        .map(|(at, point)| match (point.outside, trend[at], pair[at], run[at]) {
            (1, ..) => Some(Rule::AboveUpper),
            (-1, ..) => Some(Rule::BelowLower),
            (_, 1, ..) => Some(Rule::Rising),
            (_, -1, ..) => Some(Rule::Falling),
            (_, _, 1, _) => Some(Rule::TwoInThreeAbove),
            (_, _, -1, _) => Some(Rule::TwoInThreeBelow),
            (_, _, _, 1) => Some(Rule::RunAbove),
            (_, _, _, -1) => Some(Rule::RunBelow),
            _ => None,
        })
        .collect()
}

/// The direction from each point to the next: one fewer than the points.
fn steps(points: &[Seen]) -> Vec<i8> {
    points
        .windows(2)
        .map(|pair| match pair[1].value.total_cmp(&pair[0].value) {
            _ if pair[1].value == pair[0].value => 0,
            std::cmp::Ordering::Less => -1,
            _ => 1,
        })
        .collect()
}

/// Mark every member of a run of at least `length` equal signs. With `between`, the signs lie between points, and the
/// point after the last sign belongs to the run, too.
fn long_runs(signs: &[i8], length: usize, between: bool) -> Vec<i8> {
    let extra = usize::from(between);
    let mut marks = vec![0; signs.len() + extra];
    let mut start = 0;
    for run in signs.chunk_by(|a, b| a == b) {
        if run[0] != 0 && run.len() >= length {
            // A point where a falling run turns into a rising one belongs to both; the later one wins.
            marks[start..start + run.len() + extra].fill(run[0]);
        }
        start += run.len();
    }
    marks
}

/// Mark the near points of every three neighbours that lie on one side of the centre line and hold two near points.
fn two_in_three(points: &[Seen], which: TwoInThree) -> Vec<i8> {
    let near = |point: &Seen| point.close || (which == TwoInThree::AlsoBeyondLimits && point.outside != 0);
    let mut marks = vec![0; points.len()];
    for (start, three) in points.windows(3).enumerate() {
        let side = three[0].side;
        let together = side != 0 && three.iter().all(|point| point.side == side);
        if together && three.iter().filter(|point| near(point)).count() >= 2 {
            for (offset, point) in three.iter().enumerate() {
                if near(point) {
                    marks[start + offset] = side;
                }
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points as text: a value, then `c` when close, `^` when above the limits; the centre line is 50.
    fn points(text: &str) -> Vec<Option<Seen>> {
        text.split_whitespace()
            .map(|word| {
                let number = word.trim_end_matches(['c', '^']);
                if number == "-" {
                    return None;
                }
                let value: f64 = number.parse().unwrap();
                let side = if value > 50.0 {
                    1
                } else if value < 50.0 {
                    -1
                } else {
                    0
                };
                Some(Seen { value, side, close: word.ends_with('c'), outside: i8::from(word.ends_with('^')) })
            })
            .collect()
    }

    fn check(text: &str, wanted: &str) {
        let found: Vec<&str> = broken(&points(text), RuleSet::making_data_count())
            .iter()
            .map(|rule| match rule {
                None => ".",
                Some(Rule::AboveUpper) => "!",
                Some(Rule::Rising) => "/",
                Some(Rule::Falling) => "\\",
                Some(Rule::TwoInThreeAbove) => "2",
                Some(Rule::RunAbove) => "+",
                Some(Rule::RunBelow) => "-",
                Some(_) => "?",
            })
            .collect();
        assert_eq!(found.concat(), wanted, "{text}");
    }

    #[test]
    fn six_points_on_one_side_are_common_and_seven_are_a_run() {
        check("51 52 51 52 51 52", "......");
        check("51 52 51 52 51 52 51", "+++++++");
    }

    #[test]
    fn a_point_on_the_mean_breaks_a_run() {
        check("51 52 51 50 51 52 51 52", "........");
    }

    #[test]
    fn a_gap_breaks_a_run() {
        check("51 52 51 - 52 51 52 51", "........");
    }

    #[test]
    fn seven_rising_points_are_all_marked_and_outrank_a_run() {
        check("44 51 52 53 54 55 56 57", "////////");
        check("49 51 48 49 50 51 52 53 54 40", "..///////.");
    }

    #[test]
    fn two_near_points_in_three_need_all_three_on_one_side() {
        check("63c 51 64c", "2.2");
        check("63c 49 64c", "...");
    }

    #[test]
    fn points_beyond_the_limits_count_for_two_in_three_since_2023() {
        let three = points("70^ 62c 51");
        let before = broken(&three, RuleSet::making_data_count());
        let since = broken(&three, RuleSet::making_data_count_2023());
        assert_eq!(before, [Some(Rule::AboveUpper), None, None]);
        assert_eq!(since, [Some(Rule::AboveUpper), Some(Rule::TwoInThreeAbove), None]);
    }
}
