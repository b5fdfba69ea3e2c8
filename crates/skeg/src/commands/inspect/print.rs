//! What `inspect` prints for people.

use super::report::{InspectReport, PartReport};
use crate::context::Context;
use crate::error::CommandError;
use crate::table::{Table, size};

pub(super) fn print(report: &InspectReport, context: &Context) -> Result<(), CommandError> {
    let mut facts = vec![
        ("Reference", report.reference.clone()),
        ("Digest", report.digest.clone()),
        ("Media type", report.media_type.clone()),
    ];
    facts.extend(report.artifact_type.clone().map(|text| ("Artifact type", text)));
    if let Some(chart) = &report.chart {
        let deprecated = if chart.deprecated { " (deprecated)" } else { "" };
        facts.push(("Chart", format!("{} {}{deprecated}", chart.name, chart.version)));
        facts.push(("App version", chart.app_version.clone()));
        facts.push(("Description", chart.description.clone()));
    }
    facts.extend(report.created.clone().map(|text| ("Created", text)));
    facts.extend(
        report
            .subject
            .as_ref()
            .map(|subject| ("Subject", subject.digest.clone())),
    );
    facts.push((
        "Total size",
        format!("{} ({} bytes)", size(report.total_size), report.total_size),
    ));
    let referrers = report
        .referrers
        .map_or("unknown".to_owned(), |count| count.to_string());
    facts.push(("Referrers", referrers));
    for (name, text) in facts.into_iter().filter(|(_, text)| !text.is_empty()) {
        fact(name, &text, context)?;
    }
    print_parts(report, context)?;
    if !report.annotations.is_empty() {
        context.printer().line("\nAnnotations:")?;
    }
    for (key, value) in &report.annotations {
        context
            .printer()
            .line(format!("  {}: {}", one_line(key), one_line(value)))?;
    }
    Ok(())
}

fn fact(name: &str, text: &str, context: &Context) -> Result<(), CommandError> {
    let label = format!("{name}:");
    Ok(context.printer().line(format!("{label:15}{}", one_line(text)))?)
}

fn print_parts(report: &InspectReport, context: &Context) -> Result<(), CommandError> {
    let layers = report.layers.iter().map(|part| ("layer", part));
    let manifests = report.manifests.iter().map(|part| ("manifest", part));
    let config = report.config.iter().map(|part| ("config", part));
    let parts: Vec<(&str, &PartReport)> = config.chain(layers).chain(manifests).collect();
    if parts.is_empty() {
        return Ok(());
    }
    context.printer().line("")?;
    let mut table = Table::new(["PART", "SIZE", "DIGEST", "MEDIA TYPE", "NAME"]);
    for (kind, part) in parts {
        let name = part.platform.as_deref().or(part.title.as_deref());
        let name = name.or(part.artifact_type.as_deref()).unwrap_or_default();
        table.row([kind, &size(part.size), &part.digest, &part.media_type, name]);
    }
    table.print(context)
}

/// What comes from a registry is put on one line.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
