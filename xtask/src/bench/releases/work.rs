//! The works of the table: which command, and what it may cost.

use super::super::work::Budget;

/// One command, run alike by both programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    Install,
    InstallLate,
    Upgrade,
    UpgradeLate,
    Rollback,
    RollbackLate,
    List,
    Status,
    GetValues,
}

impl Work {
    pub(super) const ALL: [Self; 9] = [
        Self::Install,
        Self::InstallLate,
        Self::Upgrade,
        Self::UpgradeLate,
        Self::Rollback,
        Self::RollbackLate,
        Self::List,
        Self::Status,
        Self::GetValues,
    ];

    /// The first column.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Install => "`install` of 100 objects",
            Self::InstallLate => "the same, 20 ms late",
            Self::Upgrade => "`upgrade` that changes nothing",
            Self::UpgradeLate => "the same upgrade, 20 ms late",
            Self::Rollback => "`rollback` of 100 objects",
            Self::RollbackLate => "the same rollback, 20 ms late",
            Self::List => "`list` over 1,000 revisions of 40 KB",
            Self::Status => "`status`",
            Self::GetValues => "`get values`",
        }
    }

    /// What the work may cost.
    pub(super) fn budgets(self) -> Vec<Budget> {
        let wall = |helm_over| Budget::WallTime { helm_over };
        let memory = |helm_over| Budget::MemoryShare { helm_over };
        match self {
            Self::Install => vec![wall(2.0), Budget::Requests(110), memory(3.0)],
            Self::Upgrade | Self::Rollback | Self::InstallLate => vec![wall(5.0)],
            Self::UpgradeLate | Self::RollbackLate => vec![wall(8.0)],
            Self::List => vec![wall(5.0), memory(4.0)],
            Self::Status | Self::GetValues => vec![wall(4.0)],
        }
    }

    /// Whether every request is late, not only when they are counted.
    pub(super) fn is_late(self) -> bool {
        matches!(self, Self::InstallLate | Self::UpgradeLate | Self::RollbackLate)
    }

    /// Whether it needs a name that no release has.
    pub(super) fn is_new(self) -> bool {
        matches!(self, Self::Install | Self::InstallLate)
    }

    /// The arguments for a release.
    pub(super) fn arguments<'a>(self, release: &'a str, chart: &'a str) -> Vec<&'a str> {
        match self {
            Self::Install | Self::InstallLate => vec!["install", release, chart],
            Self::Upgrade | Self::UpgradeLate => vec!["upgrade", release, chart],
            Self::Rollback | Self::RollbackLate => vec!["rollback", release],
            Self::List => vec!["list"],
            Self::Status => vec!["status", release],
            Self::GetValues => vec!["get", "values", release],
        }
    }
}
