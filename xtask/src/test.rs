//! Everything that can be tested: every crate, every example in the documentation, and the
//! scenarios against every registry that is present and with a cluster.

use crate::failure::Result;
use crate::integration;
use crate::peers;
use crate::peers::Peer;
use crate::process;
use crate::process::Run;
use crate::transcript::Tally;

/// Runs all tests and prints one closing line. Compiler warnings are failures too.
pub(crate) fn run() -> Result<()> {
    peers::require(&peers::ensure(&Peer::ALL))?;
    let (lines, succeeded) = process::cargo()
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .watch()?;
    let mut tally = Tally::of(&lines).or_failed(succeeded)?;
    tally.add(integration::run_all()?);
    tally.conclude()
}
