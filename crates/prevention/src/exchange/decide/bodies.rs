//! Entering and changing bodies and contacts.

use super::{Allowed, Order, ensure, next, only, there};
use crate::exchange::body::{BodyEntry, Channel, ContactStatus, Language};
use crate::exchange::event::{BodyChanged, BodyEntered, BodySucceeded, ContactEntered, ContactReplaced, ContactVerified};
use crate::exchange::id::{BodyId, ContactId, PersonId};
use crate::exchange::moment::Day;
use crate::exchange::state::State;
use crate::exchange::words::{Remark, Title};

fn is_sound(entry: &BodyEntry) -> Result<(), super::NotAllowed> {
    ensure(!entry.languages.is_empty(), "the body has no language", "say in which language it is written to")?;
    let bad = entry.domains.iter().find(|domain| {
        let text = domain.as_str();
        let sound = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-' || letter == '.';
        !text.contains('.') || !text.chars().all(sound) || text.starts_with('.') || text.ends_with('.')
    });
    ensure(
        bad.is_none(),
        format!("\"{}\" is not a mail domain", bad.map_or("", |domain| domain.as_str())),
        "write it in small letters, such as council.example, without @",
    )
}

/// Enters a body; refused when another has the same name.
pub fn enter(state: &State, _order: &Order, entry: BodyEntry) -> Allowed {
    is_sound(&entry)?;
    let twin = state.bodies().iter().find(|body| body.successor.is_none() && body.entry.name.as_str().eq_ignore_ascii_case(entry.name.as_str()));
    ensure(twin.is_none(), format!("there is a body called {} already", entry.name), "use that one, or give this one a name that differs")?;
    only(BodyEntered { body: BodyId(next(state.bodies())), entry: Box::new(entry) })
}

/// Changes what is known of a body.
pub fn change(state: &State, order: &Order, body: BodyId, entry: BodyEntry, reason: Remark) -> Allowed {
    let now = there(state.body(body), body)?;
    order.fresh(now.entry.name.as_str(), now.version)?;
    is_sound(&entry)?;
    only(BodyChanged { body, entry: Box::new(entry), reason })
}

/// Says that another body took a body's place.
pub fn succeed(state: &State, order: &Order, body: BodyId, by: BodyId, from: Day) -> Allowed {
    let now = there(state.body(body), body)?;
    let successor = there(state.body(by), by)?;
    order.fresh(now.entry.name.as_str(), now.version)?;
    ensure(body != by, "a body cannot succeed itself", "choose the body that took its place")?;
    ensure(successor.successor.is_none_or(|(next, _)| next != body), "the two would succeed each other", "choose the later one")?;
    only(BodySucceeded { body, by, from })
}

/// Enters a person at a body who may be written to.
pub fn enter_contact(state: &State, _order: &Order, body: BodyId, person: PersonId, role: Title, channel: Channel, language: Language) -> Allowed {
    there(state.body(body), body)?;
    only(ContactEntered { contact: ContactId(next(state.contacts())), body, person, role, channel, language })
}

/// Says that the way to a contact was checked on a day.
pub fn verify_contact(state: &State, order: &Order, contact: ContactId, on: Day) -> Allowed {
    let now = there(state.contact(contact), contact)?;
    order.fresh("the contact", now.version)?;
    ensure(!matches!(now.status, ContactStatus::Replaced { .. }), "the contact was replaced", "check the one that took its place")?;
    ensure(on <= order.today(), format!("{} is still to come", on.name()), "give the day on which it was checked")?;
    only(ContactVerified { contact, on })
}

/// Puts another contact of the same body in a contact's place, in every campaign that is still open.
pub fn replace_contact(state: &State, order: &Order, contact: ContactId, by: ContactId, reason: Remark) -> Allowed {
    let old = there(state.contact(contact), contact)?;
    let new = there(state.contact(by), by)?;
    order.fresh("the contact", old.version)?;
    ensure(contact != by && old.body == new.body, "the two contacts are not at one body", "enter the new contact at the same body first")?;
    ensure(!matches!(new.status, ContactStatus::Replaced { .. }), "the new contact was itself replaced", "choose the one that took its place")?;
    only(ContactReplaced { contact, by, reason })
}
