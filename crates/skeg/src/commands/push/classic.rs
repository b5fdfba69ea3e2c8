//! Pushing to ChartMuseum: what its plugin `cm-push` does for helm.

use std::fs::File;
use std::io::{BufReader, Seek as _, SeekFrom};
use std::path::Path;

use serde::Serialize;
use skeg_credentials::Secret;
use skeg_go::net_url::Url;
use skeg_oci_client::{FetchUrlError, Validators};
use skeg_registry::ChartArchive;
use skeg_repository::{ChartUpload, Remote, RepositoryEntry, UploadError, server_context_path};

use super::{PushArgs, read_archive};
use crate::access::require_usable;
use crate::args::OutputFormat;
use crate::classic::{self, RepositoryAccess, in_words_of_go};
use crate::context::Context;
use crate::env::EnvironmentVariable;
use crate::error::{CommandError, chain};
use crate::remote::go_words::shown;
use crate::scratch::scratch;
use crate::work::block_on;

/// Flags that are for classic repositories alone.
#[derive(Debug, clap::Args)]
pub(super) struct ClassicArgs {
    /// Replace a version that a classic repository has already
    #[arg(long, short, conflicts_with_all = ["no_overwrite", "if_absent"])]
    pub(super) force: bool,

    /// The path on the server of a classic repository below which ChartMuseum is; found out if absent
    #[arg(long, value_name = "PATH")]
    pub(super) context_path: Option<String>,

    /// Token for a classic repository; better given by `HELM_REPO_ACCESS_TOKEN`
    #[arg(long, value_name = "TOKEN", conflicts_with_all = ["username", "password"])]
    pub(super) access_token: Option<String>,
}

/// A classic repository to push to.
pub(super) struct Place {
    pub(super) address: String,
    pub(super) entry: Option<RepositoryEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClassicReport {
    repository: String,
    name: String,
    version: String,
    digest: String,
    size: u64,
    /// Whether a provenance file went with it.
    provenance: bool,
    status: &'static str,
}

/// What is the same for every chart of one command.
struct Push<'command> {
    place: Place,
    args: &'command PushArgs,
    remote: Remote,
    context_path: String,
    context: &'command Context,
}

/// The plugin's lines: `Pushing demo-1.0.0.tgz to NAME...` and `Done.` on standard output.
pub(super) fn push(place: Place, args: &PushArgs, context: &Context) -> Result<(), CommandError> {
    refuse_flags(args)?;
    require_usable(&args.access)?;
    let remote = remote(&place, args, context);
    let (reports, failed) = block_on(async {
        let context_path = if args.dry_run {
            String::new()
        } else {
            context_path(&place, &remote, args, context).await?
        };
        let push = Push {
            place,
            args,
            remote,
            context_path,
            context,
        };
        push.all().await
    })?;
    args.output
        .output
        .print_all(args.charts.len(), &reports, context.printer())?;
    failed.map_or(Ok(()), Err)
}

/// Flags that mean something in a registry alone.
fn refuse_flags(args: &PushArgs) -> Result<(), CommandError> {
    let flags = [
        ("--tag", !args.tags.is_empty()),
        ("--created", args.created.is_some()),
        ("--allow-repeated-name", args.allow_repeated_name),
    ];
    match flags.iter().find(|(_, is_given)| *is_given) {
        Some((flag, _)) => Err(CommandError::user(format!(
            "`{flag}` is for registries: a classic repository has nothing like it"
        ))
        .hint(format!("leave `{flag}` out"))),
        None => Ok(()),
    }
}

