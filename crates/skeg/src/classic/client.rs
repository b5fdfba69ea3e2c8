//! The HTTP client for a repository: its certificates, and the limits and proxies that hold for everything.

use std::path::PathBuf;
use std::sync::Arc;

use skeg_credentials::Secret;
use skeg_oci_client::{Anonymous, Client, ClientOptions, TlsOptions};
use skeg_repository::{Remote, RepositoryEntry};

use crate::access::client_options;
use crate::args::AccessArgs;
use crate::context::Context;

/// A client with the certificates of an entry, where that has any, and else with those of the flags.
pub(crate) fn client(args: &AccessArgs, entry: Option<&RepositoryEntry>, context: &Context) -> Client {
    let options = client_options(args, context);
    let own = entry.map(tls_of).filter(|tls| *tls != TlsOptions::default());
    let options = ClientOptions {
        tls: own.unwrap_or_else(|| options.tls.clone()),
        ..options
    };
    Client::new(options, Arc::new(Anonymous), context.reporter())
}

fn tls_of(entry: &RepositoryEntry) -> TlsOptions {
    let path = |text: &String| Some(PathBuf::from(text)).filter(|path| !path.as_os_str().is_empty());
    TlsOptions {
        ca_file: path(&entry.ca_file),
        client_certificate: path(&entry.cert_file),
        client_key: path(&entry.key_file),
        insecure_skip_verify: entry.insecure_skip_tls_verify,
    }
}

/// How a repository is reached by the flags of a command.
#[derive(Clone, Debug)]
pub(crate) struct RepositoryAccess<'args> {
    pub(crate) args: &'args AccessArgs,
    /// Send the login to other hosts too.
    pub(crate) pass_credentials: bool,
}

impl RepositoryAccess<'_> {
    /// A repository with the login of its entry, or of the flags, which are for its host alone.
    pub(crate) fn remote(&self, address: &str, entry: Option<&RepositoryEntry>, context: &Context) -> Remote {
        let flags = self.args.username.clone().zip(self.args.password.clone());
        let flags = flags.map(|(username, password)| (username, Secret::from(password)));
        let login = entry.and_then(RepositoryEntry::login).or(flags);
        let pass = self.pass_credentials || entry.is_some_and(|entry| entry.pass_credentials_all);
        Remote::new(client(self.args, entry, context), address).with_login(login, pass)
    }
}
