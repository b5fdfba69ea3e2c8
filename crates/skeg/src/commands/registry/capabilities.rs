//! `skeg registry capabilities`.

use serde::Serialize;
use skeg_oci_client::{Capabilities, Ping, Support};

use super::parse_target;
use super::ping::RateLimitReport;
use crate::access::Access;
use crate::args::{AccessArgs, OutputArgs};
use crate::context::Context;
use crate::error::CommandError;
use crate::table::Table;
use crate::work::block_on;

/// Find out what a registry can do, by requests that change nothing
///
/// Some of it can only be asked of a repository: give one as `HOST/PATH`, or the first that the registry lists is taken.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg registry capabilities [host[/path]] [flags]")]
pub(crate) struct CapabilitiesArgs {
    /// The registry, or a repository of it
    host: String,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// What is `null` is not known: the registry does not say, and finding out would change something.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CapabilitiesReport {
    registry: String,
    /// What was asked about.
    repository: Option<String>,
    api_version: Option<String>,
    http_version: &'static str,
    tls: bool,
    server: Option<String>,
    catalog: Option<bool>,
    referrers: Option<bool>,
    delete: Option<bool>,
    mount: Option<bool>,
    rate_limit: Option<RateLimitReport>,
}

pub(crate) fn capabilities(args: &CapabilitiesArgs, context: &Context) -> Result<(), CommandError> {
    let (key, host) = parse_target(&args.host)?;
    let registry = Access::new(&args.access, Some(&host), context)?.registry(&host);
    let repository = key.path().cloned();
    let (ping, found) = block_on(async {
        let failed = |error| CommandError::registry(&host, error);
        let ping = registry.ping().await.map_err(failed)?;
        let found = registry.capabilities(repository.as_ref()).await.map_err(failed)?;
        Ok((ping, found))
    })?;
    let report = CapabilitiesReport::new(host.to_string(), ping, found);
    if args.output.output.print(&report, context.printer())? {
        return Ok(());
    }
    report.print(context)
}

impl CapabilitiesReport {
    fn new(registry: String, ping: Ping, found: Capabilities) -> Self {
        Self {
            registry,
            repository: found.repository.map(|name| name.to_string()),
            api_version: ping.api_version,
            http_version: ping.http_version,
            tls: ping.is_tls,
            server: ping.server,
            catalog: known(found.catalog),
            referrers: known(found.referrers),
            delete: known(found.delete),
            mount: known(found.mount),
            rate_limit: found.rate_limit.or(ping.rate_limit).map(RateLimitReport::new),
        }
    }

    fn print(&self, context: &Context) -> Result<(), CommandError> {
        let limit = self.rate_limit.as_ref().map(RateLimitReport::text);
        let mut table = Table::new(["CAPABILITY", "STATE"]);
        table.row(["API version", self.api_version.as_deref().unwrap_or("not told")]);
        table.row(["HTTP version", self.http_version]);
        table.row(["TLS", word(Some(self.tls))]);
        table.row(["server", self.server.as_deref().unwrap_or("not told")]);
        table.row(["list of repositories", word(self.catalog)]);
        table.row(["referrers API", word(self.referrers)]);
        table.row(["deletion", word(self.delete)]);
        table.row(["mounting of blobs", word(self.mount)]);
        table.row(["requests left", limit.as_deref().unwrap_or("not told")]);
        table.print(context)?;
        if self.repository.is_none() {
            let text = "no repository was asked about; name one as `HOST/PATH` to learn more";
            context.printer().status(text);
        }
        Ok(())
    }
}

fn known(support: Support) -> Option<bool> {
    match support {
        Support::Yes => Some(true),
        Support::No => Some(false),
        Support::Unknown => None,
    }
}

fn word(known: Option<bool>) -> &'static str {
    match known {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not told",
    }
}
