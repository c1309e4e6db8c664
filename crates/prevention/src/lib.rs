//! Violence prevention itself: places, periods, sources, definitions and the needs assessment.
//!
//! Nothing here reads a file, a clock or a network: bytes come in, records **and** problems go out.
//! The binary crate fetches the bytes; `statistics` turns counts into estimates; `release` decides what may leave.

pub mod counting;
pub mod definition;
pub mod evidence;
pub mod exchange;
pub mod needs_assessment;
pub mod period;
pub mod place;
pub mod source;
