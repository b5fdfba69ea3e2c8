//! What commands that use a chart have in common: finding it in a repository, saying which one was taken, loading it.

use std::path::Path;

use skeg_chart::{Chart, FollowedSymlink, LoadOptions};
use skeg_registry::{ChartReference, ChartRequest, ResolvedChart};

use crate::access::{Access, Reader};
use crate::args::ChartSelectionArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::printer::Printer;
use crate::scratch::scratch;
use crate::work::{block_on, blocking};

/// Downloads a chart into a temporary file and loads what is wanted of it; says on standard error which one it is.
pub(crate) fn fetch_chart(
    reference: &ChartReference,
    selection: &ChartSelectionArgs,
    options: FetchOptions,
    context: &Context,
) -> Result<FetchedChart, CommandError> {
    let FetchOptions {
        load,
        announce: manner,
    } = options;
    let access = Access::new(&selection.access, reference.location().host(), context)?;
    block_on(async {
        let repository = access.reader(reference.location())?;
        let resolved = resolve(&repository, &request(reference, selection), context).await?;
        announce(&resolved, |line| manner.print(line, context))?;
        let origin = Origin {
            source: resolved.reference.to_string(),
            digest: Some(resolved.digest.to_string()),
        };
        let scratch = scratch()?;
        let archive = scratch.path().join("chart.tgz");
        let pulled = skeg_registry::pull_archive(&repository, &resolved.artifact, &archive).await;
        pulled.map_err(|error| CommandError::pull(&resolved.reference, error))?;
        blocking(move || {
            let _scratch = scratch;
            let loaded = Chart::load(&archive, &load);
            loaded
                .map(|chart| FetchedChart::from_elsewhere(chart, origin))
                .map_err(|error| CommandError::user(error).about(&archive, &resolved.reference))
        })
        .await
    })
}

/// How a chart is fetched.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FetchOptions {
    pub(crate) load: LoadOptions,
    pub(crate) announce: Announce,
}

/// Where it is said which chart was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Announce {
    /// Among what is said to a person.
    #[default]
    Aside,
    /// Among the lines of the command, as by Helm's `install` and `upgrade`.
    AsOutput,
}

impl Announce {
    fn print(self, line: &str, context: &Context) -> Result<(), CommandError> {
        match self {
            Self::Aside => context.printer().status(line),
            Self::AsOutput => context.printer().line(line)?,
        }
        Ok(())
    }
}

/// A chart, and where it came from.
#[derive(Debug)]
pub(crate) struct FetchedChart {
    pub(crate) chart: Chart,
    /// None if it was on this machine.
    pub(crate) origin: Option<Origin>,
}

/// Where a chart came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    /// `oci://host/charts/demo:1.2.3`, or the address of an archive.
    pub(crate) source: String,
    /// The digest of the manifest or of the archive, if it is known.
    pub(crate) digest: Option<String>,
}

impl FetchedChart {
    /// A chart of this machine.
    pub(crate) fn local(chart: Chart) -> Self {
        Self { chart, origin: None }
    }

    pub(crate) fn from_elsewhere(chart: Chart, origin: Origin) -> Self {
        let origin = Some(origin);
        Self { chart, origin }
    }
}

/// Finds a chart and says on standard error which one it is.
pub(crate) async fn find(
    repository: &Reader,
    reference: &ChartReference,
    selection: &ChartSelectionArgs,
    context: &Context,
) -> Result<ResolvedChart, CommandError> {
    let resolved = resolve(repository, &request(reference, selection), context).await?;
    announce(&resolved, |line| {
        context.printer().status(line);
        Ok(())
    })?;
    Ok(resolved)
}

/// What the flags of a command ask for.
pub(crate) fn request(reference: &ChartReference, selection: &ChartSelectionArgs) -> ChartRequest {
    ChartRequest {
        reference: reference.clone(),
        version: selection.version.clone(),
        devel: selection.devel,
    }
}

/// Finds the chart, and says on standard error when another tag than the one written was chosen.
pub(crate) async fn resolve(
    repository: &Reader,
    request: &ChartRequest,
    context: &Context,
) -> Result<ResolvedChart, CommandError> {
    let resolved = skeg_registry::resolve(repository, request).await;
    let resolved = resolved.map_err(|error| CommandError::resolve(&request.reference, error))?;
    if let Some(choice) = &resolved.choice {
        let location = resolved.reference.location();
        if choice.is_loose {
            context
                .printer()
                .status(format!("using tag `{}` of {location}", choice.tag));
        }
        if let Some(passed_over) = &choice.passed_over {
            context.printer().warning(&format!(
                "{location}: tag `{passed_over}` is higher than `{}` but not a strict version, so it was passed over; \
                 name it to use it",
                choice.tag
            ));
        }
    }
    Ok(resolved)
}

/// Prints which chart was taken, as Helm does: two lines, and an explanation if its tag has an underscore.
pub(crate) fn announce(
    resolved: &ResolvedChart,
    mut print: impl FnMut(&str) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let name = display_name(&resolved.reference);
    print(&format!("Pulled: {name}"))?;
    print(&format!("Digest: {}", resolved.digest))?;
    explain_underscore(&name, print)
}

/// A reference without the scheme of a registry, as Helm prints it.
pub(crate) fn display_name(reference: &ChartReference) -> String {
    reference.to_string().trim_start_matches("oci://").to_owned()
}

/// Helm 4.3.1: a reference with an underscore is followed by an explanation.
pub(crate) fn explain_underscore(
    name: &str,
    mut print: impl FnMut(&str) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let is_concerned = name.rsplit_once(':').is_some_and(|(_, tag)| tag.contains('_'));
    if !is_concerned {
        return Ok(());
    }
    print(&format!("{name} contains an underscore."))?;
    print("")?;
    print("OCI artifact references (e.g. tags) do not support the plus sign (+). To support")?;
    print("storing semantic versions, Helm adopts the convention of changing plus (+) to")?;
    print("an underscore (_) in chart version tags when pushing to a registry and back to")?;
    print("a plus (+) when pulling from a registry.")
}

/// Helm 4.3.1: a symbolic link is worth a word, since what it leads to becomes part of the chart.
pub(crate) fn print_followed(link: &FollowedSymlink, printer: &Printer) {
    let place = |path: &Path| path.display().to_string();
    let fields = [("path", place(&link.path)), ("resolved", place(&link.target))];
    printer.info(
        "found symbolic link in path. Contents of linked file included and used",
        &fields,
    );
}
