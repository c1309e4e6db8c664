//! Whom to write to at a body: a person in an erasable record, and a contact in the log that names only the record's id.

use std::collections::BTreeMap;

use headwater_prevention::exchange::body::{Channel, ContactStatus, Language};
use headwater_prevention::exchange::decide::bodies as decide;
use headwater_prevention::exchange::id::{BodyId, ContactId, PersonId};
use headwater_prevention::exchange::words::Title;
use maud::html;

use super::bodies;
use super::form::Problems;
use super::layout::{self, area, line, select, text};
use super::visit::{Answer, Refusal, Visit, page, see};
use crate::people::{self, Person};

const COLUMNS: [&str; 6] = ["body", "name", "role", "email", "salutation", "postal_address"];

/// The form for one contact.
///
/// # Errors
/// There is no such body.
pub fn new(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, body) = bodies::of(visit, &known)?;
    let languages: Vec<(String, String)> =
        body.entry.languages.iter().map(|language| (language.code().to_owned(), language.name().to_owned())).collect();
    let inside = html! {
        (line(visit, "text", "name", "Name", "", "", "off"))
        (text(visit, "role", "Role", "Such as \u{201c}Director\u{201d}; kept in the log, so not a name", ""))
        (line(visit, "email", "email", "E-mail address", "Empty if they are written to by post", "", "off"))
        (text(visit, "salutation", "Greeting", "What follows \u{201c}Dear\u{201d} in a letter", ""))
        (area(visit, "postal_address", "Postal address", "", ""))
        (select(visit, "language", "Language", "", &languages, "en"))
    };
    let back = format!("/bodies/{}", id.0);
    page(layout::page(
        visit,
        "Enter a contact",
        &[("Bodies", "/bodies"), (body.entry.name.as_str(), &back)],
        &layout::order(visit, &visit.path, "Enter the contact", &inside),
    ))
}

/// Enters a contact.
///
/// # Errors
/// What is wrong with the form.
pub fn enter(visit: &Visit) -> Answer {
    let (id, organisation) = {
        let known = visit.app.office.known();
        let (id, body) = bodies::of(visit, &known)?;
        (id, body.entry.name.to_string())
    };
    let mut problems = Problems::default();
    let (form, some) = (&visit.form, |text: &str| (!text.is_empty()).then(|| text.to_owned()));
    if form.text("name").is_empty() {
        problems.add("name", "Enter the name");
    }
    let role: Option<Title> = problems.needed(form, "role", "Enter the role");
    let (email, post) = (form.text("email"), form.text("postal_address"));
    if !email.is_empty() && !people::is_address(email) {
        problems.add("email", "Enter an e-mail address, like name@body.example, or leave it empty");
    }
    if email.is_empty() && post.is_empty() {
        problems.add("email", "Enter an e-mail address or a postal address");
    }
    let language = if form.text("language") == "cy" { Language::Cy } else { Language::En };
    let (Some(role), true) = (role, problems.is_empty()) else { return Err(problems.into()) };
    let person = Person {
        name: form.text("name").to_owned(),
        email: some(email),
        organisation: Some(organisation),
        salutation: some(form.text("salutation")),
        postal_address: some(post),
    };
    add(visit, id, &person, &role, language)?;
    visit.app.office.people_changed(&visit.app.ws)?;
    see(format!("/bodies/{}", id.0), "The contact is entered")
}

fn add(visit: &Visit, body: BodyId, person: &Person, role: &Title, language: Language) -> Result<(), Refusal> {
    let channel = if person.email.is_some() { Channel::Email } else { Channel::Post };
    let id = people::add(&visit.app.ws, person, visit.occasion()?)?;
    let id: PersonId = id.parse().map_err(|_| Refusal::NotFound)?;
    visit.act_now(&|state, order| decide::enter_contact(state, order, body, id, role.clone(), channel, language))?;
    Ok(())
}

/// Says that a contact was checked today.
///
/// # Errors
/// There is no such contact, or it changed meanwhile.
pub fn verify(visit: &Visit) -> Answer {
    let contact = ContactId(visit.part("contact")?);
    let body = visit.app.office.known().state.contact(contact).map(|it| it.body).ok_or(Refusal::NotFound)?;
    let today = visit.today();
    visit.act(&|state, order| decide::verify_contact(state, order, contact, today))?;
    see(format!("/bodies/{}", body.0), "The contact is verified")
}

