//! The steps of an installation.

use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::sync::Arc;

use skeg_cluster::Freshness;
use skeg_engine::{Capabilities, ClusterLookup, ReleaseOptions};
use skeg_release::{
    DIGEST_ANNOTATION, Install, InstallOptions, OperationError, Release, SOURCE_ANNOTATION, Status,
};

use crate::args::OutputFormat;
use crate::chart_location::ChartLocation;
use crate::chart_source::{FetchedChart, Origin};
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{
    DryRun, Lookup, ReleasePrinter, Rendering, RenderingArgs, Session, has_definitions, labels, of_cluster,
    operation_error, reachability, unreachable, warn_of_definitions, without_secrets,
};
use crate::rendering::{Program, load_complete};
use crate::{surroundings, values_source};

/// What is to be installed, and how.
pub(crate) struct InstallRequest<'a> {
    pub(crate) name: String,
    pub(crate) chart: &'a str,
    pub(crate) rendering: &'a RenderingArgs,
    pub(crate) dry_run: DryRun,
    pub(crate) hide_secret: bool,
    pub(crate) hide_notes: bool,
    pub(crate) skip_crds: bool,
    pub(crate) output: OutputFormat,
    /// `KEY=VALUE`; that one is taken is found out late, as by Helm.
    pub(crate) labels: &'a [Vec<String>],
    pub(crate) options: InstallOptions,
}

/// Installs a chart, and prints the release.
pub(crate) fn install_chart(request: &InstallRequest<'_>, context: &Context) -> Result<(), CommandError> {
    let args = request.rendering;
    let post_renderer = Program::find(&args.post_renderer, context)?.map(Rc::new);
    let location = ChartLocation::find(request.chart, &args.repository, context)?;
    let selection = args.source.selection();
    let values = values_source::merge(&args.values, &selection.access, location.host(), context)?;
    let manner = args.load_manner(request.output);
    let FetchedChart { chart, origin } = load_complete(location, &selection, manner, context)?;
    let chart = ManuallyDrop::new(chart);
    let mut options = request.options.clone();
    options.dry_run = request.dry_run.is_dry();
    let mut rendering = Rendering {
        args,
        chart: &chart,
        defaults: None,
        values,
        release: ReleaseOptions {
            name: request.name.clone(),
            namespace: context.namespace(),
            revision: 1,
            is_install: true,
            is_upgrade: false,
        },
        capabilities: Capabilities::default(),
        lookup: None,
        post_renderer,
    };
    let steps = Steps {
        request,
        context,
        options: &mut options,
    };
    let release = if request.dry_run.asks_cluster() {
        steps.with_cluster(&mut rendering, origin)?
    } else {
        steps.without_cluster(&rendering)?
    };
    ReleasePrinter::new(&release)
        .without_notes(request.hide_notes)
        .print(request.output, context)
}

struct Steps<'a> {
    request: &'a InstallRequest<'a>,
    context: &'a Context,
    options: &'a mut InstallOptions,
}

