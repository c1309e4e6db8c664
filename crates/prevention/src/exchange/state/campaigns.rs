//! Events of campaigns, their items, recipients and letters.

use super::{Fit, Stamp, State, next_on, require};
use crate::exchange::ask::{Ask, AskStatus};
use crate::exchange::campaign::{Campaign, MergedLetter, Recipient, Stage};
use crate::exchange::event::{
    CampaignApproved, CampaignArchived, CampaignChanged, CampaignClosed, CampaignDrafted, CampaignOpened, CampaignPaused, CampaignRecalled,
    CampaignResumed, CampaignReturned, CampaignSending, CampaignSubmitted, DutySet, ItemChosen, ItemDropped, ItemSet, LetterHeldBack, LetterLetGo,
    LetterMerged, LetterReopened, LetterReturned, LetterWritten, RecipientAdded, RecipientApproved, RecipientContactChanged, RecipientRemoved,
    TookUp,
};
use crate::exchange::id::{AskId, CampaignId, RecipientId};
use crate::exchange::non_response::NonResponse;
use crate::exchange::words::Remark;
use std::collections::{BTreeMap, BTreeSet};

const NO_CAMPAIGN: &str = "there is no such campaign";
const NO_RECIPIENT: &str = "there is no such recipient";
const NOT_A_DRAFT: &str = "the campaign is no draft any more";
const WRONG_STAGE: &str = "the campaign is not at the stage from which this follows";

/// Somebody changed a campaign.
fn by_hand(campaign: &mut Campaign, stamp: Stamp) {
    campaign.hands.insert(stamp.by);
    campaign.version = stamp.seq;
}

