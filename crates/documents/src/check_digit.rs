//! Numbers of which one digit checks the others.

/// Whether these are ten digits of which the last checks the others: modulus 11 with weights 10 to 2 (NHS Data Dictionary, NHS
/// NUMBER). A check of ten is no digit, so no number has it.
pub(crate) fn is_nhs_number(digits: &[u32]) -> bool {
    let [first @ .., check] = digits else { return false };
    let sum: u32 = (2..=10).rev().zip(first).map(|(weight, digit)| weight * digit).sum();
    first.len() == 9 && (11 - sum % 11) % 11 == *check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_checks_the_others() {
        // 9*10+4*9+3*8+4*7+7*6+6*5+5*4+9*3+1*2 = 299 = 27*11 + 2, and 11 - 2 = 9.
        assert!(is_nhs_number(&[9, 4, 3, 4, 7, 6, 5, 9, 1, 9]));
        assert!(!is_nhs_number(&[9, 4, 3, 4, 7, 6, 5, 9, 1, 8]));
        assert!(!is_nhs_number(&[9, 4, 3, 4, 7, 6, 5, 9, 1]));
        assert!(!is_nhs_number(&[]));
    }
}
