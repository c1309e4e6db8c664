//! Reading: the codebook and its versions, coding, blind rounds and what they settle, areas by themes.

use super::desk::{Desk, fifty_six_days, hash, person};
use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::decide::documents::NewDocument;
use headwater_prevention::exchange::decide::reading::codebook::{
    change_code, change_field, enter_code, enter_field, issue, retire_code, retire_field, take_starter,
};
use headwater_prevention::exchange::decide::reading::coding::{NewCoding, code, dismiss, extract, mark_read, remove, value_of};
use headwater_prevention::exchange::decide::reading::rounds::{NewDecision, NewRound, begin, decide, finish, give_up, settle};
use headwater_prevention::exchange::decide::{self};
use headwater_prevention::exchange::document::{DocumentKind, ScreeningFinding};
use headwater_prevention::exchange::event::*;
use headwater_prevention::exchange::id::*;
use headwater_prevention::exchange::reading::agreement::{Frames, conflicts, of_documents, of_sentences, settlement};
use headwater_prevention::exchange::reading::codebook::{CodeEntry, FieldEntry, FieldKind};
use headwater_prevention::exchange::reading::coding::{FieldValue, Origin, Place, Segment};
use headwater_prevention::exchange::reading::comparison::{Standing, matrix};
use headwater_prevention::exchange::reading::drift::{Change, changes, drift};
use headwater_prevention::exchange::reading::round::{Sample, Settled};
use headwater_prevention::exchange::reading::starters::starters;
use headwater_prevention::exchange::state::State;
use proptest::prelude::*;

/// Ten sentences of six words on one page.
fn frame() -> Vec<Segment> {
    (0..10).map(|at| Segment { page: 1, first: at * 6, n_words: 6, sum: 100 + at }).collect()
}

fn frames(n: u32) -> Frames {
    (0..n).map(|id| (DocumentId(id), frame())).collect()
}

/// Sentences `from` to `to` of the frame, both among them.
fn sentences(from: usize, to: usize) -> Place {
    Place::Segment(frame()[from..=to].iter().copied().reduce(Segment::joined).unwrap())
}

fn named(name: &str, parent: Option<u32>) -> CodeEntry {
    CodeEntry { parent: parent.map(CodeId), ..CodeEntry::named(name.parse().unwrap()) }
}

fn marked(document: u32, place: Place, codes: &[u32]) -> NewCoding {
    NewCoding { document: DocumentId(document), place, codes: codes.iter().copied().map(CodeId).collect(), note: None, suggested: false }
}

/// A desk with a campaign to three areas, of which two sent two documents each, all looked into; the codes Theme 0, with Child 1
/// under it, and Theme 2, issued.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.with_bodies(3);
    desk.with_open_campaign(3, fifty_six_days(), "2020-10-13");
    for area in 0..2 {
        let file =
            |at: u32| NewDocument { original: hash(&format!("file {area} {at}")), n_bytes: 9, kind: DocumentKind::Strategy, language: Language::En };
        desk.receive_with(vec![RecipientId(area)], vec![], vec![file(0), file(1)]);
    }
    for id in 0..4 {
        desk.do_it("lead", |state, order| decide::documents::screened(state, order, DocumentId(id), vec![]));
    }
    for entry in [named("Theme 0", None), named("Child 1", Some(0)), named("Theme 2", None)] {
        desk.do_it("lead", |state, order| enter_code(state, order, entry));
    }
    desk.do_it("lead", |state, order| issue(state, order, "To begin".parse().unwrap()));
    desk
}

fn round_of(desk: &mut Desk, documents: &[u32]) -> RoundId {
    let new = NewRound {
        title: "First round".parse().unwrap(),
        codes: vec![CodeId(0), CodeId(1), CodeId(2)],
        documents: documents.iter().copied().map(DocumentId).collect(),
        sample: Sample::Whole,
        coders: vec![person("ann"), person("ben")],
    };
    let id = RoundId(desk.state.reading().rounds().count() as u32);
    desk.do_it("lead", |state, order| begin(state, order, new));
    id
}

