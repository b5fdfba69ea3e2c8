//! The independent programs that tests and benches run beside skeg.
//!
//! `table` pins what is used and in which version, `install` fetches it. Everything but Debian's
//! packages goes below `target/peers`.

mod install;
mod table;

use std::path::PathBuf;

use crate::failure::Failure;
use crate::failure::Result;
use crate::process;

pub(crate) use table::Peer;
pub(crate) use table::REGISTRIES;

/// A peer after the attempt to have it.
pub(crate) struct PeerState {
    peer: Peer,
    found: Result<PathBuf>,
}

impl PeerState {
    /// The peer.
    pub(crate) fn peer(&self) -> Peer {
        self.peer
    }

    /// Where its program is, when it is present.
    pub(crate) fn program(&self) -> Option<&PathBuf> {
        self.found.as_ref().ok()
    }
}

/// Installs every peer that is missing and prints a table of all.
pub(crate) fn run() -> Result<()> {
    let states = ensure(&Peer::ALL);
    print_table(&states);
    require(&states)
}

/// Installs those of `peers` that are missing. One that cannot be had is reported, not fatal.
pub(crate) fn ensure(peers: &[Peer]) -> Vec<PeerState> {
    peers
        .iter()
        .map(|&peer| PeerState {
            peer,
            found: install::ensure(peer),
        })
        .inspect(report_missing)
        .collect()
}

/// The program of a peer that a task cannot do without.
pub(crate) fn program(peer: Peer) -> Result<PathBuf> {
    install::ensure(peer)
}

/// Fails in continuous integration when a peer is missing that could have been installed.
pub(crate) fn require(states: &[PeerState]) -> Result<()> {
    let missing: Vec<&str> = states
        .iter()
        .filter(|state| state.program().is_none() && !state.peer.is_optional())
        .map(|state| state.peer.name())
        .collect();
    if missing.is_empty() || !process::is_ci() {
        return Ok(());
    }
    Err(Failure::new(format!("peers are missing: {}", missing.join(", "))))
}

fn report_missing(state: &PeerState) {
    if let Err(reason) = &state.found {
        eprintln!("MISSING PEER {}: {reason}", state.peer.name());
    }
}

fn print_table(states: &[PeerState]) {
    println!("{:<14} {:<9} {:<8} where", "peer", "version", "state");
    for state in states {
        let (word, place) = match &state.found {
            Ok(path) => ("present", path.display().to_string()),
            Err(reason) => ("missing", reason.to_string()),
        };
        let place = place.lines().next().unwrap_or_default();
        let peer = state.peer;
        println!("{:<14} {:<9} {word:<8} {place}", peer.name(), peer.version());
    }
}
