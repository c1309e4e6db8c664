//! The leave to show a figure as it is: its source is open.

use crate::Rule;

/// Says that a source is open: everything in it has been published, so a figure of it may be shown as it stands.
///
/// It is given for the rule of a source, and only if that rule is [`Rule::already_public`]: a source that came with any other
/// rule cannot give one, so none of its counts can be shown as a [reference](crate::Value::reference). Nothing else makes one.
///
/// ```
/// use headwater_release::{Open, Rule, Value};
/// let open = Open::under(Rule::already_public())?;
/// assert_eq!(Value::reference(open, 4_412_000.0, 0).shown(), "4,412,000");
/// assert!(Open::under(Rule::named("nhs-subnational")?).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It cannot be made by hand, nor by default, nor out of a rule that was not asked:
///
/// ```compile_fail,E0423
/// let open = headwater_release::Open(());
/// ```
///
/// ```compile_fail,E0599
/// let open = headwater_release::Open::default();
/// ```
///
/// ```compile_fail,E0308
/// use headwater_release::{Open, Rule, Value};
/// # fn main() -> Result<(), headwater_release::UnknownRule> {
/// let shown = Value::reference(Rule::named("nhs-subnational")?, 3.0, 0);
/// # Ok(()) }
/// ```
///
/// ```compile_fail,E0308
/// use headwater_release::{Open, Rule, Value};
/// # fn main() -> Result<(), headwater_release::UnknownRule> {
/// // Whether it is one has to be asked, and answered.
/// let shown = Value::reference(Open::under(Rule::named("nhs-subnational")?), 3.0, 0);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open(());

/// A source whose figures may not be shown as they are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rule {rule} is not \"already public\", so no figure of its source can be shown untreated")]
pub struct NotOpen {
    rule: String,
}

impl Open {
    /// Asks for the leave, under the strictest rule of all sources that a figure comes from.
    ///
    /// # Errors
    /// Refuses every rule but the shipped "already public", however little it hides: a count that a rule leaves as it is may
    /// still have to be hidden beside others.
    pub fn under(rule: &Rule) -> Result<Self, NotOpen> {
        if rule == Rule::already_public() { Ok(Self(())) } else { Err(NotOpen { rule: rule.to_string() }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rule_that_a_source_is_public_already_opens() {
        for rule in Rule::shipped() {
            assert_eq!(Open::under(rule).is_ok(), rule.id() == "already-public", "{rule}");
        }
        let named = |name| Rule::named(name).unwrap();
        assert!(Open::under(&Rule::strictest([named("already-public"), named("suppress-exact")])).is_err());
        // A rule of one's own that takes the name is another version, and does not open.
        let own = include_str!("../rules/already-public.toml").replace("name = ", "# ours\nname = ");
        assert!(Open::under(&Rule::from_toml(&own).unwrap()).unwrap_err().to_string().contains("already-public ("));
    }
}
