//! A page for each body, at an address that lasts: what it was asked and what it answered, round by round.

use std::collections::BTreeMap;

use crate::exchange::body::Body;
use crate::exchange::campaign::{Campaign, PublishPolicy, Recipient};
use crate::exchange::id::{AskId, BodyId, CampaignId, RecipientId};
use crate::exchange::state::State;
use headwater_release::{Audience, Block, Column, Document, Open, Passage, Section, Table, Target, Value};

use super::{Office, PublicFile};

/// The permanent name of the pages of bodies.
const SLUG: &str = "bodies";

/// What one body was asked in one campaign.
type Round<'a> = (CampaignId, &'a Campaign, RecipientId, &'a Recipient);

/// The page of a body.
pub(super) fn page_of(state: &State, body: BodyId) -> Target {
    Target::SectionOf(SLUG.to_owned(), section_slug(state, body))
}

fn section_slug(state: &State, body: BodyId) -> String {
    format!("{}-{}", super::slug(&name(state, body)), body.0 + 1)
}

fn name(state: &State, body: BodyId) -> String {
    state.body(body).map_or_else(String::new, |body: &Body| body.entry.name.to_string())
}

/// The pages of all bodies that a public campaign has written to, in the order of their names; none without any.
pub(super) fn bodies(
    state: &State,
    office: &Office<'_>,
    open: Open,
    campaigns: &[(CampaignId, &Campaign)],
    files: &mut Vec<PublicFile>,
) -> Option<Document> {
    let mut rounds: BTreeMap<(String, BodyId), Vec<Round<'_>>> = BTreeMap::new();
    for (id, campaign) in campaigns {
        for (recipient_id, recipient) in state.recipients_of(*id).filter(|(_, recipient)| recipient.letter_sent.is_some()) {
            rounds.entry((name(state, recipient.body), recipient.body)).or_default().push((*id, campaign, recipient_id, recipient));
        }
    }
    let n = rounds.len() as u64;
    let sections: Vec<Section> =
        rounds.into_iter().map(|((name, body), rounds)| section(state, office, &name, section_slug(state, body), &rounds, files)).collect();
    (!sections.is_empty()).then(|| Document {
        slug: SLUG.to_owned(),
        title: "Each body, round by round".to_owned(),
        area: "Bodies".to_owned(),
        area_kind: "bodies".to_owned(),
        period: office.today.name(),
        audience: Audience::Public,
        standfirst: Passage::new().say("A page for each body that was asked: what it answered this time and the times before."),
        key_figures: vec![("Bodies".to_owned(), Passage::new().value(&super::number(open, n)))],
        front: vec![("As it stood on".to_owned(), Passage::new().name(office.today.name()))],
        sections,
    })
}

fn section(state: &State, office: &Office<'_>, name: &str, slug: String, rounds: &[Round<'_>], files: &mut Vec<PublicFile>) -> Section {
    let mut blocks = Vec::new();
    blocks.extend(side_by_side(state, office, name, rounds).map(|table| Block::Table(Box::new(table))));
    blocks.push(Block::Heading("The rounds".to_owned()));
    let round = |(id, campaign, recipient_id, recipient): &Round<'_>| {
        let page = Target::SectionOf(super::campaign_slug(*id, campaign), super::recipient_slug(state, *recipient_id, recipient));
        let sent = recipient.letter_sent.map_or_else(String::new, |day| format!(", sent {}", day.name()));
        Passage::new().link(campaign.brief.title.to_string(), page).name(sent).say(": what it was asked, our letter, its documents.")
    };
    blocks.push(Block::List(rounds.iter().map(round).collect()));
    let mut documents = Vec::new();
    for (_, campaign, recipient, _) in rounds {
        if campaign.brief.publish_policy != PublishPolicy::AsPermitted {
            continue;
        }
        for (document, it) in super::documents_of(state, *recipient) {
            if !documents.iter().any(|(seen, _)| *seen == document) {
                documents.extend(super::document_line(office, document, it, files).map(|line| (document, line)));
            }
        }
    }
    blocks.push(Block::Heading("Its documents".to_owned()));
    blocks.push(if documents.is_empty() {
        Block::Paragraph(Passage::new().say("None is public."))
    } else {
        Block::List(documents.into_iter().map(|(_, line)| line).collect())
    });
    Section {
        slug,
        name: name.to_owned(),
        title: Passage::new().name(name),
        lede: Passage::new().say("What it answered, round by round: each thing it was asked for, and how it stands, the newest round first."),
        blocks,
    }
}

/// A row for each thing asked, a column for each round; the same title is the same thing.
fn side_by_side(state: &State, office: &Office<'_>, name: &str, rounds: &[Round<'_>]) -> Option<Table> {
    let mut titles: Vec<&str> = Vec::new();
    for (_, campaign, _, recipient) in rounds {
        for (item, _) in recipient.asks() {
            let title = campaign.items.get(item.index()).and_then(Option::as_ref).map_or("", |item| item.title.as_str());
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
    }
    let mut columns = vec![Column::text("item", "Asked for")];
    columns.extend(rounds.iter().map(|(id, campaign, ..)| Column::text(&format!("campaign_{}", id.0 + 1), campaign.brief.title.as_str())));
    let cell = |title: &str, (_, campaign, id, recipient): &Round<'_>| {
        let of_title = |item: usize| campaign.items.get(item).and_then(Option::as_ref).is_some_and(|item| item.title.as_str() == title);
        let ask = recipient.asks().find(|(item, _)| of_title(item.index()));
        Value::label(ask.map_or_else(
            || "not asked".to_owned(),
            |(item, ask)| super::state_and_time(state, office, campaign, AskId { recipient: *id, item }, ask),
        ))
    };
    let rows =
        titles.iter().map(|title| std::iter::once(Value::label(*title)).chain(rounds.iter().map(|round| cell(title, round))).collect()).collect();
    Table::new(format!("What {name} was asked in each round, and how it stands on {}", office.today.name()), columns, rows).ok()
}
