//! Names of releases.

use skeg_engine::is_release_name;

use crate::error::CommandError;

/// Refuses what can be no name of a release; `prefix` is what Helm's command says in front of it.
pub(crate) fn check_release_name(name: &str, prefix: &str) -> Result<(), CommandError> {
    if is_release_name(name) {
        return Ok(());
    }
    let failure = CommandError::user(format!("{prefix}: {name}"));
    Err(failure.hint("a name has up to 53 lower-case letters, digits, `-` and `.`, and begins and ends with a letter or digit"))
}
