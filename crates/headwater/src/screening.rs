//! What a first screen finds, in the words of the exchange.

use headwater_documents::screen::Finding;
use headwater_prevention::exchange::document::ScreeningFinding;

/// What the exchange calls a finding of the first screen.
pub fn screening_finding(finding: Finding) -> ScreeningFinding {
    match finding {
        Finding::HiddenCells => ScreeningFinding::HiddenCells,
        Finding::PivotCache => ScreeningFinding::PivotCache,
        Finding::ExternalLinks => ScreeningFinding::ExternalLinks,
        Finding::Macros => ScreeningFinding::Macros,
        Finding::Attachments => ScreeningFinding::Attachments,
        Finding::Concealed => ScreeningFinding::FalseRedaction,
        Finding::Comments => ScreeningFinding::Comments,
        Finding::Bomb => ScreeningFinding::Bomb,
        Finding::TooLarge => ScreeningFinding::TooLarge,
        Finding::WrongKind => ScreeningFinding::WrongKind,
        Finding::Locked => ScreeningFinding::Locked,
        Finding::TrackedChanges => ScreeningFinding::TrackedChanges,
        Finding::Metadata => ScreeningFinding::Metadata,
        Finding::PersonalIdentifier => ScreeningFinding::PersonalIdentifier,
    }
}
