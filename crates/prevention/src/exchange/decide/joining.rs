//! A letter that a second person approves by itself: that of a body which was forgotten and joins a campaign that is open, and that
//! which is made anew for another contact after the first came back.

use super::campaigns::{NewRecipient, gaps_of, recipient_added};
use super::{Allowed, NotAllowed, Order, body_name, ensure, not_allowed, only, there};
use crate::exchange::body::{ContactStatus, Language};
use crate::exchange::campaign::{MergedLetter, Recipient, Stage};
use crate::exchange::event::{LetterMerged, LetterReopened, LetterReturned, RecipientApproved};
use crate::exchange::id::{BlobHash, CampaignId, RecipientId};
use crate::exchange::state::State;
use crate::exchange::words::Remark;

/// Puts a body on a campaign that is open or paused. Nothing goes to it until its letter is made and a second person has
/// approved it; the letters of the others stay as they were approved.
pub fn join(state: &State, order: &Order, campaign: CampaignId, new: NewRecipient) -> Allowed {
    let now = there(state.campaign(campaign), campaign)?;
    let is_out = matches!(now.stage, Stage::Open | Stage::Paused);
    ensure(is_out, format!("the campaign is {}", now.stage.words()), "put bodies on a draft, or on a campaign whose letters are out")?;
    recipient_added(state, order, campaign, vec![new])
}

/// Makes the letter anew that came back, for whoever is written to now: the one that was approved names somebody else. Nothing goes
/// to them until a second person has approved the new one.
pub fn reopen(state: &State, order: &Order, id: RecipientId, reason: Remark) -> Allowed {
    let recipient = there(state.recipient(id).filter(|recipient| !recipient.removed), id)?;
    let name = body_name(state, recipient.body);
    order.fresh(&name, recipient.version)?;
    let stage = there(state.campaign(recipient.campaign), recipient.campaign)?.stage;
    ensure(stage.letters_may_leave(), format!("the campaign is {}", stage.words()), "this is for a campaign that is on its way")?;
    ensure(recipient.joining.is_none(), format!("the letter to {name} is being made anew already"), "make it, and have it approved")?;
    ensure(recipient.letter_came_back(), format!("the letter to {name} did not come back"), "write to them otherwise")?;
    let contact = recipient.contact.and_then(|contact| state.contact(contact));
    let is_good = contact.is_some_and(|contact| contact.status == ContactStatus::Good);
    ensure(is_good, format!("there is nobody at {name} whom a letter reaches"), "enter another contact first")?;
    ensure(
        state.unanswered_letter(id).is_none(),
        "the mail server gave no answer about this recipient's letter, so it may be out",
        "look into the mailbox of what was sent, and say what became of it first",
    )?;
    only(LetterReopened { recipient: id, reason })
}

/// Sends the letter back that a second person reads by itself: it has to be made again.
pub fn send_back(state: &State, order: &Order, id: RecipientId, reason: Remark) -> Allowed {
    let now = joining(state, order, id)?;
    ensure(!now.letters.is_empty(), "there is no letter to send back", "have it made first")?;
    only(LetterReturned { recipient: id, reason })
}

/// A recipient whose letter is read by itself, as it was seen.
fn joining<'a>(state: &'a State, order: &Order, id: RecipientId) -> Result<&'a Recipient, NotAllowed> {
    let recipient = there(state.recipient(id).filter(|recipient| !recipient.removed), id)?;
    let name = body_name(state, recipient.body);
    order.fresh(&name, recipient.version)?;
    ensure(recipient.joining.is_some(), format!("the letter to {name} is approved with the others"), "nothing needs to be done")?;
    let stage = there(state.campaign(recipient.campaign), recipient.campaign)?.stage;
    ensure(stage.letters_may_leave(), format!("the campaign is {}", stage.words()), "this is for a campaign that is on its way")?;
    Ok(recipient)
}

/// Takes the letters of a body that joins, as they were merged.
pub fn merge(state: &State, order: &Order, recipient: RecipientId, letters: Vec<(Language, MergedLetter)>) -> Allowed {
    let campaign = joining(state, order, recipient)?.campaign;
    let now = there(state.campaign(campaign), campaign)?;
    let mut events = Vec::new();
    for (language, merged) in letters {
        ensure(now.templates.contains_key(&language), format!("there is no letter in {}", language.name()), "choose a language of the campaign")?;
        events.push(LetterMerged { recipient, language, letter: merged.letter, values: merged.values, n_missing: merged.n_missing }.into());
    }
    Ok(events)
}

/// Approves the letter of a body that joins, as it was seen; refused to whoever put the body on the campaign or made the letter.
pub fn approve(state: &State, order: &Order, recipient: RecipientId, seal: BlobHash) -> Allowed {
    let now = joining(state, order, recipient)?;
    let is_first = now.joining.as_ref().is_some_and(|hands| hands.contains(&order.by));
    ensure(!is_first, "you put this body on the campaign or made its letter", "ask a second person, who did neither, to approve it")?;
    let campaign = there(state.campaign(now.campaign), now.campaign)?;
    if let Some(first) = gaps_of(state, campaign, now).first() {
        return not_allowed(format!("the letter is not ready: {first}"), "have it mended first");
    }
    ensure(seal == now.seal(), "the letter is not the one you looked at", "look at it again, then approve")?;
    only(RecipientApproved { recipient, seal })
}
