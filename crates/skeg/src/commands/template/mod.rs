//! `skeg template`.

mod args;
mod name;
mod notices;
mod output;
mod server;

use std::mem::ManuallyDrop;
use std::rc::Rc;

use skeg_chart::Chart;
use skeg_engine::{
    Capabilities, KubeVersion, ReleaseOptions, RenderError, RenderInput, RenderOptions, Rendered,
    Surroundings, on_render_stack, render,
};

pub(crate) use self::args::TemplateArgs;
use self::name::NameAndChart;
use self::server::Server;
use crate::chart_location::ChartLocation;
use crate::context::Context;
use crate::error::{CommandError, RenderExplanation};
use crate::releases::DryRun;
use crate::remote::{SchemaFiles, UrlFetcher};
use crate::rendering::{LoadManner, Program, load_complete};
use crate::surroundings;
use crate::values_source;
use crate::work::let_signals_end;

/// The keys of labels that Helm keeps for itself.
const SYSTEM_LABELS: [&str; 6] = ["name", "owner", "status", "version", "createdAt", "modifiedAt"];

/// Helm 4.3.1: the manifests on standard output, each behind `---` and `# Source: …`.
pub(crate) fn template(args: &TemplateArgs, context: &Context) -> Result<(), CommandError> {
    let post_renderer = Program::find(&args.post_renderer, context)?;
    notices::print_notices(args, context);
    notices::check_groups(args)?;
    on_render_stack(|| Job::new(args, context)?.run(post_renderer.map(Rc::new)))
}

/// One chart that is rendered.
struct Job<'job> {
    args: &'job TemplateArgs,
    context: &'job Context,
    capabilities: Capabilities,
    surroundings: Surroundings,
    release: ReleaseOptions,
    chart: ChartLocation,
    asks_cluster: bool,
}

impl<'job> Job<'job> {
    /// Checks the arguments in the order of Helm, so that of several mistakes the same one is reported.
    fn new(args: &'job TemplateArgs, context: &'job Context) -> Result<Self, CommandError> {
        let capabilities = capabilities(args)?;
        let dry_run = DryRun::parse(args.capabilities.dry_run.as_deref(), DryRun::Client, context)?;
        let asks_cluster = dry_run == DryRun::Server || args.capabilities.validate;
        let surroundings = surroundings::of_machine(context.environment());
        let NameAndChart { name, chart } = NameAndChart::new(&args.arguments, &args.release)?;
        let release = ReleaseOptions {
            name: name.resolve(context, &surroundings)?,
            namespace: context.namespace(),
            revision: 1,
            is_install: !args.release.is_upgrade,
            is_upgrade: args.release.is_upgrade,
        };
        Ok(Self {
            args,
            context,
            capabilities,
            surroundings,
            release,
            chart: ChartLocation::find(chart, &args.repository, context)?,
            asks_cluster,
        })
    }

    fn run(self, post_renderer: Option<Rc<Program>>) -> Result<(), CommandError> {
        let Self { args, context, .. } = self;
        let values = values_source::merge(&args.values, &args.selection.access, self.chart.host(), context)?;
        // Giving thousands of values back one by one takes longer than the end of the process, which follows.
        let manner = LoadManner {
            updates_dependencies: args.dependency_update,
            ..LoadManner::default()
        };
        let loaded = load_complete(self.chart, &args.selection, manner, context)?;
        let chart = ManuallyDrop::new(loaded.chart);
        check_labels(&args.release.labels)?;
        let schemas = SchemaFiles::new(UrlFetcher::new(&args.selection.access, context));
        let schemas = Rc::new(schemas);
        let server = self
            .asks_cluster
            .then(|| Server::ask(&chart, context))
            .transpose()?;
        let input = RenderInput {
            chart: &chart,
            defaults: None,
            values,
            release: self.release,
            capabilities: server
                .as_ref()
                .map_or(self.capabilities, |server| server.capabilities.clone()),
            options: RenderOptions {
                post_renderer: post_renderer.clone().map(|program| program as Rc<_>),
                ..options(args, Rc::clone(&schemas))
            },
            lookup: server.as_ref().map(Server::lookup),
            surroundings: self.surroundings,
        };
        let_signals_end();
        let rendered = render(&input);
        schemas.check_signal()?;
        post_renderer.map_or(Ok(()), |program| program.check_signal())?;
        match rendered {
            Ok(rendered) => {
                log(&rendered.warnings, context);
                if let Some(server) = &server {
                    server.check(&rendered, &input.release, args.shown.include_crds)?;
                }
                print(&rendered, &input.release, args, context)
            }
            Err(error) => {
                log(error.warnings(), context);
                if context.globals().debug && error.has_release() {
                    print_partly(&error, args, context)?;
                }
                Err(failure(&error, &chart, args, context))
            }
        }
    }
}