#[test]
fn a_codebook_has_one_line_upwards_few_levels_and_versions() {
    let mut desk = desk();
    desk.refused("lead", "another code \"Theme 2\"", |state, order| enter_code(state, order, named("Theme 2", None)));
    desk.refused("lead", "under itself", |state, order| change_code(state, order, CodeId(0), named("Theme 0", Some(1))));
    desk.refused("lead", "under itself", |state, order| change_code(state, order, CodeId(0), named("Theme 0", Some(0))));
    for level in 2..6 {
        let under = if level == 2 { 1 } else { level };
        desk.do_it("lead", |state, order| enter_code(state, order, named(&format!("Level {level}"), Some(under))));
    }
    desk.refused("lead", "deeper than 6 levels", |state, order| enter_code(state, order, named("Level 6", Some(6))));
    desk.refused("lead", "deeper than 6 levels", |state, order| change_code(state, order, CodeId(0), named("Theme 0", Some(2))));
    desk.refused("lead", "nothing is changed", |state, order| change_code(state, order, CodeId(0), named("Theme 0", None)));

    // What is drafted is not what people code by.
    desk.refused("ann", "not in the version", |state, order| code(state, order, marked(0, Place::Whole, &[3])));
    desk.do_it("lead", |state, order| issue(state, order, "Deeper".parse().unwrap()));
    desk.refused("lead", "nothing was changed", |state, order| issue(state, order, "Again".parse().unwrap()));
    desk.do_it("ann", |state, order| code(state, order, marked(0, Place::Whole, &[3])));

    // With a code goes what stands under it, and what was coded stays.
    desk.do_it("lead", |state, order| retire_code(state, order, CodeId(1), "Not needed".parse().unwrap()));
    let book = desk.state.reading().codebook();
    assert_eq!(book.outline().iter().map(|(id, _, level)| (id.0, *level)).collect::<Vec<_>>(), [(0, 0), (2, 0)]);
    assert_eq!(book.issue(2).unwrap().branch(CodeId(1)).len(), 5);
    assert_eq!(book.issue(2).unwrap().path(CodeId(3)).iter().map(|it| it.as_str()).collect::<Vec<_>>(), ["Theme 0", "Child 1", "Level 2"]);
    assert_eq!(desk.state.reading().counted().count(), 1);
    desk.refused("lead", "is retired", |state, order| enter_code(state, order, named("New", Some(1))));
}

#[test]
fn every_start_codebook_can_be_taken_once() {
    let mut desk = Desk::new();
    for starter in starters() {
        desk.do_it("lead", |state, order| take_starter(state, order, starter));
        desk.refused("lead", "in the codebook already", |state, order| take_starter(state, order, starter));
    }
    desk.do_it("lead", |state, order| issue(state, order, "To begin".parse().unwrap()));
    let book = desk.state.reading().codebook();
    assert_eq!(book.outline().len(), starters().iter().map(|it| it.codes.len()).sum::<usize>());
    assert_eq!(book.outline().iter().filter(|(_, _, level)| *level == 0).count(), starters().len());
}

#[test]
fn what_a_code_meant_is_told_from_what_it_means() {
    let mut desk = desk();
    desk.do_it("ann", |state, order| code(state, order, marked(0, sentences(0, 1), &[0, 2])));
    desk.do_it("ann", |state, order| code(state, order, marked(1, sentences(0, 1), &[0])));
    let other = CodeEntry { definition: Some("Something else".parse().unwrap()), ..named("Theme 0", None) };
    desk.do_it("lead", |state, order| change_code(state, order, CodeId(0), other));
    desk.do_it("lead", |state, order| change_code(state, order, CodeId(2), named("Theme two", Some(0))));
    desk.do_it("lead", |state, order| enter_code(state, order, named("Theme 3", None)));
    desk.do_it("lead", |state, order| issue(state, order, "Sharper".parse().unwrap()));
    desk.do_it("ann", |state, order| code(state, order, marked(0, sentences(5, 5), &[0])));
    let reading = desk.state.reading();
    let book = reading.codebook();
    let changed = changes(book.issue(1).unwrap(), book.issue(2).unwrap());
    assert_eq!(changed, [(CodeId(0), vec![Change::Redefined]), (CodeId(2), vec![Change::Renamed, Change::Moved]), (CodeId(3), vec![Change::New])]);
    let found = drift(reading);
    let uses = |code: usize| found[code].by_version.iter().map(|it| (it.n_codings, it.n_documents)).collect::<Vec<_>>();
    assert_eq!((uses(0), uses(1), uses(2), uses(3)), (vec![(2, 2), (1, 1)], vec![(0, 0); 2], vec![(1, 1), (0, 0)], vec![(0, 0); 2]));
    assert_eq!(found[0].under_earlier_meaning, [CodingId(0), CodingId(2)]);
    assert!(found[2].under_earlier_meaning.is_empty());
}

