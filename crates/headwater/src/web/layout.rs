//! What every page of the application has, and the pieces that pages are put together from.
//!
//! The patterns are those of the GOV.UK Design System (error summary, task list, check answers, summary list), in our own coat.

use headwater_prevention::exchange::moment::{Day, Moment};
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};

use super::access::{Right, Role};
use super::visit::{Answer, Refusal, Reply, Visit};

const STYLE: &str = headwater_publish::STYLE;
const OWN_STYLE: &str = include_str!("app.css");

/// The rooms of the application: address, name, who sees the door.
const ROOMS: [(&str, &str, Right); 12] = [
    ("/", "Home", Right::Read),
    ("/campaigns", "Campaigns", Right::Read),
    ("/messages", "Messages", Right::Read),
    ("/documents", "Documents", Right::Read),
    ("/reading", "Reading", Right::Read),
    ("/search", "Search", Right::Read),
    ("/reminders", "Reminders", Right::Read),
    ("/publishing", "Publishing", Right::Read),
    ("/recommendations", "Recommendations", Right::Read),
    ("/bodies", "Bodies", Right::Read),
    ("/people", "People", Right::Read),
    ("/audit", "Audit", Right::Read),
];

/// The style of all pages.
///
/// # Errors
/// None: it has the form of a handler.
pub fn style(_: &Visit) -> Answer {
    Ok(Reply::File("style.css".to_owned(), "text/css; charset=utf-8", [STYLE, OWN_STYLE].concat().into_bytes()))
}

fn head(visit: &Visit, title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="robots" content="noindex, nofollow";
            title { @if !visit.problems.is_empty() { "Error: " } (title) " – " (visit.app.office_name()) }
            link rel="stylesheet" href="/style.css";
        }
    }
}

/// A page: its title, the way to it (name and address), and what it is about.
pub fn page(visit: &Visit, title: &str, trail: &[(&str, &str)], main: &Markup) -> Markup {
    let office = visit.app.office_name();
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            (head(visit, title))
            body.app {
                a.skip href="#main" { "Skip to main content" }
                header {
                    div.inner.bar {
                        p.site { a href="/" { (office) } }
                        @if let Some(who) = &visit.who {
                            div.who {
                                span { a href="/account" { (visit.name) } ", " (who.role.words()) }
                                form method="post" action="/sign-out" { (token(visit)) button { "Sign out" } }
                            }
                        }
                    }
                    p.marking { strong { "For the team only." } " Nothing on this page is public." }
                }
                @if let Some(who) = &visit.who { (rooms(visit, who.role)) }
                @if !trail.is_empty() {
                    nav.trail aria-label="Where this page is" {
                        ol { @for (name, address) in trail { li { a href=(address) { (name) } } } }
                    }
                }
                div.columns {
                    main id="main" tabindex="-1" {
                        (summary(visit))
                        @if let Some(said) = &visit.said {
                            div.done role="status" { p { (said) } }
                        }
                        h1 { (title) }
                        (main)
                    }
                }
                footer { div.inner { p { "Headwater " (env!("CARGO_PKG_VERSION")) ". " (Day::name(visit.today())) "." } } }
            }
        }
    }
}

/// A page for people outside the office: no rooms, and no marking of the team's own pages.
pub fn outside(visit: &Visit, title: &str, main: &Markup) -> Markup {
    let office = visit.app.office_name();
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            (head(visit, title))
            body.app {
                a.skip href="#main" { "Skip to main content" }
                header { div.inner { p.site { (office) } } }
                div.columns { main id="main" tabindex="-1" { (summary(visit)) h1 { (title) } (main) } }
                footer { div.inner { p { (office) } } }
            }
        }
    }
}

fn rooms(visit: &Visit, role: Role) -> Markup {
    let here = |address: &str| if address == "/" { visit.path == "/" } else { visit.path.starts_with(address) };
    html! {
        nav.rooms aria-label="Main" {
            ul {
                @for (address, name, right) in ROOMS {
                    @if role.may(right) {
                        li { a href=(address) aria-current=[here(address).then_some(if visit.path == address { "page" } else { "true" })] { (name) } }
                    }
                }
            }
        }
    }
}

/// What is wrong, at the head of the page, with links to the fields.
fn summary(visit: &Visit) -> Markup {
    html! {
        @if !visit.problems.is_empty() {
            div.problem role="alert" aria-labelledby="problem" {
                h2 id="problem" { "There is a problem" }
                ul {
                    @for (field, words) in &visit.problems.0 {
                        li { @if field.is_empty() { (words) } @else { a href={ "#" (field) } { (words) } } }
                    }
                }
            }
        }
    }
}

