//! What may stand in a cell, a sentence or a chart.

use crate::{Open, Treated};

/// The shorthand of the Analysis Function for cells without a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shorthand {
    /// `[c]` confidential: hidden to protect people.
    Confidential,
    /// `[x]` not available.
    NotAvailable,
    /// `[z]` not applicable.
    NotApplicable,
}

impl Shorthand {
    /// The mark as printed.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Confidential => "[c]",
            Self::NotAvailable => "[x]",
            Self::NotApplicable => "[z]",
        }
    }

    /// What the mark means.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Confidential => "hidden to protect people",
            Self::NotAvailable => "not available",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// Something that may be shown: a number with its decimals, a label, or a shorthand with its reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Value(Inner);

#[derive(Clone, Debug, PartialEq)]
enum Inner {
    Number { value: f64, decimals: u8 },
    Label(String),
    Gap { shorthand: Shorthand, reason: Option<String> },
}

impl Value {
    /// A treated count, or `[c]`.
    pub fn count(treated: Treated) -> Self {
        match treated.known() {
            Some(n) => Self(Inner::Number { value: n as f64, decimals: 0 }),
            None => Self::gap(Shorthand::Confidential),
        }
    }

    /// A figure of open sources, shown as it is: a resident population, a deprivation rank, the position of a limit line, a
    /// number of files. A figure that is not finite becomes `[x]`.
    ///
    /// [`Open`] is the leave to do so, which a source under any other rule than "already public" cannot give. What was taken in
    /// as a [`Count`](crate::Count) or as [`Amounts`](crate::Amounts) is no such figure even with it, and does not compile as
    /// one; neither does it as a value, in words or as a label:
    ///
    /// ```compile_fail,E0308
    /// use headwater_release::{Count, Open, Rule, Value};
    /// let open = Open::under(Rule::already_public()).unwrap();
    /// Value::reference(open, Count::new(3), 0);
    /// ```
    ///
    /// ```compile_fail,E0061
    /// // A number alone, of which nobody has said where it is from.
    /// headwater_release::Value::reference(3.0, 0);
    /// ```
    ///
    /// ```compile_fail
    /// headwater_release::Value::count(headwater_release::Count::new(3));
    /// ```
    ///
    /// ```compile_fail
    /// headwater_release::Value::label(headwater_release::Count::new(3).to_string());
    /// ```
    ///
    /// ```compile_fail
    /// headwater_release::Passage::new().value(&headwater_release::Count::new(3));
    /// ```
    ///
    /// ```compile_fail
    /// // A treated count is made by a rule for an audience, and by nothing else.
    /// headwater_release::Value::count(headwater_release::Treated(Some(3)));
    /// ```
    pub fn reference(_: Open, value: f64, decimals: u8) -> Self {
        Self::worked_out(value, decimals)
    }

    /// The same number without its sign, for a sentence that says "down"; anything else as it is.
    #[must_use]
    pub fn without_sign(&self) -> Self {
        match self.0 {
            Inner::Number { value, decimals } => Self(Inner::Number { value: value.abs(), decimals }),
            _ => self.clone(),
        }
    }

    /// A number made here from what was treated, or under a rule.
    pub(crate) fn worked_out(value: f64, decimals: u8) -> Self {
        if value.is_finite() { Self(Inner::Number { value, decimals }) } else { Self::gap(Shorthand::NotAvailable) }
    }

    /// A name, a date, a code or a word.
    pub fn label(text: impl Into<String>) -> Self {
        Self(Inner::Label(text.into()))
    }

    /// No number, and which kind of none.
    pub fn gap(shorthand: Shorthand) -> Self {
        Self(Inner::Gap { shorthand, reason: None })
    }

