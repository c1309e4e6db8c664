//! Campaigns, from a draft to letters that are out: last year's round, this year's, and those that are still being prepared.

use headwater_prevention::exchange::body::Channel;
use headwater_prevention::exchange::communication::Purpose;
use headwater_prevention::exchange::decide::correspondence::{Outgoing, log_sent};
use headwater_prevention::exchange::id::{CampaignId, MessageKey, RecipientId};

use super::areas::{PLACES, at};
use super::papers::document;
use super::scene::{Scene, Story};
use crate::problem::Problem;
use crate::web::{bodies, campaigns, contacts, late_body, letters, recipient, recipients, sending};

/// Last year's round, closed.
pub(super) const LAST: u32 = 0;
/// This year's round, open.
pub(super) const ROUND: u32 = 1;
/// Letters to the bodies beside the areas, not all of them out.
pub(super) const POLICING: u32 = 2;
/// Approved, and not sent.
const COAST: u32 = 3;
/// Waiting for the second person.
const CHANGED: u32 = 4;

/// The four things asked for, by their place.
pub(super) const ASSESSMENT: u32 = 0;
pub(super) const STRATEGY: u32 = 1;
pub(super) const UPDATE: u32 = 2;
pub(super) const STATEMENT: u32 = 3;

/// Everything that is asked for.
pub(super) const ALL: [u32; 4] = [ASSESSMENT, STRATEGY, UPDATE, STATEMENT];

/// How many of the places are areas.
pub(super) const N_AREAS: u32 = 18;

/// Days before the making on which this year's letters went out: due 28 days later, and long overdue by the making.
pub(super) const SENT: i32 = 70;

/// Days before the making on which last year's went out.
const SENT_LAST: i32 = 430;

/// Tells of all campaigns.
pub(super) fn tell(story: &mut Story) {
    story.on(super::BEGAN - 1, 10, enter_bodies);
    story.on(SENT_LAST + 12, 9, |scene| draft(scene, "Serious violence and exploitation: the first round", None, 0..N_AREAS));
    round(story, LAST, SENT_LAST, |_| true);
    last_years_answers(story);
    story.on(330, 15, |scene| {
        scene.analyst().order(campaigns::close, &[("campaign", &LAST)], &[("close_reason", "Every area has answered or said why not.")], &[])
    });

    story.on(SENT + 14, 9, |scene| draft(scene, "Serious violence and exploitation: the second round", Some(LAST), 0..0));
    round(story, ROUND, SENT, |_| true);

    story.on(36, 9, |scene| draft(scene, "Serious violence and exploitation: police and health", None, N_AREAS..21));
    story.on(35, 9, |scene| {
        let board = scene.recipient(POLICING, at::HEALTH_BOARD)?;
        let form = [("duty", "courtesy"), ("item", "0"), ("item", "1"), ("item", "2"), ("item", "3")];
        scene.analyst().order(recipients::set_terms, &[("recipient", &board)], &form, &[])
    });
    round(story, POLICING, 24, |body| body == at::COMMISSIONER);
    story.on(5, 10, |scene| {
        let asked = scene.recipient(POLICING, at::COMMISSIONER)?;
        let until = scene.date(40);
        let form = [("extend", "0"), ("extend_until", until.as_str()), ("extend_why", "Their figures for the year come out next month.")];
        scene.analyst().order(recipient::extend, &[("recipient", &asked)], &form, &[])
    });
    // A body that was forgotten joins; its letter is sent back once. Another waits for the second person.
    joins(story, at::ALDERMARSH, 12);
    story.on(10, 10, |scene| {
        let form = [("reason", "Say why a unit is asked in a round of police and health.")];
        scene.approver().order(late_body::send_back, &[("recipient", &scene.recipient(POLICING, at::ALDERMARSH)?)], &form, &[])
    });
    story.on(9, 10, |scene| letter_of_its_own(scene, at::ALDERMARSH));
    story.on(8, 12, |scene| {
        let id = scene.recipient(POLICING, at::ALDERMARSH)?;
        let seal = scene.rehearsal().known().state.recipient(RecipientId(id)).map(|it| it.seal().to_string()).unwrap_or_default();
        scene.approver().order(late_body::approve, &[("recipient", &id)], &[("seal", &seal)], &[])
    });
    story.on(7, 10, |scene| send(scene, POLICING, |body| body == at::ALDERMARSH));
    joins(story, at::INGLESBY, 2);
    // One of the two that are left is held back until its contact is found.
    story.on(23, 11, |scene| {
        let held = scene.recipient(POLICING, at::CONSTABULARY)?.to_string();
        let form = [("hold", held.as_str()), ("hold_reason", "Its chief executive changes this month.")];
        scene.lead().order(sending::hold_back, &[("campaign", &POLICING)], &form, &[])
    });

    story.on(15, 9, |scene| draft(scene, "Exploitation on the coast", None, [at::JESSAMY, at::NETTLEBANK, at::OXLIP]));
    story.on(15, 11, |scene| write(scene, COAST));
    story.on(14, 9, |scene| submit(scene, COAST));
    story.on(12, 9, |scene| approve(scene, COAST));

    story.on(8, 9, |scene| {
        draft(scene, "Assessments that changed since spring", None, [at::ALDERMARSH, at::BRINDLECOMBE, at::LORRIMER, at::WEALDMERE])
    });
    story.on(8, 11, |scene| write(scene, CHANGED));
    story.on(5, 9, |scene| submit(scene, CHANGED));

    story.on(2, 15, |scene| draft(scene, "Serious violence and exploitation: the third round", Some(ROUND), 0..0));
}

