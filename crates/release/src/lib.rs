//! The only door out of Headwater: what may be shown, to whom, and in what form.
//!
//! Raw counts come in as [`Count`] and cannot be read again. They are treated under a [`Rule`] for an [`Audience`];
//! everything derived (rates, intervals, ranks, sentences) is worked out here from the treated counts, by a formula that the
//! caller hands over, or is withheld with them. A [`Table`], [`Figure`] or [`Document`] holds such values only, so a page made
//! from one cannot show what was not cleared.

mod audience;
mod audit;
mod clearance;
mod count;
mod crossing;
mod document;
mod draft;
mod figure;
mod ledger;
mod letter;
mod limit;
mod linked;
mod open;
mod passage;
mod protect;
mod provenance;
mod redacted;
mod rounding;
mod rule;
mod scan;
mod table;
mod treat;
mod value;

pub use audience::Audience;
pub use audit::{Attack, Audit, Pinned, audit};
pub use clearance::{Clearance, Decision, NotCleared, Proposal};
pub use count::Count;
pub use crossing::{Crossing, Dimension};
pub use document::{
    Block, Certainty, Day, Document, Finding, Imprint, Measure, MeasureKind, Publication, Publisher, Readership, Rendering, Section, Subject,
    Translation,
};
pub use draft::{Axis, Draft, Places, Unlinked};
pub use figure::{Figure, FigureParts, Fill, MapClass, Shape, Shapes, View};
pub use ledger::{Entry, Ledger, Seen};
pub use letter::{Letter, LetterLanguage, LetterPart, LetterPiece, LetterText};
pub use limit::{Amounts, NotAnAmount, RateKind, Rated, derive_rate};
pub use linked::{CellId, Contradiction, Linked, Standing};
pub use open::{NotOpen, Open};
pub use passage::{Passage, Span, Target};
pub use protect::{Fate, Pattern, Safety, Unprotected, protect};
pub use provenance::{ExtractRef, MethodRef, Provenance};
pub use redacted::{RedactedDocument, RedactedPage, RedactedPart, RedactedPiece, RedactedText};
pub use rounding::Rounding;
pub use rule::{Limits, NotARule, Rule, UnknownRule};
pub use scan::{Match, scan};
pub use table::{Column, ColumnKind, Table};
pub use treat::{Treated, treat, treat_all};
pub use value::{Derived, Interval, Shorthand, Value, derive, derive_interval, derive_many, derive_rows, written};
