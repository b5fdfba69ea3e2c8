//! Requests to the API server: connections, refusals, pauses.

mod connection;
mod go_words;
mod retry;
mod send;

pub(crate) use connection::connect;
pub(crate) use send::{Answer, Call, JSON, Requester};
