//! What the public may see of the exchange: for each campaign who was asked what, who answered, and the documents that were
//! cleared, each with its hash; and every recommendation with its answers.
//!
//! It names neither whom we wrote to, nor who logged what. Our letters come without their addresses, greetings and links,
//! which were for one recipient alone; whom they name in their paragraphs, such as a co-ordinator, stands there.

mod bodies;
mod letters;

use super::ask::{Ask, AskStatus};
use super::campaign::{Campaign, PublishPolicy, Recipient, Stage};
use super::clock::standing::Standing;
use super::document::ReceivedDocument;
use super::grid::statistics::{CampaignStatistics, statistics};
use super::id::{AskId, BlobHash, CampaignId, DocumentId, ItemId, RecipientId};
use super::letter::merge::Letter;
use super::moment::Day;
use super::non_response::NonResponse;
use super::publication::{FreeWords, Permission, PublicationState};
use super::recommendation::{Duty, DutyResponse, Recommendation};
use super::state::State;
use super::words::{Remark, Title};
use headwater_release::{
    Audience, Block, Column, Document, Imprint, NotOpen, Open, Passage, Publication, Publisher, Rule, Section, Subject, Table, Target, Value,
};
use std::collections::BTreeSet;

/// What the pages need besides the state.
pub struct Office<'a> {
    /// Who publishes.
    pub publisher: Publisher,
    /// The day the pages are made.
    pub today: Day,
    /// The letter of a hash, if it is kept.
    pub letter: &'a dyn Fn(BlobHash) -> Option<Letter>,
    /// The ending of a document's file name, such as `pdf`.
    pub ending: &'a dyn Fn(DocumentId) -> String,
}

/// A document that is public, and where its file lies beside the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicFile {
    /// The path below the site's folder.
    pub path: String,
    /// The bytes that were cleared.
    pub rendition: BlobHash,
    /// Which document it is.
    pub document: DocumentId,
}

/// Pages and the files beside them.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicPages {
    /// The pages.
    pub publication: Publication,
    /// The files.
    pub files: Vec<PublicFile>,
}

/// Everything that is public on a day.
///
/// Only campaigns whose letters are out and whose answers are published at all; of these only documents that are public now,
/// or were and are explained. Nothing is public: the publication has no documents.
///
/// # Errors
/// None in practice: that states of public bodies are open is a rule that ships.
pub fn public_pages(state: &State, office: &Office<'_>) -> Result<PublicPages, NotOpen> {
    let open = Open::under(Rule::already_public())?;
    let name = office.publisher.name.clone().unwrap_or_else(|| "This office".to_owned());
    let mut files = Vec::new();
    let campaigns: Vec<(CampaignId, &Campaign)> = (0..state.campaigns().len())
        .rev()
        .map(|number| CampaignId(u32::try_from(number).unwrap_or(u32::MAX)))
        .filter_map(|id| Some((id, state.campaign(id).filter(|campaign| is_public(campaign))?)))
        .collect();
    let mut documents: Vec<Document> =
        campaigns.iter().map(|(id, campaign)| campaign_document(state, office, open, *id, campaign, &name, &mut files)).collect();
    documents.extend(bodies::bodies(state, office, open, &campaigns, &mut files));
    documents.extend(recommendations(state, office, open, &name, &mut files));
    let publication = Publication {
        subject: Subject::Campaigns,
        title: format!("{name}: what was asked, and what was answered"),
        standfirst: Passage::new()
            .name(name)
            .say(" asks public bodies for what they know and do, and publishes the answers: who was asked, who answered, and the documents that may be read."),
        documents,
        imprint: Imprint { publisher: office.publisher.clone(), issued: None },
        ..Publication::default()
    };
    Ok(PublicPages { publication, files })
}

fn is_public(campaign: &Campaign) -> bool {
    let out = matches!(campaign.stage, Stage::Open | Stage::Paused | Stage::Closed | Stage::Archived);
    out && campaign.brief.publish_policy != PublishPolicy::Closed
}

