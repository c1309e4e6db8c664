//! The bodies that are asked: from registers or entered by hand, with whom to write to.

use headwater_prevention::exchange::body::{Body, BodyEntry, BodyKind, ContactStatus, DutyFlag, Language};

use headwater_prevention::exchange::decide::{Decision, bodies as decide, together};
use headwater_prevention::exchange::id::BodyId;
use headwater_prevention::exchange::register::{policing_bodies, violence_reduction_units};
use headwater_prevention::exchange::words::{Remark, Title};
use maud::{Markup, html};

use super::access::Right;
use super::form::Problems;
use super::layout::{self, boxes, facts, select, text};
use super::office::Known;
use super::visit::{Answer, Refusal, Visit, page, see};

/// Kinds of bodies, as forms and pages call them.
pub const KINDS: [(BodyKind, &str, &str); 8] = [
    (BodyKind::ViolenceReductionUnit, "violence-reduction-unit", "Violence reduction unit"),
    (BodyKind::LocalPolicingBody, "local-policing-body", "Local policing body"),
    (BodyKind::PoliceForce, "police-force", "Police force"),
    (BodyKind::LocalAuthority, "local-authority", "Council"),
    (BodyKind::HealthBody, "health-body", "Health body"),
    (BodyKind::Regulator, "regulator", "Regulator or inspectorate"),
    (BodyKind::GovernmentDepartment, "government-department", "Government department"),
    (BodyKind::Other, "other", "Other"),
];

const DUTIES: [(DutyFlag, &str, &str); 3] = [
    (DutyFlag::Msa43, "msa43", "Modern Slavery Act 2015 s.43: must co-operate with the Commissioner"),
    (DutyFlag::Daa15, "daa15", "Domestic Abuse Act 2021 s.15"),
    (DutyFlag::Pcsca8, "pcsca8", "Police, Crime, Sentencing and Courts Act 2022 s.8"),
];

/// Registers that ship: id, what adding it does.
const REGISTERS: [(&str, &str); 3] = [
    ("units-2019", "The 18 violence reduction units of 2019"),
    ("units-2022", "The 20 violence reduction units of 2022"),
    ("policing-bodies", "The 43 local policing bodies of England and Wales"),
];

/// A kind of body in words.
pub fn kind_words(kind: BodyKind) -> &'static str {
    KINDS.iter().find(|(one, _, _)| *one == kind).map_or("Other", |(_, _, words)| words)
}

/// All bodies.
///
/// # Errors
/// None: it has the form of a handler.
pub fn list(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let bodies: Vec<(usize, &Body)> = known.state.bodies().iter().enumerate().collect();
    let reached =
        |body: &Body| body.contacts.iter().filter(|id| known.state.contact(**id).is_some_and(|it| it.status == ContactStatus::Good)).count();
    let n_without = bodies.iter().filter(|(_, body)| body.successor.is_none() && reached(body) == 0).count();
    let options: Vec<(String, String, bool)> = REGISTERS.iter().map(|(id, words)| ((*id).to_owned(), (*words).to_owned(), false)).collect();
    let main = html! {
        @if n_without > 0 { (layout::next_move(&html! { "find somebody to write to at " (layout::counted(n_without, "body", "bodies")) " that has nobody yet." })) }
        @if !bodies.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Bodies" {
                table {
                    caption { (layout::counted(bodies.len(), "body", "bodies")) }
                    thead { tr { th.t scope="col" { "Name" } th.t scope="col" { "Kind" } th.t scope="col" { "Area" } th scope="col" { "Contacts" } } }
                    tbody {
                        @for (number, body) in &bodies {
                            tr {
                                th.t scope="row" { a href={ "/bodies/" (number) } { (body.entry.name) } @if body.successor.is_some() { " (succeeded by another)" } }
                                td.t { (kind_words(body.entry.kind)) }
                                td.t { (body.entry.area.as_ref().map_or_else(String::new, ToString::to_string)) }
                                td { (reached(body)) }
                            }
                        }
                    }
                }
            }
        }
        @if visit.may(Right::Prepare) {
            h2 { "Add from a register" }
            (layout::order(visit, "/bodies/register", "Add those that are not there yet", &boxes(visit, "register", "Registers that come with the program", "Each name, area and its source. Whom to write to is for you to enter: addresses of people are not shipped", &options)))
            div.buttons { a.button href="/bodies/new" { "Enter a body" } a href="/bodies/contacts" { "Enter contacts from a CSV file" } }
        }
    };
    page(layout::page(visit, "Bodies", &[], &main))
}