/// The way of one campaign from its letters to the post; those of whom `is_sent` says no stay on the desk.
fn round(story: &mut Story, campaign: u32, sent: i32, is_sent: fn(u32) -> bool) {
    story.on(sent + 10, 9, move |scene| write(scene, campaign));
    story.on(sent + 8, 9, move |scene| submit(scene, campaign));
    story.on(sent + 6, 9, move |scene| approve(scene, campaign));
    story.on(sent + 1, 9, move |scene| scene.lead().order(sending::begin, &[("campaign", &campaign)], &[("minutes", "30")], &[]));
    story.on(sent, 10, move |scene| send(scene, campaign, is_sent));
}

/// A body is put on the campaign that is open, and its letter is made on the same day.
fn joins(story: &mut Story, body: u32, days_before: i32) {
    story.on(days_before, 10, move |scene| {
        scene.analyst().order(recipients::join, &[("campaign", &POLICING)], &[("joins", &body.to_string())], &[])?;
        letter_of_its_own(scene, body)
    });
}

fn letter_of_its_own(scene: &Scene<'_>, body: u32) -> Result<(), Problem> {
    let record = scene.rehearsal().workspace().records().get(letters::LETTER, &POLICING.to_string())?;
    let version = record.map_or_else(|| "0".to_owned(), |record| record.version.to_string());
    let form =
        [("version", version.as_str()), ("local.paragraph", "Your unit works in a hospital, and I would like to hear what you have learnt there.")];
    scene.analyst().order(late_body::make, &[("recipient", &scene.recipient(POLICING, body)?)], &form, &[])
}

fn enter_bodies(scene: &Scene<'_>) -> Result<(), Problem> {
    let mut rows = "body,name,role,email,salutation\n".to_owned();
    for place in &PLACES {
        let domain = format!("{}.example", place.domain);
        let mut form = vec![("name", place.name), ("kind", place.kind), ("domains", domain.as_str()), ("languages", "en")];
        if place.domain == "dyffryneirlys" {
            form.push(("languages", "cy"));
        }
        scene.analyst().order(bodies::enter, &[], &form, &[])?;
        let local = place.contact.to_lowercase().replace(' ', ".");
        rows += &format!("{},{},{},{local}@{domain},{}\n", place.name, place.contact, place.role, place.contact);
    }
    scene.analyst().order(contacts::enter_many, &[], &[("rows", &rows)], &[])
}

fn draft(scene: &Scene<'_>, title: &str, previous: Option<u32>, bodies: impl IntoIterator<Item = u32>) -> Result<(), Problem> {
    let previous = previous.map(|id| id.to_string()).unwrap_or_default();
    let mut form = vec![
        ("title", title),
        ("purpose", "To see how areas understand the overlap of serious violence and exploitation, and what others can learn from them."),
        ("legal_basis", "Modern Slavery Act 2015 s.41 (good practice), s.42 (the plan), s.43 (request to co-operate)"),
        ("plan_priority", "Prevention"),
        ("clock", "own"),
        ("days", "28"),
        ("languages", "en"),
        ("languages", "cy"),
        ("policy", "as-permitted"),
    ];
    form.push(if previous.is_empty() { ("items", "four") } else { ("previous", &previous) });
    scene.analyst().order(campaigns::draft, &[], &form, &[])?;
    let bodies: Vec<String> = bodies.into_iter().map(|body| body.to_string()).collect();
    if bodies.is_empty() {
        return Ok(());
    }
    let campaign = scene.rehearsal().known().state.campaigns().len() - 1;
    let form: Vec<(&str, &str)> = bodies.iter().map(|body| ("body", body.as_str())).collect();
    scene.analyst().order(recipients::add, &[("campaign", &campaign)], &form, &[])
}

