//! The crate as the binary uses it, over data sets as they are really published.

#![allow(clippy::unwrap_used)]

mod published;
mod published_boundaries;
