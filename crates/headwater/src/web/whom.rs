//! For whom something answers: the bodies of the campaigns that take answers, those that are likely first.

use headwater_prevention::exchange::campaign::Stage;
use headwater_prevention::exchange::id::{BodyId, CampaignId, RecipientId};
use maud::{Markup, html};

use super::office::Known;
use super::visit::Visit;

/// The name of the boxes.
const RECIPIENT: &str = "recipient";

/// One box.
struct Choice {
    id: RecipientId,
    body: BodyId,
    campaign: CampaignId,
}

/// A campaign with its boxes.
type Group<'a> = (CampaignId, Vec<&'a Choice>);

/// Boxes for everybody for whom something may answer, with `stands` ticked.
///
/// Those that stand, and the other campaigns of the same bodies, come first; all others are folded, campaign by campaign, the
/// open ones first. Where nobody stands, the open campaigns are not folded.
pub fn whom(visit: &Visit, known: &Known, stands: &[RecipientId]) -> Markup {
    let choices = choices(known, stands);
    let bodies: Vec<BodyId> = choices.iter().filter(|it| stands.contains(&it.id)).map(|it| it.body).collect();
    let (own, rest): (Vec<&Choice>, Vec<&Choice>) = choices.iter().partition(|it| bodies.contains(&it.body));
    let (mut open, mut folded): (Vec<Group<'_>>, Vec<Group<'_>>) = (Vec::new(), Vec::new());
    for (campaign, is_open) in campaigns(known) {
        let of: Vec<&Choice> = rest.iter().copied().filter(|it| it.campaign == campaign).collect();
        let to = if own.is_empty() && is_open { &mut open } else { &mut folded };
        if !of.is_empty() {
            to.push((campaign, of));
        }
    }
    let others = || open.iter().chain(&folded).flat_map(|(_, of)| of);
    // The summary of errors leads to the first.
    let first = own.iter().chain(others()).next().map(|it| it.id);
    let group = |legend: &str, of: &[&Choice], with_campaign: bool| {
        let wrong = visit.problems.of(RECIPIENT).filter(|_| of.iter().any(|it| Some(it.id) == first));
        html! {
            fieldset.field.bad[wrong.is_some()] {
                legend { (legend) }
                @if let Some(words) = wrong { p.wrong { span.unseen { "Error: " } (words) } }
                div.many[of.len() > 8] {
                    @for it in of {
                        @let box_id = if Some(it.id) == first { RECIPIENT.to_owned() } else { format!("{RECIPIENT}-{}", it.id.0) };
                        div.option {
                            input type="checkbox" id=(box_id) name=(RECIPIENT) value=(it.id.0) checked[is_ticked(visit, it.id, stands)];
                            label for=(box_id) { (body_name(known, it.body)) @if with_campaign { span.hint { (title(known, it.campaign)) } } }
                        }
                    }
                }
            }
        }
    };
    let is_one_ticked = folded.iter().flat_map(|(_, of)| of).any(|it| is_ticked(visit, it.id, stands));
    html! {
        @if !own.is_empty() { (group("It answers for", &own, true)) }
        @for (campaign, of) in &open { (group(&format!("It answers for, in {}", title(known, *campaign)), of, false)) }
        @if !folded.is_empty() {
            details open[is_one_ticked || (own.is_empty() && open.is_empty())] {
                summary { @if own.is_empty() { "It answers a campaign that is closed…" } @else { "It also answers for…" } }
                @for (campaign, of) in &folded { (group(title(known, *campaign), of, false)) }
            }
        }
    }
}

fn is_ticked(visit: &Visit, id: RecipientId, stands: &[RecipientId]) -> bool {
    visit.ticked(RECIPIENT, &id.0.to_string(), stands.contains(&id))
}

/// Everybody who may be chosen: of campaigns that take answers, and those that stand.
fn choices(known: &Known, stands: &[RecipientId]) -> Vec<Choice> {
    let takes = |campaign: CampaignId| known.state.campaign(campaign).is_some_and(|campaign| campaign.stage.takes_answers());
    let mut choices: Vec<Choice> = (0u32..)
        .zip(known.state.recipients())
        .map(|(number, it)| (RecipientId(number), it))
        .filter(|(id, it)| !it.removed && (takes(it.campaign) || stands.contains(id)))
        .map(|(id, it)| Choice { id, body: it.body, campaign: it.campaign })
        .collect();
    choices.sort_by_key(|it| (!stands.contains(&it.id), it.id));
    choices
}

/// All campaigns with whether they are open: the open ones first, of these the newest first.
fn campaigns(known: &Known) -> Vec<(CampaignId, bool)> {
    let is_open = |stage: Stage| matches!(stage, Stage::Sending | Stage::Open | Stage::Paused);
    let numbered = (0u32..).zip(known.state.campaigns());
    let mut campaigns: Vec<(CampaignId, bool)> = numbered.map(|(number, it)| (CampaignId(number), is_open(it.stage))).collect();
    campaigns.sort_by_key(|(id, is_open)| (!is_open, std::cmp::Reverse(*id)));
    campaigns
}

fn title(known: &Known, campaign: CampaignId) -> &str {
    known.state.campaign(campaign).map_or("", |campaign| campaign.brief.title.as_str())
}

fn body_name(known: &Known, body: BodyId) -> &str {
    known.state.body(body).map_or("", |body| body.entry.name.as_str())
}
