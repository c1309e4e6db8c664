//! Campaigns: what is asked, on which ground, and how far each is.

use std::collections::{BTreeMap, BTreeSet};

use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::campaign::{AskItem, Brief, Campaign, PublishPolicy, Stage};
use headwater_prevention::exchange::clock::Length;
use headwater_prevention::exchange::decide::asks;
use headwater_prevention::exchange::decide::campaigns::{self as decide, Beginning};
use headwater_prevention::exchange::event::Event;
use headwater_prevention::exchange::grid::statistics::{Share, statistics};
use headwater_prevention::exchange::id::{AskId, BodyId, CampaignId, RecipientId};
use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::state::State;
use headwater_prevention::exchange::words::Remark;
use maud::{Markup, html};

use super::access::Right;
use super::clocks;
use super::form::{Fields, Problems, reason};
use super::items;
use super::layout::{self, Progress, Task, area, boxes, facts, radios, select, text};
use super::letters;
use super::office::Known;
use super::recipients;
use super::visit::{Answer, Refusal, Visit, page, see};

const POLICIES: [(PublishPolicy, &str, &str, &str); 3] = [
    (PublishPolicy::AsPermitted, "as-permitted", "Document by document, as the bodies allow", "Each answer is asked about"),
    (PublishPolicy::StatesOnly, "states-only", "Only who answered what, and when", "No document is published"),
    (PublishPolicy::Closed, "closed", "Nothing", "The campaign stays inside the office"),
];

/// The campaign of an address.
///
/// # Errors
/// There is none of this number.
pub fn of<'a>(visit: &Visit, known: &'a Known) -> Result<(CampaignId, &'a Campaign), Refusal> {
    let id = CampaignId(visit.part("campaign")?);
    known.state.campaign(id).map(|campaign| (id, campaign)).ok_or(Refusal::NotFound)
}

/// All campaigns.
///
/// # Errors
/// None: it has the form of a handler.
pub fn list(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let today = visit.today();
    let main = html! {
        @if known.state.campaigns().is_empty() { p { "There is no campaign yet." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Campaigns" {
                table {
                    caption { (layout::counted(known.state.campaigns().len(), "campaign", "campaigns")) }
                    thead { tr { th.t scope="col" { "Title" } th.t scope="col" { "State" } th scope="col" { "Asked" } th scope="col" { "Answered" } th scope="col" { "Overdue" } } }
                    tbody {
                        @for (number, campaign) in known.state.campaigns().iter().enumerate().rev() {
                            @let asks: Vec<_> = known.state.recipients_of(CampaignId(number as u32)).flat_map(|(_, recipient)| recipient.asks()).collect();
                            tr {
                                th.t scope="row" { a href={ "/campaigns/" (number) } { (campaign.brief.title) } }
                                td.t { (campaign.stage.words()) ", " (layout::when(campaign.stage_since.day_in_london(), today)) }
                                td { (asks.len()) }
                                td { (asks.iter().filter(|(_, ask)| ask.status.is_answer()).count()) }
                                // Of a campaign that is over, nothing more is waited for.
                                @let is_over = matches!(campaign.stage, Stage::Closed | Stage::Archived);
                                td { (asks.iter().filter(|(_, ask)| !is_over && ask.standing(&campaign.brief.clock, today).is_overdue()).count()) }
                            }
                        }
                    }
                }
            }
        }
        @if visit.may(Right::Prepare) { div.buttons { a.button href="/campaigns/new" { "Begin a campaign" } } }
    };
    page(layout::page(visit, "Campaigns", &[], &main))
}

