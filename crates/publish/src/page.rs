//! Pages: a layout and components as plain functions.

pub(crate) mod block;
pub(crate) mod contents;
pub(crate) mod figure;
pub(crate) mod front;
pub(crate) mod layout;
pub(crate) mod passage;
pub(crate) mod table;
