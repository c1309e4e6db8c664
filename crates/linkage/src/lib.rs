//! Names compared, so that records of one person or place can be found although they are written differently.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod compare;
pub mod nearest;

pub use nearest::{Suggestion, nearest};