/// The login is that of the flags, of the variables of the plugin, or of the entry, in this order; a token counts where there is
/// none of these.
fn remote(place: &Place, args: &PushArgs, context: &Context) -> Remote {
    let access = RepositoryAccess {
        args: &args.access,
        pass_credentials: false,
    };
    let remote = access.remote(&place.address, place.entry.as_ref(), context);
    let environment = context.environment();
    let variable = |variable| environment.get(variable);
    let login = |username: Option<String>, password: Option<String>| username.zip(password.map(Secret::from));
    let flags = login(args.access.username.clone(), args.access.password.clone());
    if flags.is_none()
        && let Some(token) = &args.classic.access_token
    {
        return remote.with_token(Secret::from(token.clone()));
    }
    let variables = || {
        login(
            variable(EnvironmentVariable::REPO_USERNAME),
            variable(EnvironmentVariable::REPO_PASSWORD),
        )
    };
    let entry = || place.entry.as_ref().and_then(RepositoryEntry::login);
    if let Some(login) = flags.or_else(variables).or_else(entry) {
        return remote.with_login(Some(login), false);
    }
    match variable(EnvironmentVariable::REPO_ACCESS_TOKEN) {
        Some(token) => remote.with_token(Secret::from(token)),
        None => remote,
    }
}

/// Where ChartMuseum is on the server. Its index says so: the one in the cache, or the one that is there.
async fn context_path(
    place: &Place,
    remote: &Remote,
    args: &PushArgs,
    context: &Context,
) -> Result<String, CommandError> {
    let variable = || context.environment().get(EnvironmentVariable::REPO_CONTEXT_PATH);
    if let Some(path) = args.classic.context_path.clone().or_else(variable) {
        return Ok(path);
    }
    let has_path =
        Url::parse(place.address.as_bytes()).is_ok_and(|url| url.path.iter().any(|byte| *byte != b'/'));
    if !has_path {
        return Ok(String::new());
    }
    if let Some(entry) = &place.entry {
        let cached = fs_err::File::open(classic::cache(context).index_path(&entry.name));
        if let Ok(file) = cached {
            return Ok(server_context_path(BufReader::new(file))?);
        }
    }
    let scratch = scratch()?;
    let mut file = File::from(
        fs_err::File::options()
            .create_new(true)
            .read(true)
            .write(true)
            .open(scratch.path().join("index.yaml"))?,
    );
    match remote.download_index(Validators::default(), &mut file).await {
        Ok(_) => {
            file.seek(SeekFrom::Start(0))?;
            Ok(server_context_path(BufReader::new(file))?)
        }
        // There may be no index before the first chart.
        Err(error) if error.is_not_found() => Ok(String::new()),
        Err(error) => {
            let url = skeg_repository::resolve_reference(&place.address, "index.yaml");
            Err(in_words_of_go(&url.unwrap_or_default(), &error))
        }
    }
}

