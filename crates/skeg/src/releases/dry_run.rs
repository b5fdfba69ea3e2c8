//! `--dry-run`.

use crate::context::Context;
use crate::error::CommandError;

/// Where the outcome would be tried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DryRun {
    /// It is done.
    None,
    /// Nowhere.
    Client,
    /// In a cluster, which is not changed.
    Server,
}

impl DryRun {
    /// Helm 4.3.1: `none`, `client`, `server`, and what Helm 3 had. `default` is what an absent flag stands for; where that is
    /// `client`, something must be tried out.
    pub(crate) fn parse(flag: Option<&str>, default: Self, context: &Context) -> Result<Self, CommandError> {
        let always = default == Self::Client;
        let Some(text) = flag else { return Ok(default) };
        let invalid = |words: &str| {
            let quoted = skeg_go::quote::quote(text);
            Err(CommandError::user(format!(
                "invalid dry-run value ({quoted}). Must be {words}"
            )))
        };
        let boolean = |word: &str| {
            context.printer().warning(&format!(
                "boolean '--dry-run={text}' flag is deprecated and must be replaced with '--dry-run={word}'"
            ));
        };
        match text {
            "client" => Ok(Self::Client),
            "server" => Ok(Self::Server),
            "unset" => {
                let warning = "--dry-run is deprecated and should be replaced with '--dry-run=client'";
                context.printer().warning(warning);
                Ok(Self::Client)
            }
            "1" | "t" | "T" | "true" | "TRUE" | "True" => {
                boolean("client");
                Ok(Self::Client)
            }
            "none" | "0" | "f" | "F" | "false" | "FALSE" | "False" if always => {
                invalid("\"server\" or \"client\"")
            }
            "none" => Ok(Self::None),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => {
                boolean("none");
                Ok(Self::None)
            }
            _ => invalid("\"none\", \"server\", or \"client\""),
        }
    }

    /// Whether a cluster is asked.
    pub(crate) fn asks_cluster(self) -> bool {
        self != Self::Client
    }

    /// Whether nothing is changed.
    pub(crate) fn is_dry(self) -> bool {
        self != Self::None
    }
}
