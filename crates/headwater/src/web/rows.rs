//! Several things done at once from one page: ticked, looked at once more, then all done or none, with what is wrong at its row.

use std::cell::RefCell;

use headwater_prevention::exchange::decide::{AllowedOfEach, NotAllowed, Order, as_one};
use headwater_prevention::exchange::state::State;
use maud::{Markup, html};

use super::form::Problems;
use super::layout;
use super::visit::{Refusal, Visit};

/// Does something with each of several things, all or none. What is refused stands at the row of its thing: `row` gives the field
/// of the row and the name of the thing.
///
/// # Errors
/// What is refused, by row; failures of the log.
pub fn act_on_each<T>(
    visit: &Visit,
    row: &dyn Fn(&T) -> (String, String),
    decide: &dyn Fn(&State, &Order) -> AllowedOfEach<T>,
) -> Result<(), Refusal> {
    let refused: RefCell<Vec<(T, NotAllowed)>> = RefCell::new(Vec::new());
    let done = visit.act(&|state, order| {
        decide(state, order).map_err(|why| {
            let one = as_one(&why, |thing| row(thing).1);
            refused.replace(why);
            one
        })
    });
    let refused = refused.into_inner();
    if refused.is_empty() || !matches!(done, Err(Refusal::NotAllowed(_))) {
        return done.map(|_| ());
    }
    let mut problems = Problems::default();
    for (thing, why) in &refused {
        let (field, name) = row(thing);
        problems.add(&field, format!("{name}: {}. To mend it: {}. Nothing of what you chose was done", why.what, why.mend));
    }
    Err(problems.into())
}

/// Whether the form comes from the page on which it was looked at once more.
pub fn is_checked(visit: &Visit) -> bool {
    visit.form.text("checked") == "yes"
}

/// Whether somebody went back from that page, to change what they had chosen.
pub fn is_to_change(visit: &Visit) -> bool {
    visit.form.text("checked") == "change"
}

/// The forms of that page: what was sent, once more and hidden, with the button that does it, and the one that goes back.
pub fn check(visit: &Visit, button: &str) -> Markup {
    let sent = |checked: &str| {
        html! {
            (layout::hidden(visit))
            input type="hidden" name="checked" value=(checked);
            @for (name, value) in visit.form.0.iter().filter(|(name, _)| !["token", "seen", "checked"].contains(&name.as_str())) {
                input type="hidden" name=(name) value=(value);
            }
        }
    };
    html! {
        form method="post" action=(visit.path) { (sent("yes")) div.buttons { button { (button) } } }
        form method="post" action=(visit.path) { (sent("change")) div.buttons { button.other { "Change it" } } }
    }
}

/// A row that can be ticked, with what is wrong with it above.
pub fn tick(visit: &Visit, name: &str, value: &str, words: &str, ticked: bool) -> Markup {
    let id = format!("{name}-{value}");
    let wrong = visit.problems.of(&id);
    html! {
        div.field.bad[wrong.is_some()] {
            @if let Some(words) = wrong { p.wrong id={ (id) "-wrong" } { span.unseen { "Error: " } (words) } }
            div.option {
                input type="checkbox" id=(id) name=(name) value=(value) checked[visit.ticked(name, value, ticked)]
                    aria-describedby=[wrong.map(|_| format!("{id}-wrong"))] aria-invalid=[wrong.map(|_| "true")];
                label for=(id) { (words) }
            }
        }
    }
}

/// What is wrong with things that are not on the page any more, because somebody else was quicker.
pub fn gone(visit: &Visit, name: &str, shown: &[String]) -> Markup {
    let begins = format!("{name}-");
    let is_gone = |field: &str| field.strip_prefix(&begins).is_some_and(|value| !shown.iter().any(|it| it == value));
    html! {
        @for (field, words) in visit.problems.0.iter().filter(|(field, _)| field == name || is_gone(field)) {
            div.field.bad { p.wrong id=(field) tabindex="-1" { span.unseen { "Error: " } (words) } }
        }
    }
}
