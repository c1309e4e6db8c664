//! The crate as the binary uses it, over data sets as they are really published.

// Tests read files; the crate itself does not.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod bad_files;
mod exchange;
mod published;
mod published_boundaries;
mod published_kinds;
mod published_referrals;
mod sussex;
