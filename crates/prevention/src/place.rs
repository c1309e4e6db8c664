//! Places: their codes, kinds and vintages, how they nest, and where they lie.

pub mod bridge;
pub mod code;
pub mod nesting;
pub mod shape;

pub use bridge::{Bridge, Change};
pub use code::{AreaCode, Kind, Vintage};
pub use nesting::{Nesting, NestingProblem};
