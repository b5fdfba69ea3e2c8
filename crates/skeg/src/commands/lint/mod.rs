//! `skeg lint`.

mod args;
