//! Releases one after the other: what one gives away with what another said.

use headwater_release::{
    Audience, Axis, Contradiction, Count, Draft, Entry, Fate, Ledger, Linked, Rounding, Safety, Seen, Standing, Unlinked, Unprotected, audit, protect,
};

const EXACT: Safety = Safety { hide_up_to: 4, least_values: 4, rounding: Rounding::None, coalition: 0 };

fn key(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

fn axes() -> Vec<Axis> {
    let areas = Axis::new("area").made_of("county", ["north", "south", "west"]).made_of("county", ["town", "country"]);
    let years = Axis::new("period").made_of("2024", ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]);
    vec![areas, years]
}

fn draft(counts: &[(&str, &str, u64)]) -> Draft {
    let mut draft = Draft::new(axes());
    for (area, period, n) in counts {
        draft.add(key(&[area, period]), Count::new(*n)).unwrap();
    }
    draft
}

fn exactly(n: u64) -> Entry {
    Entry { release: "first".into(), audience: Audience::Public, seen: Seen::Count { shown: n, low: n, high: n } }
}

fn nothing(_: &str, _: &[String]) -> Option<Count> {
    None
}

#[test]
fn the_rest_of_a_total_is_protected_though_it_is_in_no_table() {
    // West is not shown; county less north less south gives it away.
    let draft = draft(&[("county", "2024", 60), ("north", "2024", 30), ("south", "2024", 28)]);
    let (linked, places) = draft.link(&Ledger::default(), nothing).unwrap();
    assert_eq!((linked.n_cells(), linked.n_sums()), (4, 1));
    let pattern = protect(&linked, &EXACT).unwrap();
    assert_eq!(pattern.n_with(Fate::HiddenToProtect), 1);
    assert_eq!(pattern.fate(places.cell(&key(&["county", "2024"])).unwrap()), Fate::Shown);
    assert!(audit(&linked, &EXACT, &pattern).is_safe());
}

#[test]
fn parts_that_do_not_add_up_stand_twice_or_come_from_elsewhere_are_no_sum() {
    let mut linked = Linked::default();
    let candidate = Standing::Candidate { weight: 1 };
    let cells = [50, 47, 3, 4].map(|n| linked.add_cell(Count::new(n), candidate));
    let mut other = linked.clone();
    let elsewhere = other.add_cell(Count::new(3), candidate);
    assert_eq!(linked.add_sum(cells[0], &[cells[1], cells[3]]), Err(Contradiction::WrongTotal { sum: 0, n_parts: 2 }));
    assert!(matches!(linked.add_sum(cells[0], &[cells[1], cells[1]]), Err(Contradiction::TwiceInOneSum { .. })));
    assert!(matches!(linked.add_sum(cells[0], &[cells[1], elsewhere]), Err(Contradiction::UnknownCell { .. })));
    assert_eq!(linked.add_sum(cells[0], &[cells[1], cells[2]]), Ok(()));
    assert_eq!(linked.n_sums(), 1);
}

#[test]
fn what_several_missing_parts_make_together_is_protected() {
    // South and west are 3 between them: county less north gives that away, though neither follows alone.
    let draft = draft(&[("county", "2024", 60), ("north", "2024", 57)]);
    let (linked, _) = draft.link(&Ledger::default(), nothing).unwrap();
    assert_eq!((linked.n_cells(), linked.n_sums()), (3, 1));
    let pattern = protect(&linked, &EXACT).unwrap();
    assert_eq!(pattern.n_with(Fate::HiddenToProtect), 1);
    assert!(audit(&linked, &EXACT, &pattern).is_safe());
}

#[test]
fn quarters_give_a_year_away_that_was_released_before() {
    let mut ledger = Ledger::default();
    ledger.add(key(&["north", "2024"]), exactly(50));
    let quarters = [("north", "2024-Q1", 20), ("north", "2024-Q2", 12), ("north", "2024-Q3", 15), ("north", "2024-Q4", 3)];
    let (linked, places) = draft(&quarters).link(&ledger, nothing).unwrap();
    let pattern = protect(&linked, &EXACT).unwrap();
    assert_eq!(pattern.fate(places.cell(&key(&["north", "2024-Q4"])).unwrap()), Fate::Hidden);
    assert_eq!(pattern.n_with(Fate::HiddenToProtect), 1, "the year is out, so a quarter must go");
    // Without the ledger nothing more need be hidden.
    let (alone, _) = draft(&quarters).link(&Ledger::default(), nothing).unwrap();
    assert_eq!(protect(&alone, &EXACT).unwrap().n_with(Fate::HiddenToProtect), 0);
}

