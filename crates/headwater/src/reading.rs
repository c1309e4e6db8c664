//! The text of a file that somebody sent: the one way from its bytes to its text.

use headwater_documents::Refusal;
use headwater_documents::text::{DocumentText, Limits, of};

/// Reads a file of any kind. `name` is the name it was sent under.
///
/// # Errors
/// There is no text to be had from it; the refusal says why, and how to mend it.
pub fn read(name: &str, bytes: Vec<u8>) -> Result<DocumentText, Refusal> {
    of(name, bytes, &Limits::default())
}
