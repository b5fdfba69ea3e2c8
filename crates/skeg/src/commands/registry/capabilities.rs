//! `skeg registry capabilities`.

use serde::Serialize;
use skeg_oci_client::{Capabilities, Ping, Support, UploadSupport};

use super::parse_target;
use super::ping::RateLimitReport;
use crate::access::Access;
use crate::args::{AccessArgs, OutputArgs};
use crate::context::Context;
use crate::error::CommandError;
use crate::table::{Table, size};
use crate::work::block_on;

/// Find out what a registry can do, by requests that change nothing
///
/// Some of it can only be asked of a repository: give one as `HOST/PATH`, or the first that the registry lists is taken.
/// What a registry says only when something is written is `unknown` without `--probe-write`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg registry capabilities [host[/path]] [flags]")]
pub(crate) struct CapabilitiesArgs {
    /// The registry, or a repository of it
    host: String,

    /// Begin an upload to the repository and cancel it, to learn whether and how it can be written to
    #[arg(long)]
    probe_write: bool,

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
    push: Option<bool>,
    mount: Option<bool>,
    /// The least size of a part of an upload, in bytes.
    chunk_min_length: Option<u64>,
    warnings: Vec<String>,
    rate_limit: Option<RateLimitReport>,
}

pub(crate) fn capabilities(args: &CapabilitiesArgs, context: &Context) -> Result<(), CommandError> {
    let (key, host) = parse_target(&args.host)?;
    let access = Access::new(&args.access, Some(&host), context)?;
    let registry = access.registry(&host);
    let repository = key.path().cloned();
    if args.probe_write && repository.is_none() {
        let error = CommandError::user(format!("`{}` names no repository to probe", args.host));
        return Err(error.hint(format!("name one that you may write to: `{host}/PATH`")));
    }
    let (ping, found, uploads) = block_on(async {
        let failed = |error| CommandError::registry(&host, error);
        let ping = registry.ping().await.map_err(failed)?;
        let found = registry.capabilities(repository.as_ref()).await.map_err(failed)?;
        let uploads = match repository.filter(|_| args.probe_write) {
            Some(name) => Some(access.upload_support(&host, name).await.map_err(failed)?),
            None => None,
        };
        Ok((ping, found, uploads))
    })?;
    let report = CapabilitiesReport {
        warnings: registry.warnings(),
        ..CapabilitiesReport::new(host.to_string(), ping, found, uploads)
    };
    if args.output.output.print(&report, context.printer())? {
        return Ok(());
    }
    report.print(context)
}

impl CapabilitiesReport {
    fn new(registry: String, ping: Ping, found: Capabilities, uploads: Option<UploadSupport>) -> Self {
        let mount = uploads.as_ref().map_or(found.mount, |uploads| uploads.mount);
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
            push: uploads.as_ref().and_then(|uploads| known(uploads.push)),
            mount: known(mount),
            chunk_min_length: uploads.and_then(|uploads| uploads.minimum_part),
            warnings: Vec::new(),
            rate_limit: found.rate_limit.or(ping.rate_limit).map(RateLimitReport::new),
        }
    }

    fn print(&self, context: &Context) -> Result<(), CommandError> {
        let limit = self.rate_limit.as_ref().map(RateLimitReport::text);
        let chunk = self.chunk_min_length.map(size);
        // One that takes uploads would have said it.
        let unsaid = if self.push == Some(true) {
            "any"
        } else {
            word(None)
        };
        let mut table = Table::new(["CAPABILITY", "STATE"]);
        table.row(["API version", self.api_version.as_deref().unwrap_or("not told")]);
        table.row(["HTTP version", self.http_version]);
        table.row(["TLS", word(Some(self.tls))]);
        table.row(["server", self.server.as_deref().unwrap_or("not told")]);
        table.row(["list of repositories", word(self.catalog)]);
        table.row(["referrers API", word(self.referrers)]);
        table.row(["deletion", word(self.delete)]);
        table.row(["pushing", word(self.push)]);
        table.row(["mounting of blobs", word(self.mount)]);
        table.row(["least part of an upload", chunk.as_deref().unwrap_or(unsaid)]);
        table.row(["requests left", limit.as_deref().unwrap_or("not told")]);
        for warning in &self.warnings {
            table.row(["warning", warning]);
        }
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
        None => "unknown",
    }
}
