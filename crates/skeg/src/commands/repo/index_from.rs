//! `skeg repo index --from`: an index of what is in registries.
//!
//! Two small documents are read for each version, its manifest and its config; no archive is.

use std::collections::HashMap;

use futures_util::stream::{self, StreamExt as _};
use skeg_oci::RegistryHost;
use skeg_oci_client::{ListTags as _, ListTagsError};
use skeg_registry::{
    ListedTag, ParseChartReferenceError, PushTarget, RepositoryLocation, VersionFilter, sort_newest_first,
};
use skeg_repository::{DirectoryIndex, IndexedArchive};

use crate::access::Access;
use crate::args::AccessArgs;
use crate::chart_details::{self, ChartDetails, SIDE_BY_SIDE};
use crate::commands::{Repositories, list_repositories};
use crate::context::Context;
use crate::error::CommandError;
use crate::printer::Printer;
use crate::work::block_on;

/// The registries that an index is made from.
#[derive(Debug, clap::Args)]
pub(super) struct FromArgs {
    /// Index the charts below this path of a registry instead of those in the directory (can be repeated)
    #[arg(long, value_name = "REMOTE")]
    from: Vec<String>,

    /// Take this chart below the path; the registry is then not asked which ones there are (can be repeated)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    chart: Vec<String>,

    #[command(flatten)]
    access: AccessArgs,
}

/// A version of a chart, and where it is.
struct Version {
    location: RepositoryLocation,
    tag: ListedTag,
    details: ChartDetails,
}

impl FromArgs {
    pub(super) fn is_given(&self) -> bool {
        !self.from.is_empty()
    }

    /// What says how to reach a registry means nothing for a directory.
    pub(super) fn refuse_flags(&self) -> Result<(), CommandError> {
        let (access, tls) = (&self.access, &self.access.tls);
        let given = [
            (!self.chart.is_empty(), "--chart"),
            (access.username.is_some(), "--username"),
            (access.password.is_some(), "--password"),
            (tls.ca_file.is_some(), "--ca-file"),
            (tls.cert_file.is_some(), "--cert-file"),
            (tls.key_file.is_some(), "--key-file"),
            (tls.insecure_skip_tls_verify, "--insecure-skip-tls-verify"),
            (tls.plain_http, "--plain-http"),
            (tls.timeout.is_some(), "--timeout"),
        ];
        match given.iter().find(|(is_given, _)| *is_given) {
            None => Ok(()),
            Some((_, flag)) => Err(CommandError::user(format!(
                "`{flag}` is for a registry, and the charts are in a directory"
            ))
            .hint("leave it out, or name a registry by `--from oci://HOST/PATH`")),
        }
    }

    /// The index of every version below the paths; `now` is the time of those that do not have theirs.
    pub(super) fn index(&self, now: &str, context: &Context) -> Result<DirectoryIndex, CommandError> {
        let places: Vec<PushTarget> = self
            .from
            .iter()
            .map(|text| parse_place(text))
            .collect::<Result<_, _>>()?;
        let access = Access::new(&self.access, self.host(&places)?, context)?;
        let printer = context.printer();
        let versions = block_on(async {
            let locations = self.locations(&places, &access).await?;
            let tags = tags(&locations, &access, printer).await?;
            versions(tags, &access, printer).await
        })?;
        self.require_all(&versions)?;
        let mut found = Found::default();
        for version in &versions {
            found.add(version, now, printer);
        }
        found.tell(printer);
        Ok(found.index)
    }

    /// `--username` and `--password` are for one host.
    fn host<'places>(
        &self,
        places: &'places [PushTarget],
    ) -> Result<Option<&'places RegistryHost>, CommandError> {
        let host = places.first().and_then(PushTarget::host);
        let has_login = self.access.username.is_some() || self.access.password.is_some();
        if has_login && places.iter().any(|place| place.host() != host) {
            return Err(CommandError::user(
                "`--username` and `--password` are for one host, and `--from` names several",
            )
            .hint("log in to each of them with `skeg registry login HOST`, and leave both flags out"));
        }
        Ok(host)
    }

    async fn locations(
        &self,
        places: &[PushTarget],
        access: &Access,
    ) -> Result<Vec<RepositoryLocation>, CommandError> {
        let mut locations = Vec::new();
        for place in places {
            if self.chart.is_empty() {
                locations.extend(listed(place, access).await?);
            }
            for name in &self.chart {
                locations.push(place.repository(name).map_err(CommandError::push_target)?);
            }
        }
        let mut seen = std::collections::HashSet::new();
        locations.retain(|location| seen.insert(location.to_url()));
        Ok(locations)
    }

    /// What was named must be there; that there is nothing at all is a slip in the path.
    fn require_all(&self, versions: &[Version]) -> Result<(), CommandError> {
        let places = self.from.join(", ");
        let is_found = |name: &str| {
            let ending = format!("/{name}");
            versions
                .iter()
                .any(|version| version.location.to_url().ends_with(&ending))
        };
        if let Some(name) = self.chart.iter().find(|name| !is_found(name)) {
            return Err(
                CommandError::user(format!("there is no version of `{name}` below {places}"))
                    .hint("`--chart` is the rest of the path: `oci://HOST/PATH/NAME`"),
            );
        }
        if versions.is_empty() {
            return Err(CommandError::user(format!("there are no charts below {places}"))
                .hint("look at what is there by `skeg search oci://HOST`"));
        }
        Ok(())
    }
}