/// A name as part of an address: `sussex-violence-reduction-partnership`.
fn slug(name: &str) -> String {
    let plain: String = name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }).collect();
    plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-").chars().take(60).collect::<String>().trim_matches('-').to_owned()
}

/// The permanent name of a campaign's pages.
fn campaign_slug(id: CampaignId, campaign: &Campaign) -> String {
    format!("{}-{}", slug(campaign.brief.title.as_str()), id.0 + 1)
}

/// The permanent name of a recipient's page within its campaign's.
fn recipient_slug(state: &State, id: RecipientId, recipient: &Recipient) -> String {
    format!("{}-{}", slug(&body_name(state, recipient)), id.0 + 1)
}

/// The days by which answers were asked for: one, or the first and the last where bodies had letters on several days, or more
/// time.
fn due(campaign: &Campaign, recipients: &[(RecipientId, &Recipient)]) -> Option<String> {
    let given = |ask: &Ask| ask.extended.as_ref().map(|extension| extension.until);
    let due = |ask: &Ask| campaign.brief.clock.due(ask.started?, &[]).max(given(ask));
    let days = || recipients.iter().flat_map(|(_, it)| it.asks()).filter_map(|(_, ask)| due(ask));
    let (first, last) = (days().min()?, days().max()?);
    Some(if first == last { first.name() } else { format!("{} to {}", first.name(), last.name()) })
}

/// How an ask stands, with its day: "provided, 29 September 2026".
fn state_and_time(state: &State, office: &Office<'_>, campaign: &Campaign, id: AskId, ask: &Ask) -> String {
    let words = told(state, id, ask);
    match ask.standing(&campaign.brief.clock, office.today) {
        Standing::Answered { on } => format!("{words}, {}", on.name()),
        Standing::NotStarted | Standing::NoLimit | Standing::Withdrawn => words,
        other => format!("{words}, {}", standing(other)),
    }
}

fn number(open: Open, n: u64) -> Value {
    Value::reference(open, n as f64, 0)
}

fn share(open: Open, part: super::grid::statistics::Share) -> Passage {
    Passage::new().value(&number(open, part.n)).say(" of ").value(&number(open, part.of))
}

