//! The `skeg` program.

fn main() {}