/// The form for a new campaign; a repeated one begins with what the last one said.
///
/// # Errors
/// None: it has the form of a handler.
pub fn new(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let again = visit.query.text("again").parse().ok().map(CampaignId);
    // The address names them, or the form that came back.
    let named = if visit.form.has("from") { &visit.form } else { &visit.query };
    let passed = passed_on(&known.state, named);
    let from = passed.first().and_then(|ask| known.state.recipient(ask.recipient)).map(|recipient| recipient.campaign);
    let previous = again.or(from).and_then(|id| known.state.campaign(id));
    let earlier: Vec<(String, String)> = std::iter::once((String::new(), "It repeats none".to_owned()))
        .chain(known.state.campaigns().iter().enumerate().map(|(number, campaign)| (number.to_string(), campaign.brief.title.to_string())))
        .collect();
    let inside = html! {
        @if !passed.is_empty() {
            p { "It asks one body for what another passed on to it: " (passed.iter().filter_map(|ask| item_of(&known.state, *ask)).map(|item| item.title.to_string()).collect::<Vec<_>>().join(", ")) ". The pages of both say what becomes of it." }
            @for field in ["from", "to"] { input type="hidden" name=(field) value=(visit.value(field, visit.query.text(field))); }
        }
        (brief_fields(visit, previous.map(|campaign| &campaign.brief)))
        @if earlier.len() > 1 && passed.is_empty() {
            (select(visit, "previous", "The campaign it repeats", "Last time's answers are shown beside this time's; its items, its bodies and the words of its letter are taken over", &earlier, &again.map(|id| id.0.to_string()).unwrap_or_default()))
        }
        @if previous.is_none() && passed.is_empty() {
            (boxes(visit, "items", "What to ask for", "", &[("four".to_owned(), "Begin with the four asks of the letter that comes with the program: assessment, strategy, update on delivery, and an answer fit to publish".to_owned(), true)]))
        }
    };
    page(layout::page(
        visit,
        "Begin a campaign",
        &[("Campaigns", "/campaigns")],
        &layout::order(visit, "/campaigns/new", "Begin the campaign", &inside),
    ))
}

/// What one body passed on to another, as a link or a form names the two.
fn passed_on(state: &State, named: &Fields) -> Vec<AskId> {
    match (named.text("from").parse(), named.text("to").parse()) {
        (Ok(from), Ok(to)) => decide::passed_on(state, RecipientId(from), BodyId(to)),
        _ => Vec::new(),
    }
}

fn item_of(state: &State, ask: AskId) -> Option<AskItem> {
    state.recipient(ask.recipient).and_then(|it| state.campaign(it.campaign))?.items.get(ask.item.index())?.clone()
}

fn brief_fields(visit: &Visit, brief: Option<&Brief>) -> Markup {
    let stands = |of: fn(&Brief) -> String| brief.map(of).unwrap_or_default();
    let languages: Vec<(String, String, bool)> = Language::ALL
        .iter()
        .map(|language| {
            (
                language.code().to_owned(),
                language.name().to_owned(),
                brief.map_or(*language == Language::En, |brief| brief.languages.contains(language)),
            )
        })
        .collect();
    let policies: Vec<(&str, &str, &str)> = POLICIES.iter().map(|(_, id, words, about)| (*id, *words, *about)).collect();
    let policy = brief.map_or("as-permitted", |brief| POLICIES.iter().find(|(one, ..)| *one == brief.publish_policy).map_or("", |(_, id, ..)| id));
    html! {
        (text(visit, "title", "Title", "It is the subject of the letters", &stands(|brief| brief.title.to_string())))
        (area(visit, "purpose", "What it is for", "", &stands(|brief| brief.purpose.to_string())))
        (area(visit, "legal_basis", "The law it rests on", "", &brief.map_or_else(|| "Modern Slavery Act 2015 s.41 (good practice), s.42 (the plan), s.43 (request to co-operate)".to_owned(), |brief| brief.legal_basis.to_string())))
        (text(visit, "plan_priority", "The priority of the plan that it serves", "The annual report is sorted by it", &stands(|brief| brief.plan_priority.to_string())))
        (clocks::fields(visit, brief.map(|brief| brief.clock)))
        (boxes(visit, "languages", "Languages of the letters", "A body that is written to in both gets both, the language of its contact first. The Welsh text that comes with the program needs a native speaker's check", &languages))
        (radios(visit, "policy", "What is published of the answers", "", &policies, policy))
    }
}

fn read_brief(visit: &Visit) -> Result<Brief, Problems> {
    let (form, mut problems) = (&visit.form, Problems::default());
    let title = problems.needed(form, "title", "Enter a title");
    let purpose = problems.needed(form, "purpose", "Say what it is for");
    let legal_basis = problems.needed(form, "legal_basis", "Name the law it rests on");
    let plan_priority = problems.needed(form, "plan_priority", "Name the priority of the plan");
    let languages: Vec<Language> = Language::ALL.into_iter().filter(|language| form.all("languages").any(|code| code == language.code())).collect();
    if languages.is_empty() {
        problems.add("languages", "Choose at least one language");
    }
    let clock = clocks::read(visit, &mut problems);
    let publish_policy =
        problems.choice(form, "policy", "Choose what is published", |id| POLICIES.iter().find(|(_, one, ..)| *one == id).map(|(policy, ..)| *policy));
    match (title, purpose, legal_basis, plan_priority, clock, publish_policy) {
        (Some(title), Some(purpose), Some(legal_basis), Some(plan_priority), Some(clock), Some(publish_policy)) if problems.is_empty() => {
            Ok(Brief { title, purpose, legal_basis, plan_priority, clock, languages, publish_policy })
        }
        _ => Err(problems),
    }
}