fn campaign_document(
    state: &State,
    office: &Office<'_>,
    open: Open,
    id: CampaignId,
    campaign: &Campaign,
    name: &str,
    files: &mut Vec<PublicFile>,
) -> Document {
    let recipients: Vec<(RecipientId, &Recipient)> = state.recipients_of(id).filter(|(_, recipient)| recipient.letter_sent.is_some()).collect();
    let figures = statistics(state, id, office.today);
    let sent = recipients.iter().filter_map(|(_, recipient)| recipient.letter_sent).min();
    let mut facts = Vec::new();
    if let Some(figures) = &figures {
        facts.push(("Asks answered".to_owned(), share(open, figures.answered)));
        if figures.answered_on_time.of > 0 {
            facts.push(("Answered in time, of those due or answered".to_owned(), share(open, figures.answered_on_time)));
        }
        facts.push(("Bodies that provided everything".to_owned(), share(open, figures.recipients_complete)));
        facts.push(("Bodies with no answer yet".to_owned(), share(open, figures.recipients_silent)));
        if figures.recipients_unreached.n > 0 {
            facts.push(("Bodies we could not reach".to_owned(), share(open, figures.recipients_unreached)));
        }
        if figures.passed_on.n > 0 {
            facts.push(("Asks passed to another body".to_owned(), share(open, figures.passed_on)));
        }
    }
    let title = figures.as_ref().filter(|figures| figures.recipients_complete.of > 0).map_or_else(
        || Passage::new().say("Who answered, and what"),
        |figures| {
            share(open, figures.recipients_complete)
                .say(" bodies provided everything; ")
                .value(&number(open, figures.recipients_silent.n))
                .say(" have not answered")
        },
    );
    let mut key_figures: Vec<(String, Passage)> = [("Sent", sent.map(|day| day.name())), ("Due", due(campaign, &recipients))]
        .into_iter()
        .filter_map(|(what, day)| Some((what.to_owned(), Passage::new().name(day?))))
        .collect();
    key_figures.extend(facts.iter().take(2).cloned());
    let mut sections = vec![answers(state, office, campaign, &recipients, &facts, title, (open, figures.as_ref())), asked(campaign)];
    let mut front = vec![
        ("Asked by".to_owned(), Passage::new().name(name)),
        ("Ground".to_owned(), Passage::new().name(campaign.brief.legal_basis.to_string())),
        ("Priority of the plan".to_owned(), Passage::new().name(campaign.brief.plan_priority.to_string())),
        ("As it stood on".to_owned(), Passage::new().name(office.today.name())),
    ];
    if campaign.brief.clock.deemed_in_words().is_some() {
        front.insert(3, ("Time to answer".to_owned(), Passage::new().name(campaign.brief.clock.words())));
    }
    if campaign.brief.publish_policy == PublishPolicy::AsPermitted {
        sections.extend(changes(state, &recipients));
    }
    for (recipient_id, recipient) in &recipients {
        sections.push(recipient_section(state, office, name, campaign, *recipient_id, recipient, files));
    }
    Document {
        slug: campaign_slug(id, campaign),
        title: campaign.brief.title.to_string(),
        area: campaign.brief.title.to_string(),
        area_kind: "campaign".to_owned(),
        period: sent.map_or_else(|| office.today.name(), |day| format!("sent {}", day.name())),
        audience: Audience::Public,
        standfirst: Passage::new().name(campaign.brief.purpose.to_string()),
        key_figures,
        front,
        sections,
    }
}

/// The title of an item of a campaign.
fn items(campaign: &Campaign) -> impl Iterator<Item = (usize, &str)> {
    campaign.items.iter().enumerate().filter_map(|(number, item)| item.as_ref().map(|item| (number, item.title.as_str())))
}

fn body_name(state: &State, recipient: &Recipient) -> String {
    state.body(recipient.body).map_or_else(String::new, |body| body.entry.name.to_string())
}

/// What became of an ask, for its body's own page.
fn said(state: &State, id: AskId, ask: &Ask) -> String {
    let words = told(state, id, ask);
    // One person typed the reason: readers see it when a second has read it.
    state.public_words(FreeWords::Ask(id)).map_or_else(|| words.clone(), |reason| format!("{words}: {reason}"))
}

/// What became of an ask, for the table: whoever wants to know why reads the body's own page.
fn told(state: &State, id: AskId, ask: &Ask) -> String {
    match &ask.status {
        AskStatus::Refused { .. } | AskStatus::Withdrawn { .. } => AskStatus::TOLD[ask.status.place()].to_owned(),
        AskStatus::Transferred { to } => {
            let name = state.body(*to).map_or_else(String::new, |body| body.entry.name.to_string());
            match state.taken_up(id).and_then(|next| known_to_readers(state, next)) {
                Some(next) if next.is_answered() => format!("passed to {name}, whose answer is: {}", AskStatus::TOLD[next.status.place()]),
                Some(_) => format!("passed to {name}, which was asked for it"),
                None => format!("passed to {name}"),
            }
        }
        status => status.told(|body| state.body(body).map_or_else(String::new, |body| body.entry.name.to_string())),
    }
}

/// An ask whose letter is out, of a campaign that is published: what is said of others is said of nobody.
fn known_to_readers(state: &State, id: AskId) -> Option<&Ask> {
    let recipient = state.recipient(id.recipient).filter(|it| it.letter_sent.is_some())?;
    state.campaign(recipient.campaign).filter(|campaign| is_public(campaign))?;
    state.ask(id)
}

