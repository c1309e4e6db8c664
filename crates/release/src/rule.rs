//! Rules on small numbers.

/// How counts from one source must be treated before they leave; the strictest rule of all contributing sources applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The publisher has already made every count public (police.uk, NRM statistics): nothing is hidden again.
    AlreadyPublic,
    /// Counts from 1 to `hide_up_to` are hidden; others are rounded to the nearest `round_to`, if given. Nought stays nought.
    HideSmall {
        /// The largest count that is hidden.
        hide_up_to: u64,
        /// Other counts are rounded to the nearest multiple of this.
        round_to: Option<u64>,
    },
}

impl Rule {
    /// NHS England's rule for sub-national hospital data since September 2018: 1 to 7 hidden, others to the nearest 5.
    pub const NHS_SUBNATIONAL: Rule = Rule::HideSmall { hide_up_to: 7, round_to: Some(5) };

    /// The strictest of the rules: hides most, then rounds most. [`Rule::AlreadyPublic`] when there are none.
    pub fn strictest<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Rule {
        rules.into_iter().max_by_key(|rule| rule.weight()).cloned().unwrap_or(Self::AlreadyPublic)
    }

    fn weight(&self) -> (u64, u64) {
        match self {
            Self::AlreadyPublic => (0, 0),
            Self::HideSmall { hide_up_to, round_to } => (*hide_up_to, round_to.unwrap_or(0)),
        }
    }

    /// The permanent name, such as `hide-1-to-7-round-5`.
    pub fn id(&self) -> String {
        match self {
            Self::AlreadyPublic => "already-public".to_owned(),
            Self::HideSmall { hide_up_to, round_to: Some(to) } => format!("hide-1-to-{hide_up_to}-round-{to}"),
            Self::HideSmall { hide_up_to, round_to: None } => format!("hide-1-to-{hide_up_to}"),
        }
    }

    /// The rule as a reader is told it.
    pub fn sentence(&self) -> String {
        match self {
            Self::AlreadyPublic => "All counts were already published by the source; none is hidden here.".to_owned(),
            Self::HideSmall { hide_up_to, round_to } => {
                let rounding = round_to.map_or(String::new(), |to| format!(" Other counts are rounded to the nearest {to}."));
                format!("Counts from 1 to {hide_up_to} are hidden and shown as [c].{rounding}")
            }
        }
    }
}