#[test]
fn wards_and_districts_that_overlap_are_tied_through_their_total() {
    let draft = draft(&[
        ("county", "2024", 100),
        ("north", "2024", 40),
        ("south", "2024", 57),
        ("west", "2024", 3),
        ("town", "2024", 60),
        ("country", "2024", 40),
    ]);
    let (linked, _) = draft.link(&Ledger::default(), nothing).unwrap();
    assert_eq!(linked.n_sums(), 2);
    let pattern = protect(&linked, &EXACT).unwrap();
    assert_eq!(pattern.n_with(Fate::HiddenToProtect), 1, "one district, and neither the county nor a town");
}

#[test]
fn a_count_that_changed_by_few_since_the_last_edition_is_not_shown_again() {
    let mut ledger = Ledger::default();
    ledger.add(key(&["north", "2024"]), exactly(50));
    let (linked, places) = draft(&[("north", "2024", 52)]).link(&ledger, nothing).unwrap();
    let pattern = protect(&linked, &EXACT).unwrap();
    assert_eq!(pattern.fate(places.cell(&key(&["north", "2024"])).unwrap()), Fate::HiddenToProtect);
    // A change of nothing, or of many, tells of nobody.
    for n in [50, 62] {
        let (linked, _) = draft(&[("north", "2024", n)]).link(&ledger, nothing).unwrap();
        assert_eq!(protect(&linked, &EXACT).unwrap().n_with(Fate::HiddenToProtect), 0, "{n}");
    }
}

#[test]
fn a_count_hidden_in_an_earlier_edition_stays_unknown_when_it_has_changed_since() {
    // The year before: 50 in all, 3 and 47 hidden. This year the 3 has become 7; the 47 may still not be shown.
    let mut ledger = Ledger::default();
    ledger.add(key(&["county", "2024"]), exactly(50));
    for area in ["town", "country"] {
        ledger.add(key(&[area, "2024"]), Entry { seen: Seen::Hidden, ..exactly(0) });
    }
    let then = |_: &str, key: &[String]| {
        Some(Count::new(match key[0].as_str() {
            "town" => 47,
            "country" => 3,
            _ => 50,
        }))
    };
    let (linked, places) = draft(&[("town", "2024", 47), ("country", "2024", 7)]).link(&ledger, then).unwrap();
    assert_eq!(places.n_untied(), 1);
    let pattern = protect(&linked, &EXACT).unwrap();
    assert_eq!(pattern.fate(places.cell(&key(&["town", "2024"])).unwrap()), Fate::HiddenToProtect);
    assert_eq!(pattern.fate(places.cell(&key(&["country", "2024"])).unwrap()), Fate::Shown);
    assert!(audit(&linked, &EXACT, &pattern).is_safe());
}

#[test]
fn two_releases_of_the_same_older_counts_stay_tied_when_newer_ones_stand_between() {
    // Counted in spring: 50 in the county. Counted anew in summer: 70. In autumn a table is made from the spring's file again:
    // whoever has all three takes 30 and 17 from 50.
    let of = |release: &str, n: u64| Entry { release: release.into(), ..exactly(n) };
    let spring = [("north", "2024", 30), ("south", "2024", 17)];
    let is_safe = |ledger: &Ledger, then: &dyn Fn(&str, &[String]) -> Option<Count>, leaving: &[(&str, &str, u64)]| {
        let (linked, places) = draft(leaving).link(ledger, then).unwrap();
        let pattern = protect(&linked, &EXACT).unwrap();
        assert!(audit(&linked, &EXACT, &pattern).is_safe());
        leaving.iter().any(|(area, period, _)| pattern.fate(places.cell(&key(&[area, period])).unwrap()) == Fate::HiddenToProtect)
    };
    // By whichever id: what left last is known by the order, not by the name.
    for (first, second) in [("a", "b"), ("b", "a")] {
        let mut ledger = Ledger::default();
        ledger.add(key(&["county", "2024"]), of(first, 50));
        ledger.add(key(&["county", "2024"]), of(second, 70));
        assert_eq!(ledger.releases().collect::<Vec<_>>(), [first, second]);
        assert!(is_safe(&ledger, &nothing, &spring), "{first} is not held together with what leaves now");
        // The same with 30 out already, and with newer counts of it since.
        ledger.add(key(&["north", "2024"]), of("c", 30));
        ledger.add(key(&["north", "2024"]), of("d", 45));
        assert!(is_safe(&ledger, &nothing, &spring[1..]), "three releases, and newer counts of two of them");
    }
}