fn standing(standing: Standing) -> String {
    match standing {
        Standing::OnTime { due } | Standing::DueSoon { due } => format!("due {}", due.name()),
        Standing::Overdue { due, .. } => format!("was due {}", due.name()),
        Standing::Answered { on } => format!("answered {}", on.name()),
        Standing::AnsweredLate { on, .. } => format!("answered {}, late", on.name()),
        Standing::NotStarted => "its time has not begun".to_owned(),
        other => other.words().to_owned(),
    }
}

/// What a body did about the whole of what was asked, in a sentence.
pub(super) fn done(recipient: &Recipient) -> String {
    let n_asked = recipient.asks().filter(|(_, ask)| ask.reached()).count();
    let n_passed = recipient.asks().filter(|(_, ask)| matches!(ask.status, AskStatus::Transferred { .. })).count();
    let n_answered = recipient.asks().filter(|(_, ask)| ask.is_answered()).count();
    let passed = if n_passed == 0 { String::new() } else { format!("; it passed {n_passed} to another body") };
    match (n_asked, n_answered) {
        (0, _) if recipient.asks().any(|(_, ask)| ask.status == AskStatus::Bounced) => "We could not reach it: our letter came back".to_owned(),
        (0, _) => "Nothing is asked of it any more".to_owned(),
        (_, 0) if n_passed == 0 => "It has not answered yet".to_owned(),
        _ => format!("It has answered {n_answered} of {n_asked}{passed}"),
    }
}

fn answers(
    state: &State,
    office: &Office<'_>,
    campaign: &Campaign,
    recipients: &[(RecipientId, &Recipient)],
    facts: &[(String, Passage)],
    title: Passage,
    (open, figures): (Open, Option<&CampaignStatistics>),
) -> Section {
    let mut columns = vec![Column::text("body", "Body")];
    columns.extend(items(campaign).map(|(number, title)| Column::text(&format!("item_{}", number + 1), title)));
    let mut named: Vec<(String, RecipientId, &Recipient)> = recipients.iter().map(|(id, it)| (body_name(state, it), *id, *it)).collect();
    named.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let cell = |id: RecipientId, number: usize| {
        let id = AskId { recipient: id, item: ItemId(u16::try_from(number).unwrap_or(u16::MAX)) };
        Value::label(state.ask(id).map_or_else(|| "not asked".to_owned(), |ask| state_and_time(state, office, campaign, id, ask)))
    };
    let row = |name: &str, id: RecipientId| -> Vec<Value> {
        std::iter::once(Value::label(name)).chain(items(campaign).map(|(number, _)| cell(id, number))).collect()
    };
    let rows = named.iter().map(|(name, id, _)| row(name, *id)).collect();
    let leads = named.iter().map(|(_, id, recipient)| Some(Target::Section(recipient_slug(state, *id, recipient)))).collect();
    let listed: Vec<Passage> = recipients
        .iter()
        .filter_map(|(_, recipient)| match recipient.non_response {
            NonResponse::Listed { on, .. } => Some(Passage::new().name(body_name(state, recipient)).say(", since ").name(on.name())),
            _ => None,
        })
        .collect();
    let mut blocks = vec![Block::Facts(facts.to_vec())];
    if let Some(figures) = figures {
        blocks.push(Block::Heading("Provided, item by item".to_owned()));
        let title = |item: ItemId| campaign.items.get(item.index()).and_then(Option::as_ref).map_or_else(String::new, |item| item.title.to_string());
        blocks.push(Block::Facts(figures.items_provided.iter().map(|(item, found)| (title(*item), share(open, *found))).collect()));
    }
    if let Ok(table) = Table::new(format!("What each body answered, as it stood on {}", office.today.name()), columns, rows) {
        blocks.push(Block::Table(Box::new(table.leading(leads))));
    }
    if !listed.is_empty() {
        blocks.push(Block::Heading("Bodies that did not answer".to_owned()));
        blocks.push(Block::Paragraph(
            Passage::new().say(
                "Each was shown what we sent and when, and had time to say that we were wrong. With its first answer a body goes off this list.",
            ),
        ));
        blocks.push(Block::List(listed));
    }
    Section {
        slug: "answers".to_owned(),
        name: "Who answered".to_owned(),
        title,
        lede: Passage::new().say("Every body that was asked, and how each thing it was asked for stands. Its name leads to a page of its own."),
        blocks,
    }
}

