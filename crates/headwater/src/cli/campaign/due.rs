//! Which bodies are due a reminder, campaign by campaign.

use headwater_prevention::exchange::chase::{self, Throttle};
use headwater_prevention::exchange::id::CampaignId;
use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::state::State;
use serde::Serialize;

/// A body and what it owes of one campaign.
#[derive(Serialize)]
pub struct Due {
    /// The campaign, by its number.
    pub campaign: u32,
    /// The body, by its name.
    pub body: String,
    /// What it owes, by the titles of the items.
    pub items: Vec<String>,
    /// The day since which the oldest of them is due; none where there is no time limit.
    pub oldest_due: Option<Day>,
    /// When it was last reminded of this campaign.
    pub last_reminder: Option<Day>,
}

/// Those that a reminder may be proposed for today, under the same rules as in the application; `None` for a campaign that is
/// not there.
pub fn due(state: &State, campaign: Option<CampaignId>, today: Day) -> Option<Vec<Due>> {
    let campaigns: Vec<CampaignId> = match campaign {
        Some(id) => vec![state.campaign(id).map(|_| id)?],
        None => (0..state.campaigns().len()).map(|number| CampaignId(number as u32)).collect(),
    };
    let mut all = Vec::new();
    for id in campaigns {
        for one in chase::due(state, Some(id), &Throttle::default(), today).due {
            let items = state.campaign(id).map(|campaign| campaign.items.as_slice()).unwrap_or_default();
            let title = |item: usize| items.get(item).and_then(Option::as_ref).map_or_else(String::new, |item| item.title.to_string());
            let recipient = one.asks.first().and_then(|ask| state.recipient(ask.recipient));
            all.push(Due {
                campaign: id.0,
                body: state.body(one.body).map_or_else(String::new, |body| body.entry.name.to_string()),
                items: one.asks.iter().map(|ask| title(ask.item.index())).collect(),
                oldest_due: one.oldest,
                last_reminder: recipient.and_then(|recipient| recipient.last_chased),
            });
        }
    }
    Some(all)
}
