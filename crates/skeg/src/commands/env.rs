//! `skeg env`.

use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::env::EnvironmentVariable;
use crate::error::CommandError;

/// Print the settings that hold, or one of them, as `NAME="value"`
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg env [NAME] [flags]")]
pub(crate) struct EnvArgs {
    /// The name of one setting, such as `HELM_CACHE_HOME`
    name: Option<String>,
}

/// Helm 4.3.1: all settings in the order of their names, in double quotes; one alone without quotes, an unknown one as
/// an empty line.
pub(crate) fn env(args: &EnvArgs, context: &Context) -> Result<(), CommandError> {
    let settings = settings(context);
    let printer = context.printer();
    if let Some(name) = &args.name {
        let found = settings.iter().find(|(known, _)| known == name);
        return Ok(printer.line(found.map_or("", |(_, value)| value))?);
    }
    for (name, value) in &settings {
        printer.line(format!("{name}=\"{value}\""))?;
    }
    Ok(())
}

type Settings = Vec<(&'static str, String)>;

fn settings(context: &Context) -> Settings {
    let mut settings = file_settings(context);
    settings.extend(cluster_settings(context));
    settings.sort();
    settings
}

fn file_settings(context: &Context) -> Settings {
    let (paths, globals, environment) = (context.paths(), context.globals(), context.environment());
    let place = |flag: &Option<PathBuf>, variable, default: PathBuf| {
        let from_environment = || environment.get_os(variable).map(PathBuf::from);
        text(&flag.clone().or_else(from_environment).unwrap_or(default))
    };
    let is_debug = globals.debug;
    let repositories = paths.config.join("repositories.yaml");
    let indexes = paths.cache.join("repository");
    let charts = paths.cache.join("content");
    let content_cache = place(&globals.content_cache, EnvironmentVariable::CONTENT_CACHE, charts);
    let repository_cache = place(
        &globals.repository_cache,
        EnvironmentVariable::REPOSITORY_CACHE,
        indexes,
    );
    let repository_config = place(
        &globals.repository_config,
        EnvironmentVariable::REPOSITORY_CONFIG,
        repositories,
    );
    vec![
        ("HELM_BIN", "skeg".to_owned()),
        ("HELM_CACHE_HOME", text(&paths.cache)),
        ("HELM_CONFIG_HOME", text(&paths.config)),
        ("HELM_DATA_HOME", text(&paths.data)),
        ("HELM_DEBUG", is_debug.to_string()),
        ("HELM_CONTENT_CACHE", content_cache),
        (
            "HELM_PLUGINS",
            place(&None, EnvironmentVariable::PLUGINS, paths.data.join("plugins")),
        ),
        ("HELM_REGISTRY_CONFIG", text(&context.registry_config())),
        ("HELM_REPOSITORY_CACHE", repository_cache),
        ("HELM_REPOSITORY_CONFIG", repository_config),
    ]
}

fn cluster_settings(context: &Context) -> Settings {
    use EnvironmentVariable as E;
    let (flags, environment) = (&context.globals().kubernetes, context.environment());
    let number = |flag: Option<i64>, variable| {
        let from_environment = || environment.get(variable)?.parse::<i64>().ok();
        flag.or_else(from_environment).map(|number| number.to_string())
    };
    let burst_limit = number(flags.burst_limit, E::BURST_LIMIT);
    let max_history = number(None, E::MAX_HISTORY);
    let groups = (!flags.kube_as_group.is_empty()).then(|| flags.kube_as_group.join(","));
    let texts = [
        (
            "HELM_KUBEAPISERVER",
            &flags.kube_apiserver,
            E::KUBE_API_SERVER,
            "",
        ),
        ("HELM_KUBEASGROUPS", &groups, E::KUBE_AS_GROUPS, ""),
        ("HELM_KUBEASUSER", &flags.kube_as_user, E::KUBE_AS_USER, ""),
        ("HELM_KUBECAFILE", &flags.kube_ca_file, E::KUBE_CA_FILE, ""),
        ("HELM_KUBECONTEXT", &flags.kube_context, E::KUBE_CONTEXT, ""),
        (
            "HELM_KUBETLS_SERVER_NAME",
            &flags.kube_tls_server_name,
            E::KUBE_TLS_SERVER_NAME,
            "",
        ),
        ("HELM_KUBETOKEN", &flags.kube_token, E::KUBE_TOKEN, ""),
        ("HELM_NAMESPACE", &flags.namespace, E::NAMESPACE, "default"),
    ];
    let mut settings: Settings = texts
        .into_iter()
        .map(|(name, flag, variable, default)| {
            let value = flag.clone().or_else(|| environment.get(variable));
            (name, value.unwrap_or_else(|| default.to_owned()))
        })
        .collect();
    settings.push((
        "HELM_BURST_LIMIT",
        burst_limit.unwrap_or_else(|| "100".to_owned()),
    ));
    settings.push(("HELM_MAX_HISTORY", max_history.unwrap_or_else(|| "10".to_owned())));
    let skips_verification =
        flags.kube_insecure_skip_tls_verify || environment.is_true(E::KUBE_INSECURE_SKIP_TLS_VERIFY);
    settings.push((
        "HELM_KUBEINSECURE_SKIP_TLS_VERIFY",
        skips_verification.to_string(),
    ));
    let qps = flags.qps.or_else(|| environment.get(E::QPS)?.parse().ok());
    settings.push(("HELM_QPS", format!("{:.2}", qps.unwrap_or_default())));
    settings
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