#[test]
fn nothing_that_is_held_is_coded_and_a_file_is_coded_once_however_often_it_came() {
    let mut desk = desk();
    desk.do_it("ann", |state, order| code(state, order, marked(0, sentences(0, 0), &[0])));
    desk.refused("ben", "coded so already", |state, order| code(state, order, marked(0, sentences(0, 0), &[0])));
    desk.refused("ann", "no passage is chosen", |state, order| {
        code(state, order, marked(0, Place::Segment(Segment { page: 1, first: 0, n_words: 0, sum: 0 }), &[0]))
    });
    desk.refused("ann", "no code is chosen", |state, order| code(state, order, marked(0, Place::Whole, &[])));
    let twin = NewDocument { original: hash("file 0 0"), n_bytes: 9, kind: DocumentKind::Strategy, language: Language::En };
    desk.receive_with(vec![RecipientId(2)], vec![], vec![twin]);
    desk.do_it("lead", |state, order| decide::documents::screened(state, order, DocumentId(4), vec![]));
    desk.refused("ann", "came before, as document 0", |state, order| code(state, order, marked(4, Place::Whole, &[0])));
    let rows = matrix(&desk.state, CampaignId(0), &[CodeId(0)]);
    assert_eq!(rows.iter().map(|row| row.cells[0].codings.len()).collect::<Vec<_>>(), [1, 0, 1]);

    desk.do_it("lead", |state, order| decide::documents::hold(state, order, DocumentId(0), vec![ScreeningFinding::IndividualCase]));
    for refused in [
        code(&desk.state, &desk.order("ann"), marked(0, Place::Whole, &[0])),
        mark_read(&desk.state, &desk.order("ann"), DocumentId(0), true),
        dismiss(&desk.state, &desk.order("ann"), DocumentId(0), frame()[0], CodeId(0)),
    ] {
        assert!(refused.unwrap_err().what.contains("held"));
    }
    let rows = matrix(&desk.state, CampaignId(0), &[CodeId(0)]);
    assert_eq!(rows.iter().map(|row| row.cells[0].standing).collect::<Vec<_>>(), [Standing::ToBeRead, Standing::ToBeRead, Standing::NoDocument]);
}

