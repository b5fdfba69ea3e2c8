//! The tree of referrers: gathering it, and its lines.

use std::collections::{BTreeMap, HashSet};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde::Serialize;
use skeg_oci::{Descriptor, Digest, MediaType, Tag, TagOrDigest};
use skeg_oci_client::{ListReferrers as _, ReferrersSource, Resolve as _, ResolveError, referrers_tag};
use skeg_registry::ChartReference;

use crate::access::Reader;
use crate::error::CommandError;
use crate::table::size;

/// How many referrers are shown at most.
const MAX_NODES: usize = 1000;

/// How many referrers are asked for theirs side by side.
const SIDE_BY_SIDE: usize = 8;

/// The endings of cosign's older tags, and what is under them.
const COSIGN: [(&str, &str); 3] = [
    ("sig", "application/vnd.dev.cosign.artifact.sig.v1+json"),
    ("att", "application/vnd.dev.cosign.artifact.att.v1+json"),
    ("sbom", "application/vnd.dev.cosign.artifact.sbom.v1+json"),
];

/// One referrer, with those of its own.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Node {
    #[serde(skip)]
    own: Digest,
    digest: String,
    media_type: String,
    artifact_type: Option<String>,
    size: u64,
    /// The tag that makes it a referrer, where it names no subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    referrers: Vec<Node>,
}

/// Gathers the tree, level by level.
pub(super) struct Walk<'walk> {
    repository: &'walk Reader,
    reference: &'walk ChartReference,
    wanted: Option<&'walk MediaType>,
    seen: HashSet<Digest>,
    is_cut_off: bool,
}

impl<'walk> Walk<'walk> {
    pub(super) fn new(
        repository: &'walk Reader,
        reference: &'walk ChartReference,
        wanted: Option<&'walk MediaType>,
    ) -> Self {
        Self {
            repository,
            reference,
            wanted,
            seen: HashSet::new(),
            is_cut_off: false,
        }
    }

    /// Tells whether there is more than was gathered.
    pub(super) fn is_cut_off(&self) -> bool {
        self.is_cut_off
    }

    /// The referrers of `subject`, and where the list of them comes from.
    pub(super) async fn referrers(
        &mut self,
        subject: &Digest,
        depth: usize,
    ) -> Result<(Vec<Node>, &'static str), CommandError> {
        if depth == 0 {
            return Ok((Vec::new(), "none"));
        }
        self.seen.insert(subject.clone());
        let (found, source) = direct(self.repository, self.reference, subject, self.wanted).await?;
        // The levels as flat lists; a node knows the place of its parent in the level above.
        let mut levels = vec![self.level(vec![(0, found)])];
        for _ in 1..depth {
            let Some(last) = levels.last().filter(|level| !level.is_empty()) else {
                break;
            };
            let digests: Vec<Digest> = last.iter().map(|(_, node)| node.own.clone()).collect();
            let (repository, reference) = (self.repository, self.reference);
            let below = stream::iter(digests).map(|digest| async move {
                let (found, _) = direct(repository, reference, &digest, None).await?;
                Ok::<_, CommandError>(found)
            });
            let below: Vec<_> = below.buffered(SIDE_BY_SIDE).try_collect().await?;
            levels.push(self.level(below.into_iter().enumerate().collect()));
        }
        Ok((assemble(levels), source))
    }

    /// Makes nodes, each of which stands once in the tree.
    fn level(&mut self, found: Vec<(usize, Vec<Found>)>) -> Vec<(usize, Node)> {
        let mut nodes = Vec::new();
        for (parent, found) in found {
            for one in found {
                if !self.seen.contains(&one.descriptor.digest) && self.seen.len() > MAX_NODES {
                    self.is_cut_off = true;
                } else if self.seen.insert(one.descriptor.digest.clone()) {
                    nodes.push((parent, Node::new(one)));
                }
            }
        }
        nodes
    }
}

struct Found {
    descriptor: Descriptor,
    tag: Option<Tag>,
}

