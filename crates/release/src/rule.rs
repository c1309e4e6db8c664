//! Rules on small numbers: data files, never code, versioned by their content.

use crate::Rounding;
use crate::protect::Safety;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::LazyLock;

/// The rules that ship with the program.
const FILES: [&str; 9] = [
    include_str!("../rules/already-public.toml"),
    include_str!("../rules/nhs-subnational.toml"),
    include_str!("../rules/opensafely.toml"),
    include_str!("../rules/opensafely-midpoint-6.toml"),
    include_str!("../rules/ons-10-5.toml"),
    include_str!("../rules/ons-mortality-rates.toml"),
    include_str!("../rules/acro.toml"),
    include_str!("../rules/suppress-exact.toml"),
    include_str!("../rules/controlled-5.toml"),
];

static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| FILES.iter().filter_map(|text| Rule::from_toml(text).ok()).collect());

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    name: String,
    says_who: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    words: String,
    hide_up_to: u64,
    rounding: String,
    hide_to_protect: bool,
    least_values: Option<u64>,
    #[serde(default)]
    coalition: u64,
    least_count_for_mean: Option<u64>,
    least_events_for_crude_rate: Option<u64>,
    least_events_for_standardised_rate: Option<u64>,
    unreliable_below: Option<u64>,
    dominance_n: Option<usize>,
    dominance_percent: Option<f64>,
    p_percent: Option<f64>,
    least_degrees_of_freedom: Option<u64>,
    #[serde(default)]
    nought_needs_a_look: bool,
}

/// How counts from one source must be treated before they leave.
///
/// ```
/// use headwater_release::Rule;
/// let nhs = Rule::named("nhs-subnational")?;
/// assert_eq!(nhs.sentence(), "Counts from 1 to 7 are hidden and shown as [c]. Other counts are rounded to the nearest 5. \
///     Larger counts are hidden, too, where a hidden one could be worked out from them.");
/// assert!(Rule::named("nhs").is_err());
/// # Ok::<(), headwater_release::UnknownRule>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    id: String,
    version: String,
    name: String,
    says_who: String,
    address: String,
    words: String,
    /// Counts from 1 to this are hidden; 0 hides none.
    pub(crate) hide_up_to: u64,
    /// How the others are rounded.
    pub(crate) rounding: Rounding,
    hide_to_protect: bool,
    least_values: u64,
    coalition: u64,
    limits: Limits,
}

/// What a rule says of figures that are no counts; `None` where it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// The fewest people a mean or a median may stand for.
    pub least_count_for_mean: Option<u64>,
    /// The fewest events of a crude rate.
    pub least_events_for_crude_rate: Option<u64>,
    /// The fewest events of a standardised rate.
    pub least_events_for_standardised_rate: Option<u64>,
    /// A rate of fewer events is marked as unreliable.
    pub unreliable_below: Option<u64>,
    /// A sum is unsafe if so many of its largest contributions are more than such a share of it: (how many, per cent).
    pub dominance: Option<(usize, f64)>,
    /// A sum is unsafe if all but its two largest contributions are less than this per cent of the largest.
    pub p_percent: Option<f64>,
    /// The fewest degrees of freedom of a model that may be shown.
    pub least_degrees_of_freedom: Option<u64>,
    /// Whether a nought must be looked at by the people who clear a release: it may say something of everyone in a group.
    pub nought_needs_a_look: bool,
}

/// No rule has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule on small numbers named \"{name}\"; there are {}", .known.join(", "))]
pub struct UnknownRule {
    /// The name asked for.
    pub name: String,
    /// The names there are.
    pub known: Vec<String>,
}

/// A file that is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a rule on small numbers: {what}")]
pub struct NotARule {
    /// What is wrong, with line and column where there are any.
    pub what: String,
}

