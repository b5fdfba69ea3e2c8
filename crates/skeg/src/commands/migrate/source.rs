//! The repository that charts are taken from.

use skeg_migrate::OldRepository;
use skeg_repository::{Index, Remote, RepositoryEntry, is_same_address};

use super::MigrateArgs;
use crate::args::AccessArgs;
use crate::classic::{self, RepositoryAccess};
use crate::context::Context;
use crate::error::CommandError;
use crate::remote::go_words;
use crate::work::block_on;

/// A repository, and what it is called.
pub(super) struct Source {
    pub(super) remote: Remote,
    /// The name of its index in the cache.
    cached_as: String,
    /// The names that it has in `repositories.yaml`.
    names: Vec<String>,
}

impl Source {
    /// Finds the repository that is meant, and its login.
    pub(super) fn open(args: &MigrateArgs, context: &Context) -> Result<Self, CommandError> {
        let file = classic::read_list(context)?.unwrap_or_default();
        let text = &args.repository;
        let is_address = text.contains("://");
        let entry = if is_address {
            let mut entries = file.repositories().iter();
            entries.find(|entry| is_same_address(&entry.url, text))
        } else {
            let named = file.get(text);
            Some(named.ok_or_else(|| unknown(text))?)
        };
        let address = entry.map_or(text.as_str(), |entry| entry.url.as_str());
        require_classic(address)?;
        // The flags for a login are for the registry alone; those for certificates hold where the repository has none of its own.
        let access = AccessArgs {
            tls: args.access.tls.clone(),
            ..AccessArgs::default()
        };
        let access = RepositoryAccess {
            args: &access,
            pass_credentials: args.pass_credentials,
        };
        let entries = file.repositories().iter();
        let is_it = |other: &&RepositoryEntry| is_same_address(&other.url, address);
        Ok(Self {
            remote: access.remote(address, entry, context),
            cached_as: classic::cached_as(entry, address),
            names: entries.filter(is_it).map(|entry| entry.name.clone()).collect(),
        })
    }

    /// The index as it is now.
    pub(super) fn index(&self, context: &Context) -> Result<Index, CommandError> {
        if !context.is_offline() {
            let refreshed = block_on(classic::refresh(&self.cached_as, &self.remote, context));
            refreshed.map_err(|error| classic::unreachable_repository(self.remote.address(), &error))?;
        }
        let loaded = classic::cache(context).load(&self.cached_as);
        let index = loaded.map_err(CommandError::user)?;
        classic::warn_of_rejected(index.rejected(), &self.shown(), context.printer());
        Ok(index)
    }

    /// Its address as it may be seen.
    pub(super) fn shown(&self) -> String {
        go_words::shown(self.remote.address())
    }

    /// How dependencies name it.
    pub(super) fn old(&self) -> OldRepository {
        OldRepository {
            address: self.remote.address().to_owned(),
            names: self.names.clone(),
        }
    }
}

fn unknown(name: &str) -> CommandError {
    CommandError::user(format!("repo {name} not found")).hint(format!(
        "add it by `skeg repo add {name} URL`, or give its address; `skeg repo list` shows what there is"
    ))
}

fn require_classic(address: &str) -> Result<(), CommandError> {
    match address.split_once("://") {
        Some((scheme, _)) if matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") => Ok(()),
        Some(("oci", _)) => Err(CommandError::user(format!("{address} is in a registry already"))
            .hint("take charts from one registry to another by `skeg copy --all` or `skeg sync`")),
        _ => Err(CommandError::user(format!(
            "{} is no address of a repository",
            go_words::shown(address)
        ))
        .hint("give `http://…`, `https://…`, or the name of a repository")),
    }
}