/// Adds what a register holds and is not there yet.
///
/// # Errors
/// No register was chosen.
pub fn add_register(visit: &Visit) -> Answer {
    let mut entries: Vec<BodyEntry> = Vec::new();
    let broken = |error: String| Problems::one("register", error);
    for register in visit.form.all("register") {
        match register {
            "units-2019" => {
                for unit in violence_reduction_units().iter().filter(|unit| unit.in_2019) {
                    entries.push(unit.entry().map_err(broken)?)
                }
            }
            "units-2022" => {
                for unit in violence_reduction_units().iter().filter(|unit| unit.in_2022) {
                    entries.push(unit.entry().map_err(broken)?)
                }
            }
            "policing-bodies" => {
                for body in policing_bodies() {
                    entries.push(body.entry().map_err(broken)?)
                }
            }
            _ => {}
        }
    }
    if entries.is_empty() {
        return Err(Problems::one("register", "Choose at least one register").into());
    }
    let written = visit.act_now(&|state, order| {
        let is_there = |entry: &BodyEntry| state.bodies().iter().any(|body| body.entry.name == entry.name);
        let enter = |entry: &BodyEntry| -> Decision<'_> {
            let entry = entry.clone();
            Box::new(move |state, order| decide::enter(state, order, entry.clone()))
        };
        let all: Vec<Decision<'_>> = entries.iter().filter(|entry| !is_there(entry)).map(enter).collect();
        together(state, order, &all)
    })?;
    see("/bodies", &format!("{} added", layout::counted(written.len(), "body", "bodies")))
}

/// The form for a body that stands in no register.
///
/// # Errors
/// None: it has the form of a handler.
pub fn new(visit: &Visit) -> Answer {
    page(layout::page(visit, "Enter a body", &[("Bodies", "/bodies")], &layout::order(visit, "/bodies/new", "Enter the body", &fields(visit, None))))
}

fn fields(visit: &Visit, entry: Option<&BodyEntry>) -> Markup {
    let kinds: Vec<(String, String)> = KINDS.iter().map(|(_, id, words)| ((*id).to_owned(), (*words).to_owned())).collect();
    let kind = entry.and_then(|entry| KINDS.iter().find(|(kind, _, _)| *kind == entry.kind)).map_or("", |(_, id, _)| id);
    let lines = |list: &[Title]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let languages: Vec<(String, String, bool)> = Language::ALL
        .iter()
        .map(|language| {
            (
                language.code().to_owned(),
                language.name().to_owned(),
                entry.map_or(*language == Language::En, |entry| entry.languages.contains(language)),
            )
        })
        .collect();
    let duties: Vec<(String, String, bool)> = DUTIES
        .iter()
        .map(|(flag, id, words)| ((*id).to_owned(), (*words).to_owned(), entry.is_some_and(|entry| entry.duties.contains(flag))))
        .collect();
    html! {
        (text(visit, "name", "Name", "As it is written in letters", entry.map_or("", |entry| entry.name.as_str())))
        (select(visit, "kind", "Kind", "", &kinds, kind))
        (text(visit, "area", "Code of its area", "Nine characters of the Office for National Statistics, such as E23000033; empty if it has none", entry.and_then(|entry| entry.area.as_ref()).map_or("", |area| area.as_str())))
        (text(visit, "aliases", "Other names", "Parted by semicolons", &lines(entry.map_or(&[][..], |entry| &entry.aliases))))
        (text(visit, "domains", "Domains it writes from", "What stands after the @ in its addresses, parted by semicolons: replies are matched by it", &lines(entry.map_or(&[][..], |entry| &entry.domains))))
        (boxes(visit, "languages", "Languages it is written to in", "", &languages))
        (boxes(visit, "duties", "Duties that it is known to have", "Leave what is not confirmed unticked", &duties))
    }
}

