//! Lock files: Helm's fields, and what pins the content of each chart.

use skeg_chart::{DecodeDocumentError, Dependency, Lock};
use skeg_oci::{Digest, ParseDigestError};
use skeg_values::{Map, Value, yaml};

/// The field with the digest of a chart's manifest.
const MANIFEST: &str = "digest";

/// The field with the digest of a chart's archive.
const ARCHIVE: &str = "archiveDigest";

/// A lock file, `Chart.lock` or `requirements.lock`.
///
/// ```
/// use skeg_resolve::LockFile;
///
/// let lock = LockFile::parse(b"dependencies: [{name: a, version: 1.0.0, repository: 'oci://h/c'}]\ndigest: sha256:00\n")?;
/// assert_eq!(lock.dependencies[0].pin, None);
/// assert!(lock.to_yaml().starts_with("dependencies:\n- name: a\n  repository: oci://h/c\n  version: 1.0.0\ndigest: sha256:00\n"));
/// # Ok::<(), skeg_resolve::ParseLockError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LockFile {
    /// Helm's digest of what is required and what is locked; see [`lock_digest`](crate::lock_digest).
    pub digest: String,
    /// When it was made, in the form of RFC 3339.
    pub generated: String,
    /// The dependencies in the order of `Chart.yaml`.
    pub dependencies: Vec<LockedDependency>,
    /// Whether there is a list at all, and not `null`.
    has_list: bool,
}

/// A dependency with its one version.
#[derive(Clone, Debug, PartialEq)]
pub struct LockedDependency {
    /// Name, version and repository, as Helm has them.
    pub dependency: Dependency,
    /// The content of that version; none for charts on disk, and in lock files that Helm wrote.
    pub pin: Option<Pin>,
}

/// What pins the content of a chart in a repository. Helm 4.3.1 takes no notice of these fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The digest of the manifest; none where a repository has no manifests.
    pub manifest: Option<Digest>,
    /// The digest of the archive.
    pub archive: Digest,
}

impl Pin {
    /// What a source is asked for: the manifest, or the archive where a repository has no manifests.
    pub fn identity(&self) -> &Digest {
        self.manifest.as_ref().unwrap_or(&self.archive)
    }
}

/// Why a lock file cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseLockError {
    /// It is no YAML, or a field is of another kind than it should be.
    #[error(transparent)]
    Decode(#[from] DecodeDocumentError),
    /// A digest is none.
    #[error("the field `{field}` of the dependency \"{name}\" is no digest")]
    Digest {
        /// The dependency.
        name: String,
        /// The field.
        field: &'static str,
        /// Why.
        #[source]
        source: ParseDigestError,
    },
}

impl LockFile {
    /// Makes a lock file of what was resolved.
    pub fn new(dependencies: Vec<LockedDependency>, digest: &Digest, generated: impl Into<String>) -> Self {
        Self {
            digest: digest.to_string(),
            generated: generated.into(),
            dependencies,
            has_list: true,
        }
    }

    /// Reads a lock file of Helm or of skeg.
    ///
    /// # Errors
    /// See [`ParseLockError`].
    pub fn parse(content: &[u8]) -> Result<Self, ParseLockError> {
        let lock = Lock::parse(content)?;
        let document = yaml::decode_for_struct(content).map_err(DecodeDocumentError::from)?;
        let items = document.get("dependencies").and_then(Value::as_list);
        // Items that are `null` are no dependencies; the others stand in the same order.
        let items = items.unwrap_or_default().iter().filter(|item| !item.is_null());
        let dependencies = lock.dependencies().iter().zip(items);
        let dependencies = dependencies.map(|(dependency, item)| {
            Ok(LockedDependency {
                dependency: dependency.clone(),
                pin: read_pin(dependency.name(), item)?,
            })
        });
        Ok(Self {
            digest: lock.digest().to_owned(),
            generated: lock.generated().to_owned(),
            dependencies: dependencies.collect::<Result<_, ParseLockError>>()?,
            has_list: lock.has_list(),
        })
    }

    /// The digest that this lock file should have beside `required`.
    pub fn expected_digest(&self, required: &[Dependency]) -> Digest {
        let locked: Vec<Dependency> = self
            .dependencies
            .iter()
            .map(|locked| locked.dependency.clone())
            .collect();
        crate::lock_digest(required, self.has_list.then_some(&locked))
    }

    /// What was locked for a dependency.
    pub fn find(&self, name: &str, repository: &str, version: &str) -> Option<&LockedDependency> {
        self.dependencies.iter().find(|locked| {
            let dependency = &locked.dependency;
            dependency.name() == name
                && dependency.repository() == repository
                && dependency.version() == version
        })
    }

    /// Tells whether both say the same of every dependency, whenever they were made.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.digest == other.digest && self.dependencies == other.dependencies
    }

    /// The file as it is written: keys in the order of Helm, which is that of the alphabet.
    pub fn to_yaml(&self) -> String {
        let items: Vec<Value> = self.dependencies.iter().map(LockedDependency::to_value).collect();
        let mut map = Map::new();
        map.insert("dependencies", items);
        map.insert("digest", self.digest.as_str());
        map.insert("generated", self.generated.as_str());
        yaml::encode(&map.into())
    }
}

impl LockedDependency {
    fn to_value(&self) -> Value {
        let mut map = Map::new();
        map.insert("name", self.dependency.name());
        map.insert("repository", self.dependency.repository());
        if !self.dependency.version().is_empty() {
            map.insert("version", self.dependency.version());
        }
        if let Some(pin) = &self.pin {
            map.insert(ARCHIVE, pin.archive.to_string());
            if let Some(manifest) = &pin.manifest {
                map.insert(MANIFEST, manifest.to_string());
            }
        }
        map.into()
    }
}

fn read_pin(name: &str, item: &Value) -> Result<Option<Pin>, ParseLockError> {
    let digest = |field: &'static str| {
        let text = item
            .get(field)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty());
        let digest = text.map(Digest::parse).transpose();
        digest.map_err(|source| ParseLockError::Digest {
            name: name.to_owned(),
            field,
            source,
        })
    };
    let manifest = digest(MANIFEST)?;
    Ok(digest(ARCHIVE)?.map(|archive| Pin { manifest, archive }))
}
