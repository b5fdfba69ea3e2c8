//! Tests of the client of clusters.

mod configuration;
mod discovery;
mod requests;
mod server;