fn asked(campaign: &Campaign) -> Section {
    let list =
        campaign.items.iter().flatten().map(|item| Passage::new().strong(item.title.as_str()).say(". ").name(item.definition.to_string())).collect();
    Section {
        slug: "asked".to_owned(),
        name: "What was asked".to_owned(),
        title: Passage::new().say("What was asked, and on which ground"),
        lede: Passage::new().name(campaign.brief.purpose.to_string()),
        blocks: vec![Block::Facts(vec![("Ground".to_owned(), Passage::new().name(campaign.brief.legal_basis.to_string()))]), Block::List(list)],
    }
}

fn recipient_section(
    state: &State,
    office: &Office<'_>,
    office_name: &str,
    campaign: &Campaign,
    id: RecipientId,
    recipient: &Recipient,
    files: &mut Vec<PublicFile>,
) -> Section {
    let name = body_name(state, recipient);
    let columns = vec![Column::text("item", "Asked for"), Column::text("state", "State"), Column::text("time", "Time")];
    let rows = recipient
        .asks()
        .map(|(item, ask)| {
            let title = campaign.items.get(item.index()).and_then(Option::as_ref).map_or("", |item| item.title.as_str());
            let said = said(state, AskId { recipient: id, item }, ask);
            vec![Value::label(title), Value::label(said), Value::label(standing(ask.standing(&campaign.brief.clock, office.today)))]
        })
        .collect();
    let mut blocks = Vec::new();
    if let Ok(table) = Table::new(format!("What {name} was asked, and how it stands"), columns, rows) {
        blocks.push(Block::Table(Box::new(table)));
    }
    let documents: Vec<Passage> = if campaign.brief.publish_policy == PublishPolicy::AsPermitted {
        documents_of(state, id)
            .filter_map(|(document_id, document)| {
                let line = document_line(office, document_id, document, files)?;
                Some(answering(line, campaign, id, document))
            })
            .chain(not_shown(documents_of(state, id).map(|(_, document)| document)))
            .collect()
    } else {
        Vec::new()
    };
    blocks.push(Block::Heading("Its documents".to_owned()));
    blocks.push(if documents.is_empty() { Block::Paragraph(Passage::new().say("None is public.")) } else { Block::List(documents) });
    blocks.push(Block::Paragraph(Passage::new().link("What it answered in every round", bodies::page_of(state, recipient.body)).say(".")));
    blocks.extend(letters::our_letters(state, office, (id, recipient), office_name));
    Section {
        slug: recipient_slug(state, id, recipient),
        name: name.clone(),
        title: Passage::new().name(name),
        lede: Passage::new().name(done(recipient)).say("."),
        blocks,
    }
}

/// Documents that answer something a recipient was asked.
fn documents_of(state: &State, recipient: RecipientId) -> impl Iterator<Item = (DocumentId, &ReceivedDocument)> {
    let numbered = state.documents().iter().enumerate().map(|(number, document)| (DocumentId(u32::try_from(number).unwrap_or(u32::MAX)), document));
    numbered.filter(move |(_, document)| document.asks.iter().any(|ask| ask.recipient == recipient))
}

/// Where the hashes of the files stand.
const SUMS: &str = "files/SHA256SUMS";

