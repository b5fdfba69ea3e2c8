//! What was taken, as data and in lines.

use std::path::PathBuf;

use serde::Serialize;
use skeg_migrate::{Migrated, PlannedVersion, SkippedVersion};

use super::MigrateArgs;
use super::source::Source;
use crate::args::OutputArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::remote::go_words;
use crate::table::{Table, size};

/// Everything that was done.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MigrateReport {
    source: String,
    destination: String,
    dry_run: bool,
    versions: Vec<VersionReport>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rewritten: Vec<RewriteReport>,
    summary: Summary,
}

/// What became of one version.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VersionReport {
    pub(super) name: String,
    pub(super) version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    pub(super) status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    provenance: bool,
    /// What the tag named before.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// What became of a version, in the words of `copy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// It is there now, or would be after a dry run.
    Copied,
    /// It is there now, in the place of something else.
    Moved,
    /// It was there, and is what the index says.
    Unchanged,
    /// It was there; the index does not say what it should be.
    Exists,
    /// It cannot be taken.
    Skipped,
    /// Something else is there.
    Conflict,
    Failed,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Moved => "moved",
            Self::Unchanged => "unchanged",
            Self::Exists => "exists",
            Self::Skipped => "skipped",
            Self::Conflict => "conflict",
            Self::Failed => "failed",
        }
    }

    /// Whether the version is at its destination, or will be.
    pub(super) fn is_there(self) -> bool {
        matches!(self, Self::Copied | Self::Moved | Self::Unchanged | Self::Exists)
    }
}

/// A dependency that was changed, or is left.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RewriteReport {
    pub(super) file: PathBuf,
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) from: String,
    pub(super) to: String,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    copied: usize,
    moved: usize,
    unchanged: usize,
    exists: usize,
    skipped: usize,
    conflict: usize,
    failed: usize,
    bytes: u64,
    provenance: usize,
}

impl VersionReport {
    pub(super) fn new(planned: &PlannedVersion<'_>, source: &Source, status: Status) -> Self {
        let entry = planned.entry;
        let address = planned.address();
        let url = skeg_repository::resolve_reference(source.remote.address(), address);
        Self {
            name: entry.name().to_owned(),
            version: entry.version().to_owned(),
            source: url.ok().map(|url| go_words::shown(&url)),
            reference: Some(planned.reference().to_string()),
            digest: None,
            status,
            size: None,
            provenance: false,
            previous: None,
            reason: None,
        }
    }

    /// A version that is at its destination.
    pub(super) fn done(planned: &PlannedVersion<'_>, source: &Source, migrated: &Migrated) -> Self {
        match migrated {
            Migrated::Present { digest, is_compared } => {
                let status = if *is_compared {
                    Status::Unchanged
                } else {
                    Status::Exists
                };
                Self {
                    digest: Some(digest.to_string()),
                    ..Self::new(planned, source, status)
                }
            }
            Migrated::Copied {
                digest,
                size,
                has_provenance,
                moved_from,
            } => {
                let status = if moved_from.is_some() {
                    Status::Moved
                } else {
                    Status::Copied
                };
                Self {
                    digest: Some(digest.to_string()),
                    size: Some(*size),
                    provenance: *has_provenance,
                    previous: moved_from.as_ref().map(ToString::to_string),
                    ..Self::new(planned, source, status)
                }
            }
        }
    }

    pub(super) fn failed(
        planned: &PlannedVersion<'_>,
        source: &Source,
        (status, reason): (Status, String),
    ) -> Self {
        Self {
            reason: Some(reason),
            ..Self::new(planned, source, status)
        }
    }

    pub(super) fn skipped(skipped: &SkippedVersion<'_>) -> Self {
        Self {
            name: skipped.entry.name().to_owned(),
            version: skipped.entry.version().to_owned(),
            source: None,
            reference: None,
            digest: None,
            status: Status::Skipped,
            size: None,
            provenance: false,
            previous: None,
            reason: Some(crate::error::chain(&skipped.obstacle)),
        }
    }
}

impl MigrateReport {
    pub(super) fn new(
        source: &Source,
        args: &MigrateArgs,
        versions: Vec<VersionReport>,
        rewritten: Vec<RewriteReport>,
    ) -> Self {
        Self {
            source: source.shown(),
            destination: args.remote.clone(),
            dry_run: args.dry_run,
            summary: Summary::new(&versions),
            versions,
            rewritten,
        }
    }

    /// The versions that are not as they were, in a table; the others in the summary.
    pub(super) fn print(&self, output: &OutputArgs, context: &Context) -> Result<(), CommandError> {
        let printer = context.printer();
        if !output.output.print(self, printer)? {
            let changed =
                |report: &&VersionReport| !matches!(report.status, Status::Unchanged | Status::Exists);
            let mut table = Table::new(["STATUS", "CHART", "VERSION", "DIGEST"]);
            let mut is_empty = true;
            for report in self.versions.iter().filter(changed) {
                is_empty = false;
                let digest = report.digest.as_deref().unwrap_or("-");
                table.row([report.status.word(), &report.name, &report.version, digest]);
            }
            if !is_empty {
                table.print(context)?;
            }
            for rewritten in &self.rewritten {
                let verb = if self.dry_run { "Would change" } else { "Changed" };
                let RewriteReport {
                    file,
                    line,
                    name,
                    from,
                    to,
                } = rewritten;
                printer.line(format!(
                    "{verb}: {}:{line}: {name}: {from} -> {to}",
                    file.display()
                ))?;
            }
        }
        printer.status(self.summary.text(self.dry_run));
        Ok(())
    }
}

impl Summary {
    fn new(versions: &[VersionReport]) -> Self {
        let mut summary = Self::default();
        for report in versions {
            let count = match report.status {
                Status::Copied => &mut summary.copied,
                Status::Moved => &mut summary.moved,
                Status::Unchanged => &mut summary.unchanged,
                Status::Exists => &mut summary.exists,
                Status::Skipped => &mut summary.skipped,
                Status::Conflict => &mut summary.conflict,
                Status::Failed => &mut summary.failed,
            };
            *count += 1;
            summary.bytes += report.size.unwrap_or_default();
            summary.provenance += usize::from(report.provenance);
        }
        summary
    }

    /// In one line: `12 copied (3.4 MiB, 2 with provenance), 988 unchanged, 1 failed`.
    fn text(&self, is_dry_run: bool) -> String {
        let mut words = if is_dry_run {
            vec![format!("{} to copy", self.copied + self.moved)]
        } else {
            let provenance = match self.provenance {
                0 => String::new(),
                count => format!(", {count} with provenance"),
            };
            vec![format!(
                "{} copied ({}{provenance})",
                self.copied + self.moved,
                size(self.bytes)
            )]
        };
        let others = [
            (self.unchanged, "unchanged"),
            (
                self.exists,
                "there and not compared, since the index has no digest",
            ),
            (self.skipped, "left out"),
            (self.conflict, "in conflict with what is there"),
            (self.failed, "failed"),
        ];
        words.extend(
            others
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, word)| format!("{count} {word}")),
        );
        words.join(", ")
    }
}
