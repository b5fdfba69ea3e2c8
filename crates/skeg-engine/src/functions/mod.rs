//! The functions that Helm adds to Sprig's.

mod data;
mod duration;
