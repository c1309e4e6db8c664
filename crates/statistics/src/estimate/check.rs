//! The checks that every module makes of what it is given.

use super::Refusal;

/// Finite and not negative.
pub(crate) fn not_negative(name: &'static str, value: f64) -> Result<(), Refusal> {
    if value.is_finite() && value >= 0.0 { Ok(()) } else { Err(Refusal::argument(name, value, "must be a finite number that is not negative")) }
}

/// Finite and above zero.
pub(crate) fn positive(name: &'static str, value: f64) -> Result<(), Refusal> {
    if value.is_finite() && value > 0.0 { Ok(()) } else { Err(Refusal::argument(name, value, "must be a finite number above 0")) }
}

/// Finite.
pub(crate) fn finite(name: &'static str, value: f64) -> Result<(), Refusal> {
    if value.is_finite() { Ok(()) } else { Err(Refusal::argument(name, value, "must be a finite number")) }
}

/// One check for each value of a list; the refusal says which value failed.
pub(crate) fn each(name: &'static str, values: &[f64], check: fn(&'static str, f64) -> Result<(), Refusal>) -> Result<(), Refusal> {
    for (at, &value) in values.iter().enumerate() {
        check(name, value).map_err(|refusal| match refusal {
            Refusal::Argument { name, found, must, .. } => Refusal::Argument { name, index: Some(at), found, must },
            other => other,
        })?;
    }
    Ok(())
}

/// Two lists that belong together are equally long.
pub(crate) fn lengths(left: &'static str, left_length: usize, right: &'static str, right_length: usize) -> Result<(), Refusal> {
    if left_length == right_length { Ok(()) } else { Err(Refusal::Lengths { left, left_length, right, right_length }) }
}

/// At least so many points.
pub(crate) fn at_least(unit: &'static str, points: usize, minimum: usize) -> Result<(), Refusal> {
    if points >= minimum { Ok(()) } else { Err(Refusal::TooFewPoints { unit, points, minimum }) }
}
