//! The works that are killed.

mod cache;
mod copy;
mod login;
mod pull;
mod push;

use crate::failure::Result;

use super::fixture::Fixture;
use super::runner::Work;

/// All works, in the order of the table.
pub(super) fn all(fixture: &Fixture) -> Result<Vec<Box<dyn Work + '_>>> {
    Ok(vec![
        Box::new(push::Push::new(fixture)?),
        Box::new(pull::Pull::new(fixture, pull::Kind::Archive)?),
        Box::new(pull::Pull::new(fixture, pull::Kind::Cached)?),
        Box::new(pull::Pull::new(fixture, pull::Kind::Unpacked)?),
        Box::new(copy::ToRegistry::new(fixture)?),
        Box::new(copy::ToLayout::new(fixture)?),
        Box::new(login::Login::new(fixture, login::Kind::Login)?),
        Box::new(login::Login::new(fixture, login::Kind::Logout)?),
        Box::new(cache::ShowValues::new(fixture)?),
    ])
}
