//! Building a campaign, its review by a second person, and its way out.

use super::{Allowed, Decision, NotAllowed, Order, body_name, ensure, next, not_allowed, only, there, together};
use crate::exchange::ask::AskStatus;
use crate::exchange::body::{ContactStatus, Language};
use crate::exchange::campaign::{AskItem, Brief, Campaign, DutyApplies, MergedLetter, Recipient, Stage};
use crate::exchange::clock::{LONGEST_DEEMED, Length, Start};
use crate::exchange::event::{
    CampaignApproved, CampaignArchived, CampaignChanged, CampaignClosed, CampaignDrafted, CampaignOpened, CampaignPaused, CampaignRecalled,
    CampaignResumed, CampaignReturned, CampaignSending, CampaignSubmitted, DutySet, Event, ItemChosen, ItemDropped, ItemSet, LetterHeldBack,
    LetterLetGo, LetterMerged, LetterWritten, RecipientAdded, RecipientContactChanged, RecipientRemoved, TookUp,
};
use crate::exchange::id::{AskId, BlobHash, BodyId, CampaignId, ContactId, ItemId, RecipientId, ReplyToken};
use crate::exchange::moment::Moment;
use crate::exchange::state::State;
use crate::exchange::words::Remark;

/// The recall window that is offered, in minutes (MuckRock's; long enough to notice a slip after pressing the button).
pub const RECALL_MINUTES: u32 = 30;

/// The longest recall window, in minutes: a week.
pub const LONGEST_RECALL_MINUTES: u32 = 7 * 24 * 60;

fn is_sound(brief: &Brief, order: &Order) -> Result<(), NotAllowed> {
    ensure(!brief.languages.is_empty(), "the campaign has no language", "choose English, Welsh or both")?;
    ensure(brief.clock.is_sensible(), "the time limit is not between 1 and 1,000 days", "give another, or none")?;
    if let Some(days) = brief.clock.deemed {
        ensure(
            brief.clock.starts_on_arrival() && brief.clock.length != Length::NoLimit,
            "a letter is deemed received, and no time starts with its arrival",
            "count the time from the day on which the letter arrived, or say nothing of deemed receipt",
        )?;
        let sensible = (1..=LONGEST_DEEMED).contains(&days);
        ensure(sensible, "a letter is not deemed received after 1 to 30 working days", "give another number, or none")?;
    }
    if let Length::By(last) = brief.clock.length {
        ensure(last > order.today(), format!("the last day to answer, {}, is over or ends today", last.name()), "give a later day, or none")?;
    }
    ensure(
        brief.clock.start != Start::Published,
        "a letter is not published when it is sent",
        "let the clock start with sending, delivery or receipt",
    )
}

fn seen_at<'a>(state: &'a State, order: &Order, id: CampaignId, stages: &[Stage]) -> Result<&'a Campaign, NotAllowed> {
    let campaign = there(state.campaign(id), id)?;
    order.fresh("the campaign", campaign.version)?;
    if stages.contains(&campaign.stage) {
        return Ok(campaign);
    }
    let wanted: Vec<&str> = stages.iter().map(|stage| stage.words()).collect();
    let mend =
        if stages == [Stage::Draft] { "have it returned to draft, or recall it, before you change it" } else { "follow the steps in their order" };
    not_allowed(format!("the campaign is {}, and this needs it to be {}", campaign.stage.words(), wanted.join(" or ")), mend)
}

/// The campaign of a recipient that may be changed, as it was seen: of a draft, or one that joins a campaign which is open.
fn draft_of(state: &State, order: &Order, id: RecipientId) -> Result<CampaignId, NotAllowed> {
    let recipient = there(state.recipient(id).filter(|recipient| !recipient.removed), id)?;
    let campaign = there(state.campaign(recipient.campaign), recipient.campaign)?;
    if recipient.joining.is_some() && campaign.stage.letters_may_leave() {
        let name = body_name(state, recipient.body);
        ensure(recipient.letter_sent.is_none(), format!("{name} was asked already"), "make its letter anew, and have it approved")?;
        order.fresh(&body_name(state, recipient.body), recipient.version)?;
    } else {
        seen_at(state, order, recipient.campaign, &[Stage::Draft])?;
    }
    Ok(recipient.campaign)
}

