//! What is allowed of reading: the codebook ([`codebook`]), coding and what goes with it ([`coding`]), rounds of blind coding
//! ([`rounds`]).

pub mod codebook;
pub mod coding;
pub mod rounds;