    /// No number because a method refused, with its reason.
    pub fn refused(reason: impl Into<String>) -> Self {
        Self(Inner::Gap { shorthand: Shorthand::NotAvailable, reason: Some(reason.into()) })
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self.0 {
            Inner::Number { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Whether it is a name or a word rather than a number.
    pub fn is_label(&self) -> bool {
        matches!(self.0, Inner::Label(_))
    }

    /// The shorthand, if there is no number.
    pub fn shorthand(&self) -> Option<Shorthand> {
        match self.0 {
            Inner::Gap { shorthand, .. } => Some(shorthand),
            _ => None,
        }
    }

    /// Why there is no number, where a method said so.
    pub fn reason(&self) -> Option<&str> {
        match &self.0 {
            Inner::Gap { reason, .. } => reason.as_deref(),
            _ => None,
        }
    }

    /// As people read it: `1,234.5`.
    pub fn shown(&self) -> String {
        match &self.0 {
            Inner::Number { value, decimals } => written(*value, *decimals),
            Inner::Label(text) => text.clone(),
            Inner::Gap { shorthand, .. } => shorthand.mark().to_owned(),
        }
    }

    /// As programs read it: `1234.5`.
    pub fn csv(&self) -> String {
        match &self.0 {
            Inner::Number { value, decimals } => fixed(*value, *decimals),
            _ => self.shown(),
        }
    }
}

/// No number because a rule withholds it, with its reason.
pub(crate) fn withheld(reason: impl Into<String>) -> Value {
    Value(Inner::Gap { shorthand: Shorthand::Confidential, reason: Some(reason.into()) })
}

/// A number as people read it, `1,234.5`: for what is no value of a table, such as the ticks of a scale or a number of rows.
///
/// ```
/// assert_eq!(headwater_release::written(-1234.56, 1), "-1,234.6");
/// ```
pub fn written(value: f64, decimals: u8) -> String {
    with_commas(&fixed(value, decimals))
}

/// Fixed decimals, and never a minus sign before nought.
fn fixed(value: f64, decimals: u8) -> String {
    let text = format!("{value:.*}", usize::from(decimals));
    if text.starts_with('-') && text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.')) { text[1..].to_owned() } else { text }
}

fn with_commas(number: &str) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = String::from(sign);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

/// A value with its interval limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// The value itself.
    pub value: Value,
    /// Its lower limit.
    pub lower: Value,
    /// Its upper limit.
    pub upper: Value,
}

/// Works a formula out on treated counts; with one of them hidden the result is hidden too.
///
/// The formula's refusal is kept as the reason for a gap.
///
/// ```
/// use headwater_release::{Audience, Count, Rule, derive, treat_all};
/// let counts = [Count::new(3), Count::new(20)];
/// let share = |n: &[u64]| Ok(100.0 * n[0] as f64 / n[1] as f64);
/// let open = treat_all(&counts, Rule::already_public(), Audience::Public);
/// assert_eq!(derive(&open, 1, share).shown(), "15.0");
/// let hidden = treat_all(&counts, Rule::named("nhs-subnational")?, Audience::Public);
/// assert_eq!(derive(&hidden, 1, share).shown(), "[c]");
/// # Ok::<(), headwater_release::UnknownRule>(())
/// ```
pub fn derive(counts: &[Treated], decimals: u8, formula: impl FnOnce(&[u64]) -> Result<f64, String>) -> Value {
    match all_known(counts) {
        None => Value::gap(Shorthand::Confidential),
        Some(known) => formula(&known).map_or_else(Value::refused, |value| Value::worked_out(value, decimals)),
    }
}

/// The same for a value with its lower and upper limit.
pub fn derive_interval(counts: &[Treated], decimals: u8, formula: impl FnOnce(&[u64]) -> Result<[f64; 3], String>) -> Interval {
    let three = derive_many(counts, decimals, |known| formula(known).map(|three| three.map(Ok).into()));
    match <[Value; 3]>::try_from(three) {
        Ok([value, lower, upper]) => Interval { value, lower, upper },
        Err(one) => {
            let gap = one.into_iter().next().unwrap_or_else(|| Value::gap(Shorthand::NotAvailable));
            Interval { value: gap.clone(), lower: gap.clone(), upper: gap }
        }
    }
}

/// The same for many values from one formula, each of which may be refused alone.
///
/// When a count is hidden, or the whole formula refuses, one gap stands for all.
pub fn derive_many(counts: &[Treated], decimals: u8, formula: impl FnOnce(&[u64]) -> Result<Vec<Result<f64, String>>, String>) -> Vec<Value> {
    match all_known(counts) {
        None => vec![Value::gap(Shorthand::Confidential)],
        Some(known) => match formula(&known) {
            Err(reason) => vec![Value::refused(reason)],
            Ok(values) => values.into_iter().map(|v| v.map_or_else(Value::refused, |v| Value::worked_out(v, decimals))).collect(),
        },
    }
}

/// What a formula over treated counts makes its numbers with; lent to the formula of [`derive_rows`], which cannot keep it.
///
/// ```compile_fail,E0521
/// // Nothing makes one, and none outlives its formula.
/// let mut kept = None;
/// let _ = headwater_release::derive_rows(&[], |_, derived| {
///     kept = Some(derived);
///     Ok(Vec::new())
/// });
/// kept.unwrap().number(3.0, 0);
/// ```
#[derive(Debug)]
pub struct Derived(());

impl Derived {
    /// A number worked out from the treated counts; one that is not finite becomes `[x]`.
    pub fn number(&self, value: f64, decimals: u8) -> Value {
        Value::worked_out(value, decimals)
    }
}

/// The same for whole rows of cells: the formula makes the rows, numbers and words, from the treated counts.
///
/// ```
/// use headwater_release::{Audience, Count, Rule, Value, derive_rows, treat_all};
/// let counts = treat_all(&[Count::new(12), Count::new(20)], Rule::named("nhs-subnational")?, Audience::Public);
/// let rows = derive_rows(&counts, |n, derived| Ok(vec![vec![Value::label("mean"), derived.number((n[0] + n[1]) as f64 / 2.0, 1)]]));
/// assert_eq!(rows.unwrap()[0][1].shown(), "15.0"); // of 10 and 20, to which the rule rounds them
/// # Ok::<(), headwater_release::UnknownRule>(())
/// ```
///
/// # Errors
/// Gives back the gap, `[c]` or the formula's refusal, that stands for the rows.
pub fn derive_rows(counts: &[Treated], formula: impl FnOnce(&[u64], &Derived) -> Result<Vec<Vec<Value>>, String>) -> Result<Vec<Vec<Value>>, Value> {
    let known = all_known(counts).ok_or_else(|| Value::gap(Shorthand::Confidential))?;
    formula(&known, &Derived(())).map_err(Value::refused)
}

fn all_known(counts: &[Treated]) -> Option<Vec<u64>> {
    counts.iter().map(|count| count.known()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_commas_and_decimals() {
        for (value, decimals, shown) in
            [(1234567.0, 0, "1,234,567"), (-1234.56, 1, "-1,234.6"), (-0.04, 1, "0.0"), (999.0, 0, "999"), (0.5, 2, "0.50")]
        {
            assert_eq!(Value::worked_out(value, decimals).shown(), shown);
        }
        assert_eq!(Value::worked_out(1234.5, 1).csv(), "1234.5");
        assert_eq!(Value::worked_out(-1234.5, 1).without_sign().csv(), "1234.5");
        assert_eq!(Value::worked_out(f64::NAN, 1).shown(), "[x]");
    }

    #[test]
    fn a_refusal_keeps_its_reason() {
        let value = derive(&[], 1, |_| Err("fewer than ten events".into()));
        assert_eq!((value.shown().as_str(), value.reason()), ("[x]", Some("fewer than ten events")));
        let interval = derive_interval(&[], 1, |_| Err("no population".into()));
        assert_eq!(interval.upper.reason(), Some("no population"));
    }
}