/// Begins a campaign; one that repeats another names it.
pub fn draft(state: &State, order: &Order, brief: Brief, previous: Option<CampaignId>) -> Allowed {
    is_sound(&brief, order)?;
    if let Some(previous) = previous {
        there(state.campaign(previous), previous)?;
    }
    only(CampaignDrafted { campaign: CampaignId(next(state.campaigns())), brief: Box::new(brief), previous })
}

/// What a campaign begins with.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// What it is for.
    pub brief: Brief,
    /// The campaign that it repeats.
    pub previous: Option<CampaignId>,
    /// What it asks for.
    pub items: Vec<AskItem>,
    /// The bodies that it asks.
    pub recipients: Vec<NewRecipient>,
    /// What was passed on to the first of them, by bodies of other campaigns.
    pub takes_up: Vec<AskId>,
}

/// Begins a campaign with what it asks for and whom: all of it or nothing. The first event bears its number.
pub fn begin(state: &State, order: &Order, beginning: Beginning) -> Allowed {
    let Beginning { brief, previous, items, recipients, takes_up } = beginning;
    let (campaign, first) = (CampaignId(next(state.campaigns())), RecipientId(next(state.recipients())));
    let mut all: Vec<Decision<'_>> = vec![Box::new(move |state, order| draft(state, order, brief.clone(), previous))];
    for item in items {
        all.push(Box::new(move |state, order| set_item(state, order, campaign, None, item.clone())));
    }
    if !recipients.is_empty() {
        all.push(Box::new(move |state, order| add_recipients(state, order, campaign, recipients.clone())));
    }
    if !takes_up.is_empty() {
        all.push(Box::new(move |state, order| take_up(state, order, first, takes_up.clone())));
    }
    // All but the first look at what has just been made, and nobody can have changed that.
    together(state, &Order { seen: u64::MAX, ..*order }, &all)
}

/// Changes what a campaign is for.
pub fn change(state: &State, order: &Order, campaign: CampaignId, brief: Brief) -> Allowed {
    seen_at(state, order, campaign, &[Stage::Draft])?;
    is_sound(&brief, order)?;
    only(CampaignChanged { campaign, brief: Box::new(brief) })
}

/// Adds an item, or rewrites one.
pub fn set_item(state: &State, order: &Order, campaign: CampaignId, item: Option<ItemId>, entry: AskItem) -> Allowed {
    let now = seen_at(state, order, campaign, &[Stage::Draft])?;
    let item = match item {
        Some(item) => {
            there(now.items.get(item.index()).and_then(Option::as_ref), item)?;
            item
        }
        None => {
            ensure(now.items.len() < 100, "the campaign has 100 items already", "ask for less, or make a second campaign")?;
            ItemId(now.items.len() as u16)
        }
    };
    let twin = now.items.iter().enumerate().filter_map(|(place, other)| Some((place, other.as_ref()?)));
    let twin = twin.filter(|(place, _)| *place != item.index()).find(|(_, other)| other.title == entry.title);
    ensure(twin.is_none(), format!("the campaign asks for \"{}\" already", entry.title), "give the item another title")?;
    only(ItemSet { campaign, item, entry: Box::new(entry) })
}