/// What is said of one document: where it is, with its hash; or that it was withdrawn, and why.
fn document_line(office: &Office<'_>, id: DocumentId, document: &ReceivedDocument, files: &mut Vec<PublicFile>) -> Option<Passage> {
    let title = document.title.as_ref().map_or_else(|| format!("Document {}", id.0 + 1), ToString::to_string);
    let dated = document.dated.map_or_else(String::new, |day| format!(", {}", day.name()));
    let public = |on: Day, files: &mut Vec<PublicFile>| {
        let rendition = document.publication.public?;
        let publication = &document.publication;
        let stem = format!("files/{}-{}", slug(publication.named.as_ref().map_or(&title, Title::as_str)), id.0 + 1);
        // What was made anew without something is a page, whatever the document was.
        let ending: String = match publication.public_grounds.as_slice() {
            [] => (office.ending)(id).chars().filter(char::is_ascii_alphanumeric).take(8).collect(),
            _ => "html".to_owned(),
        };
        let path = format!("{stem}.{}", if ending.is_empty() { "bin".to_owned() } else { ending.to_ascii_lowercase() });
        let beside = (1..).zip(&publication.public_companions);
        let beside: Vec<(String, BlobHash)> =
            beside.map(|(n, file)| (if n == 1 { format!("{stem}.pdf") } else { format!("{stem}-{n}.pdf") }, *file)).collect();
        if !files.iter().any(|file| file.document == id) {
            let all = [(path.clone(), rendition)].into_iter().chain(beside.iter().cloned());
            files.extend(all.map(|(path, rendition)| PublicFile { path, rendition, document: id }));
        }
        let short = |hash: BlobHash| hash.to_string().chars().take(12).collect::<String>();
        let sum = |line: Passage, hash: BlobHash| line.link(format!("SHA-256 {}…", short(hash)), Target::File(SUMS.to_owned())).say(".");
        let mut link = Passage::new().link(title.clone(), Target::File(path)).name(format!("{dated}. Published {}. ", on.name()));
        link = sum(link, rendition);
        for (path, hash) in beside {
            link = sum(link.say(" ").link(format!("{title}, as PDF"), Target::File(path)).say(", "), hash);
        }
        if !publication.public_grounds.is_empty() {
            let grounds: BTreeSet<&str> = publication.public_grounds.iter().map(|ground| ground.words()).collect();
            link = link.name(format!(" Parts are removed: {}.", grounds.into_iter().collect::<Vec<_>>().join(", ")));
        }
        Some(link)
    };
    match &document.publication.state {
        PublicationState::Published { on } => public(*on, files),
        PublicationState::Corrected { on, notice } => {
            public(*on, files).map(|line| line.strong(format!(" Corrected {}: ", on.name())).name(sentence(notice.as_str())))
        }
        // Of its title one person alone knows: its kind and its date say that it exists.
        PublicationState::PermissionKnown if is_named_only(document) => {
            Some(Passage::new().strong(document.kind.words()).name(format!("{dated}. The body asked us to say only that it exists.")))
        }
        // Its line stays, though it be on its way to the public again.
        _ => {
            let step = document.publication.withdrawal()?;
            let why = step.why.as_ref().map_or("", Remark::as_str);
            Some(Passage::new().strong(title).name(format!("{dated}. Withdrawn {}: {}", step.on.name(), sentence(why))))
        }
    }
}

/// Whether readers are told of a document that it exists, and no more.
fn is_named_only(document: &ReceivedDocument) -> bool {
    let publication = &document.publication;
    document.screening.is_readable() && publication.permission == Some(Permission::NameOnly) && publication.withdrawal().is_none()
}

/// A document's line with what it answers of what this recipient was asked.
fn answering(line: Passage, campaign: &Campaign, recipient: RecipientId, document: &ReceivedDocument) -> Passage {
    let title = |item: super::id::ItemId| Some(campaign.items.get(item.index())?.as_ref()?.title.as_str());
    let titles: Vec<&str> = document.asks.iter().filter(|ask| ask.recipient == recipient).filter_map(|ask| title(ask.item)).collect();
    if titles.is_empty() { line } else { line.name(format!(" It answers: {}.", titles.join("; "))) }
}

