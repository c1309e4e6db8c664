//! The event of the public pages as a whole.

use super::Event;
use crate::exchange::id::BlobHash;
use serde::{Deserialize, Serialize};

kinds! {
    /// Somebody approved the public pages as they stood, all of them.
    "pages.approved" PagesApproved {
        /// The hash over all of them, as they were seen.
        pages: BlobHash,
    }
}