fn write(scene: &Scene<'_>, campaign: u32) -> Result<(), Problem> {
    let mut rows = "body,local.paragraph,local.paragraph:cy\n".to_owned();
    {
        let known = scene.rehearsal().known();
        for (_, recipient) in known.state.recipients_of(CampaignId(campaign)) {
            if let Some(place) = PLACES.get(recipient.body.index()) {
                let in_welsh = if place.domain == "dyffryneirlys" {
                    "\"Rwyf wedi darllen am eich gwaith yn yr ardal, a hoffwn glywed beth yr ydych wedi'i ddysgu ohono.\""
                } else {
                    ""
                };
                rows += &format!(
                    "{},\"I have read of {}, and would like to hear what you have learnt from it.\",{in_welsh}\n",
                    place.name, place.known_for
                );
            }
        }
    }
    // A further round begins with the letter of the last, which is its first version.
    let repeats = scene.rehearsal().known().state.campaign(CampaignId(campaign)).is_some_and(|it| it.previous.is_some());
    let form = [
        ("version", if repeats { "1" } else { "0" }),
        ("coordinator.name", "Marigold Inkwell"),
        ("coordinator.role", "Head of prevention"),
        ("coordinator.mailbox", "marigold.inkwell@commissioner.example"),
        ("evidence.units", "eighteen"),
        ("evidence.funding_source", "Announcement of an invented department, which funded eighteen invented areas."),
        ("evidence.initiatives_source", "Invented association of commissioners: What areas do (invented)."),
        ("review.first", "What helps child victims: a review that nobody wrote (invented)."),
        ("review.second", "County lines and debt: a review that nobody wrote (invented)."),
        ("coordinator.role:cy", "Pennaeth atal"),
        ("evidence.units:cy", "deunaw"),
        ("office.plan_priority:cy", "Atal"),
        ("office.signatory_role:cy", "Comisiynydd Dychmygol"),
        ("office.signatory", "Dame Seraphina Vellum"),
        ("office.signatory_role", "Invented Commissioner"),
        ("rows", rows.as_str()),
    ];
    scene.analyst().order(letters::make, &[("campaign", &campaign)], &form, &[])
}

fn submit(scene: &Scene<'_>, campaign: u32) -> Result<(), Problem> {
    scene.analyst().order(sending::submit, &[("campaign", &campaign)], &[], &[])
}

fn approve(scene: &Scene<'_>, campaign: u32) -> Result<(), Problem> {
    let seal = scene.rehearsal().known().state.seal_of_letters(CampaignId(campaign)).to_string();
    scene.approver().order(sending::approve, &[("campaign", &campaign)], &[("seal", &seal)], &[])
}

/// Sends from the lead's own mail, and logs each letter with its Message-ID: replies and reports on delivery name it.
fn send(scene: &Scene<'_>, campaign: u32, is_sent: fn(u32) -> bool) -> Result<(), Problem> {
    let letters: Vec<(RecipientId, u32, _)> = {
        let known = scene.rehearsal().known();
        let of = |(id, it): (RecipientId, &headwater_prevention::exchange::campaign::Recipient)| {
            (id, it.body.0, it.letters.values().next().map(|merged| merged.letter))
        };
        known.state.recipients_of(CampaignId(campaign)).map(of).collect()
    };
    for (recipient, body, content) in letters.into_iter().filter(|(_, body, _)| is_sent(*body)) {
        let sent = Outgoing {
            purpose: Purpose::Letter,
            channel: Channel::Email,
            on: scene.day(0),
            recipients: vec![recipient],
            message: Some(MessageKey::of(&Scene::letter_id(campaign, body))),
            answers: None,
            content,
        };
        scene.lead().decide(&|state, order| log_sent(state, order, sent.clone()))?;
    }
    Ok(())
}

/// Last year's answers, most of them in short: "last time" stands beside this year's.
fn last_years_answers(story: &mut Story) {
    for (body, file) in [(at::ALDERMARSH, "aldermarsh-assessment.docx"), (at::LORRIMER, "lorrimer-assessment.docx")] {
        story.on(409, 10, move |scene| {
            let place = &PLACES[body as usize];
            let local = place.contact.to_lowercase().replace(' ', ".");
            let from = format!("{local}@{}.example", place.domain);
            let title = format!("{}: strategic needs assessment", place.name);
            let paper = document("en-GB", &title, &["Invented, like everything here.", "Robbery rose in two of nine wards, and fell in seven."])?;
            scene.mail(LAST, body, (place.contact, &from), "Re: your letter", "Our assessment is attached.", vec![(file, paper)])?;
            scene.file(LAST, file, (&title, "needs-assessment", "en"), &[(body, ASSESSMENT)])?;
            scene.permit(file, "name-only")?;
            scene.say(LAST, body, &ALL, "provided", &[])
        });
    }
    story.on(406, 11, |scene| {
        for body in (0..N_AREAS).filter(|body| ![at::ALDERMARSH, at::LORRIMER, at::NETTLEBANK, at::MOTHWICK].contains(body)) {
            scene.say(LAST, body, &[ASSESSMENT, STRATEGY], "provided", &[("proof", "")])?;
        }
        scene.say(LAST, at::MOTHWICK, &ALL, "refused", &[("reason", "The unit was being set up."), ("proof", "")])
    });
    story.on(388, 11, |scene| {
        for body in (0..N_AREAS).filter(|body| body % 3 == 0 && ![at::ALDERMARSH, at::MOTHWICK].contains(body)) {
            scene.say(LAST, body, &[UPDATE], "provided", &[("proof", "")])?;
        }
        scene.say(LAST, at::NETTLEBANK, &[ASSESSMENT], "not-held", &[("proof", "")])
    });
}