/// Begins a campaign, with what is asked for and with whom the last round asked: all of it or nothing.
///
/// # Errors
/// What is wrong with the form.
pub fn draft(visit: &Visit) -> Answer {
    let brief = read_brief(visit)?;
    let previous = visit.form.text("previous").parse().ok().map(CampaignId);
    let (takes_up, passed_items): (Vec<AskId>, Vec<AskItem>) = {
        let known = visit.app.office.known();
        let passed = passed_on(&known.state, &visit.form);
        let items = passed.iter().filter_map(|ask| item_of(&known.state, *ask)).collect();
        (passed, items)
    };
    if takes_up.is_empty() && visit.form.has("from") {
        return Err(Problems::one(
            "",
            "Somebody has asked that body for it meanwhile, or it is no longer passed on: look at the page of who passed it on",
        )
        .into());
    }
    let (items, recipients) = match previous {
        _ if !takes_up.is_empty() => (passed_items, recipients::new_of(visit, &[BodyId(visit.form.text("to").parse().unwrap_or(u32::MAX))])?),
        Some(previous) => items::of_the_last_round(visit, previous)?,
        None if visit.form.has("items") => (items::four()?, Vec::new()),
        None => (Vec::new(), Vec::new()),
    };
    let beginning = Beginning { brief, previous, items, recipients, takes_up: takes_up.clone() };
    let written = visit.act_now(&|state, order| decide::begin(state, order, beginning.clone()))?;
    let given = written.iter().find_map(|event| if let Event::CampaignDrafted(it) = event { Some(it.campaign.0) } else { None });
    let Some(id) = given else { return see("/campaigns", "The campaign is begun") };
    match previous.filter(|_| takes_up.is_empty()) {
        None => see(format!("/campaigns/{id}"), "The campaign is begun"),
        Some(last) => {
            letters::carry_over(visit, last, CampaignId(id))?;
            see(
                format!("/campaigns/{id}"),
                "The campaign is begun with the items, the bodies and the letter of the last round. Read the letter: what was true then may not be now",
            )
        }
    }
}

/// The form that changes what a campaign is.
///
/// # Errors
/// There is none of this number.
pub fn ask_to_change(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, campaign) = of(visit, &known)?;
    let back = format!("/campaigns/{}", id.0);
    let trail = [("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), back.as_str())];
    page(layout::page(
        visit,
        "Purpose, ground and time",
        &trail,
        &layout::order(visit, &visit.path, "Save", &brief_fields(visit, Some(&campaign.brief))),
    ))
}

/// Changes what a campaign is.
///
/// # Errors
/// What is wrong with the form, or somebody else changed it meanwhile.
pub fn change(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let brief = read_brief(visit)?;
    visit.act(&|state, order| decide::change(state, order, id, brief.clone()))?;
    see(format!("/campaigns/{}", id.0), "Saved")
}

/// One campaign: its tasks while it is prepared, its figures once it is out.
///
/// # Errors
/// There is none of this number.
pub fn show(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, campaign) = of(visit, &known)?;
    let out = matches!(campaign.stage, Stage::Open | Stage::Paused | Stage::Closed | Stage::Archived);
    let main = html! {
        (layout::next_move(&next(visit, &known, id, campaign)))
        @if out { (figures(visit, &known.state, id)) } @else { h2 { "Tasks" } (layout::tasks(&task_list(visit, &known.state, id, campaign))) }
        h2 { "What it is" }
        (about(&known, campaign))
        (more_time(&known.state, id))
        (orders(visit, id, campaign))
    };
    page(layout::page(visit, campaign.brief.title.as_str(), &[("Campaigns", "/campaigns")], &main))
}