/// Corrects the wording of an item while no letter has left: the campaign goes back to be prepared, and its letters are made and
/// approved anew, for they say what they ask for.
pub fn correct_item(state: &State, order: &Order, campaign: CampaignId, item: ItemId, entry: AskItem, reason: Remark) -> Allowed {
    let stage = there(state.campaign(campaign), campaign)?.stage;
    let back: Decision<'_> = match stage {
        Stage::Draft => return set_item(state, order, campaign, Some(item), entry),
        Stage::Review | Stage::Approved => Box::new(move |state, order| send_back(state, order, campaign, reason.clone())),
        _ => Box::new(move |state, order| recall(state, order, campaign, reason.clone())),
    };
    let mend: Decision<'_> = Box::new(move |state, order| {
        // What was seen is what it was before it was taken back.
        let order = Order { seen: u64::MAX, ..*order };
        set_item(state, &order, campaign, Some(item), entry.clone())
    });
    together(state, order, &[back, mend])
}

/// Drops an item.
pub fn drop_item(state: &State, order: &Order, campaign: CampaignId, item: ItemId) -> Allowed {
    let now = seen_at(state, order, campaign, &[Stage::Draft])?;
    there(now.items.get(item.index()).and_then(Option::as_ref), item)?;
    only(ItemDropped { campaign, item })
}

/// A body to put on a campaign.
#[derive(Clone, Debug)]
pub struct NewRecipient {
    /// Which.
    pub body: BodyId,
    /// Who is written to there.
    pub contact: Option<ContactId>,
    /// Whether a duty applies.
    pub duty_applies: DutyApplies,
    /// Its part of the reply address, drawn by chance.
    pub reply_token: ReplyToken,
}

/// Puts bodies on a campaign, all or none.
pub fn add_recipients(state: &State, order: &Order, campaign: CampaignId, bodies: Vec<NewRecipient>) -> Allowed {
    seen_at(state, order, campaign, &[Stage::Draft])?;
    ensure(!bodies.is_empty(), "no body is chosen", "choose at least one")?;
    recipient_added(state, order, campaign, bodies)
}

/// What follows from bodies being put on a campaign, whatever its stage.
pub(super) fn recipient_added(state: &State, order: &Order, campaign: CampaignId, bodies: Vec<NewRecipient>) -> Allowed {
    let mut taken: Vec<BodyId> = state.recipients_of(campaign).map(|(_, recipient)| recipient.body).collect();
    let mut tokens: Vec<ReplyToken> = Vec::new();
    let mut events = Vec::new();
    for (number, new) in (next(state.recipients())..).zip(bodies) {
        let body = there(state.body(new.body), new.body)?;
        ensure(!taken.contains(&new.body), format!("{} is on the campaign already", body.entry.name), "leave it out")?;
        if let Some((successor, from)) = body.successor {
            let sentence = format!("{} was succeeded by {} on {}", body.entry.name, body_name(state, successor), from.name());
            ensure(from > order.today(), sentence, "choose that one")?;
        }
        let token_is_new = state.by_token(new.reply_token).is_none() && !tokens.contains(&new.reply_token);
        ensure(token_is_new, "a reply address was given out twice", "draw another")?;
        if let Some(contact) = new.contact {
            let at = there(state.contact(contact), contact)?;
            ensure(at.body == new.body, format!("the contact is not at {}", body.entry.name), "choose one of its own")?;
        }
        taken.push(new.body);
        tokens.push(new.reply_token);
        events.push(
            RecipientAdded {
                recipient: RecipientId(number),
                campaign,
                body: new.body,
                contact: new.contact,
                duty_applies: new.duty_applies,
                reply_token: new.reply_token,
            }
            .into(),
        );
    }
    Ok(events)
}

/// Takes a body off a campaign.
pub fn remove_recipient(state: &State, order: &Order, recipient: RecipientId, reason: Remark) -> Allowed {
    let is_joining = there(state.recipient(recipient), recipient)?.joining.is_some();
    draft_of(state, order, recipient)?;
    if is_joining {
        return leave_out(state, order, &[recipient], reason);
    }
    only(RecipientRemoved { recipient, reason })
}

