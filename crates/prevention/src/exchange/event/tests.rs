//! Names and forms of events, which never change.

use super::*;

#[test]
fn every_kind_is_a_noun_and_what_became_of_it_and_stands_once() {
    let kinds: std::collections::BTreeSet<_> = Event::KINDS.iter().collect();
    assert_eq!(kinds.len(), Event::KINDS.len());
    for kind in kinds {
        assert_eq!(kind.split('.').count(), 2, "{kind}");
        assert!(kind.chars().all(|letter| letter.is_ascii_lowercase() || letter == '.' || letter == '_'), "{kind}");
    }
}

#[test]
fn the_form_of_an_event_in_the_log_never_changes() {
    let event = Event::from(AskDescribed {
        asks: vec![AskId { recipient: RecipientId(3), item: ItemId(1) }],
        status: AskStatus::Promised { until: "2020-12-01".parse().unwrap() },
        on: "2020-11-02".parse().unwrap(),
        proof: Some(Proof::Communication(CommunicationId(7))),
    });
    let body = r#"{"asks":[{"recipient":3,"item":1}],"status":{"promised":{"until":"2020-12-01"}},"on":"2020-11-02","proof":{"communication":7}}"#;
    assert_eq!((event.kind(), event.body().as_str()), ("ask.described", body));
    assert_eq!(Event::read("ask.described", body), Ok(event));
}

#[test]
fn what_cannot_be_read_says_why() {
    let unknown = Event::read("ask.frobnicated", "{}").unwrap_err().to_string();
    assert!(unknown.contains("ask.frobnicated") && unknown.contains("later version"), "{unknown}");
    let extra = Event::read("campaign.archived", r#"{"campaign":1,"name":"x"}"#).unwrap_err().to_string();
    assert!(extra.contains("unknown field `name`"), "{extra}");
    let address = Event::read("campaign.paused", r#"{"campaign":1,"reason":"a@b.example asked"}"#).unwrap_err().to_string();
    assert!(address.contains("never erased"), "{address}");
    assert!(Event::read("campaign.paused", "").is_err());
}
