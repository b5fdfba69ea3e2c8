//! The API server of Kubernetes on loopback, and etcd below it: started for one task, gone after it.
//!
//! There is no kubelet and there are no controllers: nobody makes pods of deployments, removes what was in a deleted namespace,
//! or creates service accounts. Tests patch the status of what they wait for.

mod access;
mod start;

use std::path::Path;
use std::time::Duration;

use clap::Args;
use clap::Subcommand;
use skeg_test_support::ApiProxy;

use crate::failure::Context;
use crate::failure::Failure;
use crate::failure::Result;
use crate::process;

pub(crate) use access::User;
pub(crate) use start::Cluster;

/// How to start it, and for what.
#[derive(Debug, Args)]
pub(crate) struct ClusterArgs {
    /// Another user beside `admin`, who may do everything, and `joe`, who may do nothing
    #[arg(long = "user", value_name = "NAME[:GROUP,...]")]
    users: Vec<User>,

    /// Put a proxy before the API server that makes every request late by so many milliseconds
    #[arg(long, value_name = "MILLISECONDS")]
    delay: Option<u64>,

    #[command(subcommand)]
    action: Option<Action>,
}

/// What to do with it, instead of waiting for an interrupt.
#[derive(Debug, Subcommand)]
enum Action {
    /// Run a command with KUBECONFIG set, and stop after it
    Exec {
        /// The command and its arguments
        #[arg(last = true, required = true, value_name = "COMMAND")]
        command: Vec<String>,
    },
}

/// Starts a cluster, and runs until it is interrupted, or until the command has ended.
pub(crate) fn run(args: &ClusterArgs) -> Result<()> {
    let mut cluster = Cluster::start(&args.users)?;
    let mut kubeconfig = cluster.kubeconfig().to_path_buf();
    let proxy = args.delay.map(|delay| {
        ApiProxy::builder(&cluster.access())
            .delay(Duration::from_millis(delay))
            .start()
    });
    if let Some(proxy) = &proxy {
        kubeconfig = cluster.directory().join("proxy.kubeconfig");
        proxy.kubeconfig().write(&kubeconfig);
    }
    match &args.action {
        None => {
            println!("KUBECONFIG={}", kubeconfig.display());
            println!("contexts: {}", cluster.contexts().join(", "));
            println!("until Ctrl-C");
            cluster.wait()
        }
        Some(Action::Exec { command }) => {
            let result = exec(command, &kubeconfig);
            if let Some(proxy) = &proxy {
                eprintln!("{} requests", proxy.requests().len());
            }
            result
        }
    }
}

/// Runs a command on this terminal; its output is its own alone.
fn exec(command: &[String], kubeconfig: &Path) -> Result<()> {
    let (name, arguments) = command.split_first().context("no command to run")?;
    let status = process::program(name)
        .args(arguments)
        .env("KUBECONFIG", kubeconfig)
        .status()
        .context(name)?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{name}`: {status}")))
}