/// The referrers that name `subject` themselves, sorted by type, and where the list of them comes from.
async fn direct(
    repository: &Reader,
    reference: &ChartReference,
    subject: &Digest,
    wanted: Option<&MediaType>,
) -> Result<(Vec<Found>, &'static str), CommandError> {
    let listed = repository.list_referrers(subject, wanted).await;
    let listed = listed.map_err(|error| CommandError::referrers(reference, error))?;
    let source = match listed.source {
        ReferrersSource::Api => "api",
        ReferrersSource::TagSchema => "tagSchema",
        _ => "manifests",
    };
    let found = listed.manifests.into_iter().map(|descriptor| Found {
        descriptor,
        tag: None,
    });
    let mut found: Vec<Found> = found.collect();
    found.extend(cosign(repository, reference, subject, wanted).await?);
    found.sort_by_cached_key(|one| {
        (
            one.descriptor.artifact_type.as_ref().map(ToString::to_string),
            one.descriptor.digest.to_string(),
        )
    });
    Ok((found, source))
}

/// What is under cosign's older tags.
async fn cosign(
    repository: &Reader,
    reference: &ChartReference,
    subject: &Digest,
    wanted: Option<&MediaType>,
) -> Result<Vec<Found>, CommandError> {
    let base = referrers_tag(subject);
    let mut found = Vec::new();
    for (ending, artifact_type) in COSIGN {
        let artifact_type = MediaType::new(artifact_type);
        let Ok(tag) = Tag::parse(&format!("{base}.{ending}")) else {
            continue;
        };
        if wanted.is_some_and(|wanted| *wanted != artifact_type) {
            continue;
        }
        match repository.resolve(&TagOrDigest::Tag(tag.clone())).await {
            Ok(mut descriptor) => {
                descriptor.artifact_type = Some(artifact_type);
                let tag = Some(tag);
                found.push(Found { descriptor, tag });
            }
            Err(ResolveError::NotFound { .. }) => {}
            // Artifactory forbids what is not there.
            Err(error)
                if error
                    .response()
                    .is_some_and(skeg_oci_client::ResponseError::is_denied) => {}
            Err(error) => {
                let asked = ChartReference::new(reference.location().clone(), Some(tag), None);
                return Err(CommandError::resolve_tag(&asked, error));
            }
        }
    }
    Ok(found)
}

impl Node {
    fn new(found: Found) -> Self {
        let descriptor = found.descriptor;
        let annotations = descriptor.annotations.unwrap_or_default();
        let pairs = annotations.iter();
        Self {
            digest: descriptor.digest.to_string(),
            own: descriptor.digest,
            media_type: descriptor.media_type.to_string(),
            artifact_type: descriptor.artifact_type.map(|kind| kind.to_string()),
            size: descriptor.size,
            tag: found.tag.map(|tag| tag.to_string()),
            annotations: pairs
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
            referrers: Vec::new(),
        }
    }
}

/// Hangs each level below the one above.
fn assemble(levels: Vec<Vec<(usize, Node)>>) -> Vec<Node> {
    let mut below: Vec<(usize, Node)> = Vec::new();
    for mut level in levels.into_iter().rev() {
        for (parent, node) in below {
            if let Some((_, above)) = level.get_mut(parent) {
                above.referrers.push(node);
            }
        }
        below = level;
    }
    below.into_iter().map(|(_, node)| node).collect()
}

/// The tree as lines: `├── TYPE`, and below it the digests of that type.
pub(super) fn lines(nodes: &[Node]) -> Vec<String> {
    let mut lines = Vec::new();
    add(nodes, "", &mut lines);
    lines
}

fn add(nodes: &[Node], indent: &str, lines: &mut Vec<String>) {
    let mut groups: Vec<(&str, Vec<&Node>)> = Vec::new();
    for node in nodes {
        let kind = node.artifact_type.as_deref().unwrap_or("unknown");
        match groups.last_mut() {
            Some((last, group)) if *last == kind => group.push(node),
            _ => groups.push((kind, vec![node])),
        }
    }
    for (at, (kind, group)) in groups.iter().enumerate() {
        let (branch, below) = branch(at + 1 == groups.len());
        lines.push(format!("{indent}{branch}{}", one_line(kind)));
        let indent = format!("{indent}{below}");
        for (at, node) in group.iter().enumerate() {
            let (branch, below) = self::branch(at + 1 == group.len());
            let tag = node
                .tag
                .as_ref()
                .map(|tag| format!(", tag {tag}"))
                .unwrap_or_default();
            lines.push(format!(
                "{indent}{branch}{} ({}{tag})",
                node.digest,
                size(node.size)
            ));
            add(&node.referrers, &format!("{indent}{below}"), lines);
        }
    }
}

fn branch(is_last: bool) -> (&'static str, &'static str) {
    if is_last {
        ("└── ", "    ")
    } else {
        ("├── ", "│   ")
    }
}

fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
