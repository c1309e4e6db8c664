//! Who does not answer: reminders, notices with evidence, one body listed; and recommendations with both kinds of answers.

use headwater_prevention::exchange::communication::ChaserState;

use super::areas::at;
use super::rounds::ROUND;
use super::scene::{Scene, Story};
use crate::problem::Problem;
use crate::web::{recommendations, reminders, silences};

/// Tells of all silences, and of the recommendations.
pub(super) fn tell(story: &mut Story) {
    story.on(38, 10, |scene| remind(scene, &[at::NETTLEBANK, at::OXLIP, at::PENNYWORT, at::QUILLSHIRE]));
    story.on(37, 10, |scene| {
        for reminder in waiting(scene) {
            scene.approver().order(reminders::approve, &[("reminder", &reminder)], &[], &[])?;
            scene.analyst().order(reminders::sent, &[("reminder", &reminder)], &[], &[])?;
        }
        Ok(())
    });
    // Listed: told, given its time, still silent.
    notice(story, at::NETTLEBANK, 24, 12);
    story.on(10, 10, |scene| scene.lead().order(silences::list, &[("recipient", &scene.recipient(ROUND, at::NETTLEBANK)?)], &[], &[]));
    // Contested: nothing is listed before that is settled.
    notice(story, at::QUILLSHIRE, 22, 14);
    story.on(15, 10, |scene| {
        let form = [("contested", "It says that it answered by post, and asks us to look again.")];
        scene.analyst().order(silences::contest, &[("recipient", &scene.recipient(ROUND, at::QUILLSHIRE)?)], &form, &[])
    });
    // Its time is over, and the lead has to decide.
    notice(story, at::PENNYWORT, 20, 13);
    // Still running.
    notice(story, at::OXLIP, 6, 14);

    story.on(2, 10, |scene| remind(scene, &[at::CAWDREY_VALE, at::WEALDMERE]));
    story.on(1, 10, |scene| {
        // The other waits for approval.
        let Some(last) = waiting(scene).pop() else { return Err(Problem::new("a reminder of the demo is missing")) };
        scene.approver().order(reminders::approve, &[("reminder", &last)], &[], &[])
    });
    recommendation_with_both_answers(story);
}

fn remind(scene: &Scene<'_>, bodies: &[u32]) -> Result<(), Problem> {
    let bodies: Vec<String> = bodies.iter().map(u32::to_string).collect();
    let mut form: Vec<(&str, &str)> = bodies.iter().map(|body| ("body", body.as_str())).collect();
    form.push(("opening", "We wrote to you and have not had everything we asked for. This is what is still open:"));
    form.push(("closing", "If it needs more time, please tell us by when. If you do not hold it, an answer that says so is enough."));
    scene.analyst().order(reminders::propose, &[], &form, &[])
}

/// Numbers of reminders that are proposed and not approved.
fn waiting(scene: &Scene<'_>) -> Vec<usize> {
    let known = scene.rehearsal().known();
    known.state.chasers().iter().enumerate().filter(|(_, it)| it.state == ChaserState::Proposed).map(|(number, _)| number).collect()
}

fn notice(story: &mut Story, body: u32, days_before: i32, days_to_reply: i32) {
    story.on(days_before, 11, move |scene| {
        let reply_by = scene.date(days_to_reply);
        let form = [("notice_channel", "email"), ("reply_by", reply_by.as_str())];
        scene.analyst().order(silences::notify, &[("recipient", &scene.recipient(ROUND, body)?)], &form, &[])
    });
}

fn recommendation_with_both_answers(story: &mut Story) {
    story.on(88, 10, |scene| {
        let published = scene.date(-2);
        let form = [
            ("report", "What areas see (an invented report)"),
            ("published", published.as_str()),
            ("number", "1"),
            ("title", "Ask every child who is hurt the same three questions"),
            ("text", "Every area should ask each child who is treated for an injury by violence the same three questions about exploitation.\nIt should say each year how often they were asked."),
            ("plan_priority", "Prevention"),
        ];
        scene.analyst().order(recommendations::enter, &[], &form, &[])?;
        lay(scene, 0, &[at::ALDERMARSH, at::INGLESBY, at::OXLIP, at::COMMISSIONER])
    });
    story.on(60, 15, |scene| answer(scene, 0, at::ALDERMARSH, "action", "The three questions are asked in all wards since April.", None));
    story.on(40, 15, |scene| answer(scene, 0, at::INGLESBY, "none", "Our hospital lies in the next county, which asks them already.", None));
    story.on(30, 15, |scene| {
        let words = "We pay for a nurse who asks them. The chief constable's comments are enclosed.";
        answer(scene, 0, at::COMMISSIONER, "action", words, Some(at::CONSTABULARY))
    });
    story.on(18, 10, |scene| {
        let published = scene.date(-2);
        let form = [
            ("report", "What areas see (an invented report)"),
            ("published", published.as_str()),
            ("number", "2"),
            ("title", "Publish the assessment"),
            ("text", "Every area should publish its assessment, with what must stay closed left out."),
            ("plan_priority", "Openness"),
        ];
        scene.analyst().order(recommendations::enter, &[], &form, &[])?;
        lay(scene, 1, &[at::BRINDLECOMBE, at::WEALDMERE])
    });
}

fn lay(scene: &Scene<'_>, recommendation: u32, bodies: &[u32]) -> Result<(), Problem> {
    let bodies: Vec<String> = bodies.iter().map(u32::to_string).collect();
    let mut form: Vec<(&str, &str)> = bodies.iter().map(|body| ("body", body.as_str())).collect();
    form.push(("clock", "56-days-after-publication"));
    scene.analyst().order(recommendations::lay, &[("recommendation", &recommendation)], &form, &[])
}

fn answer(scene: &Scene<'_>, recommendation: u32, body: u32, kind: &str, words: &str, embeds: Option<u32>) -> Result<(), Problem> {
    let (date, embeds) = (scene.date(0), embeds.map(|body| body.to_string()));
    let mut form = vec![("response", kind), ("words", words), ("on", date.as_str()), ("channel", "email")];
    form.extend(embeds.as_deref().map(|body| ("embeds", body)));
    scene.analyst().order(recommendations::answer, &[("recommendation", &recommendation), ("body", &body)], &form, &[])
}
