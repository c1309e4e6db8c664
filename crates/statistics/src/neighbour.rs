//! Which places lie next to each other, and do high or low values lie together more than chance would put them?
//!
//! - Who touches whom? [`queen`], [`rook`] (from outlines), [`Neighbours`] (the answer, or your own list),
//!   [`near_misses`] (borders that should meet and do not).
//! - Over the whole map: [`moran`], one number with its exact moments.
//! - Place by place: [`local_moran`] (alike or unlike its neighbours), [`gi`] and [`gi_star`] (is it in a hot or a cold
//!   spot), each with exact moments and a two-sided p from the normal curve.
//! - Beyond the normal curve, which is a poor guide for skewed counts: [`permute`] gives each area the p-value of a
//!   conditional permutation test, one that serves local Moran, Gi and Gi* alike, its q-value, and how far the number of
//!   discoveries depends on the draws.
//!
//! ```text
//! queen(&[Outline], step) -> Result<Neighbours, OutlineFault>             step: DEGREES_STEP or METRES_STEP
//! rook(&[Outline], step) -> Result<Neighbours, OutlineFault>
//! near_misses(&[Outline], &Neighbours, reach) -> Result<Vec<NearMiss>, OutlineFault>
//! Neighbours::from_lists(&[Vec<usize>]) -> Result<Neighbours, Refusal>    .of(i) .count(i) .islands() .joined(&[(i, j)])
//! moran(&[f64], &Neighbours) -> Result<Moran, Refusal>
//! local_moran(&[f64], &Neighbours) -> Result<Vec<LocalMoran>, Refusal>
//! gi(&[f64], &Neighbours), gi_star(&[f64], &Neighbours) -> Result<Vec<Option<GetisOrd>>, Refusal>
//! permute(&[f64], &Neighbours, &Drawing) -> Result<Permuted, Refusal>     Drawing::standard(seed): 99,999 draws, 3 sets
//! ```
//!
//! Areas are named by their place in the list, from 0. Every list that is handed back has one entry for each area, in
//! the order given. Values are rates or counts per area, all in the same unit; no result depends on that unit.
//!
//! **Islands** (areas without neighbours) stay in the mean and the variance of the local measures, as in spdep and esda,
//! but get no p-value; they are left out of the global one altogether. Oracles: `contiguity`, `local_moran`. Pages:
//! `methods/contiguity.md`, `methods/local_moran.md`, `methods/getis_ord.md`.

mod contiguity;
mod getis_ord;
mod links;
mod local_moran;
mod moran;
mod near_miss;
mod outline;
mod permutation;
mod radix;
mod spread;

pub use contiguity::{queen, rook};
pub use getis_ord::{GetisOrd, gi, gi_star};
pub use links::Neighbours;
pub use local_moran::{LocalMoran, Moments, Quadrant, local_moran};
pub use moran::{Moran, moran};
pub use near_miss::{NearMiss, near_misses};
pub use outline::{DEGREES_STEP, METRES_STEP, Outline, OutlineFault};
pub use permutation::{Drawing, Lean, MonteCarlo, Permuted, Tail, permute};
