//! The exchange: one letter to many areas, their answers kept, chased, read and published. Pure: events, state, decisions.
//!
//! Three questions, three modules. [`event`]: what can happen. [`state`]: what follows, a fold over the log. [`decide`]:
//! what is allowed, a function for each thing a person may ask for. Everything that is shown is a query over the state:
//! [`grid`] and its statistics, [`chase`] (who is due a reminder), [`waiting`] (what waits for whom), the standing of an
//! ask or a duty by its [`clock`]. [`letter`] merges a template for each recipient, [`thread`] says to whom a message
//! belongs, [`register`] holds the bodies that ship with the program.
//!
//! Nothing here reads a clock, a file or a network: events carry their time, "today" is an argument, and what was written
//! or received is named by its hash. No event holds a name or an address of a person.

pub mod ask;
pub mod body;
pub mod campaign;
pub mod chase;
pub mod clock;
pub mod communication;
pub mod decide;
pub mod document;
pub mod event;
pub mod grid;
pub mod handover;
pub mod id;
pub mod letter;
pub mod moment;
pub mod non_response;
pub mod notice;
pub mod public;
pub mod publication;
pub mod reading;
pub mod recommendation;
pub mod register;
pub mod reminder;
pub mod state;
pub mod thread;
pub mod waiting;
pub mod words;
pub mod yearly;
