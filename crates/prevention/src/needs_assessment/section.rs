//! The sections, in the order in which they are read; one file for each group of questions.

mod absent;
mod change;
mod exploitation;
mod factors;
mod hidden;
mod kinds;
mod opening;
mod outcomes;
mod place;
mod quality;
mod response;
mod searches;
mod timing;
mod trend;
mod r#where;

pub(super) use absent::people;
pub(super) use exploitation::exploitation;
pub(super) use factors::factors;
pub(super) use hidden::hidden_harm;
pub(super) use kinds::kinds;
pub(super) use opening::{conclusions, front_matter, key_figures, scope_and_definition, summary};
pub(super) use place::place_and_population;
pub(super) use quality::{about, quality};
pub(super) use response::response;
pub(super) use timing::timing;
pub(super) use trend::scale_and_trend;
pub(super) use r#where::{HotSpots, hot_spots, location};
