//! What a body is told before it is named as silent: what we sent, what came, what happens next, and how it can object.

use super::communication::Direction;
use super::grid::correspondence;
use super::id::RecipientId;
use super::moment::Day;
use super::state::State;

/// The notice to a recipient, as text to be sent: evidence, the last day to reply, and every way not to be named.
///
/// `reply_to` is where its replies find their way, if the office has an address. `None`: there is no such recipient.
pub fn notice(state: &State, id: RecipientId, today: Day, reply_by: Day, reply_to: Option<&str>) -> Option<String> {
    let recipient = state.recipient(id)?;
    let campaign = state.campaign(recipient.campaign)?;
    let name = state.body(recipient.body)?.entry.name.as_str();
    let sent = recipient.letter_sent.map_or_else(String::new, |day| format!(" on {}", day.name()));
    let mut lines = vec![
        format!("{name}: no answer to \"{}\"", campaign.brief.title),
        String::new(),
        format!("We wrote to you{sent}. As it stands on {}, we have had no answer to what we asked for:", today.name()),
    ];
    for (item, ask) in recipient.asks().filter(|(_, ask)| ask.is_waiting()) {
        let title = campaign.items.get(item.index()).and_then(Option::as_ref).map_or("", |item| item.title.as_str());
        let due = ask.due(&campaign.brief.clock);
        let counted = ask.counted_from().filter(|_| due.is_some()).map_or_else(String::new, |words| format!(" ({words})"));
        lines.push(format!("- {title}{}{counted}", due.map_or_else(String::new, |day| format!(", due {}", day.name()))));
    }
    lines.extend([String::new(), "This is what went out and what came in, as we have it:".to_owned()]);
    let mut has_come = false;
    for (communication_id, direction, on) in correspondence(state, id) {
        let Some(communication) = state.communication(communication_id) else { continue };
        has_come |= direction == Direction::In;
        let what = match communication.purpose {
            Some(purpose) => format!("we sent {}", purpose.words()),
            None => "you wrote".to_owned(),
        };
        let became = communication.deliveries.iter().filter(|(to, _)| *to == id).map(|(_, outcome)| format!("; {}", outcome.words()));
        lines.push(format!("- {}: {what} ({}){}", on.name(), communication.channel.words(), became.collect::<String>()));
    }
    if !has_come {
        lines.push("- nothing came from you".to_owned());
    }
    let reply_to = reply_to.map_or_else(String::new, |address| format!(", or write to {address}"));
    lines.extend([
        String::new(),
        format!(
            "If nothing comes until {}, we may name {name} on our public pages as a body that did not answer. Until then you can:",
            reply_by.name()
        ),
        "- send what we asked for, in full or in part;".to_owned(),
        "- say that you do not hold it, that you will not give it and why, or that another body has it;".to_owned(),
        "- say by which day it will come: nobody is named before that day is over;".to_owned(),
        "- tell us that we are wrong, and why: nobody is named until we have looked into it.".to_owned(),
        String::new(),
        format!("Reply to this message{reply_to}. With its first answer a body comes off the list."),
    ]);
    Some(lines.join("\n"))
}
