//! The steps of an upgrade.

use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::sync::Arc;

use skeg_cluster::{Discovery, Freshness, ServerVersion};
use skeg_engine::{ClusterLookup, ReleaseOptions};
use skeg_release::{RecordTime, Release, Upgrade};

use super::{UpgradeArgs, values};
use crate::args::OutputFormat;
use crate::chart_location::ChartLocation;
use crate::chart_source::FetchedChart;
use crate::commands::install::annotate;
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{
    DryRun, Lookup, ReleasePrinter, Rendering, Session, check_release_name, differences_text, labels,
    of_cluster, operation_error, unreachable, without_secrets,
};
use crate::rendering::{Program, load_complete};
use crate::{surroundings, values_source};

const PREFIX: &str = "UPGRADE FAILED: ";

/// Upgrades a release that is there.
pub(super) fn upgrade_release(
    args: &UpgradeArgs,
    (name, chart): (&str, &str),
    dry_run: DryRun,
    session: Arc<Session>,
    context: &Context,
) -> Result<(), CommandError> {
    let rendering = &args.rendering;
    let post_renderer = Program::find(&rendering.post_renderer, context)?.map(Rc::new);
    let location = ChartLocation::find(chart, &rendering.repository, context)?;
    let selection = rendering.source.selection();
    let given = values_source::merge(&rendering.values, &selection.access, location.host(), context)?;
    let manner = rendering.load_manner(args.revision.output.output);
    let fetched = load_complete(location, &selection, manner, context)?;
    let fetched = ManuallyDrop::new(fetched);
    let steps = Steps {
        args,
        name,
        dry_run,
        session,
        context,
    };
    let release = steps
        .run(&fetched, given, post_renderer)
        .map_err(|error| error.prefixed(PREFIX))?;
    if args.revision.output.output == OutputFormat::Table {
        let quoted = skeg_go::quote::quote(name);
        let text = format!("Release {quoted} has been upgraded. Happy Helming!");
        context.printer().line(text)?;
    }
    ReleasePrinter::new(&release)
        .without_notes(args.revision.hide_notes)
        .print(args.revision.output.output, context)
}

struct Steps<'a> {
    args: &'a UpgradeArgs,
    name: &'a str,
    dry_run: DryRun,
    session: Arc<Session>,
    context: &'a Context,
}

impl Steps<'_> {
    fn run(
        &self,
        fetched: &FetchedChart,
        given: skeg_go::GoMap,
        post_renderer: Option<Rc<Program>>,
    ) -> Result<Release, CommandError> {
        let (context, session) = (self.context, &self.session);
        let operator = session.operator();
        // What the server can do is asked for while the release is looked for.
        let (version, discovery) = self.ask_server()?;
        check_release_name(self.name, "release name is invalid")?;
        if self.args.revision.dry_run.hide_secret && !self.dry_run.is_dry() {
            return Err(CommandError::user(
                "hiding Kubernetes secrets requires a dry-run mode",
            ));
        }
        let mut options = self.args.options(context);
        options.dry_run = self.dry_run.is_dry();
        let own_labels = labels(&self.args.revision.labels);
        if let Ok(labels) = &own_labels {
            options.labels.clone_from(labels);
        }
        let upgrade = session.run(async {
            let upgrade = Upgrade::begin(&operator, self.name, options).await;
            upgrade.map_err(|error| operation_error(&error, ""))
        })?;
        let chosen = values::choose(self.args.reuse, given, upgrade.current(), context);
        let lookup = Lookup::new(Arc::clone(session), Arc::clone(&discovery));
        let lookup = (self.dry_run != DryRun::Client).then(|| Rc::new(lookup) as Rc<dyn ClusterLookup>);
        let rendering = Rendering {
            args: &self.args.rendering,
            chart: &fetched.chart,
            defaults: chosen.defaults,
            values: chosen.values,
            release: ReleaseOptions {
                name: self.name.to_owned(),
                namespace: upgrade.current().namespace.clone(),
                revision: upgrade.revision(),
                is_install: false,
                is_upgrade: true,
            },
            capabilities: of_cluster(&version, &discovery, context),
            lookup,
            post_renderer,
        };
        let (rendered, mut release) = rendering.render(context)?;
        own_labels?;
        annotate(&mut release, fetched.origin.clone());
        release.info.last_deployed = Some(RecordTime::from_unix_nanoseconds(surroundings::now()));
        if self.args.diff {
            self.show_differences(&upgrade, &release)?;
        }
        if self.dry_run.is_dry() {
            upgrade.complete(&mut release);
            session.run(async {
                let checked = upgrade.check(&operator, &release).await;
                checked.map_err(|error| operation_error(&error, ""))
            })?;
            upgrade.describe_dry_run(&mut release);
            if self.args.revision.dry_run.hide_secret {
                release.manifest = without_secrets(&rendered);
            }
            return Ok(release);
        }
        self.perform(upgrade, release)
    }

    /// What changes, among the output for people, and aside where that is for programs.
    fn show_differences(&self, upgrade: &Upgrade, release: &Release) -> Result<(), CommandError> {
        let operator = self.session.operator();
        let mut release = release.clone();
        upgrade.complete(&mut release);
        let differences = self.session.run(async {
            let found = upgrade.preview(&operator, &release).await;
            found.map_err(|error| operation_error(&error, ""))
        })?;
        let printer = self.context.printer();
        if self.args.revision.output.output == OutputFormat::Table {
            return Ok(printer.data(differences_text(&differences, printer.colours_data()))?);
        }
        printer.status_bytes(differences_text(&differences, false).as_bytes());
        Ok(())
    }

    fn ask_server(&self) -> Result<(ServerVersion, Arc<Discovery>), CommandError> {
        let cluster = self.session.cluster();
        self.session.run(async {
            let (version, discovery) = tokio::join!(cluster.version(), cluster.discovery(Freshness::Checked));
            let version = version.map_err(|error| unreachable(&error))?;
            let discovery = discovery.map_err(|error| {
                CommandError::user(format!("could not get apiVersions from Kubernetes: {error}"))
            })?;
            Ok((version, discovery))
        })
    }

    fn perform(&self, upgrade: Upgrade, release: Release) -> Result<Release, CommandError> {
        let operator = self.session.operator();
        self.session.change(self.name, self.context, |stop| {
            upgrade.run(&operator, release, stop)
        })
    }
}
