//! The letter of a campaign: one template, the values of each recipient, and a letter in blocks for each.
//!
//! A template is a data file of headings, paragraphs, lists and footnotes in one language or two, with fields such as
//! `{{body.name}}`. Merging takes the values of **one** recipient and can see no other's: what is not in those values is
//! missing, and is said to be. A value is text and never read for fields again.

pub mod compare;
pub mod dated;
pub mod due;
pub mod merge;
mod own_words;
pub mod ready;
pub mod template;
pub mod values;

/// The template that ships with the program: a request like that of 13 October 2020 to eighteen areas.
pub const SHIPPED_REQUEST: &str = include_str!("../../letters/request-to-areas.toml");