/// The hidden fields of every form: that it is ours, and how much of the log its page had seen.
pub fn hidden(visit: &Visit) -> Markup {
    html! {
        (token(visit))
        input type="hidden" name="seen" value=(visit.value("seen", visit.seq.to_string()));
    }
}

fn token(visit: &Visit) -> Markup {
    html! { input type="hidden" name="token" value=(visit.token); }
}

/// A field with its label, hint and error around whatever control it has.
pub fn field(visit: &Visit, name: &str, label: &str, hint: &str, control: &Markup) -> Markup {
    let wrong = visit.problems.of(name);
    html! {
        div.field.bad[wrong.is_some()] {
            label for=(name) { (label) }
            @if !hint.is_empty() { p.hint id={ (name) "-hint" } { (hint) } }
            @if let Some(words) = wrong { p.wrong id={ (name) "-wrong" } { span.unseen { "Error: " } (words) } }
            (control)
        }
    }
}

/// What a control says of its hint and its error.
fn described(visit: &Visit, name: &str, hint: &str) -> Option<String> {
    let hint = (!hint.is_empty()).then(|| format!("{name}-hint"));
    let wrong = visit.problems.of(name).map(|_| format!("{name}-wrong"));
    let both: Vec<String> = hint.into_iter().chain(wrong).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

/// One line of text.
pub fn text(visit: &Visit, name: &str, label: &str, hint: &str, stands: &str) -> Markup {
    line(visit, "text", name, label, hint, stands, "off")
}

/// One line of a kind and with a purpose that the browser knows.
pub fn line(visit: &Visit, kind: &str, name: &str, label: &str, hint: &str, stands: &str, purpose: &str) -> Markup {
    // What was a secret is never sent back.
    let value = (kind != "password").then(|| visit.value(name, stands));
    let short = matches!(kind, "date" | "number") || purpose == "one-time-code";
    let control = html! {
        input.short[short] type=(kind) id=(name) name=(name) value=[value] autocomplete=(purpose)
            inputmode=[(purpose == "one-time-code").then_some("numeric")]
            aria-describedby=[described(visit, name, hint)] aria-invalid=[visit.problems.of(name).map(|_| "true")];
    };
    field(visit, name, label, hint, &control)
}

/// A day.
pub fn day(visit: &Visit, name: &str, label: &str, hint: &str, stands: Option<Day>) -> Markup {
    line(visit, "date", name, label, hint, &stands.map(|day| day.to_string()).unwrap_or_default(), "off")
}

/// Several lines of text.
pub fn area(visit: &Visit, name: &str, label: &str, hint: &str, stands: &str) -> Markup {
    // As high as what stands in it, so that a page of text can be read where it is changed.
    let n_rows = visit.value(name, stands).lines().map(|line| line.chars().count() / 90 + 1).sum::<usize>().clamp(5, 40);
    let control = html! {
        textarea id=(name) name=(name) rows=(n_rows) aria-describedby=[described(visit, name, hint)]
            aria-invalid=[visit.problems.of(name).map(|_| "true")] { (visit.value(name, stands)) }
    };
    field(visit, name, label, hint, &control)
}

/// One of a list.
pub fn select(visit: &Visit, name: &str, label: &str, hint: &str, options: &[(String, String)], stands: &str) -> Markup {
    let chosen = visit.value(name, stands);
    let control = html! {
        select id=(name) name=(name) aria-describedby=[described(visit, name, hint)] {
            @for (value, words) in options { option value=(value) selected[*value == chosen] { (words) } }
        }
    };
    field(visit, name, label, hint, &control)
}

/// One of a few, each with a word on what it means.
pub fn radios(visit: &Visit, name: &str, legend: &str, hint: &str, options: &[(&str, &str, &str)], stands: &str) -> Markup {
    let chosen = visit.value(name, stands);
    let options: Vec<(String, String, String, bool)> =
        options.iter().map(|(value, words, about)| ((*value).to_owned(), (*words).to_owned(), (*about).to_owned(), *value == chosen)).collect();
    choices(visit, "radio", name, legend, hint, &options)
}

/// Any of several.
pub fn boxes(visit: &Visit, name: &str, legend: &str, hint: &str, options: &[(String, String, bool)]) -> Markup {
    let options: Vec<(String, String, String, bool)> =
        options.iter().map(|(value, words, stands)| (value.clone(), words.clone(), String::new(), visit.ticked(name, value, *stands))).collect();
    choices(visit, "checkbox", name, legend, hint, &options)
}

fn choices(visit: &Visit, kind: &str, name: &str, legend: &str, hint: &str, options: &[(String, String, String, bool)]) -> Markup {
    let wrong = visit.problems.of(name);
    html! {
        fieldset.field.bad[wrong.is_some()] aria-describedby=[described(visit, name, hint)] {
            legend { (legend) }
            @if !hint.is_empty() { p.hint id={ (name) "-hint" } { (hint) } }
            @if let Some(words) = wrong { p.wrong id={ (name) "-wrong" } { span.unseen { "Error: " } (words) } }
            div.many[options.len() > 8] {
                @for (place, (value, words, about, is_chosen)) in options.iter().enumerate() {
                    // The first has the name itself, so that the summary of errors leads to it.
                    @let id = if place == 0 { name.to_owned() } else { format!("{name}-{place}") };
                    div.option {
                        input type=(kind) id=(id) name=(name) value=(value) checked[*is_chosen];
                        label for=(id) { (words) @if !about.is_empty() { span.hint { (about) } } }
                    }
                }
            }
        }
    }
}

/// Files to send.
pub fn files(visit: &Visit, name: &str, label: &str, hint: &str) -> Markup {
    let control = html! { input type="file" id=(name) name=(name) multiple aria-describedby=[described(visit, name, hint)]; };
    field(visit, name, label, hint, &control)
}

/// A form with one button, whose words say what will happen.
pub fn order(visit: &Visit, address: &str, button: &str, inside: &Markup) -> Markup {
    html! {
        form method="post" action=(address) novalidate {
            (hidden(visit))
            (inside)
            div.buttons { button { (button) } }
        }
    }
}

/// An order behind a summary, for what is done seldom. When its form comes back with something wrong it stands open: the links
/// at the head of the page lead into it.
pub fn fold(visit: &Visit, address: &str, words: &str, order: &Markup) -> Markup {
    html! { details open[visit.path == address && !visit.problems.is_empty()] { summary { (words) } (order) } }
}

/// A form that sends files.
pub fn order_with_files(visit: &Visit, address: &str, button: &str, inside: &Markup) -> Markup {
    html! {
        form method="post" action=(address) enctype="multipart/form-data" novalidate {
            (hidden(visit))
            (inside)
            div.buttons { button { (button) } }
        }
    }
}

/// A button alone.
pub fn button(visit: &Visit, address: &str, words: &str, class: &str) -> Markup {
    html! { form method="post" action=(address) { (hidden(visit)) button class=[(!class.is_empty()).then_some(class)] { (words) } } }
}

/// Facts about a thing: a summary list.
pub fn facts(rows: &[(&str, Markup)]) -> Markup {
    html! { dl.facts { @for (name, value) in rows { div { dt { (name) } dd { (value) } } } } }
}

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing more to do.
    Completed,
    /// To be done.
    ToDo,
    /// Something else comes first.
    CannotStartYet,
}