/// How many of these documents are neither public nor named, and why; nothing where there is none.
fn not_shown<'a>(documents: impl Iterator<Item = &'a ReceivedDocument>) -> Vec<Passage> {
    let is_shown =
        |document: &ReceivedDocument| document.publication.public.is_some() || document.publication.withdrawal().is_some() || is_named_only(document);
    let is_gone =
        |document: &ReceivedDocument| document.screening.is_destroyed() || matches!(document.publication.state, PublicationState::Erased { .. });
    let kept: Vec<_> = documents.filter(|it| !is_shown(it) && !is_gone(it)).collect();
    let n_closed = kept.iter().filter(|it| it.publication.permission == Some(Permission::Closed)).count();
    let line = |n: usize, one: &str, many: &str| (n > 0).then(|| Passage::new().name(if n == 1 { one.to_owned() } else { format!("{n} {many}") }));
    [
        line(
            n_closed,
            "One document came that the body does not allow to be published.",
            "documents came that the body does not allow to be published.",
        ),
        line(kept.len() - n_closed, "One document came and is still being looked at.", "documents came and are still being looked at."),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What somebody wrote as a reason, with one full stop at its end.
fn sentence(words: &str) -> String {
    let words = words.trim_end();
    if words.ends_with(['.', '?', '!']) { words.to_owned() } else { format!("{words}.") }
}

/// Every document that was corrected or withdrawn after it was public: when, why, and the hash of what was replaced.
fn changes(state: &State, recipients: &[(RecipientId, &Recipient)]) -> Option<Section> {
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for (recipient, _) in recipients {
        for (id, document) in documents_of(state, *recipient).filter(|(_, document)| !is_erased(document)) {
            if seen.contains(&id) {
                continue;
            }
            seen.push(id);
            let title = document.title.as_ref().map_or_else(|| format!("Document {}", id.0 + 1), ToString::to_string);
            found.extend(document.publication.steps.iter().filter(|step| step.before.is_some()).map(|step| (step.on, id, title.clone(), step)));
        }
    }
    found.sort_by_key(|(on, id, ..)| std::cmp::Reverse((*on, *id)));
    let columns = vec![
        Column::text("document", "Document"),
        Column::text("on", "Day"),
        Column::text("what", "What happened"),
        Column::text("why", "Why"),
        Column::text("before", "SHA-256 of the file before"),
        Column::text("after", "SHA-256 of the file now"),
    ];
    let hash = |hash: Option<BlobHash>| Value::label(hash.map_or_else(|| "none".to_owned(), |hash| hash.to_string()));
    let rows: Vec<Vec<Value>> = found
        .into_iter()
        .map(|(on, _, title, step)| {
            let why = step.why.as_ref().map_or("", Remark::as_str);
            vec![
                Value::label(title),
                Value::label(on.name()),
                Value::label(step.words()),
                Value::label(sentence(why)),
                hash(step.before),
                hash(step.after),
            ]
        })
        .collect();
    let table = Table::new("Documents that were corrected or withdrawn after they were public".to_owned(), columns, rows).ok()?;
    (!table.rows().is_empty()).then(|| Section {
        slug: "changes".to_owned(),
        name: "What was changed".to_owned(),
        title: Passage::new().say("What was corrected or withdrawn, and why"),
        lede: Passage::new().say("Nothing that was public disappears without a word. Whoever kept an earlier file can tell it by its hash."),
        blocks: vec![Block::Table(Box::new(table))],
    })
}

fn is_erased(document: &ReceivedDocument) -> bool {
    matches!(document.publication.state, PublicationState::Erased { .. })
}

/// The files of the answers to a recommendation that readers may see, each with the body that it came from; they go the same way to
/// the public as every other.
fn files_of_answers(state: &State, office: &Office<'_>, it: &Recommendation, files: &mut Vec<PublicFile>) -> Vec<Block> {
    let mut lines: Vec<Passage> = Vec::new();
    for duty in it.duties.iter().filter(|duty| !duty.withdrawn) {
        let name = state.body(duty.body).map_or_else(String::new, |body| body.entry.name.to_string());
        let of_body = |line: Passage| Passage::new().name(format!("{name}: ")).then(line);
        let all = || duty.documents.iter().filter_map(|id| Some((*id, state.document(*id)?)));
        let shown: Vec<Passage> = all().filter_map(|(id, document)| document_line(office, id, document, files)).collect();
        lines.extend(shown.into_iter().chain(not_shown(all().map(|(_, document)| document))).map(of_body));
    }
    if lines.is_empty() { Vec::new() } else { vec![Block::Heading("Files of the answers".to_owned()), Block::List(lines)] }
}

/// All recommendations as one document, if there are any.
fn recommendations(state: &State, office: &Office<'_>, open: Open, name: &str, files: &mut Vec<PublicFile>) -> Option<Document> {
    let all = state.recommendations();
    if all.is_empty() {
        return None;
    }
    let live = |duty: &&Duty| !duty.withdrawn;
    let n_duties = all.iter().flat_map(|it| &it.duties).filter(live).count() as u64;
    let n_answered = all.iter().flat_map(|it| &it.duties).filter(live).filter(|duty| duty.response.is_some()).count() as u64;
    let answered = Passage::new().value(&number(open, n_answered)).say(" of ").value(&number(open, n_duties));
    let sections = all
        .iter()
        .enumerate()
        .map(|(place, it)| {
            let columns = vec![
                Column::text("body", "Body"),
                Column::text("time", "Time"),
                Column::text("kind", "Answer"),
                Column::text("words", "In its words"),
            ];
            let rows: Vec<Vec<Value>> = it
                .duties
                .iter()
                .filter(live)
                .map(|duty| {
                    let kind = match &duty.response {
                        Some(DutyResponse::Action(_)) => "action",
                        Some(DutyResponse::ReasonForNone(_)) => "reason for no action",
                        None => "none yet",
                    };
                    let recommendation = super::id::RecommendationId(u32::try_from(place).unwrap_or(u32::MAX));
                    let words = state.public_words(FreeWords::Duty { recommendation, body: duty.body });
                    let body = state.body(duty.body).map_or_else(String::new, |body| body.entry.name.to_string());
                    let words = match (words, &duty.response) {
                        (Some(words), _) => Value::label(words.to_string()),
                        (None, Some(_)) => Value::label("being read before it is published"),
                        (None, None) => Value::label("none yet"),
                    };
                    vec![Value::label(body), Value::label(standing(duty.standing(office.today))), Value::label(kind), words]
                })
                .collect();
            let table = Table::new(format!("Who owes an answer to recommendation {}, and what was said", it.number), columns, rows);
            Section {
                slug: format!("{}-{}", slug(it.title.as_str()), place + 1),
                name: format!("{}: {}", it.number, it.title),
                title: Passage::new().name(it.title.to_string()),
                lede: Passage::new().name(it.report.to_string()).say(", published ").name(it.published.name()).say(if it.withdrawn.is_some() {
                    ". It was withdrawn: nobody owes an answer any more."
                } else {
                    "."
                }),
                blocks: table.into_iter().map(|table| Block::Table(Box::new(table))).chain(files_of_answers(state, office, it, files)).collect(),
            }
        })
        .collect();
    Some(Document {
        slug: "recommendations".to_owned(),
        title: "Recommendations and their answers".to_owned(),
        area: "Recommendations".to_owned(),
        area_kind: "recommendations".to_owned(),
        period: office.today.name(),
        audience: Audience::Public,
        standfirst: Passage::new().say("Each recommendation, the bodies that owe an answer to it, and what they said: action, or reason for none."),
        key_figures: vec![("Answered".to_owned(), answered)],
        front: vec![("Made by".to_owned(), Passage::new().name(name)), ("As it stood on".to_owned(), Passage::new().name(office.today.name()))],
        sections,
    })
}
