//! Records what helm does.

fn main() {}