#[test]
fn two_people_code_blind_differ_decide_and_settle() {
    let mut desk = desk();
    desk.do_it("cat", |state, order| code(state, order, marked(0, sentences(9, 9), &[2])));
    let id = round_of(&mut desk, &[0, 1]);
    let (ann, ben, cat) = (person("ann"), person("ben"), person("cat"));
    let new = NewRound {
        title: "Twice".parse().unwrap(),
        codes: vec![CodeId(0)],
        documents: vec![DocumentId(1)],
        sample: Sample::Whole,
        coders: vec![person("ann"), person("cat")],
    };
    desk.refused("lead", "being coded in", |state, order| begin(state, order, new));

    // Ann has 0 to 3 where Ben has 2 to 5; both have the same of the whole, and one part of a sentence.
    desk.do_it("ann", |state, order| code(state, order, marked(0, sentences(0, 3), &[0])));
    desk.do_it("ben", |state, order| code(state, order, marked(0, sentences(2, 5), &[0])));
    desk.do_it("ann", |state, order| code(state, order, marked(0, Place::Whole, &[2])));
    desk.do_it("ben", |state, order| code(state, order, marked(0, Place::Whole, &[2])));
    let two_words = Place::Segment(Segment { page: 1, first: 43, n_words: 2, sum: 7 });
    desk.do_it("ben", |state, order| code(state, order, marked(0, two_words, &[1])));
    assert!(desk.state.reading().seen_by(DocumentId(0), ann).iter().all(|(_, it)| it.by == ann && it.origin == Origin::Blind(id)));
    assert_eq!(desk.state.reading().seen_by(DocumentId(0), cat).len(), 1);
    assert!(conflicts(desk.state.reading(), id, &frames(2)).is_empty() && of_sentences(desk.state.reading(), id, &frames(2)).is_empty());
    desk.refused("ann", "somebody else's", |state, order| remove(state, order, CodingId(2)));
    desk.refused("cat", "no coder", |state, order| finish(state, order, id, DocumentId(0)));
    for (by, document) in [("ann", 0), ("ben", 0), ("ann", 1)] {
        desk.do_it(by, |state, order| finish(state, order, id, DocumentId(document)));
    }
    desk.refused("ann", "finished in that round", |state, order| remove(state, order, CodingId(1)));
    desk.refused("lead", "not all have finished", |state, order| settle(state, order, id, &frames(2)));
    // What Ann codes in a document that she has finished is none of the round's.
    assert_eq!(desk.state.reading().blind_in(DocumentId(0), ann), None);
    desk.do_it("ben", |state, order| finish(state, order, id, DocumentId(1)));

    // Twenty sentences: both gave two, each gave two more alone. Kappa by hand: (18/20 - ...) over sentences.
    let found = of_sentences(desk.state.reading(), id, &frames(2));
    assert_eq!((found[0].n_units, found[0].n_alike, found[0].n_coded.clone()), (20, 16, vec![4, 4]));
    let by_chance = 0.2 * 0.2 + 0.8 * 0.8;
    let kappa = found[0].kappa.as_ref().unwrap().as_ref().unwrap().value();
    assert!((kappa - (0.8 - by_chance) / (1.0 - by_chance)).abs() < 1e-12);
    assert!(found[2].alpha.is_err(), "nobody gave it to a sentence: undefined");
    let whole = of_documents(desk.state.reading(), id);
    assert_eq!((whole[2].n_units, whole[2].n_alike), (2, 2));

    let open = conflicts(desk.state.reading(), id, &frames(2));
    let places: Vec<_> = open.iter().map(|it| (it.code.0, it.place, it.given_by.clone())).collect();
    assert_eq!(places, [(0, sentences(0, 1), vec![ann]), (0, sentences(4, 5), vec![ben]), (1, sentences(7, 7), vec![ben])]);
    desk.refused("cat", "3 places are not decided", |state, order| settle(state, order, id, &frames(2)));
    let decision = |at: usize, applies| NewDecision { document: DocumentId(0), place: open[at].place, code: open[at].code, applies, note: None };
    let elsewhere = NewDecision { place: sentences(2, 3), ..decision(0, true) };
    desk.refused("cat", "do not differ there", |state, order| decide(state, order, id, elsewhere, &frames(2)));
    for (at, applies) in [(0, true), (1, false), (2, false)] {
        desk.do_it("cat", |state, order| decide(state, order, id, decision(at, applies), &frames(2)));
    }
    desk.refused("cat", "decided already", |state, order| decide(state, order, id, decision(0, true), &frames(2)));
    desk.do_it("cat", |state, order| settle(state, order, id, &frames(2)));
    let reading = desk.state.reading();
    let settled: Vec<_> =
        reading.counted().filter(|(_, it)| it.origin == Origin::Settled(id)).map(|(_, it)| (it.document.0, it.code.0, it.place)).collect();
    assert_eq!(settled, [(0, 0, sentences(0, 3)), (0, 2, Place::Whole)]);
    assert!(reading.is_read(DocumentId(1)) && reading.round(id).unwrap().is_settled());

    let rows = matrix(&desk.state, CampaignId(0), &[CodeId(0), CodeId(2)]);
    let standings: Vec<Vec<Standing>> = rows.iter().map(|row| row.cells.iter().map(|it| it.standing).collect()).collect();
    assert_eq!(
        standings,
        [vec![Standing::Said, Standing::Said], vec![Standing::ToBeRead, Standing::ToBeRead], vec![Standing::NoDocument, Standing::NoDocument]]
    );
    assert_eq!(rows[0].n_unread, 0);
    let removed = |coding| remove(&desk.state, &desk.order("ann"), coding).unwrap_err().what;
    assert!(removed(CodingId(6)).contains("settled"));
}