#[test]
fn a_rounded_count_that_is_out_already_cannot_protect_by_being_hidden() {
    let nearest = Safety { hide_up_to: 4, least_values: 4, rounding: Rounding::Nearest(5), coalition: 0 };
    let mut ledger = Ledger::default();
    for (area, shown) in [("town", 45), ("county", 50)] {
        let seen = Seen::Count { shown, low: shown - 2, high: shown + 2 };
        ledger.add(key(&[area, "2024"]), Entry { release: "first".into(), audience: Audience::Partners, seen });
    }
    let then = |_: &str, key: &[String]| Some(Count::new(if key[0] == "town" { 46 } else { 49 }));
    let (linked, places) = draft(&[("county", "2024", 49), ("town", "2024", 46), ("country", "2024", 3)]).link(&ledger, then).unwrap();
    let pattern = protect(&linked, &nearest).unwrap();
    assert!(audit(&linked, &nearest, &pattern).is_safe());
    // 50 less 45, each give or take 2: from 1 to 9, enough without hiding anything.
    assert_eq!(pattern.fate(places.cell(&key(&["town", "2024"])).unwrap()), Fate::Shown);
}

#[test]
fn what_is_out_already_and_leaves_no_choice_is_refused() {
    let mut ledger = Ledger::default();
    ledger.add(key(&["county", "2024"]), exactly(50));
    ledger.add(key(&["town", "2024"]), exactly(47));
    let (linked, places) = draft(&[("country", "2024", 3)]).link(&ledger, nothing).unwrap();
    let country = places.cell(&key(&["country", "2024"])).unwrap();
    assert_eq!(protect(&linked, &EXACT), Err(Unprotected::Cells { cells: vec![country] }));
}

#[test]
fn one_who_came_since_the_last_edition_is_the_same_in_a_part_and_its_total() {
    // One more in the north, and so one more in the county, and the south as it was: both are hidden. That the change of the one
    // is the change of the other is news to nobody, so it is no ground to refuse, not even where people know their own count.
    let mut ledger = Ledger::default();
    for (area, n) in [("county", 20), ("north", 5), ("south", 15)] {
        ledger.add(key(&[area, "2024"]), exactly(n));
    }
    let (linked, places) = draft(&[("county", "2024", 21), ("north", "2024", 6), ("south", "2024", 15)]).link(&ledger, nothing).unwrap();
    assert_eq!(places.n_changed(), 2);
    for coalition in [0, 1] {
        let safety = Safety { coalition, ..EXACT };
        let pattern = protect(&linked, &safety).unwrap();
        assert_eq!(pattern.n_with(Fate::HiddenToProtect), 2);
        assert!(audit(&linked, &safety, &pattern).is_safe());
    }
}

#[test]
fn a_revision_that_nothing_makes_safe_is_refused_by_name() {
    // Five in the north then, three now: the county is out as it is now, and so is the south.
    let mut ledger = Ledger::default();
    for (area, n) in [("north", 5), ("county", 20), ("south", 15)] {
        ledger.add(key(&[area, "2024"]), exactly(n));
    }
    for (area, n) in [("county", 18), ("south", 15)] {
        ledger.add(key(&[area, "2024"]), Entry { release: "second".into(), ..exactly(n) });
    }
    let (linked, places) = draft(&[("north", "2024", 3)]).link(&ledger, |_, _| None).unwrap();
    let Err(Unprotected::Cells { cells }) = protect(&linked, &EXACT) else { panic!("3 in the north follow from 18 and 15") };
    assert!(places.n_changed() == 2 && places.keys_of(&cells).contains(&key(&["north", "2024"])));
    assert!(places.keys_of(&cells).iter().all(|key| key[0] != "south"), "which is what it was");
}

#[test]
fn contradictions_and_a_ledger_that_cannot_be_true_are_refused_with_the_place() {
    let too_much = draft(&[("county", "2024", 50), ("town", "2024", 51)]).link(&Ledger::default(), nothing).unwrap_err();
    assert_eq!(too_much.to_string(), r#"the parts of ["county", "2024"] along area add up to more than it"#);
    let wrong = draft(&[("county", "2024", 50), ("town", "2024", 20), ("country", "2024", 20)]).link(&Ledger::default(), nothing).unwrap_err();
    assert!(matches!(wrong, Unlinked::WrongTotal { .. }));
    let twice = draft(&[]).clone().add(key(&["county"]), Count::new(1)).unwrap_err();
    assert!(matches!(twice, Unlinked::Key { n_axes: 2, .. }));
    let mut ledger = Ledger::default();
    ledger.add(key(&["north", "2024"]), Entry { seen: Seen::Hidden, ..exactly(0) });
    let forgotten = draft(&[("county", "2024", 50)]).link(&ledger, nothing).unwrap_err();
    assert!(forgotten.to_string().contains("add the extract"), "{forgotten}");
    let mut ledger = Ledger::default();
    ledger.add(key(&["north", "2024"]), Entry { seen: Seen::Count { shown: 5, low: 7, high: 3 }, ..exactly(0) });
    let tampered = draft(&[("county", "2024", 50)]).link(&ledger, |_, _| Some(Count::new(5))).unwrap_err();
    assert!(tampered.to_string().contains("changed by hand"), "{tampered}");
}
