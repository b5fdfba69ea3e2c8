//! `repositories.yaml`: the names and the addresses of repositories.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use skeg_credentials::Secret;
use skeg_files::Readers;
use skeg_values::yaml::DecodeError;
use skeg_values::{Map, ReadStructError, StructReader, Value, yaml};

use crate::lock;

/// The time that Go writes where there is none.
const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

/// A repository that has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepositoryEntry {
    /// The name.
    pub name: String,
    /// `http(s)://…` of a repository with an index, `oci://…` of a path in a registry.
    pub url: String,
    /// The user; empty if there is none.
    pub username: String,
    /// The password; empty if there is none.
    pub password: Secret<String>,
    /// The file of the client certificate; empty if there is none.
    pub cert_file: String,
    /// The file of its key.
    pub key_file: String,
    /// A file of trusted authorities.
    pub ca_file: String,
    /// Accept any certificate.
    pub insecure_skip_tls_verify: bool,
    /// Send the login to other hosts that the index names too.
    pub pass_credentials_all: bool,
}

/// What is in a `repositories.yaml`.
///
/// ```
/// use skeg_repository::RepositoriesFile;
///
/// let file = RepositoriesFile::parse(b"repositories:\n- name: a\n  url: https://a.example\n")?;
/// assert_eq!(file.get("a").map(|entry| &*entry.url), Some("https://a.example"));
/// assert!(file.to_yaml().starts_with("apiVersion: \"\"\ngenerated: \"0001-01-01T00:00:00Z\"\n"));
/// # Ok::<(), skeg_repository::ReadRepositoriesError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepositoriesFile {
    api_version: String,
    generated: String,
    repositories: Vec<RepositoryEntry>,
}

/// Why a `repositories.yaml` could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadRepositoriesError {
    /// The file, or its lock, could not be opened or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no YAML.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// It does not hold what it should.
    #[error(transparent)]
    Struct(#[from] ReadStructError),
}

impl RepositoriesFile {
    /// Reads the file.
    ///
    /// # Errors
    /// It is no YAML, or a field is of another kind than it should be. The texts are Helm's.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReadRepositoriesError> {
        let value = yaml::decode_for_struct(bytes)?;
        let mut reader = StructReader::new(&value, "repo.File")?;
        let file = Self {
            api_version: reader.string("apiVersion"),
            generated: reader.string("generated"),
            repositories: reader
                .structs("repositories", "repo.Entry", RepositoryEntry::read)
                .into_iter()
                .flatten()
                .collect(),
        };
        reader.finish()?;
        Ok(file)
    }

    /// The repositories in their order.
    pub fn repositories(&self) -> &[RepositoryEntry] {
        &self.repositories
    }

    /// The repository of a name.
    pub fn get(&self, name: &str) -> Option<&RepositoryEntry> {
        self.repositories.iter().find(|entry| entry.name == name)
    }

    /// Puts an entry in the place of the one with its name, or at the end.
    pub fn update(&mut self, entry: RepositoryEntry) {
        match self
            .repositories
            .iter_mut()
            .find(|known| known.name == entry.name)
        {
            Some(known) => *known = entry,
            None => self.repositories.push(entry),
        }
    }

    /// Removes all entries of a name; tells whether there were any.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.repositories.len();
        self.repositories.retain(|entry| entry.name != name);
        self.repositories.len() < before
    }

    /// The file as Helm writes it.
    pub fn to_yaml(&self) -> String {
        let mut map = Map::new();
        map.insert("apiVersion", self.api_version.as_str());
        let generated = Some(self.generated.as_str()).filter(|time| !time.is_empty());
        map.insert("generated", generated.unwrap_or(ZERO_TIME));
        let entries = self.repositories.iter().map(RepositoryEntry::to_value);
        map.insert("repositories", Value::List(entries.collect()));
        yaml::encode(&map.into())
    }
}

impl RepositoryEntry {
    fn read(reader: &mut StructReader<'_>) -> Self {
        Self {
            name: reader.string("name"),
            url: reader.string("url"),
            username: reader.string("username"),
            password: Secret::from(reader.string("password")),
            cert_file: reader.string("certFile"),
            key_file: reader.string("keyFile"),
            ca_file: reader.string("caFile"),
            insecure_skip_tls_verify: reader.bool("insecure_skip_tls_verify"),
            pass_credentials_all: reader.bool("pass_credentials_all"),
        }
    }

    fn to_value(&self) -> Value {
        let mut map = Map::new();
        map.insert("name", self.name.as_str());
        map.insert("url", self.url.as_str());
        map.insert("username", self.username.as_str());
        map.insert("password", self.password.expose().as_str());
        map.insert("certFile", self.cert_file.as_str());
        map.insert("keyFile", self.key_file.as_str());
        map.insert("caFile", self.ca_file.as_str());
        map.insert("insecure_skip_tls_verify", self.insecure_skip_tls_verify);
        map.insert("pass_credentials_all", self.pass_credentials_all);
        map.into()
    }

    /// Whether this is a path in a registry, which has no index.
    pub fn is_oci(&self) -> bool {
        self.url.starts_with("oci://")
    }

    /// The user and the password, if both are there: Helm sends no half of a login.
    pub fn login(&self) -> Option<(String, Secret<String>)> {
        let is_whole = !self.username.is_empty() && !self.password.expose().is_empty();
        is_whole.then(|| (self.username.clone(), self.password.clone()))
    }
}

/// The `repositories.yaml` at one place, shared with helm and other processes.
#[derive(Clone, Debug)]
pub struct RepositoryList {
    path: PathBuf,
}

impl RepositoryList {
    /// The list at this place, which need not exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the list; nothing if there is no file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(&self) -> Result<Option<RepositoriesFile>, ReadRepositoriesError> {
        match fs_err::read(&self.path) {
            Ok(bytes) => RepositoriesFile::parse(&bytes).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads the list, lets it be changed and writes it, while no other process does; nothing is written if the change fails.
    ///
    /// # Errors
    /// Those of the change, and whatever is wrong with the file or its lock.
    pub fn change<T, E: From<ReadRepositoriesError>>(
        &self,
        change: impl FnOnce(&mut RepositoriesFile) -> Result<T, E>,
    ) -> Result<T, E> {
        let _lock = lock::hold(&self.path).map_err(ReadRepositoriesError::Io)?;
        let mut file = self.read()?.unwrap_or_default();
        let before = file.clone();
        let result = change(&mut file)?;
        if file != before {
            self.write(&file).map_err(ReadRepositoriesError::Io)?;
        }
        Ok(result)
    }

    /// The passwords in it are for the owner alone. A symbolic link stays one.
    fn write(&self, file: &RepositoriesFile) -> io::Result<()> {
        let path = fs_err::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let mut temporary = skeg_files::temporary_beside(&path, Readers::Owner)?;
        temporary.write_all(file.to_yaml().as_bytes())?;
        temporary.persist(&path).map(drop).map_err(|error| error.error)
    }
}