fn read(visit: &Visit, register: Option<Title>) -> Result<BodyEntry, Problems> {
    let (form, mut problems) = (&visit.form, Problems::default());
    let name = problems.needed(form, "name", "Enter the name");
    let kind = problems.choice(form, "kind", "Choose the kind", |id| KINDS.iter().find(|(_, one, _)| *one == id).map(|(kind, _, _)| *kind));
    let area = problems.optional(form, "area");
    let mut several = |field: &str| -> Vec<Title> {
        form.text(field)
            .split(';')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .filter_map(|text| problems.take(field, text.parse::<Title>()))
            .collect()
    };
    let (aliases, domains) = (several("aliases"), several("domains"));
    let languages: Vec<Language> = Language::ALL.into_iter().filter(|language| form.all("languages").any(|code| code == language.code())).collect();
    if languages.is_empty() {
        problems.add("languages", "Choose at least one language");
    }
    let duties = DUTIES.iter().filter(|(_, id, _)| form.all("duties").any(|duty| duty == *id)).map(|(flag, _, _)| *flag).collect();
    match (name, kind) {
        (Some(name), Some(kind)) if problems.is_empty() => Ok(BodyEntry { name, kind, area, register, aliases, domains, languages, duties }),
        _ => Err(problems),
    }
}

/// Enters a body.
///
/// # Errors
/// What is wrong with the form.
pub fn enter(visit: &Visit) -> Answer {
    let entry = read(visit, None)?;
    visit.act_now(&|state, order| decide::enter(state, order, entry.clone()))?;
    let number = visit.app.office.known().state.bodies().iter().position(|body| body.entry.name == entry.name).unwrap_or_default();
    see(format!("/bodies/{number}"), "The body is entered")
}

/// The body of an address.
///
/// # Errors
/// There is none of this number.
pub fn of<'a>(visit: &Visit, known: &'a Known) -> Result<(BodyId, &'a Body), Refusal> {
    let id = BodyId(visit.part("body")?);
    known.state.body(id).map(|body| (id, body)).ok_or(Refusal::NotFound)
}

/// One body.
///
/// # Errors
/// There is none of this number.
pub fn show(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, body) = of(visit, &known)?;
    let entry = &body.entry;
    let asked: Vec<_> = known.state.recipients().iter().enumerate().filter(|(_, recipient)| recipient.body == id && !recipient.removed).collect();
    let list = |list: &[Title]| if list.is_empty() { "none".to_owned() } else { list.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ") };
    let duties: Vec<&str> = DUTIES.iter().filter(|(flag, _, _)| entry.duties.contains(flag)).map(|(_, _, words)| *words).collect();
    let rows = [
        ("Kind", html! { (kind_words(entry.kind)) }),
        ("Area", html! { (entry.area.as_ref().map_or("none", |area| area.as_str())) }),
        ("Register", html! { (entry.register.as_ref().map_or("entered by hand", |register| register.as_str())) }),
        ("Other names", html! { (list(&entry.aliases)) }),
        ("Writes from", html! { (list(&entry.domains)) }),
        ("Languages", html! { (entry.languages.iter().map(|language| language.name()).collect::<Vec<_>>().join(", ")) }),
        ("Duties", html! { (if duties.is_empty() { "none confirmed".to_owned() } else { duties.join("; ") }) }),
    ];
    let main = html! {
        @if let Some((by, from)) = body.successor {
            p.warning {
                "Succeeded from " (from.name()) " by "
                a href={ "/bodies/" (by.0) } { (known.state.body(by).map_or("another body", |body| body.entry.name.as_str())) }
                ". It is asked nothing more; what it was asked before stays its own."
            }
        }
        (facts(&rows))
        h2 { "Whom to write to" }
        @if body.contacts.is_empty() { p { "Nobody yet." } }
        @for contact_id in &body.contacts {
            @if let Some(contact) = known.state.contact(*contact_id) {
                @let person = known.people.get(contact.person.as_str());
                div.unknown[contact.status != ContactStatus::Good] {
                    p {
                        strong { (known.name(contact.person.as_str())) } ", " (contact.role)
                        br; (person.and_then(|person| person.email.as_deref()).unwrap_or("no address"))
                        br; (match &contact.status {
                            ContactStatus::Good => contact.verified.map_or_else(|| "not verified".to_owned(), |day| format!("verified {}", day.name())),
                            ContactStatus::Bounced => "what was last sent there came back".to_owned(),
                            ContactStatus::Replaced { .. } => "replaced by another contact".to_owned(),
                        })
                    }
                    @if visit.may(Right::Prepare) && !matches!(contact.status, ContactStatus::Replaced { .. }) {
                        div.buttons {
                            (layout::button(visit, &format!("/contacts/{}/verify", contact_id.0), &format!("Verified today: {}", known.name(contact.person.as_str())), "other"))
                        }
                    }
                }
            }
        }
        @if visit.may(Right::Prepare) { p { a.button href={ "/bodies/" (id.0) "/contact" } { "Enter a contact" } } }
        h2 { "Campaigns" }
        @if asked.is_empty() { p { "It was asked nothing yet." } }
        ul {
            @for (number, recipient) in &asked {
                @if let Some(campaign) = known.state.campaign(recipient.campaign) {
                    li { a href={ "/recipients/" (number) } { (campaign.brief.title) } ", " (campaign.stage.words()) }
                }
            }
        }
        @if visit.may(Right::Prepare) {
            p { a href={ "/bodies/" (id.0) "/change" } { "Change the entry" } }
            @if body.successor.is_none() { p { a href={ "/bodies/" (id.0) "/succeed" } { "Another body took its place" } } }
        }
    };
    page(layout::page(visit, entry.name.as_str(), &[("Bodies", "/bodies")], &main))
}

