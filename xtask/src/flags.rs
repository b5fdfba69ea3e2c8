//! The command line: one variant per task, one line of dispatch each.

use clap::Parser;
use clap::Subcommand;

use crate::failure::Result;
use crate::integration;
use crate::integration::IntegrationArgs;
use crate::peers;
use crate::server;

/// Development tasks of skeg
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install the independent programs that tests and benches need, and list them
    Peers,
    /// Run the scenarios against a real registry, both ways with the real helm
    Integration(IntegrationArgs),
    /// Run a command until standard input is closed
    #[command(hide = true)]
    Guard {
        /// The command and its arguments
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
}

/// Parses the command line and runs its task.
pub(crate) fn run() -> Result<()> {
    match Xtask::parse().task {
        Task::Peers => peers::run(),
        Task::Integration(args) => integration::run(&args),
        Task::Guard { command } => server::run_guard(&command),
    }
}

#[cfg(test)]
mod tests {
    use super::Xtask;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Xtask::command().debug_assert();
    }
}