#[test]
fn of_a_round_that_is_given_up_nothing_counts() {
    let mut desk = desk();
    let id = round_of(&mut desk, &[2]);
    desk.do_it("ann", |state, order| code(state, order, marked(2, sentences(0, 3), &[0])));
    desk.do_it("lead", |state, order| give_up(state, order, id, "Begun by mistake".parse().unwrap()));
    assert_eq!(desk.state.reading().counted().count(), 0);
    assert_eq!(settlement(desk.state.reading(), id, &frames(4)), None);
    desk.refused("ann", "over", |state, order| finish(state, order, id, DocumentId(2)));
    round_of(&mut desk, &[2]);
}

#[test]
fn what_is_looked_up_is_of_the_kind_of_its_field_and_can_be_taken_back() {
    let mut desk = desk();
    let field = |name: &str, kind| FieldEntry { name: name.parse().unwrap(), question: "What does it say?".parse().unwrap(), kind };
    let choices = |list: &[&str]| FieldKind::Choice(list.iter().map(|it| it.parse().unwrap()).collect());
    for entry in [field("Tool", FieldKind::Words), field("Year", FieldKind::Number), field("Model", choices(&["MASH", "MARAC"]))] {
        desk.do_it("lead", |state, order| enter_field(state, order, entry));
    }
    desk.refused("lead", "2 to 50", |state, order| enter_field(state, order, field("One", choices(&["a"]))));
    desk.refused("lead", "twice", |state, order| enter_field(state, order, field("Two", choices(&["a", "a"]))));
    desk.refused("lead", "another field", |state, order| enter_field(state, order, field("Tool", FieldKind::Day)));
    desk.do_it("lead", |state, order| issue(state, order, "Fields".parse().unwrap()));
    let value = Some(FieldValue::Choice(1));
    desk.refused("ann", "another kind", |state, order| extract(state, order, DocumentId(0), FieldId(0), value.clone(), Place::Whole));
    desk.refused("ann", "another kind", |state, order| extract(state, order, DocumentId(0), FieldId(2), Some(FieldValue::Choice(2)), Place::Whole));
    desk.do_it("ann", |state, order| extract(state, order, DocumentId(0), FieldId(2), value.clone(), sentences(0, 0)));
    desk.refused("ben", "written down already", |state, order| extract(state, order, DocumentId(0), FieldId(2), value.clone(), sentences(0, 0)));
    desk.refused("lead", "written down for the field", |state, order| {
        change_field(state, order, FieldId(2), field("Model", choices(&["MARAC", "MASH"])))
    });
    desk.do_it("lead", |state, order| change_field(state, order, FieldId(2), field("Model", choices(&["MASH", "MARAC", "Other"]))));
    assert_eq!(desk.state.reading().extraction(DocumentId(0), FieldId(2)).unwrap().value, value);
    desk.do_it("ben", |state, order| extract(state, order, DocumentId(0), FieldId(2), None, Place::Whole));
    assert_eq!(desk.state.reading().extraction(DocumentId(0), FieldId(2)), None);
    assert_eq!(desk.state.reading().extractions_of(DocumentId(0), FieldId(2)).count(), 2);
    desk.do_it("lead", |state, order| retire_field(state, order, FieldId(2), "Not needed".parse().unwrap()));

    let number = field("Year", FieldKind::Number);
    for sound in ["2020", "-0.5", " 1250 "] {
        assert!(matches!(value_of(&number, sound), Ok(FieldValue::Number(_))), "{sound}");
    }
    for unsound in ["", "1.", ".5", "1,250", "1.2.3", "NaN", "1e9", "-", &"9".repeat(41)] {
        assert!(value_of(&number, unsound).is_err(), "{unsound}");
    }
    assert!(value_of(&field("Model", choices(&["a", "b"])), "2").is_err());
    assert_eq!(value_of(&field("Day", FieldKind::Day), "2020-10-13"), Ok(FieldValue::Day("2020-10-13".parse().unwrap())));
    assert_eq!(value_of(&field("Any", FieldKind::YesNo), "no"), Ok(FieldValue::YesNo(false)));
}

