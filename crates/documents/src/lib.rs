//! Untrusted bytes in, text and findings out.
//!
//! Nothing here opens a file: the binary crate hands over bytes and gets back text, or a [`Refusal`] in words. Every
//! reader has limits on what it will unpack, and every byte string has an answer: none panics. Whoever hands over a file
//! of somebody else's does so in a process under limits all the same: most readers rest on other people's code.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod allowance;
pub mod arrival;
mod check_digit;
pub mod kind;
pub mod mail;

mod package;
pub mod pdf;
pub mod remove;
pub mod screen;
pub mod sheet;
pub mod text;
mod xml;

/// Bytes that could not be read: what is wrong and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[error("{what}")]
pub struct Refusal {
    /// What is wrong, naming sheet, row and column where there is one.
    pub what: String,
    /// How a person can mend it.
    pub remedy: String,
}

impl Refusal {
    /// A refusal with its remedy.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}
