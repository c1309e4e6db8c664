//! Numbers in, estimates out: the statistics of public health and crime.
//!
//! Every public function answers with an [`estimate::Estimate`] (a value with its interval, its method and what it
//! rests on) or another small struct of such values, or with an [`estimate::Refusal`] that says in a sentence why there
//! is no number. Nothing here reads a file, asks the clock or prints. The same inputs give the same bytes on every
//! machine: transcendental functions come from `libm`, chance is seeded, and no result depends on threads.
//!
//! - How many for how many people? [`rate`], [`proportion`], [`standardise`].
//! - Is it different from somewhere or something else? [`compare`], [`funnel`].
//! - Is it unequal, is it bunched? [`inequality`], [`concentration`].
//! - Has it changed? [`control_chart`], [`trend`], [`season`].
//! - Do those who read the same say the same? [`agreement`].
//! - What all of it stands on: [`special`].

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod agreement;
pub mod chance;
pub mod compare;
pub mod concentration;
pub mod control_chart;
pub mod estimate;
pub mod funnel;
mod glm;
pub mod inequality;
pub mod neighbour;
pub mod proportion;
pub mod rate;
pub mod season;
pub mod special;
pub mod standardise;
pub mod trend;
