//! Findings and their order.

use headwater_release::{Certainty, Finding};

/// How many findings the executive summary holds.
pub(super) const MOST_FINDINGS: usize = 10;

/// A finding with what it is ranked by.
pub(super) struct Ranked {
    pub finding: Finding,
    /// How far the nearer interval limit is from "no difference", as a ratio above 1.
    pub ratio: f64,
    /// What the finding is about; only the strongest of a topic is kept in the summary.
    pub topic: String,
}

/// The findings for the executive summary: the surest first, then by the size of the difference that chance does not explain.
///
/// One finding a topic, ten at most.
pub(super) fn rank(mut findings: Vec<Ranked>) -> Vec<Finding> {
    let order = |certainty: Certainty| match certainty {
        Certainty::High => 0,
        Certainty::Moderate => 1,
        Certainty::Low => 2,
    };
    findings
        .sort_by(|a, b| order(a.finding.certainty).cmp(&order(b.finding.certainty)).then(b.ratio.total_cmp(&a.ratio)).then(a.topic.cmp(&b.topic)));
    let mut topics: Vec<String> = Vec::new();
    let mut out = Vec::new();
    for ranked in findings {
        if out.len() < MOST_FINDINGS && !topics.contains(&ranked.topic) {
            topics.push(ranked.topic);
            out.push(ranked.finding);
        }
    }
    out
}