/// Helm reads `oci://…` in an index; a directory of layouts it does not know.
fn parse_place(text: &str) -> Result<PushTarget, CommandError> {
    let place = PushTarget::parse(text).map_err(|error| match error {
        ParseChartReferenceError::VersionInRemote { .. } => CommandError::user(format!(
            "`{text}` names one version, not a path with charts below it"
        ))
        .hint("write `--from oci://HOST/PATH`"),
        error => CommandError::push_target(error),
    })?;
    match place {
        PushTarget::Registry { .. } => Ok(place),
        PushTarget::Layout { .. } => Err(CommandError::user(format!(
            "`{text}` is a directory, and an index says where charts are in a registry"
        ))
        .hint("take the charts to one by `skeg copy`, and write `--from oci://HOST/PATH`")),
    }
}

/// The repositories that the registry lists, or the one of the path if that is a chart.
async fn listed(place: &PushTarget, access: &Access) -> Result<Vec<RepositoryLocation>, CommandError> {
    let name_charts = "name the charts by `--chart NAME`: the registry is then asked for these alone";
    let listed = list_repositories(place, access).await;
    let Repositories { locations, is_guess } = listed.map_err(|error| error.hint(name_charts))?;
    let Some(error) = is_guess else {
        return Ok(locations);
    };
    for location in &locations {
        let listed = access.reader(location)?.list_tags().await;
        if !listed.is_ok_and(|tags| !tags.is_empty()) {
            return Err(error.hint(name_charts));
        }
    }
    Ok(locations)
}

/// The tags that are versions. Registries list repositories too whose content is gone.
async fn tags<'all>(
    locations: &'all [RepositoryLocation],
    access: &Access,
    printer: &Printer,
) -> Result<Vec<(&'all RepositoryLocation, ListedTag)>, CommandError> {
    let filter = VersionFilter::new(None, true, false).map_err(CommandError::user)?;
    let lists = stream::iter(locations).map(async |location| {
        let tags = match access.reader(location)?.list_tags().await {
            Ok(tags) => tags,
            Err(ListTagsError::NotFound { .. }) => Vec::new(),
            Err(error) => return Err(CommandError::list_tags(location, error)),
        };
        let mut tags: Vec<ListedTag> = tags.into_iter().map(ListedTag::new).collect();
        tags.retain(|tag| filter.takes(tag));
        sort_newest_first(&mut tags);
        Ok(tags.into_iter().map(|tag| (location, tag)).collect::<Vec<_>>())
    });
    all(lists.buffered(SIDE_BY_SIDE).collect().await, printer)
        .map(|lists| lists.into_iter().flatten().collect())
}

/// What the tags name, as far as it is charts.
async fn versions(
    tags: Vec<(&RepositoryLocation, ListedTag)>,
    access: &Access,
    printer: &Printer,
) -> Result<Vec<Version>, CommandError> {
    let versions = stream::iter(tags).map(async |(location, tag)| {
        let details = chart_details::fetch(&access.reader(location)?, location, &tag.tag).await?;
        Ok(details.map(|details| Version {
            location: location.clone(),
            tag,
            details,
        }))
    });
    let versions = all(versions.buffered(SIDE_BY_SIDE).collect().await, printer)?;
    Ok(versions.into_iter().flatten().collect())
}

/// Every result, or every error.
fn all<T>(results: Vec<Result<T, CommandError>>, printer: &Printer) -> Result<Vec<T>, CommandError> {
    let mut errors = Vec::new();
    let all = results
        .into_iter()
        .filter_map(|result| result.map_err(|error| errors.push(error)).ok())
        .collect();
    CommandError::all_of(errors, printer)?;
    Ok(all)
}

/// The index, and what is in it.
#[derive(Default)]
struct Found {
    index: DirectoryIndex,
    /// For each name and version where it is, and the digest of its archive.
    known: HashMap<(String, String), (String, String)>,
}

impl Found {
    fn add(&mut self, version: &Version, now: &str, printer: &Printer) {
        // With the underscore of a tag helm's `dependency build` takes the version for none.
        let tagged = version.tag.tag.to_version();
        let url = format!("{}:{tagged}", version.location.to_url());
        let details = &version.details;
        let Some(metadata) = &details.metadata else {
            printer.warning(&format!("{url} was left out: its config is no Chart.yaml"));
            return;
        };
        if metadata.version() != tagged {
            // helm refuses to pull what has another version than its tag.
            let version = metadata.version();
            printer.warning(&format!("{url} was left out: it is version {version}"));
            return;
        }
        let digest = details.archive.to_string();
        let key = (metadata.name().to_owned(), metadata.version().to_owned());
        if let Some((other, known)) = self.known.get(&key) {
            if *known != digest {
                printer.warning(&format!(
                    "{url} was left out: {other} is another chart of its name and version"
                ));
            }
            return;
        }
        let archive = IndexedArchive {
            created: created(details, now),
            digest: digest.strip_prefix("sha256:").unwrap_or_default().to_owned(),
            url: url.clone(),
        };
        self.index.insert(metadata, &archive);
        self.known.insert(key, (url, digest));
    }

    fn tell(&self, printer: &Printer) {
        let names: std::collections::HashSet<&str> =
            self.known.keys().map(|(name, _)| name.as_str()).collect();
        let count = |count: usize, one: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {one}s"),
        };
        printer.status(format!(
            "{} of {}",
            count(self.known.len(), "version"),
            count(names.len(), "chart")
        ));
    }
}

/// The time of the manifest, written as Go reads it.
fn created(details: &ChartDetails, now: &str) -> String {
    let time = details
        .created
        .as_deref()
        .and_then(|text| text.parse::<jiff::Timestamp>().ok());
    time.map_or_else(|| now.to_owned(), |time| time.to_string())
}
