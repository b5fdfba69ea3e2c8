//! What tags named when they were last looked at.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use skeg_oci::{Descriptor, RegistryHost, RepositoryName, Tag};

use crate::error::StoreError;
use crate::files;
use crate::store::Store;

/// A record is not written again for a tag that still names the same, so shortly after the last time.
const CHECK_GRAIN: Duration = Duration::from_mins(1);

/// A repository of a registry, whose tags they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagScope {
    /// The registry.
    pub host: RegistryHost,
    /// The repository.
    pub repository: RepositoryName,
}

/// What a tag named, and when somebody asked the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRecord {
    /// The manifest.
    pub descriptor: Descriptor,
    /// When the registry said so.
    pub checked: SystemTime,
}

/// A record as it is on disk. The names stand in it, since file systems may take different ones for the same.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct File {
    pub(crate) host: String,
    pub(crate) repository: String,
    pub(crate) tag: String,
    /// Seconds since 1970.
    checked: u64,
    pub(crate) descriptor: Descriptor,
}

impl File {
    pub(crate) fn read(path: &Path) -> Option<Self> {
        let bytes = fs_err::read(path).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    pub(crate) fn name(&self) -> String {
        format!("{}/{}:{}", self.host, self.repository, self.tag)
    }

    fn is_of(&self, scope: &TagScope) -> bool {
        self.host.eq_ignore_ascii_case(scope.host.as_str()) && self.repository == scope.repository.as_str()
    }
}

impl Store {
    /// What a tag named when it was last looked at; nothing if it never was, or if the record cannot be read.
    pub fn tag(&self, scope: &TagScope, tag: &Tag) -> Option<TagRecord> {
        let file = File::read(&self.layout.tag(scope, tag))?;
        (file.is_of(scope) && file.tag == tag.as_str()).then(|| TagRecord {
            descriptor: file.descriptor,
            checked: UNIX_EPOCH + Duration::from_secs(file.checked),
        })
    }

    /// Notes what a tag names, as the registry said at the time `record.checked`.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn note_tag(&self, scope: &TagScope, tag: &Tag, record: &TagRecord) -> Result<(), StoreError> {
        let known = self.tag(scope, tag);
        let is_known = known.is_some_and(|known| {
            let age = record.checked.duration_since(known.checked);
            known.descriptor == record.descriptor && age.is_ok_and(|age| age < CHECK_GRAIN)
        });
        if is_known {
            return Ok(());
        }
        let since = record.checked.duration_since(UNIX_EPOCH).unwrap_or_default();
        let file = File {
            host: scope.host.to_string(),
            repository: scope.repository.to_string(),
            tag: tag.to_string(),
            checked: since.as_secs(),
            descriptor: record.descriptor.clone(),
        };
        let bytes = serde_json::to_vec(&file).map_err(io::Error::other);
        bytes
            .and_then(|bytes| files::write(&self.layout, &self.layout.tag(scope, tag), &bytes))
            .map_err(StoreError::Write)
    }

    /// Forgets a tag that has gone from the registry.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn forget_tag(&self, scope: &TagScope, tag: &Tag) -> Result<(), StoreError> {
        files::remove(&self.layout.tag(scope, tag))
            .map(drop)
            .map_err(StoreError::Write)
    }

    /// The tags of a repository that were looked at and whose manifests are still here, in order of their names.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn tags(&self, scope: &TagScope) -> Result<Vec<Tag>, StoreError> {
        let directory = self.layout.tags(scope);
        let names = files::names(&directory).map_err(StoreError::Read)?;
        let mut tags = Vec::new();
        for name in names {
            if let Some(file) = File::read(&directory.join(name))
                && file.is_of(scope)
                && self.has(&file.descriptor.digest)
            {
                tags.extend(Tag::parse(&file.tag).ok());
            }
        }
        Ok(tags)
    }
}
