//! `skeg registry ping`.

use serde::Serialize;
use skeg_oci_client::RateLimit;

use super::parse_target;
use crate::access::Access;
use crate::args::{AccessArgs, OutputArgs};
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// Ask a registry whether it is there, and whether the login for it holds
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg registry ping [host] [flags]")]
pub(crate) struct PingArgs {
    /// The registry
    host: String,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PingReport {
    registry: String,
    api_version: Option<String>,
    http_version: &'static str,
    tls: bool,
    server: Option<String>,
    milliseconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_limit: Option<RateLimitReport>,
}

/// How many requests are left.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RateLimitReport {
    limit: Option<u64>,
    remaining: Option<u64>,
    window_seconds: Option<u64>,
}

impl RateLimitReport {
    pub(super) fn new(limit: RateLimit) -> Self {
        Self {
            limit: limit.limit,
            remaining: limit.remaining,
            window_seconds: limit.window.map(|window| window.as_secs()),
        }
    }

    /// `76 of 100 left in 21600 s`
    pub(super) fn text(&self) -> String {
        let number = |number: Option<u64>| number.map_or("?".to_owned(), |number| number.to_string());
        let window = self.window_seconds.map(|seconds| format!(" in {seconds} s"));
        format!(
            "{} of {} left{}",
            number(self.remaining),
            number(self.limit),
            window.unwrap_or_default()
        )
    }
}

pub(crate) fn ping(args: &PingArgs, context: &Context) -> Result<(), CommandError> {
    let (_, host) = parse_target(&args.host)?;
    let registry = Access::new(&args.access, Some(&host), context)?.registry(&host);
    let ping = block_on(async {
        registry
            .ping()
            .await
            .map_err(|error| CommandError::registry(&host, error))
    })?;
    let report = PingReport {
        registry: host.to_string(),
        api_version: ping.api_version,
        http_version: ping.http_version,
        tls: ping.is_tls,
        server: ping.server,
        milliseconds: u64::try_from(ping.elapsed.as_millis()).unwrap_or(u64::MAX),
        rate_limit: ping.rate_limit.map(RateLimitReport::new),
    };
    if args.output.output.print(&report, context.printer())? {
        return Ok(());
    }
    let tls = if report.tls { " with TLS" } else { "" };
    let mut line = format!(
        "{} answers by {}{tls} within {} ms",
        host, report.http_version, report.milliseconds
    );
    if let Some(version) = &report.api_version {
        line = format!("{line}, API {version}");
    }
    if let Some(limit) = &report.rate_limit {
        line = format!("{line}, requests: {}", limit.text());
    }
    Ok(context.printer().line(line)?)
}