/// Facts of a campaign.
pub fn about(known: &Known, campaign: &Campaign) -> Markup {
    let brief = &campaign.brief;
    facts(&[
        ("For", html! { (brief.purpose) }),
        ("Ground", html! { (brief.legal_basis) }),
        ("Plan priority", html! { (brief.plan_priority) }),
        ("Time to answer", html! { (clocks::words(&brief.clock)) }),
        ("Languages", html! { (brief.languages.iter().map(|language| language.name()).collect::<Vec<_>>().join(", ")) }),
        ("Published", html! { (POLICIES.iter().find(|(policy, ..)| *policy == brief.publish_policy).map_or("", |(_, _, words, _)| words)) }),
        ("Begun by", html! { (known.name(campaign.author.as_str())) }),
        ("Approved by", html! { (campaign.approved_by.as_ref().map_or("nobody yet", |person| known.name(person.as_str()))) }),
    ])
}

/// Who was given more time, until when and why.
fn more_time(state: &State, id: CampaignId) -> Markup {
    let mut given: BTreeMap<(Day, &str), BTreeSet<RecipientId>> = BTreeMap::new();
    for (recipient, it) in state.recipients_of(id) {
        for extension in it.asks().filter_map(|(_, ask)| ask.extended.as_ref()) {
            given.entry((extension.until, extension.reason.as_str())).or_default().insert(recipient);
        }
    }
    let name = |id: &RecipientId| state.recipient(*id).and_then(|it| state.body(it.body)).map_or("", |body| body.entry.name.as_str());
    html! {
        @if !given.is_empty() {
            h2 { "More time was given" }
            ul { @for ((until, reason), bodies) in &given {
                li { "Until " (until.name()) ": " @if let (1, Some(one)) = (bodies.len(), bodies.first()) { (name(one)) } @else { (layout::counted(bodies.len(), "body", "bodies")) } ". " (reason) }
            } }
        }
    }
}

fn next(visit: &Visit, known: &Known, id: CampaignId, campaign: &Campaign) -> Markup {
    match campaign.stage {
        Stage::Draft => {
            let gaps = decide::gaps(&known.state, id);
            match gaps.first() {
                Some(first) => html! { (layout::counted(gaps.len(), "thing is", "things are")) " missing. The first: " (first) "." },
                None => html! { "nothing is missing. " a href={ "/campaigns/" (id.0) "/submit" } { "Put it up for review" } "." },
            }
        }
        Stage::Review => {
            html! { "a second person looks at all letters and " a href={ "/campaigns/" (id.0) "/approve" } { "approves them" } ". It was put up by " (campaign.submitted_by.as_ref().map_or("", |person| known.name(person.as_str()))) "." }
        }
        Stage::Approved => html! { a href={ "/campaigns/" (id.0) "/send" } { "send the letters" } "." },
        Stage::Sending => {
            html! { "the letters leave once the recall window is over. " a href={ "/campaigns/" (id.0) "/send" } { "See how far it is" } "." }
        }
        Stage::Open | Stage::Paused => {
            let n_left = decide::letters_to_send(&known.state, id, visit.now()).len();
            let overdue = known
                .state
                .recipients_of(id)
                .filter(|(_, recipient)| recipient.asks().any(|(_, ask)| ask.standing(&campaign.brief.clock, visit.today()).is_overdue()))
                .count();
            let left = html! { @if n_left > 0 { (layout::counted(n_left, "letter is", "letters are")) " still to leave: " a href={ "/campaigns/" (id.0) "/send" } { "send them, hold them back or leave them out" } ". " } };
            html! { (left) @if overdue > 0 { (layout::counted(overdue, "body is", "bodies are")) " late. " @if visit.may(Right::Prepare) { a href={ "/reminders?campaign=" (id.0) } { "Write reminders" } "." } } @else { "the bodies have the next move." } }
        }
        Stage::Closed | Stage::Archived => html! { "nothing. It is " (campaign.stage.words()) "." },
    }
}