impl Rule {
    /// The rules that ship with the program, in the order of the guide.
    pub fn shipped() -> &'static [Rule] {
        &ALL
    }

    /// A rule that ships with the program.
    ///
    /// # Errors
    /// Refuses a name that no rule has.
    pub fn named(name: &str) -> Result<&'static Rule, UnknownRule> {
        let found = ALL.iter().find(|rule| rule.id == name);
        found.ok_or_else(|| UnknownRule { name: name.to_owned(), known: ALL.iter().map(|rule| rule.id.clone()).collect() })
    }

    /// The rule for sources that their publisher has made public in full.
    pub fn already_public() -> &'static Rule {
        &ALL[0]
    }

    /// Reads a rule from a file of one's own, such as a data sharing agreement asks for.
    ///
    /// # Errors
    /// Refuses a file that is not TOML, lacks a field or has an unknown one, and values that contradict each other.
    pub fn from_toml(text: &str) -> Result<Rule, NotARule> {
        let wrong = |what: String| NotARule { what };
        let file: File = toml::from_str(text).map_err(|error| wrong(error.to_string().trim_end().to_owned()))?;
        let rounding = rounding(&file.rounding).ok_or_else(|| {
            wrong(format!(
                "rounding is \"{}\"; it must be \"none\", \"nearest 5\", \"midpoint 6\" or \"controlled 5\", with a number from 2 to 1,000",
                file.rounding
            ))
        })?;
        let least_values = match (file.hide_to_protect, file.least_values) {
            (true, Some(n)) if (2..=1_000).contains(&n) => n,
            (true, _) => return Err(wrong("with hide_to_protect, least_values must be from 2 to 1,000".into())),
            (false, _) => 0,
        };
        if matches!(rounding, Rounding::Controlled(_)) && !file.hide_to_protect {
            return Err(wrong("controlled rounding is made for a whole release and attacked with it: it needs hide_to_protect = true".into()));
        }
        let dominance = match (file.dominance_n, file.dominance_percent) {
            (Some(n), Some(percent)) if n > 0 && (0.0..=100.0).contains(&percent) => Some((n, percent)),
            (None, None) => None,
            _ => return Err(wrong("dominance_n and dominance_percent belong together: how many, and per cent".into())),
        };
        if file.p_percent.is_some_and(|p| !(0.0..=100.0).contains(&p)) {
            return Err(wrong("p_percent must be from 0 to 100".into()));
        }
        let digest = Sha256::digest(text.as_bytes());
        Ok(Rule {
            id: file.id,
            version: digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect(),
            name: file.name,
            says_who: file.says_who,
            address: file.address,
            words: file.words,
            hide_up_to: file.hide_up_to,
            rounding,
            hide_to_protect: file.hide_to_protect,
            least_values,
            coalition: file.coalition,
            limits: Limits {
                least_count_for_mean: file.least_count_for_mean,
                least_events_for_crude_rate: file.least_events_for_crude_rate,
                least_events_for_standardised_rate: file.least_events_for_standardised_rate,
                unreliable_below: file.unreliable_below,
                dominance,
                p_percent: file.p_percent,
                least_degrees_of_freedom: file.least_degrees_of_freedom,
                nought_needs_a_look: file.nought_needs_a_look,
            },
        })
    }

    /// The rule that is as strict as the strictest of these in every respect; [`Rule::already_public`] when there are none.
    ///
    /// Where no rule is strictest in everything, the result is a rule of its own, named after all of them.
    pub fn strictest<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Rule {
        let mut all: Vec<&Rule> = rules.into_iter().collect();
        all.sort_by(|a, b| (&a.id, &a.version).cmp(&(&b.id, &b.version)));
        all.dedup_by(|a, b| (&a.id, &a.version) == (&b.id, &b.version));
        let joined = all.iter().skip(1).fold(all.first().map_or(&ALL[0], |first| first).to_owned(), |so_far, rule| so_far.and(rule));
        all.iter().find(|rule| rule.is_as_strict_as(&joined)).map_or(joined, |rule| (*rule).clone())
    }

    fn and(&self, other: &Rule) -> Rule {
        let (a, b) = (&self.limits, &other.limits);
        Rule {
            id: format!("{}+{}", self.id, other.id),
            version: format!("{}+{}", self.version, other.version),
            name: format!("{}, and {}", self.name, other.name),
            says_who: format!("{}; {}", self.says_who, other.says_who),
            address: String::new(),
            words: String::new(),
            hide_up_to: self.hide_up_to.max(other.hide_up_to),
            rounding: coarser(self.rounding, other.rounding),
            hide_to_protect: self.hide_to_protect || other.hide_to_protect,
            least_values: self.least_values.max(other.least_values),
            coalition: self.coalition.max(other.coalition),
            limits: Limits {
                least_count_for_mean: a.least_count_for_mean.max(b.least_count_for_mean),
                least_events_for_crude_rate: a.least_events_for_crude_rate.max(b.least_events_for_crude_rate),
                least_events_for_standardised_rate: a.least_events_for_standardised_rate.max(b.least_events_for_standardised_rate),
                unreliable_below: a.unreliable_below.max(b.unreliable_below),
                dominance: stricter_dominance(a.dominance, b.dominance),
                p_percent: [a.p_percent, b.p_percent].into_iter().flatten().reduce(f64::max),
                least_degrees_of_freedom: a.least_degrees_of_freedom.max(b.least_degrees_of_freedom),
                nought_needs_a_look: a.nought_needs_a_look || b.nought_needs_a_look,
            },
        }
    }

    fn is_as_strict_as(&self, other: &Rule) -> bool {
        let mine = (self.hide_up_to, self.rounding, self.hide_to_protect, (self.least_values, self.coalition), self.limits);
        mine == (other.hide_up_to, other.rounding, other.hide_to_protect, (other.least_values, other.coalition), other.limits)
    }

    /// The permanent name, such as `nhs-subnational`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The first twelve hexadecimal digits of the SHA-256 of its file: any change makes another version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The name that people read.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whose rule it is.
    pub fn says_who(&self) -> &str {
        &self.says_who
    }

    /// Where it can be read; empty if nowhere.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it says of figures that are no counts; [`derive_rate`](crate::derive_rate), [`Amounts`](crate::Amounts) and
    /// [`Rule::allows_model`] act on it.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Whether counts of this source are hidden or changed at all.
    pub fn is_open(&self) -> bool {
        self.hide_up_to == 0 && self.rounding == Rounding::None
    }

    /// What a release under this rule must not give away.
    pub fn safety(&self) -> Safety {
        Safety { hide_up_to: self.hide_up_to, least_values: self.least_values.max(2), rounding: self.rounding, coalition: self.coalition }
    }

    /// Whether larger counts are hidden, too, where a hidden one could be worked out from them.
    pub fn hides_to_protect(&self) -> bool {
        self.hide_to_protect
    }

    /// The rule as a reader is told it.
    pub fn sentence(&self) -> String {
        if !self.words.is_empty() {
            return self.words.clone();
        }
        let mut all = Vec::new();
        if self.hide_up_to > 0 {
            let which = if self.hide_up_to == 1 { "Counts of 1".to_owned() } else { format!("Counts from 1 to {}", self.hide_up_to) };
            all.push(format!("{which} are hidden and shown as [c]."));
        }
        let others = if self.hide_up_to > 0 { "Other counts" } else { "Counts" };
        match self.rounding {
            Rounding::None => {}
            Rounding::Nearest(to) => all.push(format!("{others} are rounded to the nearest {to}.")),
            Rounding::Controlled(to) => all.push(format!("{others} are rounded up or down to a multiple of {to}, so that all sums still hold.")),
            Rounding::Midpoint(size) => {
                let (first, second) = (size - size / 2, 2 * size - size / 2);
                all.push(format!("{others} from 1 to {size} are shown as {first}, from {} to {} as {second}, and so on.", size + 1, 2 * size));
            }
        }
        if self.hide_to_protect {
            let which = if self.hide_up_to > 0 { "a hidden one" } else { "a small one" };
            all.push(format!("Larger counts are hidden, too, where {which} could be worked out from them."));
        }
        if all.is_empty() { "No count is hidden or rounded.".to_owned() } else { all.join(" ") }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.id, self.version)
    }
}

