//! What the door lets through, tried from outside as a caller would.

mod figures;
mod small_counts;
