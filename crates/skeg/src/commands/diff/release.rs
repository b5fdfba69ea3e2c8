//! `skeg diff RELEASE CHART`: what an upgrade would change on the server.

use std::rc::Rc;
use std::sync::Arc;

use skeg_chart::Chart;
use skeg_cluster::Freshness;
use skeg_engine::{ClusterLookup, ReleaseOptions, on_render_stack};
use skeg_release::{ObjectDifference, Upgrade, UpgradeOptions};

use super::DiffArgs;
use crate::args::{ChartSelectionArgs, OutputFormat, RepositoryArgs};
use crate::chart_location::ChartLocation;
use crate::commands::upgrade::choose_values;
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{
    Lookup, Rendering, RenderingArgs, Session, SourceArgs, of_cluster, operation_error, print_differences,
    unreachable,
};
use crate::{rendering, values_source};

/// Whether the first argument names a release: a name, and nothing that a chart could be.
pub(super) fn is_release(text: &str) -> bool {
    skeg_engine::is_release_name(text) && !std::path::Path::new(text).exists()
}

/// Compares what is on the server with what the chart renders to.
pub(super) fn diff(args: &DiffArgs, context: &Context) -> Result<(), CommandError> {
    let differences = on_render_stack(|| differences(args, context))?;
    let format = args.output.output;
    if differences.is_empty() && format == OutputFormat::Table {
        let text = format!("an upgrade of release \"{}\" would change nothing", args.chart);
        context.printer().line(text)?;
    } else {
        print_differences(&differences, format, context)?;
    }
    if args.exit_code && !differences.is_empty() {
        return Err(CommandError::different());
    }
    Ok(())
}

fn differences(args: &DiffArgs, context: &Context) -> Result<Vec<ObjectDifference>, CommandError> {
    let location = ChartLocation::find(&args.remote, &RepositoryArgs::default(), context)?;
    let selection = ChartSelectionArgs {
        version: None,
        devel: args.selection.devel,
        access: args.selection.access.clone(),
    };
    let given = values_source::merge(&args.values, &selection.access, location.host(), context)?;
    let chart = rendering::load(location, &selection, context)?;
    let session = Arc::new(Session::open(context)?);
    let upgrade = session.run(async {
        let upgrade = Upgrade::begin(&session.operator(), &args.chart, UpgradeOptions::default()).await;
        upgrade.map_err(|error| operation_error(&error, ""))
    })?;
    let chosen = choose_values(args.reuse, given, upgrade.current(), context);
    let rendering_args = rendering_args(args);
    let rendering = Rendering {
        args: &rendering_args,
        defaults: chosen.defaults,
        values: chosen.values,
        ..for_release(&rendering_args, &chart, &session, &upgrade, context)?
    };
    let (_, mut release) = rendering.render(context)?;
    upgrade.complete(&mut release);
    let operator = session.operator();
    session.run(async {
        let found = upgrade.preview(&operator, &release).await;
        found.map_err(|error| operation_error(&error, ""))
    })
}

/// The chart as it would be rendered for the next revision, still without values.
fn for_release<'a>(
    args: &'a RenderingArgs,
    chart: &'a Chart,
    session: &Arc<Session>,
    upgrade: &Upgrade,
    context: &Context,
) -> Result<Rendering<'a>, CommandError> {
    let cluster = session.cluster();
    let (version, discovery) = session.run(async {
        let (version, discovery) = tokio::join!(cluster.version(), cluster.discovery(Freshness::Checked));
        let unreachable = |error| unreachable(&error);
        Ok((version.map_err(unreachable)?, discovery.map_err(unreachable)?))
    })?;
    let lookup = Lookup::new(Arc::clone(session), Arc::clone(&discovery));
    Ok(Rendering {
        args,
        chart,
        defaults: None,
        values: skeg_go::GoMap::new(),
        release: ReleaseOptions {
            name: upgrade.current().name.clone(),
            namespace: upgrade.current().namespace.clone(),
            revision: upgrade.revision(),
            is_install: false,
            is_upgrade: true,
        },
        capabilities: of_cluster(&version, &discovery, context),
        lookup: Some(Rc::new(lookup) as Rc<dyn ClusterLookup>),
        post_renderer: None,
    })
}

fn rendering_args(args: &DiffArgs) -> RenderingArgs {
    RenderingArgs {
        values: args.values.clone(),
        source: SourceArgs::new(args.selection.devel, &args.selection.access),
        ..RenderingArgs::default()
    }
}
