//! A release as Helm prints it after it was installed, upgraded or tested.

use std::fmt::{self, Write as _};

use skeg_release::{DIGEST_ANNOTATION, HookRecord, RecordTime, Release, SOURCE_ANNOTATION, StoredMetadata};
use skeg_values::{Value, json, yaml};

use super::reading::{colour_of, computed_values, local_zone};
use crate::args::OutputFormat;
use crate::context::Context;
use crate::error::CommandError;

/// Go's `time.ANSIC`.
const ANSIC: &[u8] = b"Mon Jan _2 15:04:05 2006";

/// A release that is printed.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a part of the output that a command has or has not"
)]
pub(crate) struct ReleasePrinter<'a> {
    release: &'a Release,
    shows_notes: bool,
    shows_chart: bool,
    /// Whether values, hooks and manifests are printed; if nobody says, with `--debug`.
    shows_content: Option<bool>,
    /// Whether it is printed where the chart came from.
    shows_source: bool,
    /// Whether JSON and YAML leave the chart out.
    is_without_chart: bool,
    /// What stands between the description and the tests.
    resources: Option<String>,
    /// The objects on the cluster, for JSON and YAML.
    objects: Option<String>,
}

impl<'a> ReleasePrinter<'a> {
    pub(crate) fn new(release: &'a Release) -> Self {
        Self {
            release,
            shows_notes: true,
            shows_chart: false,
            shows_content: None,
            shows_source: false,
            is_without_chart: false,
            resources: None,
            objects: None,
        }
    }

    /// Leaves the notes out.
    pub(crate) fn without_notes(mut self, are_hidden: bool) -> Self {
        self.shows_notes = !are_hidden;
        self
    }

    /// Prints all that there is: the chart, values, hooks and manifests.
    pub(crate) fn with_everything(mut self) -> Self {
        self.shows_chart = true;
        self.shows_content = Some(true);
        self
    }

    /// Prints what `status` prints: objects of the cluster, as a text for people or as JSON, and where the chart came from.
    pub(crate) fn with_status(mut self, resources: Option<String>, objects: Option<String>) -> Self {
        self.shows_content = Some(false);
        self.shows_source = true;
        self.is_without_chart = true;
        self.resources = resources;
        self.objects = objects;
        self
    }

    /// Prints the release in a format.
    pub(crate) fn print(&self, format: OutputFormat, context: &Context) -> Result<(), CommandError> {
        let printer = context.printer();
        match format {
            OutputFormat::Table => printer.data(self.table(context).map_err(CommandError::internal)?)?,
            OutputFormat::Json => printer.line(self.json())?,
            OutputFormat::Yaml => {
                let parsed = json::parse(self.json().as_bytes()).map_err(CommandError::internal)?;
                printer.data(yaml::encode(&parsed))?;
            }
        }
        Ok(())
    }

    fn json(&self) -> String {
        if self.is_without_chart {
            return self.release.to_status_json(self.objects.as_deref());
        }
        self.release.to_json()
    }

    fn table(&self, context: &Context) -> Result<String, fmt::Error> {
        let release = self.release;
        let shows_content = self.shows_content.unwrap_or(context.globals().debug);
        let mut out = String::new();
        self.head(&mut out, context)?;
        tests(&mut out, release, context)?;
        if shows_content {
            values(&mut out, release, context)?;
        }
        if release.info.description.eq_ignore_ascii_case("Dry run complete") || shows_content {
            out.push_str("HOOKS:\n");
            for hook in &release.hooks {
                write!(out, "---\n# Source: {}\n{}\n", hook.path, hook.manifest)?;
            }
            write!(out, "MANIFEST:\n{}\n", release.manifest)?;
        }
        if self.shows_notes && !release.info.notes.is_empty() {
            write!(out, "NOTES:\n{}\n", release.info.notes.trim())?;
        }
        Ok(out)
    }

    fn head(&self, out: &mut String, context: &Context) -> fmt::Result {
        let release = self.release;
        let has_colours = context.printer().colours_data();
        writeln!(out, "NAME: {}", release.name)?;
        if let Some(time) = release.info.last_deployed {
            writeln!(out, "LAST DEPLOYED: {}", ansic(time, context))?;
        }
        let namespace = paint("36", &release.namespace, has_colours);
        writeln!(out, "NAMESPACE: {namespace}")?;
        let status = &release.info.status;
        let status = match colour_of(status) {
            Some(colour) => paint(colour, status.as_str(), has_colours),
            None => status.to_string(),
        };
        writeln!(out, "STATUS: {status}")?;
        writeln!(out, "REVISION: {}", release.version)?;
        if self.shows_chart {
            let chart = release.chart.as_ref().and_then(|chart| chart.metadata());
            let or_missing = |text: fn(&StoredMetadata) -> &str| chart.map_or("MISSING", text);
            writeln!(out, "CHART: {}", or_missing(|chart| &chart.name))?;
            writeln!(out, "VERSION: {}", or_missing(|chart| &chart.version))?;
            writeln!(out, "APP_VERSION: {}", or_missing(|chart| &chart.app_version))?;
        }
        writeln!(out, "DESCRIPTION: {}", release.info.description)?;
        if self.shows_source {
            source(out, release)?;
        }
        if let Some(resources) = &self.resources {
            write!(out, "RESOURCES:\n{resources}\n")?;
        }
        Ok(())
    }
}

/// Where the chart came from, if that is recorded.
fn source(out: &mut String, release: &Release) -> fmt::Result {
    let recorded = [("SOURCE", SOURCE_ANNOTATION), ("DIGEST", DIGEST_ANNOTATION)];
    for (label, annotation) in recorded {
        let chart = release.chart.as_ref();
        if let Some(text) = chart.and_then(|chart| chart.annotation(annotation)) {
            writeln!(out, "{label}: {text}")?;
        }
    }
    Ok(())
}

/// Helm 4.3.1: the tests that were run; `None` if the chart has none.
fn tests(out: &mut String, release: &Release, context: &Context) -> fmt::Result {
    let is_test = |hook: &&HookRecord| hook.has_event("test");
    let mut tests = release.hooks.iter().filter(is_test).peekable();
    if tests.peek().is_none() {
        out.push_str("TEST SUITE: None\n");
        return Ok(());
    }
    for test in tests {
        let run = &test.last_run;
        let Some(started) = run.started_at else { continue };
        let zero = || String::from_utf8_lossy(&skeg_go::time::Time::zero().format(ANSIC)).into_owned();
        let completed = run.completed_at.map_or_else(zero, |time| ansic(time, context));
        writeln!(out, "TEST SUITE:     {}", test.name)?;
        writeln!(out, "Last Started:   {}", ansic(started, context))?;
        writeln!(out, "Last Completed: {completed}")?;
        writeln!(out, "Phase:          {}", run.phase)?;
    }
    Ok(())
}

fn values(out: &mut String, release: &Release, context: &Context) -> fmt::Result {
    let config = release.config.clone().map_or(Value::Null, Value::from);
    write!(out, "USER-SUPPLIED VALUES:\n{}\n", yaml::encode(&config))?;
    let computed = computed_values(release, context);
    write!(out, "COMPUTED VALUES:\n{}\n", yaml::encode(&computed))?;
    Ok(())
}

fn ansic(time: RecordTime, context: &Context) -> String {
    let time = time.to_go(&local_zone(context));
    String::from_utf8_lossy(&time.format(ANSIC)).into_owned()
}

fn paint(code: &str, text: &str, has_colours: bool) -> String {
    if has_colours {
        format!("\x1b[{code}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}
