//! A release as Helm prints it after it was installed, upgraded or tested.

use std::fmt::{self, Write as _};

use skeg_go::time::Location;
use skeg_release::{HookRecord, RecordTime, Release, Status};
use skeg_values::{Value, json, yaml};

use crate::args::OutputFormat;
use crate::context::Context;
use crate::error::CommandError;
use crate::surroundings;

/// Go's `time.ANSIC`.
const ANSIC: &[u8] = b"Mon Jan _2 15:04:05 2006";

/// A release that is printed.
pub(crate) struct ReleasePrinter<'a> {
    release: &'a Release,
    shows_notes: bool,
    shows_chart: bool,
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
            resources: None,
            objects: None,
        }
    }

    /// Leaves the notes out.
    pub(crate) fn without_notes(mut self, are_hidden: bool) -> Self {
        self.shows_notes = !are_hidden;
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
        match &self.objects {
            Some(objects) => self.release.to_status_json(Some(objects)),
            None => self.release.to_json(),
        }
    }

    fn table(&self, context: &Context) -> Result<String, fmt::Error> {
        let release = self.release;
        let is_debug = context.globals().debug;
        let mut out = String::new();
        self.head(&mut out, context)?;
        tests(&mut out, release, context)?;
        if is_debug {
            values(&mut out, release)?;
        }
        if release.info.description.eq_ignore_ascii_case("Dry run complete") || is_debug {
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
            let chart = chart.cloned().unwrap_or_default();
            writeln!(out, "CHART: {}", chart.name)?;
            writeln!(out, "VERSION: {}", chart.version)?;
            writeln!(out, "APP_VERSION: {}", chart.app_version)?;
        }
        writeln!(out, "DESCRIPTION: {}", release.info.description)?;
        if let Some(resources) = &self.resources {
            write!(out, "RESOURCES:\n{resources}\n")?;
        }
        Ok(())
    }
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

fn values(out: &mut String, release: &Release) -> fmt::Result {
    let config = release.config.clone().map_or(Value::Null, Value::from);
    write!(out, "USER-SUPPLIED VALUES:\n{}\n", yaml::encode(&config))?;
    let chart = release.chart.as_ref();
    let name = chart
        .and_then(|chart| chart.metadata())
        .map_or("", |metadata| metadata.name.as_str());
    let defaults = chart
        .and_then(skeg_release::StoredChart::values)
        .unwrap_or_default();
    let config = release.config.clone().unwrap_or_default();
    let (computed, _) = skeg_engine::reused_defaults(name, &(&defaults).into(), &(&config).into());
    let computed = Value::from_go(&computed.into()).unwrap_or_default();
    write!(out, "COMPUTED VALUES:\n{}\n", yaml::encode(&computed))?;
    Ok(())
}

fn ansic(time: RecordTime, context: &Context) -> String {
    let zone = surroundings::of_machine(context.environment()).time_zone;
    let time = time.to_go(&Location::local(zone.as_deref()));
    String::from_utf8_lossy(&time.format(ANSIC)).into_owned()
}

/// Helm 4.3.1 colours what is well, what is bad and what is under way.
fn colour_of(status: &Status) -> Option<&'static str> {
    match status {
        Status::Deployed => Some("32"),
        Status::Failed => Some("31"),
        Status::PendingInstall | Status::PendingUpgrade | Status::PendingRollback | Status::Uninstalling => {
            Some("33")
        }
        _ => None,
    }
}

fn paint(code: &str, text: &str, has_colours: bool) -> String {
    if has_colours {
        format!("\x1b[{code}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}
