//! The program of this checkout under a name of its own, so that cargo builds it for the tests of
//! this package.

fn main() {}
