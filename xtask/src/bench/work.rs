//! The works of the table: which command, and what it may cost.

use super::index;
use super::inputs::LARGE;
use super::inputs::SMALL;

/// One command, run alike by both programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    Version,
    PushNew,
    PushAgain,
    PullExact,
    PullCached,
    PullMegabyte,
    ShowLarge,
    PullLarge,
    PullLargeCached,
    PushLarge,
    PackageRandom,
    PackageText,
    RenderTrivial,
    RenderScaffold,
    RenderUmbrella,
    RenderTree,
    LintScaffold,
    SearchIndex,
    SearchNewIndex,
}

/// A promise about one work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Budget {
    /// At most helm's wall time divided by this.
    WallTime { helm_over: f64 },
    /// At most this peak memory, in MiB.
    PeakMemory(f64),
    /// At most helm's peak memory divided by this.
    MemoryShare { helm_over: f64 },
    /// At most so many requests.
    Requests(usize),
    /// At most so many requests one after the other.
    RoundTrips(usize),
    /// Fewer than so many KiB received.
    Received(f64),
}

impl Work {
    pub(super) const ALL: [Self; 19] = [
        Self::Version,
        Self::PushNew,
        Self::PushAgain,
        Self::PullExact,
        Self::PullCached,
        Self::PullMegabyte,
        Self::ShowLarge,
        Self::PullLarge,
        Self::PullLargeCached,
        Self::PushLarge,
        Self::PackageRandom,
        Self::PackageText,
        Self::RenderTrivial,
        Self::RenderScaffold,
        Self::RenderUmbrella,
        Self::RenderTree,
        Self::LintScaffold,
        Self::SearchIndex,
        Self::SearchNewIndex,
    ];

    /// The first column.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Version => "`version`",
            Self::PushNew => "push of a new small chart",
            Self::PushAgain => "the same push again",
            Self::PullExact => "pull of an exact version",
            Self::PullCached => "the same pull again, from the cache",
            Self::PullMegabyte => "pull of a 1 MB chart",
            Self::ShowLarge => "`show chart` of a remote 90 MB chart",
            Self::PullLarge => "pull of a 90 MB chart",
            Self::PullLargeCached => "the same pull of 90 MB again, from the cache",
            Self::PushLarge => "push of a 90 MB chart",
            Self::PackageRandom => "package of 90 MB of random data",
            Self::PackageText => "package of 60 MB of text",
            Self::RenderTrivial => "`template` of a trivial chart",
            Self::RenderScaffold => "`template` of what `create` makes",
            Self::RenderUmbrella => "`template` of 200 subcharts with 4,000 `tpl` calls",
            Self::RenderTree => "`template` of 341 nested charts with globals",
            Self::LintScaffold => "`lint` of what `create` makes",
            Self::SearchIndex => "`search repo` in an index of 45 MB with 50,000 entries",
            Self::SearchNewIndex => "the same search, when the index is new",
        }
    }

    /// What the work may cost.
    pub(super) fn budgets(self) -> Vec<Budget> {
        let wall = |helm_over| Budget::WallTime { helm_over };
        let memory = |helm_over| Budget::MemoryShare { helm_over };
        match self {
            Self::Version => vec![wall(20.0), Budget::PeakMemory(10.0)],
            Self::PushNew => vec![Budget::Requests(8), Budget::RoundTrips(4)],
            Self::PushAgain => vec![Budget::Requests(3), Budget::RoundTrips(1)],
            Self::PullExact => vec![Budget::Requests(2)],
            Self::PullCached | Self::PullLargeCached => vec![Budget::Requests(1)],
            Self::PullMegabyte => vec![Budget::PeakMemory(24.0)],
            Self::ShowLarge => vec![Budget::Requests(2), Budget::Received(64.0)],
            Self::PullLarge => vec![wall(6.0), Budget::PeakMemory(24.0)],
            Self::PushLarge => vec![wall(5.0), Budget::PeakMemory(24.0)],
            Self::PackageRandom | Self::PackageText => vec![wall(1.0), Budget::PeakMemory(24.0)],
            Self::RenderTrivial | Self::RenderScaffold | Self::LintScaffold => vec![wall(15.0), memory(3.0)],
            Self::RenderUmbrella => vec![wall(50.0), memory(3.0)],
            Self::RenderTree => vec![wall(30.0), memory(3.0)],
            Self::SearchIndex => vec![wall(10.0), memory(4.0)],
            Self::SearchNewIndex => vec![memory(4.0)],
        }
    }

    /// Whether what an earlier run has fetched may be used.
    pub(super) fn uses_cache(self) -> bool {
        matches!(self, Self::PullCached | Self::PullLargeCached)
    }

    /// Whether it talks to a registry.
    pub(super) fn is_remote(self) -> bool {
        matches!(
            self,
            Self::PushNew
                | Self::PushAgain
                | Self::PullExact
                | Self::PullCached
                | Self::PullMegabyte
                | Self::ShowLarge
                | Self::PullLarge
                | Self::PullLargeCached
                | Self::PushLarge
        )
    }

    /// The arguments, against a registry at `address`. `turn` is another number each time.
    pub(super) fn arguments(self, address: &str, turn: u32) -> Vec<String> {
        let text = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        let fresh = format!("oci://{address}/new-{turn}");
        let stored = |chart: &str| format!("oci://{address}/stored/{chart}");
        let pull = |chart: &str| {
            let chart = stored(chart);
            text(&["pull", &chart, "--version", "1.0.0", "--plain-http"])
        };
        match self {
            Self::Version => text(&["version"]),
            Self::PushNew => text(&["push", SMALL, &fresh, "--plain-http"]),
            Self::PushAgain => {
                let again = format!("oci://{address}/stored");
                text(&["push", SMALL, &again, "--plain-http"])
            }
            Self::PullExact | Self::PullCached => pull("small"),
            Self::PullMegabyte => pull("megabyte"),
            Self::ShowLarge => {
                let chart = stored("random");
                text(&["show", "chart", &chart, "--version", "1.0.0", "--plain-http"])
            }
            Self::PullLarge | Self::PullLargeCached => pull("random"),
            Self::PushLarge => text(&["push", LARGE, &fresh, "--plain-http"]),
            Self::PackageRandom => text(&["package", "random", "--destination", "packaged"]),
            Self::PackageText => text(&["package", "text", "--destination", "packaged"]),
            Self::RenderTrivial => text(&["template", "trivial"]),
            Self::RenderScaffold => text(&["template", "scaffold"]),
            Self::RenderUmbrella => text(&["template", "umbrella"]),
            Self::RenderTree => text(&["template", "tree"]),
            Self::LintScaffold => text(&["lint", "scaffold"]),
            Self::SearchIndex | Self::SearchNewIndex => text(&[
                "search",
                "repo",
                "chart-0042",
                "--repository-config",
                index::REPOSITORIES,
                "--repository-cache",
                index::CACHE,
            ]),
        }
    }
}