fn rounding(words: &str) -> Option<Rounding> {
    let number = |text: &str| text.parse().ok().filter(|n| (2..=1_000).contains(n));
    match words.split_once(' ') {
        None if words == "none" => Some(Rounding::None),
        Some(("nearest", to)) => number(to).map(Rounding::Nearest),
        Some(("midpoint", size)) => number(size).map(Rounding::Midpoint),
        Some(("controlled", to)) => number(to).map(Rounding::Controlled),
        _ => None,
    }
}

/// The rounding of wider steps; between equals the controlled one, then the midpoints, which keep no nought of a small count.
fn coarser(a: Rounding, b: Rounding) -> Rounding {
    let step = |rounding| match rounding {
        Rounding::None => (1, 0),
        Rounding::Nearest(to) => (to, 0),
        Rounding::Midpoint(size) => (size, 1),
        Rounding::Controlled(to) => (to, 2),
    };
    if step(a) >= step(b) { a } else { b }
}

/// The rule of more contributions, and of the smaller share they may have.
fn stricter_dominance(a: Option<(usize, f64)>, b: Option<(usize, f64)>) -> Option<(usize, f64)> {
    match (a, b) {
        (Some((n, percent)), Some((other_n, other_percent))) => Some((n.max(other_n), percent.min(other_percent))),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_rule_can_be_read_and_has_a_name_of_its_own() {
        for text in FILES {
            assert!(Rule::from_toml(text).is_ok(), "{:?}", Rule::from_toml(text));
        }
        assert_eq!(Rule::shipped().len(), FILES.len());
        let mut ids: Vec<&str> = Rule::shipped().iter().map(Rule::id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), FILES.len());
        assert_eq!(Rule::already_public().id(), "already-public");
    }

    #[test]
    fn the_strictest_rule_is_strictest_in_every_respect() {
        let named = |name| Rule::named(name).unwrap();
        let (nhs, exact, open) = (named("nhs-subnational"), named("suppress-exact"), Rule::already_public());
        assert_eq!(Rule::strictest([named("opensafely"), nhs, open]), *nhs);
        assert_eq!(Rule::strictest([open, exact]), *exact);
        assert_eq!(Rule::strictest([]), *open);
        // ONS hides more, the NHS has a rule for means: neither is stricter in everything.
        let both = Rule::strictest([nhs, named("ons-10-5")]);
        assert_eq!((both.id(), both.hide_up_to, both.limits().least_count_for_mean), ("nhs-subnational+ons-10-5", 9, Some(8)));
        assert_eq!(Rule::strictest([named("ons-10-5"), nhs]), both);
    }

    #[test]
    fn a_file_that_is_no_rule_is_refused_with_what_is_wrong() {
        let good = FILES[7];
        for (change, words) in [
            (good.replace("hide_up_to = 4", "hide_up_to = -4"), "line 4"),
            (good.replace("\"none\"", "\"nearest 0\""), "rounding is \"nearest 0\""),
            (good.replace("least_values = 4", "least_values = 1"), "least_values must be from 2"),
            (FILES[8].replace("hide_to_protect = true", "hide_to_protect = false"), "needs hide_to_protect = true"),
            (format!("{good}\nhide_everything = true\n"), "hide_everything"),
            (format!("{good}\ndominance_n = 2\n"), "belong together"),
        ] {
            let refused = Rule::from_toml(&change).unwrap_err().to_string();
            assert!(refused.contains(words), "{refused}");
        }
    }

    #[test]
    fn every_rule_is_told_in_words() {
        assert_eq!(Rule::named("opensafely-midpoint-6").unwrap().sentence(), "Counts from 1 to 6 are shown as 3, from 7 to 12 as 9, and so on.");
        let controlled = "Counts are rounded up or down to a multiple of 5, so that all sums still hold. \
            Larger counts are hidden, too, where a small one could be worked out from them.";
        assert_eq!(Rule::named("controlled-5").unwrap().sentence(), controlled);
        for rule in Rule::shipped() {
            assert!(rule.sentence().ends_with('.'), "{rule}");
        }
    }
}
