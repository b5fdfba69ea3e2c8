//! Hosts with a path or without: what settings are for, and where content is.

use std::fmt;
use std::str::FromStr;

use skeg_oci::{RegistryHost, RepositoryName};

use crate::error::ParsePlaceError;

/// A registry, or a part of one: `HOST` or `HOST/PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The registry.
    pub host: RegistryHost,
    /// The path in it.
    pub path: Option<RepositoryName>,
}

impl FromStr for Place {
    type Err = ParsePlaceError;

    /// Parses `HOST` or `HOST/PATH`; `oci://` may stand in front.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParsePlaceError(text.to_owned());
        let rest = text.strip_prefix("oci://").unwrap_or(text);
        let (host, path) = match rest.split_once('/') {
            Some((host, path)) => (host, Some(path)),
            None => (rest, None),
        };
        Ok(Self {
            host: RegistryHost::parse(host).map_err(|_| error())?,
            path: path.map(RepositoryName::parse).transpose().map_err(|_| error())?,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.host.as_str())?;
        match &self.path {
            Some(path) => write!(formatter, "/{}", path.as_str()),
            None => Ok(()),
        }
    }
}

impl Place {
    /// As [`Place::join`]; where there is no name, the host alone, which names no repository and so does not pass unnoticed.
    pub(crate) fn below(&self, rest: &str) -> Self {
        self.join(rest).unwrap_or_else(|| Self {
            host: self.host.clone(),
            path: None,
        })
    }

    /// What `rest`, a path below this place, is called here; none if the two make no name.
    fn join(&self, rest: &str) -> Option<Self> {
        let path = match (&self.path, rest) {
            (path, "") => path.clone(),
            (None, rest) => Some(RepositoryName::parse(rest).ok()?),
            (Some(path), rest) => Some(RepositoryName::parse(&format!("{}/{rest}", path.as_str())).ok()?),
        };
        Some(Self {
            host: self.host.clone(),
            path,
        })
    }
}

/// What settings are for: a [`Place`] and everything below it, or `*.DOMAIN`, all hosts of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Place(Place),
    /// Begins with the dot.
    Domain(String),
}

impl FromStr for Prefix {
    type Err = ParsePlaceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some(domain) = text.strip_prefix('*') else {
            return Ok(Self(Kind::Place(text.parse()?)));
        };
        let is_domain = domain
            .strip_prefix('.')
            .is_some_and(|name| RegistryHost::parse(name).is_ok());
        if !is_domain {
            return Err(ParsePlaceError(text.to_owned()));
        }
        Ok(Self(Kind::Domain(domain.to_ascii_lowercase())))
    }
}

impl From<Place> for Prefix {
    fn from(place: Place) -> Self {
        Self(Kind::Place(place))
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Place(place) => place.fmt(formatter),
            Kind::Domain(domain) => write!(formatter, "*{domain}"),
        }
    }
}

impl Prefix {
    /// The place; none for a whole domain.
    pub fn place(&self) -> Option<&Place> {
        match &self.0 {
            Kind::Place(place) => Some(place),
            Kind::Domain(_) => None,
        }
    }

    /// What is left of the repository's path below this prefix, if it is below it. A host alone is below its own
    /// prefixes without a path.
    pub(crate) fn strip<'name>(
        &self,
        host: &RegistryHost,
        repository: Option<&'name RepositoryName>,
    ) -> Option<&'name str> {
        let name = repository.map_or("", RepositoryName::as_str);
        let place = match &self.0 {
            Kind::Domain(domain) => return host.as_str().ends_with(domain.as_str()).then_some(name),
            Kind::Place(place) if place.host == *host => place,
            Kind::Place(_) => return None,
        };
        let Some(path) = &place.path else {
            return Some(name);
        };
        let rest = name.strip_prefix(path.as_str())?;
        match rest.strip_prefix('/') {
            Some(rest) => Some(rest),
            None => rest.is_empty().then_some(rest),
        }
    }

    /// The longer, the more it says; a domain says less than any host.
    pub(crate) fn length(&self) -> usize {
        match &self.0 {
            Kind::Domain(domain) => domain.len(),
            Kind::Place(place) => {
                let path = place.path.as_ref().map_or(0, |path| path.as_str().len());
                1000 + place.host.as_str().len() + path
            }
        }
    }
}
