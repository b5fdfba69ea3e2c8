//! The commands: one file each, and the one place that lists them all.

mod attach;
mod cache;
mod completion;
mod config;
mod copy;
mod create;
mod delete;
mod dependency;
mod diff;
mod discover;
mod drift;
mod env;
mod get;
mod history;
mod inspect;
mod install;
mod lint;
mod list;
mod migrate;
mod package;
mod pull;
mod push;
mod registry;
mod release;
mod repo;
mod resolve;
mod rollback;
mod search;
mod show;
mod status;
mod sync;
mod tag;
mod tags;
mod template;
mod test;
mod uninstall;
mod untag;
mod upgrade;
mod version;

pub(crate) use self::package::default_options as default_package_options;
pub(crate) use self::search::{Repositories, list_repositories};
pub(crate) use self::tags::{list as list_tags, list_any as list_any_tags};

use std::ffi::OsString;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::args::GlobalArgs;
use crate::context::Context;
use crate::error::CommandError;

/// Create, check, render, package, push, look at and pull Helm charts, in OCI registries and on disk
///
/// Every command has the flags and the output of Helm's command of the same name. A chart is named by
/// `oci://HOST/PATH/NAME[:TAG][@DIGEST]`, or on disk by `oci-layout://DIR/NAME[:TAG][@DIGEST]`.
#[derive(Debug, Parser)]
#[command(name = "skeg", version, propagate_version = false, args_override_self = true)]
#[command(
    disable_help_subcommand = false,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: GlobalArgs,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Everything that skeg can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Attach(Box<attach::AttachArgs>),
    Cache(cache::CacheArgs),
    Completion(completion::CompletionArgs),
    Config(config::ConfigArgs),
    Copy(Box<copy::CopyArgs>),
    Create(create::CreateArgs),
    Delete(Box<delete::DeleteArgs>),
    Dependency(dependency::DependencyArgs),
    Diff(Box<diff::DiffArgs>),
    Discover(discover::DiscoverArgs),
    Drift(drift::DriftArgs),
    Env(env::EnvArgs),
    Get(get::GetArgs),
    History(history::HistoryArgs),
    Inspect(Box<inspect::InspectArgs>),
    Install(Box<install::InstallArgs>),
    Lint(lint::LintArgs),
    List(Box<list::ListArgs>),
    Migrate(Box<migrate::MigrateArgs>),
    Package(package::PackageArgs),
    Pull(pull::PullArgs),
    Push(push::PushArgs),
    Registry(registry::RegistryArgs),
    Release(release::ReleaseArgs),
    Repo(repo::RepoArgs),
    Resolve(resolve::ResolveArgs),
    Rollback(Box<rollback::RollbackArgs>),
    Search(search::SearchArgs),
    Show(show::ShowArgs),
    Status(status::StatusArgs),
    Sync(Box<sync::SyncArgs>),
    Tag(Box<tag::TagArgs>),
    Tags(tags::TagsArgs),
    Template(Box<template::TemplateArgs>),
    Test(test::TestArgs),
    #[command(visible_aliases = ["del", "un"])]
    Uninstall(uninstall::UninstallArgs),
    Untag(Box<untag::UntagArgs>),
    Upgrade(Box<upgrade::UpgradeArgs>),
    Version(version::VersionArgs),
}

/// The whole command line, as the reference pages and the completions are made from it.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Helm's `delete` is `uninstall`, and ours deletes charts from registries: without any reference it is Helm's.
pub(crate) fn name_uninstall(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let text = |argument: &OsString| argument.to_string_lossy().into_owned();
    let is_command = |argument: &OsString| !text(argument).starts_with('-');
    let asks_for_help = |argument: &OsString| matches!(text(argument).as_str(), "-h" | "--help");
    let first = arguments.iter().skip(1).position(is_command).map(|at| at + 1);
    if let Some(at) = first
        && arguments[at] == "delete"
        && arguments.len() > at + 1
        && !arguments
            .iter()
            .any(|argument| text(argument).contains("://") || asks_for_help(argument))
    {
        arguments[at] = "uninstall".into();
    }
    arguments
}

/// Runs one command.
pub(crate) fn dispatch(command: Command, context: &Context) -> Result<(), CommandError> {
    match command {
        Command::Attach(args) => attach::attach(&args, context),
        Command::Cache(args) => cache::cache(args, context),
        Command::Completion(args) => completion::completion(&args, context),
        Command::Config(args) => config::config(&args, context),
        Command::Copy(args) => copy::copy(&args, context),
        Command::Create(args) => create::create(&args, context),
        Command::Delete(args) => delete::delete(&args, context),
        Command::Dependency(args) => dependency::dependency(args, context),
        Command::Diff(args) => diff::diff(&args, context),
        Command::Discover(args) => discover::discover(&args, context),
        Command::Drift(args) => drift::drift(&args, context),
        Command::Env(args) => env::env(&args, context),
        Command::Get(args) => get::get(&args, context),
        Command::History(args) => history::history(&args, context),
        Command::Inspect(args) => inspect::inspect(*args, context),
        Command::Install(args) => install::install(&args, context),
        Command::Lint(args) => lint::lint(&args, context),
        Command::List(args) => list::list(&args, context),
        Command::Migrate(args) => migrate::migrate(&args, context),
        Command::Package(args) => package::package(&args, context),
        Command::Pull(args) => pull::pull(&args, context),
        Command::Push(args) => push::push(&args, context),
        Command::Registry(args) => registry::registry(args, context),
        Command::Release(args) => release::release(args, context),
        Command::Repo(args) => repo::repo(args, context),
        Command::Resolve(args) => resolve::resolve(&args, context),
        Command::Rollback(args) => rollback::rollback(&args, context),
        Command::Search(args) => search::search(&args, context),
        Command::Show(args) => show::show(args, context),
        Command::Status(args) => status::status(&args, context),
        Command::Sync(args) => sync::sync(&args, context),
        Command::Tag(args) => tag::tag(&args, context),
        Command::Tags(args) => tags::tags(&args, context),
        Command::Template(args) => template::template(&args, context),
        Command::Test(args) => test::test(&args, context),
        Command::Uninstall(args) => uninstall::uninstall(&args, context),
        Command::Upgrade(args) => upgrade::upgrade(&args, context),
        Command::Untag(args) => untag::untag(&args, context),
        Command::Version(args) => version::version(&args, context),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        super::command().debug_assert();
    }
}