impl State {
    fn campaign_mut(&mut self, id: CampaignId) -> Result<&mut Campaign, &'static str> {
        self.campaigns.get_mut(id.index()).ok_or(NO_CAMPAIGN)
    }

    /// A campaign that is a draft; `by_hand` says afterwards in whose hands it was changed.
    fn draft_mut(&mut self, id: CampaignId) -> Result<&mut Campaign, &'static str> {
        let campaign = self.campaign_mut(id)?;
        require(campaign.stage == Stage::Draft, NOT_A_DRAFT)?;
        Ok(campaign)
    }

    /// Letters that were merged before what they say was changed are void.
    fn void_letters(&mut self, id: CampaignId) {
        for recipient in self.recipients.iter_mut().filter(|recipient| recipient.campaign == id) {
            recipient.letters.clear();
        }
    }

    /// A recipient whose campaign is a draft, or that joins one which is open; whatever it is part of gets a new version.
    fn draft_recipient_mut(&mut self, id: RecipientId, stamp: Stamp) -> Result<&mut Recipient, &'static str> {
        let recipient = self.recipient(id).filter(|recipient| !recipient.removed).ok_or(NO_RECIPIENT)?;
        let (campaign, joins) = (recipient.campaign, recipient.joining.is_some());
        if !(joins && self.campaign(campaign).is_some_and(|campaign| campaign.stage.letters_may_leave())) {
            by_hand(self.draft_mut(campaign)?, stamp);
        }
        let recipient = self.recipients.get_mut(id.index()).ok_or(NO_RECIPIENT)?;
        recipient.version = stamp.seq;
        if let Some(hands) = &mut recipient.joining {
            hands.insert(stamp.by);
        }
        Ok(recipient)
    }

    fn move_on(&mut self, id: CampaignId, from: &[Stage], to: Stage, stamp: Stamp) -> Result<&mut Campaign, &'static str> {
        let campaign = self.campaign_mut(id)?;
        require(from.contains(&campaign.stage), WRONG_STAGE)?;
        campaign.stage = to;
        campaign.stage_since = stamp.at;
        campaign.version = stamp.seq;
        Ok(campaign)
    }

    pub(super) fn campaign_drafted(&mut self, event: CampaignDrafted, stamp: Stamp) -> Fit {
        next_on(&self.campaigns, event.campaign.index())?;
        require(event.previous.is_none_or(|previous| self.campaign(previous).is_some()), NO_CAMPAIGN)?;
        self.campaigns.push(Campaign {
            brief: *event.brief,
            stage: Stage::Draft,
            stage_since: stamp.at,
            author: stamp.by,
            hands: BTreeSet::from([stamp.by]),
            submitted_by: None,
            approved_by: None,
            seal: None,
            recall_until: None,
            items: Vec::new(),
            recipients: Vec::new(),
            templates: BTreeMap::new(),
            previous: event.previous,
            version: stamp.seq,
        });
        Ok(())
    }

    pub(super) fn campaign_changed(&mut self, event: CampaignChanged, stamp: Stamp) -> Fit {
        let campaign = self.draft_mut(event.campaign)?;
        campaign.brief = *event.brief;
        by_hand(campaign, stamp);
        self.void_letters(event.campaign);
        Ok(())
    }

    pub(super) fn item_set(&mut self, event: ItemSet, stamp: Stamp) -> Fit {
        let campaign = self.draft_mut(event.campaign)?;
        require(event.item.index() <= campaign.items.len(), "its number is not the next")?;
        let is_new = event.item.index() == campaign.items.len();
        if is_new {
            campaign.items.push(Some(*event.entry));
        } else {
            require(campaign.items[event.item.index()].is_some(), "the item was dropped")?;
            campaign.items[event.item.index()] = Some(*event.entry);
        }
        by_hand(campaign, stamp);
        if is_new {
            for recipient in self.recipients.iter_mut().filter(|recipient| recipient.campaign == event.campaign) {
                recipient.asks.push(Some(Ask::not_sent(stamp.at, stamp.by, stamp.seq)));
            }
        }
        self.void_letters(event.campaign);
        Ok(())
    }

    pub(super) fn item_dropped(&mut self, event: ItemDropped, stamp: Stamp) -> Fit {
        let campaign = self.draft_mut(event.campaign)?;
        *campaign.items.get_mut(event.item.index()).filter(|item| item.is_some()).ok_or("there is no such item")? = None;
        by_hand(campaign, stamp);
        for recipient in self.recipients.iter_mut().filter(|recipient| recipient.campaign == event.campaign) {
            if let Some(ask) = recipient.asks.get_mut(event.item.index()) {
                *ask = None;
            }
        }
        self.void_letters(event.campaign);
        Ok(())
    }

    pub(super) fn recipient_added(&mut self, event: RecipientAdded, stamp: Stamp) -> Fit {
        next_on(&self.recipients, event.recipient.index())?;
        require(self.body(event.body).is_some(), "there is no such body")?;
        let at_body = |contact| self.contact(contact).is_some_and(|contact| contact.body == event.body);
        require(event.contact.is_none_or(at_body), "the contact is not at the body")?;
        require(!self.by_token.contains_key(&event.reply_token), "its reply token was given out before")?;
        let twice = self.recipients_of(event.campaign).any(|(_, recipient)| recipient.body == event.body);
        require(!twice, "the body is on the campaign already")?;
        let joins = self.campaign(event.campaign).is_some_and(|campaign| matches!(campaign.stage, Stage::Open | Stage::Paused));
        let campaign = if joins { self.campaign_mut(event.campaign)? } else { self.draft_mut(event.campaign)? };
        campaign.recipients.push(event.recipient);
        if joins {
            campaign.version = stamp.seq;
        } else {
            by_hand(campaign, stamp);
        }
        let asks = campaign.items.iter().map(|item| item.as_ref().map(|_| Ask::not_sent(stamp.at, stamp.by, stamp.seq))).collect();
        self.by_token.insert(event.reply_token, event.recipient);
        self.recipients.push(Recipient {
            campaign: event.campaign,
            body: event.body,
            contact: event.contact,
            duty_applies: event.duty_applies,
            reply_token: event.reply_token,
            letters: BTreeMap::new(),
            letters_name: None,
            asks,
            removed: false,
            takes_up: Vec::new(),
            letter_sent: None,
            joining: joins.then(|| BTreeSet::from([stamp.by])),
            returned: None,
            held_back: None,
            last_chased: None,
            non_response: NonResponse::None,
            letter: None,
            version: stamp.seq,
        });
        Ok(())
    }

    pub(super) fn recipient_approved(&mut self, event: RecipientApproved, stamp: Stamp) -> Fit {
        let recipient = self.recipient(event.recipient).filter(|recipient| !recipient.removed).ok_or(NO_RECIPIENT)?;
        let campaign = recipient.campaign;
        let hands = recipient.joining.as_ref().ok_or("it is approved already")?;
        require(!hands.contains(&stamp.by), "nobody approves their own letter")?;
        require(!recipient.letters.is_empty() && event.seal == recipient.seal(), "the letter is not the one that was approved")?;
        require(self.campaign(campaign).is_some_and(|campaign| campaign.stage.letters_may_leave()), WRONG_STAGE)?;
        let sealed = self.is_sealed(campaign);
        let recipient = &mut self.recipients[event.recipient.index()];
        (recipient.joining, recipient.version) = (None, stamp.seq);
        self.seal_anew(campaign, sealed, stamp)
    }

    /// The letters that stay or come are as good as those that were approved, if those were.
    fn seal_anew(&mut self, campaign: CampaignId, sealed: bool, stamp: Stamp) -> Fit {
        let seal = self.seal_of_letters(campaign);
        let campaign = self.campaign_mut(campaign)?;
        campaign.version = stamp.seq;
        if sealed {
            campaign.seal = Some(seal);
        }
        Ok(())
    }

    pub(super) fn recipient_removed(&mut self, event: RecipientRemoved, stamp: Stamp) -> Fit {
        let campaign = self.recipient(event.recipient).filter(|recipient| !recipient.removed).ok_or(NO_RECIPIENT)?.campaign;
        if self.campaign(campaign).is_some_and(|campaign| campaign.stage.letters_may_leave()) {
            self.leave_out(event.recipient, campaign, &event.reason, stamp)
        } else {
            self.draft_recipient_mut(event.recipient, stamp)?.removed = true;
            Ok(())
        }
    }

    /// Takes off a body whose letter has not left; the seal over the letters that stay is as good as before.
    fn leave_out(&mut self, id: RecipientId, campaign: CampaignId, reason: &Remark, stamp: Stamp) -> Fit {
        self.letter_has_not_left(id)?;
        let sealed = self.is_sealed(campaign);
        self.letters_given_up(&[id], reason, stamp);
        let recipient = &mut self.recipients[id.index()];
        (recipient.removed, recipient.version) = (true, stamp.seq);
        self.seal_anew(campaign, sealed, stamp)
    }

    fn letter_has_not_left(&self, id: RecipientId) -> Fit {
        let recipient = self.recipient(id).filter(|recipient| !recipient.removed).ok_or(NO_RECIPIENT)?;
        require(recipient.letter_sent.is_none(), "its letter is out already")?;
        require(self.unanswered_letter(id).is_none(), "its letter may be out already")
    }

    /// Whether the letters of a campaign are those that were approved.
    pub(in crate::exchange) fn is_sealed(&self, id: CampaignId) -> bool {
        self.campaign(id).is_some_and(|campaign| campaign.seal == Some(self.seal_of_letters(id)))
    }

    pub(super) fn letter_held_back(&mut self, event: LetterHeldBack, stamp: Stamp) -> Fit {
        let campaign = self.recipient(event.recipient).filter(|recipient| !recipient.removed).ok_or(NO_RECIPIENT)?.campaign;
        require(self.campaign(campaign).is_some_and(|campaign| campaign.stage.letters_may_leave()), WRONG_STAGE)?;
        let recipient = &mut self.recipients[event.recipient.index()];
        require(recipient.letter_is_owed(), "there is no letter to hold back")?;
        (recipient.held_back, recipient.version) = (Some(event.reason), stamp.seq);
        Ok(())
    }

    /// The letter that came back named somebody else: another is made and approved by itself, as that of a body that joins.
    pub(super) fn letter_reopened(&mut self, event: LetterReopened, stamp: Stamp) -> Fit {
        let recipient = self.recipient(event.recipient).filter(|recipient| !recipient.removed).ok_or(NO_RECIPIENT)?;
        let campaign = recipient.campaign;
        require(recipient.letter_came_back() && recipient.joining.is_none(), "its letter did not come back")?;
        require(self.campaign(campaign).is_some_and(|campaign| campaign.stage.letters_may_leave()), WRONG_STAGE)?;
        require(self.unanswered_letter(event.recipient).is_none(), "its letter may be out already")?;
        let sealed = self.is_sealed(campaign);
        self.letters_given_up(&[event.recipient], &event.reason, stamp);
        let recipient = &mut self.recipients[event.recipient.index()];
        recipient.letters.clear();
        (recipient.joining, recipient.version) = (Some(BTreeSet::from([stamp.by])), stamp.seq);
        self.seal_anew(campaign, sealed, stamp)
    }

    pub(super) fn letter_returned(&mut self, event: LetterReturned, stamp: Stamp) -> Fit {
        let recipient = self.recipient(event.recipient).filter(|recipient| !recipient.removed).ok_or(NO_RECIPIENT)?;
        require(recipient.joining.is_some() && !recipient.letters.is_empty(), "there is no letter to send back")?;
        let recipient = &mut self.recipients[event.recipient.index()];
        recipient.letters.clear();
        (recipient.returned, recipient.version) = (Some(event.reason), stamp.seq);
        Ok(())
    }

    pub(super) fn letter_let_go(&mut self, event: LetterLetGo, stamp: Stamp) -> Fit {
        let recipient = self.recipients.get_mut(event.recipient.index()).ok_or(NO_RECIPIENT)?;
        require(recipient.held_back.is_some(), "its letter is not held back")?;
        (recipient.held_back, recipient.version) = (None, stamp.seq);
        Ok(())
    }

    pub(super) fn item_chosen(&mut self, event: ItemChosen, stamp: Stamp) -> Fit {
        let campaign = self.recipient(event.recipient).ok_or(NO_RECIPIENT)?.campaign;
        let there = self.campaign(campaign).and_then(|campaign| campaign.items.get(event.item.index())).is_some_and(Option::is_some);
        require(there, "there is no such item")?;
        let recipient = self.draft_recipient_mut(event.recipient, stamp)?;
        require(recipient.letter_sent.is_none(), "it was asked for this already")?;
        // Every recipient has a place for every item of its campaign.
        let Some(ask) = recipient.asks.get_mut(event.item.index()) else { return Ok(()) };
        *ask = event.asked.then(|| Ask::not_sent(stamp.at, stamp.by, stamp.seq));
        recipient.letters.clear();
        Ok(())
    }

    pub(super) fn took_up(&mut self, event: TookUp, stamp: Stamp) -> Fit {
        let body = self.recipient(event.recipient).ok_or(NO_RECIPIENT)?.body;
        let was_passed = |id: &AskId| self.ask(*id).is_some_and(|ask| ask.status == AskStatus::Transferred { to: body });
        require(!event.asks.is_empty() && event.asks.iter().all(was_passed), "it was not passed on to this body")?;
        let recipient = self.draft_recipient_mut(event.recipient, stamp)?;
        recipient.takes_up.extend(event.asks);
        recipient.takes_up.sort_unstable();
        recipient.takes_up.dedup();
        Ok(())
    }

    pub(super) fn duty_set(&mut self, event: DutySet, stamp: Stamp) -> Fit {
        let recipient = self.draft_recipient_mut(event.recipient, stamp)?;
        recipient.duty_applies = event.duty_applies;
        recipient.letters.clear();
        Ok(())
    }

    pub(super) fn recipient_contact_changed(&mut self, event: RecipientContactChanged, stamp: Stamp) -> Fit {
        let body = self.contact(event.contact).ok_or("there is no such contact")?.body;
        let campaign = self.recipient(event.recipient).ok_or(NO_RECIPIENT)?.campaign;
        let is_draft = self.campaign(campaign).is_some_and(|campaign| campaign.stage == Stage::Draft);
        let recipient = self.recipients.get_mut(event.recipient.index()).ok_or(NO_RECIPIENT)?;
        require(recipient.body == body, "the contact is not at the body")?;
        recipient.contact = Some(event.contact);
        recipient.version = stamp.seq;
        if is_draft || recipient.joining.is_some() {
            recipient.letters.clear();
        }
        if let Some(hands) = &mut recipient.joining {
            hands.insert(stamp.by);
        }
        Ok(())
    }

    pub(super) fn letter_written(&mut self, event: LetterWritten, stamp: Stamp) -> Fit {
        let campaign = self.draft_mut(event.campaign)?;
        campaign.templates.insert(event.language, event.template);
        by_hand(campaign, stamp);
        // What was merged from the letter before is out of date.
        for recipient in self.recipients.iter_mut().filter(|recipient| recipient.campaign == event.campaign) {
            recipient.letters.remove(&event.language);
        }
        Ok(())
    }

    pub(super) fn letter_merged(&mut self, event: LetterMerged, stamp: Stamp) -> Fit {
        let merged = MergedLetter { letter: event.letter, values: event.values, n_missing: event.n_missing };
        let recipient = self.draft_recipient_mut(event.recipient, stamp)?;
        recipient.letters.insert(event.language, merged);
        (recipient.letters_name, recipient.returned) = (recipient.contact, None);
        Ok(())
    }

    pub(super) fn campaign_submitted(&mut self, event: CampaignSubmitted, stamp: Stamp) -> Fit {
        self.move_on(event.campaign, &[Stage::Draft], Stage::Review, stamp)?.submitted_by = Some(stamp.by);
        Ok(())
    }

    pub(super) fn campaign_returned(&mut self, event: CampaignReturned, stamp: Stamp) -> Fit {
        let campaign = self.move_on(event.campaign, &[Stage::Review, Stage::Approved], Stage::Draft, stamp)?;
        (campaign.submitted_by, campaign.approved_by, campaign.seal) = (None, None, None);
        Ok(())
    }

    pub(super) fn campaign_approved(&mut self, event: CampaignApproved, stamp: Stamp) -> Fit {
        require(event.seal == self.seal_of_letters(event.campaign), "the letters are not those that were approved")?;
        let campaign = self.campaign(event.campaign).ok_or(NO_CAMPAIGN)?;
        require(campaign.author != stamp.by && campaign.submitted_by != Some(stamp.by), "nobody approves their own campaign")?;
        let campaign = self.move_on(event.campaign, &[Stage::Review], Stage::Approved, stamp)?;
        (campaign.approved_by, campaign.seal) = (Some(stamp.by), Some(event.seal));
        Ok(())
    }

    pub(super) fn campaign_sending(&mut self, event: CampaignSending, stamp: Stamp) -> Fit {
        self.move_on(event.campaign, &[Stage::Approved], Stage::Sending, stamp)?.recall_until = Some(event.recall_until);
        Ok(())
    }

    pub(super) fn campaign_recalled(&mut self, event: CampaignRecalled, stamp: Stamp) -> Fit {
        require(!self.recipients_of(event.campaign).any(|(_, recipient)| recipient.letter_sent.is_some()), "a letter is out already")?;
        require(!self.may_be_out(event.campaign), "a letter may be out already")?;
        let campaign = self.move_on(event.campaign, &[Stage::Sending], Stage::Draft, stamp)?;
        (campaign.recall_until, campaign.submitted_by, campaign.approved_by, campaign.seal) = (None, None, None, None);
        let recipients = campaign.recipients.clone();
        self.letters_given_up(&recipients, &event.reason, stamp);
        recipients.iter().for_each(|id| self.recipients[id.index()].held_back = None);
        Ok(())
    }

    pub(super) fn campaign_opened(&mut self, event: CampaignOpened, stamp: Stamp) -> Fit {
        self.move_on(event.campaign, &[Stage::Sending], Stage::Open, stamp).map(|_| ())
    }

    pub(super) fn campaign_paused(&mut self, event: CampaignPaused, stamp: Stamp) -> Fit {
        self.move_on(event.campaign, &[Stage::Open], Stage::Paused, stamp).map(|_| ())
    }

    pub(super) fn campaign_resumed(&mut self, event: CampaignResumed, stamp: Stamp) -> Fit {
        self.move_on(event.campaign, &[Stage::Paused], Stage::Open, stamp).map(|_| ())
    }

    pub(super) fn campaign_closed(&mut self, event: CampaignClosed, stamp: Stamp) -> Fit {
        self.move_on(event.campaign, &[Stage::Open, Stage::Paused], Stage::Closed, stamp).map(|_| ())
    }

    pub(super) fn campaign_archived(&mut self, event: CampaignArchived, stamp: Stamp) -> Fit {
        self.move_on(event.campaign, &[Stage::Closed], Stage::Archived, stamp).map(|_| ())
    }
}
