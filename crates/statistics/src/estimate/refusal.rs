//! Why there is no number.

use std::fmt;

/// Why there is no number, as something a program can match and a person can read.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// An argument is not a number that the method can use.
    Argument {
        /// The argument's name.
        name: &'static str,
        /// Its place in the list, from 0, where it is a list.
        index: Option<usize>,
        /// What was found.
        found: f64,
        /// What it must be.
        must: &'static str,
    },
    /// Two lists that belong together have different lengths.
    Lengths {
        /// The first list's name.
        left: &'static str,
        /// Its length.
        left_length: usize,
        /// The second list's name.
        right: &'static str,
        /// Its length.
        right_length: usize,
    },
    /// Too few events for the method to be trusted.
    TooFewEvents {
        /// How many there are.
        events: f64,
        /// How many the method needs.
        minimum: f64,
        /// Who says so, and what would be wrong.
        because: &'static str,
    },
    /// Too few points, months, areas or groups.
    TooFewPoints {
        /// What is counted: "months", "groups".
        unit: &'static str,
        /// How many there are.
        points: usize,
        /// How many the method needs.
        minimum: usize,
    },
    /// The numbers allow no answer: no variation, a division by nothing.
    Degenerate {
        /// What is wrong, as the end of the sentence "No answer: ...".
        what: &'static str,
    },
    /// The wrong chart for these numbers; another is named.
    WrongChart {
        /// Why this one misleads.
        because: String,
        /// Which chart to use.
        instead: &'static str,
    },
}

impl Refusal {
    /// An argument that cannot be used.
    pub(crate) fn argument(name: &'static str, found: f64, must: &'static str) -> Self {
        Refusal::Argument { name, index: None, found, must }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Argument { name, index: None, found, must } => {
                write!(f, "The argument '{name}' is {found}; it {must}.")
            }
            Refusal::Argument { name, index: Some(index), found, must } => {
                write!(f, "Value {} of '{name}' is {found}; each {must}.", index + 1)
            }
            Refusal::Lengths { left, left_length, right, right_length } => write!(
                f,
                "The list '{left}' has {left_length} values and '{right}' has {right_length}; they belong together one by one and must be equally many."
            ),
            Refusal::TooFewEvents { events, minimum, because } => {
                write!(f, "Too few events: {events}, and at least {minimum} are needed. {because}.")
            }
            Refusal::TooFewPoints { unit, points, minimum } => {
                write!(f, "Too few {unit}: {points}, and at least {minimum} are needed.")
            }
            Refusal::Degenerate { what } => write!(f, "No answer: {what}."),
            Refusal::WrongChart { because, instead } => {
                write!(f, "{because} Use {instead} instead.")
            }
        }
    }
}

impl std::error::Error for Refusal {}
