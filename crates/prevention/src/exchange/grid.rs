//! The grid of a campaign: area by item, with who, since when, and proof. A query over the asks; nothing is kept.

pub mod statistics;

use super::ask::{Ask, AskStatus, Promise, Proof};
use super::body::BodyKind;
use super::clock::standing::Standing;
use super::communication::Direction;
use super::id::{AskId, BodyId, CampaignId, DocumentId, ItemId, PersonId, RecipientId};
use super::moment::{Day, Moment};
use super::non_response::NonResponse;
use super::state::State;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One cell: an ask and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell<'a> {
    /// What is known.
    pub status: &'a AskStatus,
    /// How it stands on the day of the grid.
    pub standing: Standing,
    /// From which day its time is counted, and what our letter was on it; see [`Ask::counted`].
    pub counted: Option<(Day, &'static str)>,
    /// When the status was recorded.
    pub since: Moment,
    /// By whom.
    pub by: PersonId,
    /// What shows it.
    pub proof: Option<Proof>,
    /// The last promise.
    pub promise: Option<&'a Promise>,
    /// Until when what was promised may still come; more time that was given since counts.
    pub promise_holds_until: Option<Day>,
    /// Documents that answer it.
    pub documents: &'a [DocumentId],
}

/// One row: a recipient and its cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GridRow<'a> {
    /// The recipient.
    pub recipient: RecipientId,
    /// Its body.
    pub body: BodyId,
    /// The name of the body.
    pub name: &'a str,
    /// A cell for each item of the grid; none where the item is not asked.
    pub cells: Vec<Option<Cell<'a>>>,
    /// When its letter went out.
    pub letter_sent: Option<Day>,
    /// When it was last reminded.
    pub last_chased: Option<Day>,
    /// Whether its silence is being made public.
    pub non_response: &'a NonResponse,
}

/// The asks of one campaign on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grid<'a> {
    /// The campaign.
    pub campaign: CampaignId,
    /// Its title.
    pub title: &'a str,
    /// The day.
    pub on: Day,
    /// Its items with their titles.
    pub items: Vec<(ItemId, &'a str)>,
    /// Its recipients by name.
    pub rows: Vec<GridRow<'a>>,
}

/// Which rows of a grid to show; an empty filter shows all. A row is shown when one of its cells fits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Statuses in the words of [`AskStatus::WORDS`].
    pub statuses: Vec<String>,
    /// Standings in the words of [`Standing::words`].
    pub standings: Vec<String>,
    /// Only this item's cells count.
    pub item: Option<ItemId>,
    /// Only bodies of this kind.
    pub kind: Option<BodyKind>,
    /// Only bodies whose name or alias holds this, whatever the case.
    pub name: String,
}

impl Filter {
    fn takes(&self, status: &AskStatus, standing: Standing) -> bool {
        (self.statuses.is_empty() || self.statuses.iter().any(|wanted| wanted == status.words()))
            && (self.standings.is_empty() || self.standings.iter().any(|wanted| wanted == standing.words()))
    }
}

/// The grid of a campaign on a day, or `None` when there is no such campaign.
pub fn grid<'a>(state: &'a State, campaign: CampaignId, today: Day, filter: &Filter) -> Option<Grid<'a>> {
    let now = state.campaign(campaign)?;
    let items: Vec<(ItemId, &str)> =
        now.items.iter().enumerate().filter_map(|(place, item)| Some((ItemId(place as u16), item.as_ref()?.title.as_str()))).collect();
    let name_holds = filter.name.to_lowercase();
    let mut rows = Vec::new();
    for (id, recipient) in state.recipients_of(campaign) {
        let Some(body) = state.body(recipient.body) else { continue };
        let names = || std::iter::once(&body.entry.name).chain(&body.entry.aliases);
        if filter.kind.is_some_and(|kind| kind != body.entry.kind) || !names().any(|name| name.as_str().to_lowercase().contains(&name_holds)) {
            continue;
        }
        let cell = |ask: &'a Ask| Cell {
            status: &ask.status,
            standing: ask.standing(&now.brief.clock, today),
            counted: ask.counted(&now.brief.clock),
            since: ask.since,
            by: ask.by,
            proof: ask.proof,
            promise: ask.promise.as_ref(),
            promise_holds_until: ask.promise_holds_until(),
            documents: &ask.documents,
        };
        let cells: Vec<Option<Cell>> = items.iter().map(|(item, _)| recipient.asks.get(item.index())?.as_ref().map(cell)).collect();
        let counts = |(place, cell): (usize, &Option<Cell>)| {
            filter.item.is_none_or(|item| items[place].0 == item) && cell.as_ref().is_some_and(|cell| filter.takes(cell.status, cell.standing))
        };
        let shows_all = filter.statuses.is_empty() && filter.standings.is_empty() && filter.item.is_none();
        if shows_all || cells.iter().enumerate().any(counts) {
            rows.push(GridRow {
                recipient: id,
                body: recipient.body,
                name: body.entry.name.as_str(),
                cells,
                letter_sent: recipient.letter_sent,
                last_chased: recipient.last_chased,
                non_response: &recipient.non_response,
            });
        }
    }
    rows.sort_by_key(|row| (row.name, row.recipient));
    Some(Grid { campaign, title: now.brief.title.as_str(), on: today, items, rows })
}

/// What a body answered to the same item when the campaign was last run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LastRound<'a> {
    /// The ask of then.
    pub ask: AskId,
    /// What became of it.
    pub status: &'a AskStatus,
    /// The day of the answer.
    pub answered: Option<Day>,
    /// The documents of then.
    pub documents: &'a [DocumentId],
}

/// Last round's answers beside the asks of a campaign that repeats another: matched by body, or its successor, and by the
/// title of the item.
pub fn last_round<'a>(state: &'a State, campaign: CampaignId) -> BTreeMap<AskId, LastRound<'a>> {
    let mut found = BTreeMap::new();
    let Some(now) = state.campaign(campaign) else { return found };
    let Some((previous, before)) = now.previous.and_then(|id| Some((id, state.campaign(id)?))) else { return found };
    for (recipient, current) in state.recipients_of(campaign) {
        let same = |body: BodyId| body == current.body || state.body(body).is_some_and(|it| it.successor.is_some_and(|(by, _)| by == current.body));
        let Some((old, earlier)) = state.recipients_of(previous).find(|(_, earlier)| same(earlier.body)) else { continue };
        for (item, _) in current.asks() {
            let Some(title) = now.items.get(item.index()).and_then(Option::as_ref).map(|item| &item.title) else { continue };
            let Some(place) = before.items.iter().position(|other| other.as_ref().is_some_and(|other| other.title == *title)) else { continue };
            if let Some(ask) = earlier.asks.get(place).and_then(Option::as_ref) {
                let then = AskId { recipient: old, item: ItemId(place as u16) };
                let round = LastRound { ask: then, status: &ask.status, answered: ask.answered, documents: &ask.documents };
                found.insert(AskId { recipient, item }, round);
            }
        }
    }
    found
}

/// Everything that went between us and one recipient, in the order of the log: the file of one request.
pub fn correspondence(state: &State, recipient: RecipientId) -> impl Iterator<Item = (super::id::CommunicationId, Direction, Day)> {
    let numbered = state.communications().iter().enumerate();
    numbered
        .filter(move |(_, communication)| communication.recipients.contains(&recipient))
        .map(|(number, communication)| (super::id::CommunicationId(number as u32), communication.direction, communication.on))
}