/// A task of a list: its words, where it is done, what it needs, how far it is.
pub struct Task {
    /// What is to be done.
    pub words: String,
    /// Where; empty if there is nothing to do there.
    pub address: String,
    /// What there is to say about it.
    pub hint: String,
    /// How far it is.
    pub progress: Progress,
}

/// A task list.
pub fn tasks(tasks: &[Task]) -> Markup {
    html! {
        ul.tasks {
            @for task in tasks {
                li {
                    span {
                        @if task.progress == Progress::CannotStartYet || task.address.is_empty() { (task.words) } @else { a href=(task.address) { (task.words) } }
                        @if !task.hint.is_empty() { span.hint { (task.hint) } }
                    }
                    @match task.progress {
                        Progress::Completed => span.state { "Completed" },
                        Progress::ToDo => strong.state.todo { "To do" },
                        Progress::CannotStartYet => span.state.wait { "Cannot start yet" },
                    }
                }
            }
        }
    }
}

/// Who has the next move.
pub fn next_move(words: &Markup) -> Markup {
    html! { div.next { p { strong { "Next: " } (words) } } }
}

/// A day and how far it is: "13 November 2020, 3 days ago".
pub fn when(day: Day, today: Day) -> String {
    let apart = match day.since(today) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days if days > 0 => format!("in {days} days"),
        days => format!("{} days ago", -days),
    };
    format!("{}, {apart}", day.name())
}