impl Steps<'_> {
    /// `--dry-run=client`: nobody is asked.
    fn without_cluster(&self, rendering: &Rendering<'_>) -> Result<Release, CommandError> {
        let (rendered, mut release) = rendering.render(self.context)?;
        self.finish_dry(&mut release);
        if self.request.hide_secret {
            release.manifest = without_secrets(&rendered);
        }
        Ok(release)
    }

    fn finish_dry(&self, release: &mut Release) {
        let now = skeg_release::RecordTime::from_unix_nanoseconds(surroundings::now());
        release.info.first_deployed = Some(now);
        release.info.last_deployed = Some(now);
        release.apply_method = if self.options.server_side {
            skeg_release::ApplyMethod::ServerSide
        } else {
            skeg_release::ApplyMethod::ClientSide
        };
        release.set_status(Status::PendingInstall, "Dry run complete");
    }

    fn with_cluster(
        self,
        rendering: &mut Rendering<'_>,
        origin: Option<Origin>,
    ) -> Result<Release, CommandError> {
        let context = self.context;
        let session = Arc::new(Session::open(context).map_err(|error| reachability(error, context))?);
        if self.request.hide_secret && !self.request.dry_run.is_dry() {
            return Err(logged(
                "hiding Kubernetes secrets requires a dry-run mode",
                context,
            ));
        }
        let version = session.run(async {
            let version = session.cluster().version().await;
            version.map_err(|error| unreachable(&error))
        });
        let version = version.map_err(|error| reachability(error, context))?;
        self.check_name(&session)?;
        if !self.request.skip_crds {
            self.install_definitions(&session, rendering)?;
        }
        let discovery = session.run(async {
            let found = session.cluster().discovery(Freshness::Checked).await;
            found.map_err(|error| CommandError::user(format!(
                "could not get apiVersions from Kubernetes: could not get apiVersions from Kubernetes: {error}"
            )))
        })?;
        rendering.capabilities = of_cluster(&version, &discovery, context);
        let lookup = Lookup::new(Arc::clone(&session), discovery);
        rendering.lookup = Some(Rc::new(lookup) as Rc<dyn ClusterLookup>);
        let (rendered, mut release) = rendering.render(context)?;
        annotate(&mut release, origin);
        self.options.labels = labels(self.request.labels)?;
        let now = skeg_release::RecordTime::from_unix_nanoseconds(surroundings::now());
        release.info.first_deployed = Some(now);
        release.info.last_deployed = Some(now);
        let install = Install::new(session.operator(), self.options);
        if self.request.dry_run.is_dry() {
            session.run(async {
                install
                    .check(&release)
                    .await
                    .map_err(|error| operation_error(&error, ""))
            })?;
            self.finish_dry(&mut release);
            if self.request.hide_secret {
                release.manifest = without_secrets(&rendered);
            }
            return Ok(release);
        }
        let name = release.name.clone();
        session.change(&name, context, |stop| install.run(release, stop))
    }

    fn check_name(&self, session: &Session) -> Result<(), CommandError> {
        const PREFIX: &str = "release name check failed";
        let name = &self.request.name;
        if !skeg_engine::is_release_name(name) {
            let text = skeg_engine::release_name_text(name);
            log_error(PREFIX, &text, self.context);
            return Err(CommandError::user(format!("{PREFIX}: {text}")));
        }
        let install = Install::new(session.operator(), self.options);
        session.run(async {
            install.check_name(name).await.map_err(|error| {
                log_error(PREFIX, &error.to_string(), self.context);
                operation_error(&error, "release name check failed: ")
            })
        })
    }

    /// Definitions must be there before the rest is rendered, since templates may ask for their kinds.
    fn install_definitions(&self, session: &Session, rendering: &Rendering<'_>) -> Result<(), CommandError> {
        if !has_definitions(rendering.chart) {
            return Ok(());
        }
        let definitions = rendering.definitions(self.context)?;
        if definitions.is_empty() {
            return Ok(());
        }
        if self.request.dry_run.is_dry() {
            warn_of_definitions(self.context);
            return Ok(());
        }
        let install = Install::new(session.operator(), self.options);
        session.run(async {
            let installed = install.install_definitions(&definitions).await;
            installed.map_err(|error: OperationError| operation_error(&error, ""))
        })
    }
}

/// Keeps where the chart came from, where Helm keeps it too.
pub(crate) fn annotate(release: &mut Release, origin: Option<Origin>) {
    let (Some(chart), Some(origin)) = (release.chart.as_mut(), origin) else {
        return;
    };
    chart.annotate(SOURCE_ANNOTATION, &origin.source);
    if let Some(digest) = &origin.digest {
        chart.annotate(DIGEST_ANNOTATION, digest);
    }
}

/// Helm 4.3.1 logs some errors besides.
fn log_error(text: &str, error: &str, context: &Context) {
    context.printer().log_error(text, &[("error", error.to_owned())]);
}

fn logged(text: &str, context: &Context) -> CommandError {
    context.printer().log_error(text, &[]);
    CommandError::user(text.to_owned())
}
