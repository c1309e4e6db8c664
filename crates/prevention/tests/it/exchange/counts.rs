//! What is counted of whom: nobody is called silent who was never reached, and nothing counts as answered that was not.

use super::desk::{Desk, ask, day, fifty_six_days};
use headwater_prevention::exchange::ask::AskStatus;
use headwater_prevention::exchange::clock::standing::Standing;
use headwater_prevention::exchange::communication::DeliveryOutcome;
use headwater_prevention::exchange::decide;
use headwater_prevention::exchange::grid::statistics::{Share, statistics};
use headwater_prevention::exchange::grid::{Filter, grid};
use headwater_prevention::exchange::id::{BodyId, CommunicationId, RecipientId};

#[test]
fn who_was_not_reached_or_is_asked_no_more_is_neither_silent_nor_complete() {
    let mut desk = Desk::new();
    desk.with_bodies(5);
    let campaign = desk.with_open_campaign(5, fifty_six_days(), "2020-10-13");
    desk.on("2020-10-15");
    let today = day("2020-10-15");
    let bounced = DeliveryOutcome::Bounced;
    desk.do_it("lead", |state, order| decide::correspondence::log_delivery(state, order, CommunicationId(0), RecipientId(0), bounced, None, today));
    let mut say = |asks: Vec<_>, status: AskStatus| {
        desk.do_it("lead", |state, order| decide::asks::describe(state, order, asks.clone(), status.clone(), today, None));
    };
    say(vec![ask(1, 0), ask(1, 1)], AskStatus::Withdrawn { reason: "Asked by mistake".parse().unwrap() });
    say(vec![ask(2, 0), ask(2, 1)], AskStatus::Transferred { to: BodyId(4) });
    say(vec![ask(3, 0), ask(3, 1)], AskStatus::Provided);
    let found = statistics(&desk.state, campaign, today).unwrap();
    assert_eq!(found.recipients_silent, Share { n: 1, of: 3 }, "only the last has had the letter and answered nothing");
    assert_eq!(found.recipients_complete, Share { n: 1, of: 3 }, "of whom nothing is wanted any more has provided nothing");
    assert_eq!(found.recipients_unreached, Share { n: 1, of: 5 });
    assert_eq!(found.answered, Share { n: 2, of: 4 }, "passing it on is no answer to what was asked");
    assert_eq!(found.passed_on, Share { n: 2, of: 6 });
    assert_eq!(found.answered_on_time, Share { n: 2, of: 2 });
    assert_eq!(found.n_in_median, 2);
    assert!(found.items_provided.iter().all(|(_, share)| *share == Share { n: 1, of: 2 }), "{:?}", found.items_provided);
}

#[test]
fn every_standing_and_status_finds_its_cells() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    let campaign = desk.with_open_campaign(1, fifty_six_days(), "2020-10-13");
    let on = day("2020-10-14");
    desk.on("2020-10-14");
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(0, 0)], AskStatus::ClarificationAsked, on, None));
    let standings = [
        Standing::NotStarted,
        Standing::NoLimit,
        Standing::Paused { since: on },
        Standing::OnTime { due: on },
        Standing::DueSoon { due: on },
        Standing::Overdue { due: on, days: 1 },
        Standing::Answered { on },
        Standing::AnsweredLate { on, days: 1 },
        Standing::Withdrawn,
    ];
    assert_eq!(standings.map(Standing::words), Standing::WORDS);
    let n_rows = |word: &str| {
        let filter = Filter { standings: vec![word.to_owned()], ..Filter::default() };
        grid(&desk.state, campaign, on, &filter).unwrap().rows.len()
    };
    assert_eq!(Standing::WORDS.map(n_rows), [0, 0, 1, 1, 0, 0, 0, 0, 0]);
    let nobody = |_: BodyId| String::new();
    assert!(!AskStatus::TOLD.contains(&"sent"), "beside the name of a body it reads as if the body had sent it");
    assert_eq!(AskStatus::Bounced.told(nobody), "asked, our letter came back");
    assert_eq!(AskStatus::Transferred { to: BodyId(0) }.told(|_| "Area 0".to_owned()), "passed to Area 0");
}
