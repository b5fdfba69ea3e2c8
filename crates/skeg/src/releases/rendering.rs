//! A chart rendered for a release.

use std::rc::Rc;

use skeg_chart::Chart;
use skeg_engine::{
    Capabilities, ClusterLookup, Crd, ReleaseOptions, RenderError, RenderInput, RenderOptions, Rendered,
    chart_definitions, render,
};
use skeg_go::{GoMap, GoValue};
use skeg_release::{Release, StoredChart};
use skeg_values::Value;

use super::flags::RenderingArgs;
use crate::context::Context;
use crate::error::{CommandError, RenderExplanation};
use crate::remote::{SchemaFiles, UrlFetcher};
use crate::rendering::Program;
use crate::surroundings;
use crate::work::let_signals_end;

/// A chart and everything that it is rendered with.
pub(crate) struct Rendering<'a> {
    pub(crate) args: &'a RenderingArgs,
    pub(crate) chart: &'a Chart,
    /// In the place of the default values of the chart: `--reuse-values`.
    pub(crate) defaults: Option<GoMap>,
    pub(crate) values: GoMap,
    pub(crate) release: ReleaseOptions,
    pub(crate) capabilities: Capabilities,
    pub(crate) lookup: Option<Rc<dyn ClusterLookup>>,
    pub(crate) post_renderer: Option<Rc<Program>>,
}

impl Rendering<'_> {
    /// The definitions of kinds in the charts that take part.
    pub(crate) fn definitions(&self, context: &Context) -> Result<Vec<Crd>, CommandError> {
        let input = self.input(RenderOptions::default(), context);
        chart_definitions(&input).map_err(|error| self.failure(&error, context))
    }

    /// Renders, and makes a record of it.
    pub(crate) fn render(&self, context: &Context) -> Result<(Rendered, Release), CommandError> {
        let selection = self.args.source.selection();
        let schemas = Rc::new(SchemaFiles::new(UrlFetcher::new(&selection.access, context)));
        let options = RenderOptions {
            enable_dns: self.args.enable_dns,
            skip_schema_validation: self.args.skip_schema_validation,
            sub_notes: self.args.render_subchart_notes,
            keep_chart: true,
            schema_source: Some(Rc::clone(&schemas) as Rc<_>),
            post_renderer: self.post_renderer.clone().map(|program| program as Rc<_>),
            max_output: (self.args.max_output > 0).then_some(self.args.max_output),
            max_steps: (self.args.max_steps > 0).then_some(self.args.max_steps),
            ..RenderOptions::default()
        };
        let_signals_end();
        let input = self.input(options, context);
        let rendered = render(&input);
        schemas.check_signal()?;
        self.post_renderer
            .as_ref()
            .map_or(Ok(()), |program| program.check_signal())?;
        match rendered {
            Ok(rendered) => {
                log(&rendered.warnings, context);
                let release = self.record(&rendered)?;
                Ok((rendered, release))
            }
            Err(error) => {
                log(error.warnings(), context);
                Err(self.failure(&error, context))
            }
        }
    }

    fn input(&self, options: RenderOptions, context: &Context) -> RenderInput<'_> {
        RenderInput {
            chart: self.chart,
            defaults: self.defaults.clone(),
            values: self.values.clone(),
            release: self.release.clone(),
            capabilities: self.capabilities.clone(),
            options,
            lookup: self.lookup.clone(),
            surroundings: surroundings::of_machine(context.environment()),
        }
    }

    fn record(&self, rendered: &Rendered) -> Result<Release, CommandError> {
        let ReleaseOptions {
            name,
            namespace,
            revision,
            ..
        } = &self.release;
        let mut release = Release::new(name, namespace, *revision);
        let processed = rendered.chart.as_ref();
        release.chart = processed.map(|processed| StoredChart::new(self.chart, processed));
        let values = GoValue::Map(self.values.clone());
        let values = Value::from_go(&values).map_err(CommandError::internal)?;
        release.config = values.as_map().filter(|values| !values.is_empty()).cloned();
        release.set_rendered(rendered);
        Ok(release)
    }

    fn failure(&self, error: &RenderError, context: &Context) -> CommandError {
        let failure = CommandError::user(error.to_string());
        if !self.args.explain && !context.printer().is_interactive() {
            return failure;
        }
        failure.explain(RenderExplanation::new(
            error,
            self.chart,
            &self.args.values.to_user_values(),
        ))
    }
}

fn log(lines: &[String], context: &Context) {
    for line in lines {
        context.printer().status(line);
    }
}

/// Helm 4.3.1, `--hide-secret`: the Secrets of a manifest are left out.
pub(crate) fn without_secrets(rendered: &Rendered) -> String {
    let mut out = Vec::new();
    for manifest in &rendered.manifests {
        let is_secret = manifest.head.kind == "Secret" && manifest.head.api_version == "v1";
        let hidden: &[u8] = b"# HIDDEN: The Secret output has been suppressed";
        let content = if is_secret { hidden } else { &manifest.content };
        skeg_engine::write_manifest(&mut out, &manifest.name, content);
    }
    String::from_utf8_lossy(&out).into_owned()
}
