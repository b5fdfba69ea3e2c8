//! `skeg config show`.

use serde::Serialize;
use skeg_registry_config::{Effective, Place, RegistryConfig, Sourced};

use crate::args::OutputArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::registries;

/// Show what holds for a registry or a repository: mirrors, certificates, rates, and the file and line that say so
///
/// Read are `registries.toml` in the directory `skeg` beside Helm's configuration, then `registries.conf` of the
/// containers tools, then `certs.d`. Without an argument, everything that is set is shown.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg config show [HOST[/PATH]] [flags]")]
pub(crate) struct ShowArgs {
    /// A registry, or a repository of it; `oci://` may stand in front
    #[arg(value_name = "PLACE")]
    place: Option<String>,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct Report {
    place: String,
    settings: Vec<Setting>,
}

#[derive(Serialize)]
struct Setting {
    name: &'static str,
    value: String,
    origin: String,
}

pub(crate) fn show(args: &ShowArgs, context: &Context) -> Result<(), CommandError> {
    let config = registries::load(context)?;
    let reports = match &args.place {
        Some(text) => {
            let place: Place = text
                .parse()
                .map_err(|error| CommandError::user(error).hint("name it as in `registry.example/charts`"))?;
            vec![Report::of_place(&config, &place)]
        }
        None => Report::of_everything(&config),
    };
    let printer = context.printer();
    if args.output.output.print(&reports, printer)? {
        return Ok(());
    }
    let rows: Vec<[&str; 4]> = reports.iter().flat_map(Report::rows).collect();
    if rows.is_empty() {
        let own = registries::own_file(context);
        printer.status(format!("nothing is set; skeg's own file is {}", own.display()));
        return Ok(());
    }
    for line in aligned(&rows) {
        printer.line(line)?;
    }
    Ok(())
}

impl Report {
    fn of_place(config: &RegistryConfig, place: &Place) -> Self {
        Self {
            place: place.to_string(),
            settings: settings(&config.effective(&place.host, place.path.as_ref())),
        }
    }

    /// One for each prefix; what holds for a whole domain is shown as it is written.
    fn of_everything(config: &RegistryConfig) -> Vec<Self> {
        let prefixes = config.prefixes().into_iter();
        prefixes
            .map(|prefix| match prefix.place() {
                Some(place) => Self::of_place(config, place),
                None => Self {
                    place: prefix.to_string(),
                    settings: settings(&config.of_prefix(prefix)),
                },
            })
            .collect()
    }

    fn rows(&self) -> impl Iterator<Item = [&str; 4]> {
        let settings = self.settings.iter();
        settings.map(|setting| [self.place.as_str(), setting.name, &setting.value, &setting.origin])
    }
}

fn settings(effective: &Effective) -> Vec<Setting> {
    let mut settings = Vec::new();
    let mut add = |name, value: Option<(String, String)>| {
        settings.extend(value.map(|(value, origin)| Setting { name, value, origin }));
    };
    add(
        "location",
        shown(effective.location.as_ref(), ToString::to_string),
    );
    for mirror in &effective.mirrors {
        add(
            "mirror",
            shown(Some(mirror), |mirror| {
                let only = match (mirror.digests_only, mirror.tags_only) {
                    (true, _) => " (digests only)",
                    (_, true) => " (tags only)",
                    _ => "",
                };
                format!("{}{only}", mirror.place)
            }),
        );
    }
    add(
        "plain-http",
        shown(effective.plain_http.as_ref(), ToString::to_string),
    );
    add(
        "insecure",
        shown(effective.insecure.as_ref(), ToString::to_string),
    );
    let path = |path: &std::path::PathBuf| path.display().to_string();
    add("ca-file", shown(effective.ca_file.as_ref(), path));
    add(
        "client-certificate",
        shown(effective.client_certificate.as_ref(), path),
    );
    add("client-key", shown(effective.client_key.as_ref(), path));
    add(
        "credential-helper",
        shown(effective.credential_helper.as_ref(), ToString::to_string),
    );
    add(
        "requests-per-second",
        shown(effective.requests_per_second.as_ref(), ToString::to_string),
    );
    add(
        "concurrency",
        shown(effective.concurrency.as_ref(), ToString::to_string),
    );
    add("blocked", shown(effective.blocked.as_ref(), ToString::to_string));
    settings
}

fn shown<T>(setting: Option<&Sourced<T>>, show: impl Fn(&T) -> String) -> Option<(String, String)> {
    setting.map(|setting| (show(&setting.value), setting.origin.to_string()))
}

fn aligned(rows: &[[&str; 4]]) -> Vec<String> {
    let rows: Vec<&[&str; 4]> = [&["PLACE", "SETTING", "VALUE", "ORIGIN"]]
        .into_iter()
        .chain(rows)
        .collect();
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or_default()
    };
    let [first, second, third] = [width(0), width(1), width(2)];
    rows.iter()
        .map(|[place, name, value, origin]| {
            format!("{place:first$}\t{name:second$}\t{value:third$}\t{origin}")
        })
        .collect()
}