#[test]
fn reading_is_marked_by_each_reader_for_themselves() {
    let mut desk = desk();
    desk.do_it("ann", |state, order| mark_read(state, order, DocumentId(0), true));
    desk.refused("ann", "you have marked", |state, order| mark_read(state, order, DocumentId(0), true));
    desk.refused("ben", "you have not", |state, order| mark_read(state, order, DocumentId(0), false));
    desk.do_it("ben", |state, order| mark_read(state, order, DocumentId(0), true));
    desk.do_it("ann", |state, order| mark_read(state, order, DocumentId(0), false));
    let readers: Vec<_> = desk.state.reading().readers(DocumentId(0)).into_iter().map(|(who, _)| who).collect();
    assert_eq!(readers, [person("ben")]);
}

/// Something that may happen to documents, codes and a round, over few numbers so that much of it meets.
fn any_event() -> impl Strategy<Value = Event> {
    (0_usize..15, 0_u32..3, 0_u32..4, 0_u32..8, any::<bool>()).prop_map(|(kind, code, document, n, yes)| {
        let reason = || "a reason".parse().unwrap();
        let (code, document, round) = (CodeId(code), DocumentId(document), RoundId(n % 2));
        let place = if n == 7 { Place::Whole } else { sentences(n as usize % 5, n as usize % 5 + usize::from(yes)) };
        match kind {
            0 => CodeChanged { code, entry: Box::new(named(&format!("Code {n}"), (n < 3).then_some(n))) }.into(),
            1 if n < 2 => CodeRetired { code, reason: reason() }.into(),
            2 => CodebookIssued { version: n, note: reason() }.into(),
            3 => CodingRemoved { coding: CodingId(n) }.into(),
            4 => DocumentRead { document, read: yes }.into(),
            5 => RoundConflictDecided { round, document, place, code, applies: yes, note: None }.into(),
            6 if n == 0 => RoundSettled { round, settled: vec![Settled { document, place, code }] }.into(),
            7 if n == 0 => RoundGivenUp { round, reason: reason() }.into(),
            8..=10 => RoundDocumentFinished { round, document }.into(),
            // The number is put right where it is applied.
            _ => CodingEntered { coding: CodingId(0), document, place, code, round: yes.then_some(round), suggested: false, note: None }.into(),
        }
    })
}