/// A moment in London, to the minute: "30 November 2026, 14:05".
pub fn moment(at: Timestamp) -> String {
    let moment = Moment::from_microseconds(at.as_microsecond());
    format!("{}, {}", moment.day_in_london().name(), moment.time_in_london())
}

/// A moment by the clock in London: "14:05 on 13 November 2020".
pub fn clock(at: Timestamp) -> String {
    let at = Moment::from_microseconds(at.as_microsecond());
    format!("{} on {}", at.time_in_london(), at.day_in_london().name())
}

/// A number of things.
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// A sentence begins with a capital letter and ends with a full stop.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let begun: String = letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    if begun.ends_with(['.', '?', '!']) { begun } else { begun + "." }
}

/// The page that says why there is no answer, and its status.
pub fn refusal(visit: &Visit, refusal: &Refusal) -> (axum::http::StatusCode, Markup) {
    use axum::http::StatusCode as S;
    let (status, title, words) = match refusal {
        Refusal::NotFound => (
            S::NOT_FOUND,
            "Page not found",
            html! { p { "If you typed the address, check it. If you followed a link, what it led to may have been removed." } },
        ),
        Refusal::SignInFirst => (S::UNAUTHORIZED, "Sign in first", html! { p { a href="/sign-in" { "Sign in" } } }),
        Refusal::NotPermitted(right) => (
            S::FORBIDDEN,
            "You do not have permission",
            html! { p { "This is for " (right.whose()) ". Ask one of them, or ask a lead to change your role." } },
        ),
        Refusal::Stale => (
            S::FORBIDDEN,
            "This form is no longer good",
            html! { p { "You signed in or out since its page was opened. Nothing was changed. Go back, load the page again, and send it once more." } },
        ),
        Refusal::Wrong(problems) => {
            (S::UNPROCESSABLE_ENTITY, "There is a problem", html! { ul { @for (_, words) in &problems.0 { li { (words) } } } })
        }
        Refusal::NotAllowed(not) => (
            if not.is_conflict { S::CONFLICT } else { S::UNPROCESSABLE_ENTITY },
            if not.is_conflict { "Somebody else changed this meanwhile" } else { "This cannot be done" },
            html! {
                p { (sentence(&not.what)) " Nothing of yours was saved, and nothing of theirs was overwritten." }
                p { "What to do: " (not.mend) "." }
                @if not.is_conflict { (what_was_sent(visit)) }
                p { a href=(parent(&visit.path)) { "Look at it as it is now" } }
            },
        ),
        Refusal::TooOften => (S::TOO_MANY_REQUESTS, "Too many attempts", html! { p { "Wait a minute, then try again." } }),
        Refusal::TooMuch(words) => (S::PAYLOAD_TOO_LARGE, "That is too much at once", html! { p { (words) } }),
        Refusal::TooSlow => {
            (S::REQUEST_TIMEOUT, "That took too long to arrive", html! { p { "Nothing was kept. Send it again, or in several parts." } })
        }
        Refusal::Problem(problem) => {
            tracing::error!(%problem, path = visit.path, "a page failed");
            (
                S::INTERNAL_SERVER_ERROR,
                "There is a problem with the service",
                html! { p { "If you ordered something, look whether it was done before you order it again. If the problem goes on, tell whoever runs this program: they find what happened in its log." } },
            )
        }
    };
    (status, page(visit, title, &[], &words))
}

/// What somebody had typed, so that it is not lost with the form.
fn what_was_sent(visit: &Visit) -> Markup {
    let texts: Vec<&(String, String)> = visit.form.0.iter().filter(|(name, value)| name != "token" && name != "seen" && value.len() > 10).collect();
    html! {
        @if !texts.is_empty() {
            p { "This is what you had written:" }
            @for (_, value) in texts { blockquote { (value) } }
        }
    }
}

/// The page from which an order was given.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("/", |(before, _)| if before.is_empty() { "/" } else { before })
}

/// The page when even the page of a failure failed.
pub fn failed() -> Markup {
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head { meta charset="utf-8"; title { "There is a problem with the service" } link rel="stylesheet" href="/style.css"; }
            body { main.columns { h1 { "There is a problem with the service" } p { "If you ordered something, look whether it was done before you order it again. If the problem goes on, tell whoever runs this program." } } }
        }
    }
}
