//! The last day to answer that a letter names.

use crate::exchange::ask::AskStatus;
use crate::exchange::campaign::Recipient;
use crate::exchange::communication::Communication;
use crate::exchange::id::RecipientId;
use crate::exchange::moment::Day;
use crate::exchange::state::State;

/// The last day that the letter to a recipient names when it leaves, or left, on a day; `None` without a limit.
///
/// It is the last day of the campaign's clock, or that until which time had been given before, whichever is later. Time that was
/// given after the letter left changes nothing of what it says: `letter` is the one that is out, if it is.
pub fn due_in_letter(state: &State, recipient: RecipientId, letter: Option<&Communication>, on: Day) -> Option<Day> {
    let it = state.recipient(recipient)?;
    let clock = &state.campaign(it.campaign)?.brief.clock;
    let by_clock = clock.due(clock.begins(on).unwrap_or(on), &[]);
    let given = match letter {
        Some(letter) => letter.until.iter().find(|(to, _)| *to == recipient).map(|(_, until)| *until),
        None => given_before(it),
    };
    by_clock.max(given)
}

/// Until when all that the letter asks for may be answered, if more time was given for all of it.
pub(in crate::exchange) fn given_before(recipient: &Recipient) -> Option<Day> {
    let owed = recipient.asks().filter(|(_, ask)| matches!(ask.status, AskStatus::NotSent | AskStatus::Bounced));
    // What has no more time than the clock comes first: none is less than any day.
    owed.map(|(_, ask)| ask.extended.as_ref().map(|extension| extension.until)).min().flatten()
}