/// Says that a body is asked for what others passed on to it: pages of both say what became of it.
fn take_up(state: &State, order: &Order, recipient: RecipientId, asks: Vec<AskId>) -> Allowed {
    draft_of(state, order, recipient)?;
    let body = there(state.recipient(recipient), recipient)?.body;
    ensure(!asks.is_empty(), "nothing was passed on", "choose what was")?;
    for id in &asks {
        let was_passed = there(state.ask(*id), format!("ask of {}", id.recipient))?.status == AskStatus::Transferred { to: body };
        ensure(was_passed, format!("this was not passed on to {}", body_name(state, body)), "ask the body to which it was")?;
        ensure(state.taken_up(*id).is_none(), format!("{} is asked for this already", body_name(state, body)), "follow that request")?;
    }
    only(TookUp { recipient, asks })
}

/// What a recipient passed on to a body that nobody has asked for it yet.
pub fn passed_on(state: &State, recipient: RecipientId, to: BodyId) -> Vec<AskId> {
    let asks = state.recipient(recipient).into_iter().flat_map(|it| it.asks());
    let passed = asks.filter(|(_, ask)| ask.status == AskStatus::Transferred { to }).map(|(item, _)| AskId { recipient, item });
    passed.filter(|id| state.taken_up(*id).is_none()).collect()
}

/// Says whether a recipient must co-operate and which items are asked of it, in one piece; what stays as it is makes no event.
pub fn set_terms(state: &State, order: &Order, recipient: RecipientId, duty_applies: DutyApplies, asked: &[ItemId]) -> Allowed {
    let campaign = draft_of(state, order, recipient)?;
    let (now, of) = (there(state.recipient(recipient), recipient)?, there(state.campaign(campaign), campaign)?);
    order.fresh(&body_name(state, now.body), now.version)?;
    let mut events: Vec<Event> = Vec::new();
    if now.duty_applies != duty_applies {
        events.push(DutySet { recipient, duty_applies }.into());
    }
    let items: Vec<ItemId> = of.items.iter().enumerate().filter(|(_, item)| item.is_some()).map(|(place, _)| ItemId(place as u16)).collect();
    for item in asked {
        ensure(items.contains(item), format!("the campaign does not ask for {item}"), "choose from what it asks for")?;
    }
    ensure(!asked.is_empty(), "nothing is asked of it", "choose at least one thing, or take the body off the campaign")?;
    for item in items {
        let was = now.asks.get(item.index()).is_some_and(Option::is_some);
        if was != asked.contains(&item) {
            events.push(ItemChosen { recipient, item, asked: !was }.into());
        }
    }
    ensure(!events.is_empty(), "nothing was changed", "change something, or go back")?;
    Ok(events)
}

/// Writes to another contact of the same body; also after sending, until the campaign is archived.
pub fn change_contact(state: &State, order: &Order, recipient: RecipientId, contact: ContactId) -> Allowed {
    let now = there(state.recipient(recipient).filter(|recipient| !recipient.removed), recipient)?;
    order.fresh(&body_name(state, now.body), now.version)?;
    let at = there(state.contact(contact), contact)?;
    ensure(at.body == now.body, "the contact is at another body", "enter the contact at this body first")?;
    ensure(!matches!(at.status, ContactStatus::Replaced { .. }), "the contact was replaced", "choose the one that took its place")?;
    only(RecipientContactChanged { recipient, contact })
}

/// Takes the letter in one language; letters merged from the one before are void.
pub fn write_letter(state: &State, order: &Order, campaign: CampaignId, language: Language, template: BlobHash) -> Allowed {
    let now = seen_at(state, order, campaign, &[Stage::Draft])?;
    let chosen = now.brief.languages.contains(&language);
    ensure(chosen, format!("the campaign is not written in {}", language.name()), "add the language to the campaign first")?;
    only(LetterWritten { campaign, language, template })
}