impl Push<'_> {
    /// Pushes one chart after the other, up to the first that fails.
    async fn all(&self) -> Result<(Vec<ClassicReport>, Option<CommandError>), CommandError> {
        let mut reports = Vec::new();
        for chart in &self.args.charts {
            match self.one(chart).await {
                Ok(report) => reports.push(report),
                Err(error) => return Ok((reports, Some(error))),
            }
        }
        if let Some(entry) = &self.place.entry
            && reports.iter().any(|report| report.status == "pushed")
        {
            let name = &entry.name;
            self.context.printer().hint(format!(
                "run `skeg repo update {name}` before you search, pull or install from `{name}`"
            ));
        }
        Ok((reports, None))
    }

    async fn one(&self, chart: &Path) -> Result<ClassicReport, CommandError> {
        let (archive, _scratch) = read_archive(chart, self.context).await?;
        let upload = self.upload(&archive);
        let file = upload.file_name();
        self.say(|repository| {
            if self.args.dry_run {
                format!("Would push {file} to {repository}")
            } else {
                format!("Pushing {file} to {repository}...")
            }
        })?;
        let status = if self.args.dry_run {
            "dry-run"
        } else {
            self.send(&upload).await?
        };
        self.say(|repository| match status {
            "pushed" => "Done.".to_owned(),
            "exists" => format!("Exists: {file} in {repository}"),
            _ => String::new(),
        })?;
        Ok(ClassicReport {
            repository: shown(&self.place.address),
            name: upload.name.to_owned(),
            version: upload.version.to_owned(),
            digest: upload.archive.digest.to_string(),
            size: upload.archive.size,
            provenance: upload.provenance.is_some(),
            status,
        })
    }

    fn upload<'archive>(&self, archive: &'archive ChartArchive) -> ChartUpload<'archive> {
        ChartUpload {
            name: archive.metadata().name(),
            version: archive.metadata().version(),
            path: archive.path(),
            archive: archive.archive(),
            provenance: archive.provenance(),
            force: self.args.classic.force,
        }
    }

    /// Tells a person something, if there is something to tell.
    fn say(&self, text: impl FnOnce(&str) -> String) -> Result<(), CommandError> {
        let text = text(&self.place.name());
        if self.args.output.output != OutputFormat::Table || text.is_empty() {
            return Ok(());
        }
        Ok(self.context.printer().line(text)?)
    }

    async fn send(&self, upload: &ChartUpload<'_>) -> Result<&'static str, CommandError> {
        match self.remote.upload_chart(upload, &self.context_path).await {
            Ok(()) => Ok("pushed"),
            Err(UploadError::Exists { is_same, .. }) if self.args.if_absent => {
                if is_same == Some(false) {
                    self.context.printer().warning(&format!(
                        "{} in {} is another one, and was left alone",
                        upload.file_name(),
                        self.place.name()
                    ));
                }
                Ok("exists")
            }
            Err(error) => Err(self.failed(upload, &error)),
        }
    }

    fn failed(&self, upload: &ChartUpload<'_>, error: &UploadError) -> CommandError {
        let reason = match error {
            UploadError::Send(FetchUrlError::Request(error)) if error.response().is_none() => error.reason(),
            error => chain(error),
        };
        let text = format!(
            "could not push {} to {}: {reason}",
            upload.file_name(),
            self.place.name()
        );
        CommandError::user(text).maybe_hint(self.hint(error))
    }

    fn hint(&self, error: &UploadError) -> Option<String> {
        let text = match error {
            UploadError::Exists {
                is_same: Some(true), ..
            } => {
                "the archive there is the same one: nothing is left to do; `--if-absent` makes this no error"
            }
            UploadError::Exists { .. } if self.args.classic.force => {
                "the server lets no version be replaced: raise the version in Chart.yaml"
            }
            UploadError::Exists { .. } => {
                "raise the version in Chart.yaml, leave what is there by `--if-absent`, or replace it by `--force`, if the server \
                 lets you"
            }
            UploadError::Moved { location, .. } => {
                return Some(format!(
                    "push to where it is, or change the address of the repository; the request was redirected to `{location}`"
                ));
            }
            UploadError::NotStored { .. } => {
                "look whether the address is that of ChartMuseum, and give `--context-path PATH` if it is not at the root of its \
                 server"
            }
            UploadError::Refused { status, .. } => status_hint(*status)?,
            UploadError::Send(FetchUrlError::Request(error)) => {
                status_hint(error.response()?.status().as_u16())?
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}

fn status_hint(status: u16) -> Option<&'static str> {
    Some(match status {
        401 | 403 => {
            "give `--username` and `--password`, or a token by `HELM_REPO_ACCESS_TOKEN`, or add the repository with its login: \
             `skeg repo add NAME URL --username USER --password-stdin --force-update`"
        }
        404 | 405 => {
            "only ChartMuseum takes charts over HTTP: give `--context-path PATH` if it is not at the root of its server; for \
             other servers make the index by `skeg repo index DIR --url URL`, and copy it and the archives there"
        }
        413 => {
            "the server takes no archive so large: that of ChartMuseum is told by its `--max-upload-size`, 20 MiB if absent, and a \
             proxy before it may have a limit of its own"
        }
        507 => {
            "the repository is full: ChartMuseum's `--max-storage-objects` says how many archives it takes"
        }
        _ => return None,
    })
}

impl Place {
    /// What a person calls it.
    fn name(&self) -> String {
        match &self.entry {
            Some(entry) => entry.name.clone(),
            None => shown(&self.address),
        }
    }
}