/// The form for many contacts.
///
/// # Errors
/// None: it has the form of a handler.
pub fn many(visit: &Visit) -> Answer {
    let inside = html! {
        (layout::files(visit, "file", "CSV file", "One row for each contact. The first row names the columns"))
        (area(visit, "rows", "Or paste the rows here", "", ""))
    };
    let main = html! {
        p { "Columns: " @for (place, column) in COLUMNS.iter().enumerate() { @if place > 0 { ", " } code { (column) } } ". The body is named as it stands here, or by one of its other names." }
        (layout::order_with_files(visit, "/bodies/contacts", "Enter these contacts", &inside))
    };
    page(layout::page(visit, "Enter contacts from a CSV file", &[("Bodies", "/bodies")], &main))
}

/// Enters many contacts, all or none; one that is there already, by body and address, is left as it is.
///
/// # Errors
/// What is wrong, with the row.
pub fn enter_many(visit: &Visit) -> Answer {
    let mut text = visit.form.text("rows").as_bytes().to_vec();
    if let Some(sent) = visit.files.iter().find(|sent| sent.field == "file") {
        text = sent.rows()?;
    }
    let (rows, mut problems) = (read(&text), Problems::default());
    let rows = match rows {
        Ok(rows) if rows.is_empty() => return Err(Problems::one("file", "Choose a file, or paste the rows").into()),
        Ok(rows) => rows,
        Err(fault) => return Err(Problems::one("file", fault).into()),
    };
    let mut found: Vec<(BodyId, Person, Title)> = Vec::new();
    let mut n_there = 0;
    {
        let known = visit.app.office.known();
        for (number, row) in rows.iter().enumerate() {
            let cell = |column: &str| row.get(column).map_or("", String::as_str);
            let mut wrong = |what: String| problems.add("file", format!("Row {}: {what}", number + 2));
            let named = |name: &str| name.eq_ignore_ascii_case(cell("body"));
            let body = known
                .state
                .bodies()
                .iter()
                .position(|body| named(body.entry.name.as_str()) || body.entry.aliases.iter().any(|alias| named(alias.as_str())));
            let Some(body) = body else {
                wrong(format!("there is no body called \u{201c}{}\u{201d}", cell("body")));
                continue;
            };
            let body = BodyId(u32::try_from(body).unwrap_or(u32::MAX));
            if cell("name").is_empty() {
                wrong("the name is missing".to_owned());
            }
            if !people::is_address(cell("email")) && (!cell("email").is_empty() || cell("postal_address").is_empty()) {
                wrong("there is neither an e-mail address nor a postal address".to_owned());
            }
            let role = cell("role").parse::<Title>().map_err(&mut wrong);
            let is_there = |contact: &&headwater_prevention::exchange::body::Contact| {
                let person = known.people.get(contact.person.as_str());
                contact.body == body
                    && contact.status == ContactStatus::Good
                    && person.is_some_and(|person| person.email.as_deref() == Some(cell("email")))
            };
            if known.state.contacts().iter().any(|contact| is_there(&contact)) {
                n_there += 1;
                continue;
            }
            let some = |column: &str| Some(cell(column).to_owned()).filter(|text| !text.is_empty());
            let organisation = known.state.body(body).map(|body| body.entry.name.to_string());
            if let Ok(role) = role {
                found.push((
                    body,
                    Person {
                        name: cell("name").to_owned(),
                        email: some("email"),
                        organisation,
                        salutation: some("salutation"),
                        postal_address: some("postal_address"),
                    },
                    role,
                ));
            }
        }
    }
    if !problems.is_empty() {
        problems.0.truncate(20);
        return Err(problems.into());
    }
    for (body, person, role) in &found {
        add(visit, *body, person, role, Language::En)?;
    }
    visit.app.office.people_changed(&visit.app.ws)?;
    see("/bodies", &format!("{} entered, {n_there} there already", layout::counted(found.len(), "contact", "contacts")))
}

fn read(bytes: &[u8]) -> Result<Vec<BTreeMap<String, String>>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_lowercase).collect(),
        Err(error) => return Err(format!("The first row cannot be read: {error}")),
    };
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(unknown) = header.iter().find(|column| !COLUMNS.contains(&column.as_str())) {
        return Err(format!("There is no column \u{201c}{unknown}\u{201d}: the columns are {}", COLUMNS.join(", ")));
    }
    let mut rows = Vec::new();
    for (number, row) in reader.records().enumerate() {
        let row = row.map_err(|error| format!("Row {}: {error}", number + 2))?;
        if row.len() != header.len() {
            return Err(format!("Row {} has {} cells, the first row {}", number + 2, row.len(), header.len()));
        }
        rows.push(header.iter().cloned().zip(row.iter().map(str::to_owned)).collect());
    }
    Ok(rows)
}
