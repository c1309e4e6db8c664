//! Events of a letter that a second person reads by itself.

use super::Event;
use crate::exchange::id::RecipientId;
use crate::exchange::words::Remark;
use serde::{Deserialize, Serialize};

kinds! {
    /// A letter that came back is made anew, for whoever is written to now.
    "letter.reopened" LetterReopened {
        /// To which recipient.
        recipient: RecipientId,
        /// Why.
        reason: Remark,
    }
    /// A letter that a second person read by itself was sent back to be changed.
    "letter.returned" LetterReturned {
        /// To which recipient.
        recipient: RecipientId,
        /// Why.
        reason: Remark,
    }
}