fn capabilities(args: &TemplateArgs) -> Result<Capabilities, CommandError> {
    let mut capabilities = Capabilities::default().with_api_versions(args.capabilities.api_versions.concat());
    if let Some(text) = &args.capabilities.kube_version {
        let version = KubeVersion::parse(text)
            .map_err(|error| CommandError::user(format!("invalid kube version '{text}': {error}")))?;
        capabilities.kube_version = version;
    }
    Ok(capabilities)
}

fn options(args: &TemplateArgs, schemas: Rc<SchemaFiles>) -> RenderOptions {
    RenderOptions {
        enable_dns: args.enable_dns,
        skip_schema_validation: args.skip_schema_validation,
        schema_source: Some(schemas),
        max_output: (args.max_output > 0).then_some(args.max_output),
        max_steps: (args.max_steps > 0).then_some(args.max_steps),
        ..RenderOptions::default()
    }
}

fn check_labels(labels: &[Vec<String>]) -> Result<(), CommandError> {
    let is_taken = |key: &String| SYSTEM_LABELS.contains(&key.as_str());
    if labels.iter().flatten().any(is_taken) {
        return Err(CommandError::user(format!(
            "user supplied labels contains system reserved label name. System labels: [{}]",
            SYSTEM_LABELS.join(" ")
        )));
    }
    Ok(())
}

fn log(lines: &[String], context: &Context) {
    for line in lines {
        context.printer().status(line);
    }
}

/// Prints everything at once.
fn print(
    rendered: &Rendered,
    release: &ReleaseOptions,
    args: &TemplateArgs,
    context: &Context,
) -> Result<(), CommandError> {
    let printer = context.printer();
    let documents = match &args.shown.output_dir {
        None => output::documents(rendered, &args.shown),
        Some(directory) => {
            output::write_files(rendered, directory, &release.name, &args.shown, printer)?;
            b"\n".to_vec()
        }
    };
    if args.shown.show_only.is_empty() {
        return Ok(printer.data(documents)?);
    }
    match output::only(&documents, &args.shown.show_only) {
        Ok(documents) => Ok(printer.data(documents)?),
        Err(pattern) => Err(CommandError::user(format!(
            "could not find template {pattern} in chart"
        ))),
    }
}

/// Prints what there is although something is wrong with it, as `--debug` asks.
fn print_partly(error: &RenderError, args: &TemplateArgs, context: &Context) -> Result<(), CommandError> {
    let mut documents = error.manifest();
    output::end_line(&mut documents);
    if args.shown.show_only.is_empty() {
        return Ok(context.printer().data(documents)?);
    }
    match output::only(&documents, &args.shown.show_only) {
        Ok(documents) => Ok(context.printer().data(documents)?),
        // The manifest is likely to be the one that could not be read, which the error says.
        Err(_) => Ok(()),
    }
}

fn failure(error: &RenderError, chart: &Chart, args: &TemplateArgs, context: &Context) -> CommandError {
    let mut message = error.to_string();
    if error.has_release() && !context.globals().debug {
        message.push_str("\n\nUse --debug flag to render out invalid YAML");
    }
    let failure = CommandError::user(message);
    if args.explain || context.printer().is_interactive() {
        return failure.explain(RenderExplanation::new(
            error,
            chart,
            &args.values.to_user_values(),
        ));
    }
    failure
}