/// The form that says which body took the place of one.
///
/// # Errors
/// There is no such body.
pub fn ask_to_succeed(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, body) = of(visit, &known)?;
    let others: Vec<(String, String)> = std::iter::once((String::new(), "choose".to_owned()))
        .chain(
            known
                .state
                .bodies()
                .iter()
                .enumerate()
                .filter(|(number, other)| *number != id.index() && other.successor.is_none())
                .map(|(number, other)| (number.to_string(), other.entry.name.to_string())),
        )
        .collect();
    let inside = html! {
        p { "Its letters and answers stay as they are, and are shown beside those of the other body when a campaign is repeated. Enter the other body first if it is not in the list." }
        (select(visit, "by", "Which body took its place", "", &others, ""))
        (layout::day(visit, "from", "From which day", "", Some(visit.today())))
    };
    let back = format!("/bodies/{}", id.0);
    page(layout::page(
        visit,
        "Another body took its place",
        &[("Bodies", "/bodies"), (body.entry.name.as_str(), &back)],
        &layout::order(visit, &visit.path, "Say that it was succeeded", &inside),
    ))
}

/// Says which body took the place of one.
///
/// # Errors
/// What is wrong with the form, or the two would succeed each other.
pub fn succeed(visit: &Visit) -> Answer {
    let id = of(visit, &visit.app.office.known())?.0;
    let mut problems = Problems::default();
    let by = problems.choice(&visit.form, "by", "Choose the body that took its place", |text| text.parse().ok().map(BodyId));
    let from = problems.day(&visit.form, "from", "Enter the day");
    let (Some(by), Some(from)) = (by, from) else { return Err(problems.into()) };
    visit.act(&|state, order| decide::succeed(state, order, id, by, from))?;
    see(format!("/bodies/{}", id.0), "The body was succeeded")
}

/// The form that changes an entry.
///
/// # Errors
/// There is no such body.
pub fn ask_to_change(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, body) = of(visit, &known)?;
    let inside = html! {
        (fields(visit, Some(&body.entry)))
        (text(visit, "reason", "Why it changes", "Kept in the log", ""))
    };
    let back = format!("/bodies/{}", id.0);
    page(layout::page(
        visit,
        "Change the entry",
        &[("Bodies", "/bodies"), (body.entry.name.as_str(), &back)],
        &layout::order(visit, &visit.path, "Change the entry", &inside),
    ))
}

/// Changes an entry.
///
/// # Errors
/// What is wrong with the form, or somebody else changed it meanwhile.
pub fn change(visit: &Visit) -> Answer {
    let (id, register) = {
        let known = visit.app.office.known();
        let (id, body) = of(visit, &known)?;
        (id, body.entry.register.clone())
    };
    let mut problems = Problems::default();
    let reason: Option<Remark> = problems.needed(&visit.form, "reason", "Say why it changes");
    let entry = read(visit, register);
    match (entry, reason) {
        (Ok(entry), Some(reason)) => {
            visit.act(&|state, order| decide::change(state, order, id, entry.clone(), reason.clone()))?;
            see(format!("/bodies/{}", id.0), "The entry is changed")
        }
        (Ok(_), None) => Err(problems.into()),
        (Err(mut wrong), _) => {
            wrong.0.extend(problems.0);
            Err(wrong.into())
        }
    }
}