fn task_list(visit: &Visit, state: &State, id: CampaignId, campaign: &Campaign) -> Vec<Task> {
    let at = |page: &str| format!("/campaigns/{}/{page}", id.0);
    let n_items = campaign.items.iter().flatten().count();
    let recipients: Vec<_> = state.recipients_of(id).collect();
    let n_without = recipients.iter().filter(|(_, recipient)| recipient.contact.is_none()).count();
    let n_merged = recipients.iter().filter(|(_, recipient)| !recipient.letters.is_empty()).count();
    let n_missing = recipients.iter().filter(|(_, recipient)| recipient.letters.values().any(|merged| merged.n_missing > 0)).count();
    let gaps = decide::gaps(state, id);
    let of = |done: bool, ready: bool| {
        if done {
            Progress::Completed
        } else if ready {
            Progress::ToDo
        } else {
            Progress::CannotStartYet
        }
    };
    let is_draft = campaign.stage == Stage::Draft;
    let letters_are_ready = n_items > 0 && !recipients.is_empty();
    let all_merged = letters_are_ready && n_merged == recipients.len() && n_missing == 0;
    let task = |words: &str, address: String, hint: String, progress: Progress| Task { words: words.to_owned(), address, hint, progress };
    vec![
        // What can no longer be changed stands below the list.
        task(
            "Purpose, ground and time",
            if is_draft && visit.may(Right::Prepare) { at("change") } else { String::new() },
            String::new(),
            Progress::Completed,
        ),
        task("What is asked for", at("items"), layout::counted(n_items, "item", "items"), of(n_items > 0, true)),
        task(
            "Who is asked",
            at("recipients"),
            if n_without > 0 {
                format!("{} of {} with nobody to write to", n_without, recipients.len())
            } else {
                layout::counted(recipients.len(), "body", "bodies")
            },
            of(!recipients.is_empty() && n_without == 0, true),
        ),
        task(
            "The letter",
            at("letter"),
            if n_missing > 0 {
                format!("{n_missing} of {} letters have empty fields", recipients.len())
            } else {
                format!("{n_merged} of {} letters made", recipients.len())
            },
            of(all_merged, letters_are_ready),
        ),
        task(
            "Read all letters",
            at("letters"),
            String::new(),
            if n_merged > 0 && all_merged {
                Progress::Completed
            } else if n_merged > 0 {
                Progress::ToDo
            } else {
                Progress::CannotStartYet
            },
        ),
        task(
            "Put up for review",
            at("submit"),
            gaps.first().cloned().filter(|_| is_draft).map(|gap| layout::sentence(&gap)).unwrap_or_default(),
            of(!is_draft, gaps.is_empty()),
        ),
        task(
            "Approval by a second person",
            at("approve"),
            String::new(),
            of(!matches!(campaign.stage, Stage::Draft | Stage::Review), campaign.stage == Stage::Review),
        ),
        task("Send", at("send"), String::new(), of(false, matches!(campaign.stage, Stage::Approved | Stage::Sending))),
    ]
}

fn figures(visit: &Visit, state: &State, id: CampaignId) -> Markup {
    let (Some(found), Some(campaign)) = (statistics(state, id, visit.today()), state.campaign(id)) else { return html! {} };
    html! {
        div.buttons { a.button href={ "/campaigns/" (id.0) "/grid" } { "Open the grid" } a href={ "/campaigns/" (id.0) "/letters" } { "The letters" } a href={ "/campaigns/" (id.0) "/send" } { "What is out" } a href={ "/campaigns/" (id.0) "/recipients" } { "Who is asked" } }
        dl.figures {
            div { dt { "Asks answered" } dd { (share(found.answered)) } }
            div { dt { "Answered in time" } dd { (share(found.answered_on_time)) } }
            div { dt { "Asks overdue" } dd { (share(found.overdue)) } }
            @if found.passed_on.n > 0 { div { dt { "Asks passed to another body" } dd { (share(found.passed_on)) } } }
            div { dt { "Bodies that provided everything" } dd { (share(found.recipients_complete)) } }
            div { dt { "Bodies with no answer yet" } dd { (share(found.recipients_silent)) } }
            @if found.recipients_unreached.n > 0 { div { dt { "Bodies we could not reach" } dd { (share(found.recipients_unreached)) } } }
            div { dt { "Days to an answer, median" } dd { (found.median_half_days.map_or_else(|| "none yet".to_owned(), half_days)) } }
        }
        h2 { "Provided, item by item" }
        dl.figures {
            @for (item, found) in &found.items_provided {
                div { dt { (campaign.items.get(item.index()).and_then(Option::as_ref).map_or("", |item| item.title.as_str())) } dd { (share(*found)) } }
            }
        }
    }
}

fn share(share: Share) -> String {
    if share.of == 0 {
        return "none yet".to_owned();
    }
    format!("{} of {}", share.n, share.of)
}