/// Takes the letters as they were merged, one for each recipient and language.
pub fn merge_letters(state: &State, order: &Order, campaign: CampaignId, letters: Vec<(RecipientId, Language, MergedLetter)>) -> Allowed {
    let now = seen_at(state, order, campaign, &[Stage::Draft])?;
    let mut events = Vec::new();
    for (recipient, language, merged) in letters {
        let there = state.recipient(recipient).is_some_and(|it| it.campaign == campaign && !it.removed);
        ensure(there, format!("{recipient} is not on this campaign"), "merge the letters of this campaign only")?;
        ensure(now.templates.contains_key(&language), format!("there is no letter in {}", language.name()), "write it first")?;
        events.push(LetterMerged { recipient, language, letter: merged.letter, values: merged.values, n_missing: merged.n_missing }.into());
    }
    Ok(events)
}

/// What keeps a campaign from being put up for review, a sentence each: shown as a task list.
pub fn gaps(state: &State, campaign: CampaignId) -> Vec<String> {
    let Some(now) = state.campaign(campaign) else { return vec![format!("there is no {campaign}")] };
    let mut gaps = Vec::new();
    if now.items.iter().flatten().next().is_none() {
        gaps.push("it asks for nothing: add an item".to_owned());
    }
    if state.recipients_of(campaign).next().is_none() {
        gaps.push("it goes to nobody: add recipients".to_owned());
    }
    for language in now.brief.languages.iter().filter(|language| !now.templates.contains_key(language)) {
        gaps.push(format!("there is no letter in {}: write it", language.name()));
    }
    gaps.extend(state.recipients_of(campaign).flat_map(|(_, recipient)| gaps_of(state, now, recipient)));
    gaps
}

/// What keeps the letter to one recipient from being approved, a sentence each.
pub fn gaps_of(state: &State, now: &Campaign, recipient: &Recipient) -> Vec<String> {
    let mut gaps = Vec::new();
    let name = body_name(state, recipient.body);
    match recipient.contact.and_then(|contact| state.contact(contact)) {
        None => gaps.push(format!("{name}: there is nobody to write to; add a contact")),
        Some(contact) if contact.status == ContactStatus::Bounced => gaps.push(format!("{name}: what was last sent came back; mend the contact")),
        Some(_) => {}
    }
    if recipient.asks().next().is_none() {
        gaps.push(format!("{name}: nothing is asked of it; choose an item or take it off"));
    }
    // A body written to in one language gets the letter in that language; both, in both.
    let wanted = state.body(recipient.body).map_or(&[][..], |body| &body.entry.languages);
    let wanted: Vec<&Language> = now.brief.languages.iter().filter(|language| wanted.contains(language)).collect();
    if wanted.is_empty() {
        gaps.push(format!("{name}: the campaign has no letter in its language; add the language"));
    }
    for language in wanted {
        match recipient.letters.get(language) {
            None => gaps.push(format!("{name}: its letter in {} is not merged", language.name())),
            Some(merged) if merged.n_missing > 0 => {
                gaps.push(format!("{name}: its letter in {} has {} empty fields; fill them", language.name(), merged.n_missing));
            }
            Some(_) => {}
        }
    }
    gaps
}

/// Puts a campaign up for review by a second person; refused while anything is missing.
pub fn submit(state: &State, order: &Order, campaign: CampaignId) -> Allowed {
    seen_at(state, order, campaign, &[Stage::Draft])?;
    let gaps = gaps(state, campaign);
    if let Some(first) = gaps.first() {
        let rest = if gaps.len() > 1 { format!(", and {} more", gaps.len() - 1) } else { String::new() };
        return not_allowed(format!("the campaign is not ready: {first}{rest}"), "mend what is on the list");
    }
    only(CampaignSubmitted { campaign })
}

/// Sends a campaign back to its author.
pub fn send_back(state: &State, order: &Order, campaign: CampaignId, reason: Remark) -> Allowed {
    seen_at(state, order, campaign, &[Stage::Review, Stage::Approved])?;
    only(CampaignReturned { campaign, reason })
}

