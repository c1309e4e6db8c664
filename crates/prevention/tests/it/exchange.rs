//! The exchange from outside: journeys, invariants, properties.

mod counts;
mod desk;
mod handovers;
mod invariants;
mod journey;
mod leaving;
mod letters;
mod many;
mod orders;
mod owing;
mod properties;
mod reading;
mod silences;
mod terms;
mod threads;
mod waits;
mod welsh;