/// Half days as days: 5 is 2.5.
fn half_days(half: i64) -> String {
    if half % 2 == 0 { (half / 2).to_string() } else { format!("{}.5", half / 2) }
}

fn orders(visit: &Visit, id: CampaignId, campaign: &Campaign) -> Markup {
    let at = |order: &str| format!("/campaigns/{}/{order}", id.0);
    html! {
        @if visit.may(Right::Prepare) {
            @match campaign.stage {
                Stage::Open => {
                    h2 { "Change how it goes on" }
                    @if campaign.brief.clock.length != Length::NoLimit {
                        (layout::fold(visit, &at("extend"), "Give more time", &layout::order(visit, &at("extend"), "Give all who have not answered more time", &html! {
                            (layout::day(visit, "until", "The last day to answer now", "Time that a body was given already, and that lasts longer, stays", None))
                            (text(visit, "extend_reason", "Why", "Kept in the log. Tell the bodies: the program writes to nobody by itself", ""))
                        })))
                    }
                    (layout::fold(visit, &at("pause"), "Pause the campaign", &layout::order(visit, &at("pause"), "Pause the campaign", &text(visit, "reason", "Why", "Kept in the log", ""))))
                    (layout::fold(visit, &at("close"), "Close the campaign", &layout::order(visit, &at("close"), "Close the campaign", &text(visit, "close_reason", "Why", "Kept in the log. Nothing more is waited for", ""))))
                }
                Stage::Paused => { div.buttons { (layout::button(visit, &at("resume"), "Go on with the campaign", "")) } }
                Stage::Closed => { div.buttons { (layout::button(visit, &at("archive"), "Archive the campaign", "other")) a href={ "/campaigns/new?again=" (id.0) } { "Ask again: begin the next round" } } }
                _ => {}
            }
        }
    }
}

/// Gives all who have not answered more time.
///
/// # Errors
/// The day is over, no reason is given, or nobody is waited for.
pub fn extend(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let mut problems = Problems::default();
    let until = problems.day(&visit.form, "until", "Enter the last day to answer now");
    let reason: Option<Remark> = problems.needed(&visit.form, "extend_reason", "Say why");
    let (Some(until), Some(reason)) = (until, reason) else { return Err(problems.into()) };
    visit.act(&|state, order| {
        let asks: Vec<AskId> = waiting_asks(state, id).filter(|ask| not_due_before(state, *ask).is_none_or(|due| until > due)).collect();
        asks::extend(state, order, asks, until, reason.clone())
    })?;
    see(format!("/campaigns/{}", id.0), &format!("Those who have not answered have until {}", until.name()))
}

/// The asks of a campaign that are out and not answered, or have still to leave.
fn waiting_asks(state: &State, id: CampaignId) -> impl Iterator<Item = AskId> {
    let of = state.recipients_of(id);
    of.flat_map(|(recipient, it)| it.asks().filter(|(_, ask)| !ask.status.is_final()).map(move |(item, _)| AskId { recipient, item }))
}

fn not_due_before(state: &State, id: AskId) -> Option<Day> {
    let clock = state.recipient(id.recipient).and_then(|it| state.campaign(it.campaign))?.brief.clock;
    state.ask(id)?.not_due_before(&clock)
}

/// Pauses a campaign.
///
/// # Errors
/// No reason is given, or it is not open.
pub fn pause(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let reason = reason(&visit.form, "reason")?;
    visit.act(&|state, order| decide::pause(state, order, id, reason.clone()))?;
    see(format!("/campaigns/{}", id.0), "The campaign is paused")
}

/// Goes on with a campaign.
///
/// # Errors
/// It is not paused.
pub fn resume(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    visit.act(&|state, order| decide::resume(state, order, id))?;
    see(format!("/campaigns/{}", id.0), "The campaign goes on")
}

/// Closes a campaign.
///
/// # Errors
/// No reason is given, or it is not open.
pub fn close(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let reason = reason(&visit.form, "close_reason")?;
    visit.act(&|state, order| decide::close(state, order, id, reason.clone()))?;
    see(format!("/campaigns/{}", id.0), "The campaign is closed")
}

/// Archives a campaign.
///
/// # Errors
/// It is not closed.
pub fn archive(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    visit.act(&|state, order| decide::archive(state, order, id))?;
    see(format!("/campaigns/{}", id.0), "The campaign is archived")
}
