//! What a revision has come to, and how its objects were applied.

use std::fmt;

/// The status of a revision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// `unknown`
    #[default]
    Unknown,
    /// `deployed`
    Deployed,
    /// `uninstalled`
    Uninstalled,
    /// `superseded`
    Superseded,
    /// `failed`
    Failed,
    /// `uninstalling`
    Uninstalling,
    /// `pending-install`
    PendingInstall,
    /// `pending-upgrade`
    PendingUpgrade,
    /// `pending-rollback`
    PendingRollback,
    /// What Helm does not know; it may be empty.
    Other(String),
}

/// All that Helm knows.
const KNOWN: [Status; 9] = [
    Status::Unknown,
    Status::Deployed,
    Status::Uninstalled,
    Status::Superseded,
    Status::Failed,
    Status::Uninstalling,
    Status::PendingInstall,
    Status::PendingUpgrade,
    Status::PendingRollback,
];

impl Status {
    /// Helm's word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Unknown => "unknown",
            Self::Deployed => "deployed",
            Self::Uninstalled => "uninstalled",
            Self::Superseded => "superseded",
            Self::Failed => "failed",
            Self::Uninstalling => "uninstalling",
            Self::PendingInstall => "pending-install",
            Self::PendingUpgrade => "pending-upgrade",
            Self::PendingRollback => "pending-rollback",
            Self::Other(text) => text,
        }
    }

    /// Whether an install, upgrade or rollback is under way, or was when its program ended.
    pub fn is_pending(&self) -> bool {
        matches!(
            self,
            Self::PendingInstall | Self::PendingUpgrade | Self::PendingRollback
        )
    }
}

impl From<&str> for Status {
    fn from(text: &str) -> Self {
        let known = KNOWN.into_iter().find(|status| status.as_str() == text);
        known.unwrap_or_else(|| Self::Other(text.to_owned()))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// How the objects of a revision were applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum ApplyMethod {
    /// Nothing is said, which means client-side, as by Helm 3.
    #[default]
    Unset,
    /// `csa`
    ClientSide,
    /// `ssa`
    ServerSide,
    /// What Helm does not know; it takes it for client-side.
    Other(String),
}

impl ApplyMethod {
    /// What stands in the record.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Unset => "",
            Self::ClientSide => "csa",
            Self::ServerSide => "ssa",
            Self::Other(text) => text,
        }
    }

    /// Whether the server did it.
    pub fn is_server_side(&self) -> bool {
        *self == Self::ServerSide
    }
}

impl From<&str> for ApplyMethod {
    fn from(text: &str) -> Self {
        match text {
            "" => Self::Unset,
            "csa" => Self::ClientSide,
            "ssa" => Self::ServerSide,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Helm 4.3.1, `get metadata`.
impl fmt::Display for ApplyMethod {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unset => formatter.write_str("client-side apply (defaulted)"),
            Self::ClientSide => formatter.write_str("client-side apply"),
            Self::ServerSide => formatter.write_str("server-side apply"),
            Self::Other(text) => write!(formatter, "unknown ({})", skeg_go::quote::quote(text)),
        }
    }
}
