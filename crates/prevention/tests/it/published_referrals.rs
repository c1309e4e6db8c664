//! NRM referrals as they are really published.

use crate::published::table;
use headwater_prevention::source::nrm::{self, Age, Exploitation, ExploitationTypes, Gender, Quarter};

#[test]
fn referrals_by_first_responder_have_margins_that_agree() {
    let Some(table) = table("nrm/nrm_referrals_by_first_responder_2022q2_2023q4_nonzero.csv.gz") else {
        return;
    };
    assert!(nrm::recognises(&table));
    let read = nrm::read(&table).unwrap();
    assert_eq!((read.n_rows, read.quarters().len()), (47_770, 7));
    assert_eq!(read.set_aside.n_rows(), 0);
    let check = read.check_margins();
    assert!(check.n_checked > 17_000, "{}", check.n_checked);
    assert_eq!(check.disagreements, []);
    let last = Quarter { year: 2023, number: 4 };
    assert_eq!(read.total(last, "Sussex Police"), Some(26));
    let criminal = Exploitation::Types(ExploitationTypes::CRIMINAL);
    assert_eq!(read.margin(last, "Sussex Police", criminal, Age::Total, Gender::Total), 13);
    assert_eq!(read.margin(last, "Sussex Police", criminal, Age::Child, Gender::Male), 6);
    assert_eq!(read.with_type(last, "Sussex Police", ExploitationTypes::CRIMINAL), 18);
    assert_eq!(read.total(last, "Local Authority"), read.total(last, "Local Authority total"));
}

#[test]
fn the_long_series_sums_to_the_published_years() {
    let Some(table) = table("nrm/nrm_referrals_longitudinal.csv.gz") else {
        return;
    };
    let read = nrm::read_longitudinal(&table).unwrap();
    let year = |year| read.by_quarter().iter().filter(|(quarter, _)| quarter.year == year).map(|(_, n)| n).sum::<u64>();
    assert_eq!((year(2022), year(2023)), (16_921, 17_004));
}