/// Approves a campaign and its letters as they were seen; refused to the one who drafted it or put it up.
pub fn approve(state: &State, order: &Order, campaign: CampaignId, seal: BlobHash) -> Allowed {
    let now = seen_at(state, order, campaign, &[Stage::Review])?;
    let first = now.hands.contains(&order.by) || now.submitted_by == Some(order.by);
    ensure(!first, "you wrote in this campaign or put it up for review", "ask a second person, who did neither, to approve it")?;
    ensure(seal == state.seal_of_letters(campaign), "the letters are not those you looked at", "look at them again, then approve")?;
    only(CampaignApproved { campaign, seal })
}

/// Sends a campaign on its way; nothing leaves until the recall window is over.
pub fn begin_sending(state: &State, order: &Order, campaign: CampaignId, recall_minutes: u32) -> Allowed {
    let now = seen_at(state, order, campaign, &[Stage::Approved])?;
    ensure(recall_minutes <= LONGEST_RECALL_MINUTES, "the recall window is longer than a week", "give it less time")?;
    ensure(now.seal == Some(state.seal_of_letters(campaign)), "the letters are not those that were approved", "have the campaign approved again")?;
    only(CampaignSending { campaign, recall_until: order.at.plus_minutes(recall_minutes) })
}

/// Takes a campaign back while nothing has left; speed matters here, so what was seen does not.
pub fn recall(state: &State, _order: &Order, campaign: CampaignId, reason: Remark) -> Allowed {
    let now = there(state.campaign(campaign), campaign)?;
    ensure(now.stage.letters_may_leave(), format!("the campaign is {}", now.stage.words()), "only one that is being sent can be recalled")?;
    let n_out = state.recipients_of(campaign).filter(|(_, recipient)| recipient.letter_sent.is_some()).count();
    let mend = "leave out the bodies whose letters have not left, and write to those who have theirs";
    ensure(n_out == 0, format!("{n_out} letters have left already"), mend)?;
    ensure(now.stage == Stage::Sending, format!("the campaign is {}", now.stage.words()), "only one that is being sent can be recalled")?;
    let n_unknown = state.recipients_of(campaign).filter(|(id, _)| state.unanswered_letter(*id).is_some()).count();
    ensure(n_unknown == 0, format!("{n_unknown} letters may have left: the mail server gave no answer"), "say what became of them first")?;
    only(CampaignRecalled { campaign, reason })
}

/// Leaves bodies out whose letters have not left, all or none.
pub fn leave_out(state: &State, order: &Order, recipients: &[RecipientId], reason: Remark) -> Allowed {
    ensure(!recipients.is_empty(), "no body is chosen", "choose at least one")?;
    let mut events = Vec::new();
    for id in recipients {
        let recipient = on_its_way(state, order, *id)?;
        let name = body_name(state, recipient.body);
        ensure(recipient.letter_sent.is_none(), format!("the letter to {name} has left"), "withdraw what is asked of it, with a reason")?;
        ensure(
            state.unanswered_letter(*id).is_none(),
            format!("the letter to {name} may have left: the mail server gave no answer"),
            "say what became of it first",
        )?;
        events.push(RecipientRemoved { recipient: *id, reason: reason.clone() }.into());
    }
    Ok(events)
}

/// Holds letters back that have not left, or came back, all or none; one that the mail server may have taken already is on
/// its way all the same.
pub fn hold_back(state: &State, order: &Order, recipients: &[RecipientId], reason: Remark) -> Allowed {
    ensure(!recipients.is_empty(), "no letter is chosen", "choose at least one")?;
    let mut events = Vec::new();
    for id in recipients {
        let recipient = on_its_way(state, order, *id)?;
        let name = body_name(state, recipient.body);
        ensure(recipient.letter_is_owed(), format!("no letter to {name} is waiting to leave"), "choose one that is")?;
        ensure(recipient.held_back.is_none(), format!("the letter to {name} is held back already"), "leave it out")?;
        events.push(LetterHeldBack { recipient: *id, reason: reason.clone() }.into());
    }
    Ok(events)
}

