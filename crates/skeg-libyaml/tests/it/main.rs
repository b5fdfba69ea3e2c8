//! Integration tests of `skeg-libyaml`.

mod parser;