/// Who gave the code to the sentence, word by word: the same rule, written down without passages.
fn gave(state: &State, id: RoundId, document: DocumentId, unit: Segment, code: CodeId, by: PersonId) -> bool {
    state.reading().codings_of(document).any(|(_, it)| {
        let Place::Segment(segment) = it.place else { return false };
        let words = (segment.first..segment.end()).filter(|word| (unit.first..unit.end()).contains(word)).count() as u32;
        let is_it = it.origin == Origin::Blind(id) && it.by == by && it.code == code && segment.page == unit.page;
        is_it && words > 0 && (words * 2 >= unit.n_words || words * 2 >= segment.n_words)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_what_does_not_fit_changes_nothing_and_blind_stays_blind(
        events in prop::collection::vec((any_event(), 0_usize..3), 0..80)
    ) {
        let mut desk = desk();
        round_of(&mut desk, &[0, 1]);
        let people = ["ann", "ben", "cat"].map(person);
        for (event, by) in events {
            let event = match event {
                Event::CodingEntered(it) => {
                    // Numbers of codings go on from what is there.
                    let next = (0..).map(CodingId).find(|id| desk.state.reading().coding(*id).is_none()).unwrap();
                    CodingEntered { coding: next, ..it }.into()
                }
                other => other,
            };
            let (before, misfits) = (desk.state.clone(), desk.state.n_misfits());
            let recorded = Recorded { seq: desk.state.seq() + 1, at: desk.now, actor: people[by], event };
            desk.state.apply(recorded);
            if desk.state.n_misfits() > misfits {
                prop_assert_eq!(desk.state.reading(), before.reading());
            }
            let reading = desk.state.reading();
            for (id, round) in reading.rounds().filter(|(_, round)| round.is_open()) {
                for person in people {
                    for document in &round.documents {
                        let seen = reading.seen_by(*document, person);
                        prop_assert!(seen.iter().all(|(_, it)| it.origin != Origin::Blind(id) || it.by == person));
                        if round.coders.contains(&person) && !round.has_finished(person, *document) {
                            prop_assert!(seen.iter().all(|(_, it)| it.origin == Origin::Blind(id)), "others are seen before it is finished");
                        }
                    }
                }
            }
            for (_, coding) in reading.codings() {
                let book = reading.codebook();
                prop_assert!(book.issue(coding.version).is_some_and(|issue| issue.code(coding.code).is_some()));
            }
        }
    }

    #[test]
    fn coders_are_compared_as_a_slow_count_of_words_says(
        marks in prop::collection::vec((0_usize..2, 0_u32..2, 0_u32..3, 0_u32..59, 1_u32..15), 0..40),
        right in prop::collection::vec(any::<bool>(), 60)
    ) {
        let mut desk = desk();
        let id = round_of(&mut desk, &[0, 1]);
        let coders = ["ann", "ben"];
        for (coder, document, of_code, first, n_words) in marks {
            let segment = Segment { page: 1, first, n_words: n_words.min(60 - first), sum: first };
            // The same place twice is refused, which is as well.
            let _ = desk.try_it(coders[coder], |state, order| code(state, order, marked(document, Place::Segment(segment), &[of_code])));
        }
        for (coder, document) in [("ann", 0), ("ann", 1), ("ben", 0), ("ben", 1)] {
            desk.do_it(coder, |state, order| finish(state, order, id, DocumentId(document)));
        }
        let units: Vec<(DocumentId, Segment)> = frames(2).into_iter().flat_map(|(id, units)| units.into_iter().map(move |unit| (id, unit))).collect();
        let who = |state: &State, of_code: CodeId, (document, unit): (DocumentId, Segment)| {
            coders.map(|by| gave(state, id, document, unit, of_code, person(by)))
        };
        let found = of_sentences(desk.state.reading(), id, &frames(2));
        for agreement in &found {
            let rows: Vec<[bool; 2]> = units.iter().map(|unit| who(&desk.state, agreement.code, *unit)).collect();
            let count = |wanted: [bool; 2]| rows.iter().filter(|row| **row == wanted).count() as f64;
            prop_assert_eq!(agreement.n_alike as f64, count([true; 2]) + count([false; 2]));
            let (both, first, second, n) = (count([true; 2]), count([true, false]), count([false, true]), rows.len() as f64);
            let by_chance = ((both + first) * (both + second) + (n - both - first) * (n - both - second)) / (n * n);
            match agreement.kappa.as_ref().unwrap() {
                Ok(kappa) => prop_assert!((kappa.value() - ((agreement.n_alike as f64 / n) - by_chance) / (1.0 - by_chance)).abs() < 1e-12),
                Err(_) => prop_assert!(both == n || both + first + second == 0.0, "undefined though both used the code differently"),
            }
        }
        // Each conflict is decided; what is settled is, sentence by sentence, what both gave or was decided.
        let open = conflicts(desk.state.reading(), id, &frames(2));
        for (conflict, applies) in open.iter().zip(right.iter().cycle()) {
            let new = NewDecision { document: conflict.document, place: conflict.place, code: conflict.code, applies: *applies, note: None };
            desk.do_it("cat", |state, order| decide(state, order, id, new, &frames(2)));
        }
        desk.do_it("cat", |state, order| settle(state, order, id, &frames(2)));
        for of_code in (0..3).map(CodeId) {
            for (document, unit) in &units {
                let [ann, ben] = who(&desk.state, of_code, (*document, *unit));
                let decided = open.iter().zip(right.iter().cycle()).find(|(it, _)| {
                    (it.document, it.code) == (*document, of_code) && it.place.segment().is_some_and(|segment| segment.shared(*unit) > 0)
                });
                prop_assert_eq!(decided.is_some(), ann != ben);
                let expected = (ann && ben) || decided.is_some_and(|(_, applies)| *applies);
                let settled = desk.state.reading().codings_of(*document).any(|(_, it)| {
                    it.origin == Origin::Settled(id) && it.code == of_code && it.place.segment().is_some_and(|segment| segment.shared(*unit) > 0)
                });
                prop_assert_eq!(settled, expected);
            }
        }
    }
}