/// Lets a letter go that was held back.
pub fn let_go(state: &State, order: &Order, recipient: RecipientId) -> Allowed {
    let now = on_its_way(state, order, recipient)?;
    ensure(now.held_back.is_some(), "the letter is not held back", "nothing needs to be done")?;
    only(LetterLetGo { recipient })
}

/// A recipient whose letter may leave, or be kept from leaving.
fn on_its_way<'a>(state: &'a State, order: &Order, id: RecipientId) -> Result<&'a Recipient, NotAllowed> {
    let recipient = there(state.recipient(id).filter(|recipient| !recipient.removed), id)?;
    let stage = there(state.campaign(recipient.campaign), recipient.campaign)?.stage;
    ensure(stage.letters_may_leave(), format!("the campaign is {}", stage.words()), "this is for a campaign that is on its way")?;
    order.fresh(&body_name(state, recipient.body), recipient.version)?;
    Ok(recipient)
}

/// The recipients whose letters may leave at this moment: what an outbox works through.
///
/// Among them are those whose letter came back and whose contact is good now. A letter that may be out already is not: nobody
/// knows. Neither is one that is held back, or whose asks were all withdrawn.
pub fn letters_to_send(state: &State, campaign: CampaignId, now: Moment) -> Vec<RecipientId> {
    let is_ready = |it: &Campaign| it.stage.letters_may_leave() && it.recall_until.is_some_and(|until| now >= until);
    if !state.campaign(campaign).is_some_and(is_ready) || !state.is_sealed(campaign) {
        return Vec::new();
    }
    let is_good = |contact: Option<ContactId>| contact.and_then(|id| state.contact(id)).is_some_and(|it| it.status == ContactStatus::Good);
    let to_go = |id: RecipientId, recipient: &Recipient| {
        let again = recipient.letter_came_back() && is_good(recipient.contact);
        let is_owed = recipient.letter_is_owed() && (recipient.letter_sent.is_none() || again);
        is_owed && recipient.held_back.is_none() && state.unanswered_letter(id).is_none()
    };
    state.recipients_of(campaign).filter(|(id, recipient)| to_go(*id, recipient)).map(|(id, _)| id).collect()
}

/// Opens a campaign some of whose letters are out; since it opens with the first, this is for one that began before that.
pub fn open(state: &State, _order: &Order, campaign: CampaignId) -> Allowed {
    let now = there(state.campaign(campaign), campaign)?;
    ensure(now.stage == Stage::Sending, format!("the campaign is {}", now.stage.words()), "it opens by itself with its first letter")?;
    let is_any_out = state.recipients_of(campaign).any(|(_, recipient)| recipient.letter_sent.is_some());
    ensure(is_any_out, "no letter has left", "send one, or log it as sent by hand")?;
    only(CampaignOpened { campaign })
}

/// Lets chasing rest.
pub fn pause(state: &State, order: &Order, campaign: CampaignId, reason: Remark) -> Allowed {
    seen_at(state, order, campaign, &[Stage::Open])?;
    only(CampaignPaused { campaign, reason })
}

/// Lets chasing go on.
pub fn resume(state: &State, order: &Order, campaign: CampaignId) -> Allowed {
    seen_at(state, order, campaign, &[Stage::Paused])?;
    only(CampaignResumed { campaign })
}

/// Ends a campaign: answers are still taken, none is waited for.
pub fn close(state: &State, order: &Order, campaign: CampaignId, reason: Remark) -> Allowed {
    seen_at(state, order, campaign, &[Stage::Open, Stage::Paused])?;
    only(CampaignClosed { campaign, reason })
}

/// Puts a campaign away.
pub fn archive(state: &State, order: &Order, campaign: CampaignId) -> Allowed {
    seen_at(state, order, campaign, &[Stage::Closed])?;
    only(CampaignArchived { campaign })
}
