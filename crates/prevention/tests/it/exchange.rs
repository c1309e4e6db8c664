//! The exchange from outside: journeys, invariants, properties.

mod desk;
mod invariants;
mod journey;
mod letters;
mod properties;
mod threads;
