//! Scenarios over several crates and real peers.
