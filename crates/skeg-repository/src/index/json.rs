//! Reading an index that is JSON, one entry after the other.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::ReadIndexError;
use super::raw::{RawDependency, RawEntry, RawHead, Sink};

pub(super) fn read(bytes: &[u8], sink: &mut impl Sink) -> Result<RawHead, ReadIndexError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let read = deserializer.deserialize_map(Document(sink));
    read.map_err(|error| ReadIndexError::Json(format!("json: {error}")))
}

struct Document<'sink, S>(&'sink mut S);

impl<'de, S: Sink> Visitor<'de> for Document<'_, S> {
    type Value = RawHead;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an index of charts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawHead, A::Error> {
        let mut head = RawHead::default();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "apiVersion" => head.api_version = map.next_value::<Option<_>>()?.unwrap_or_default(),
                "entries" => map.next_value_seed(Entries(&mut *self.0))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(head)
    }
}

struct Entries<'sink, S>(&'sink mut S);

impl<'de, S: Sink> DeserializeSeed<'de> for Entries<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Entries<'_, S> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map of charts")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(chart) = map.next_key::<Cow<'de, str>>()? {
            // As in Go, of two of the same name the last one counts.
            let _is_new = self.0.chart(&chart);
            map.next_value_seed(Versions(&mut *self.0))?;
        }
        Ok(())
    }
}

struct Versions<'sink, S>(&'sink mut S);

impl<'de, S: Sink> DeserializeSeed<'de> for Versions<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Versions<'_, S> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of versions")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut versions: A) -> Result<(), A::Error> {
        while let Some(entry) = versions.next_element::<Option<JsonEntry>>()? {
            self.0.entry(entry.map(RawEntry::from));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonEntry {
    name: Option<String>,
    version: Option<String>,
    app_version: Option<String>,
    description: Option<String>,
    #[serde(rename = "type")]
    chart_type: Option<String>,
    digest: Option<String>,
    created: Option<String>,
    keywords: Option<Vec<Option<String>>>,
    urls: Option<Vec<Option<String>>>,
    deprecated: Option<bool>,
    maintainers: Option<Vec<Option<IgnoredAny>>>,
    dependencies: Option<Vec<Option<JsonDependency>>>,
}

#[derive(Deserialize)]
struct JsonDependency {
    name: Option<String>,
    alias: Option<String>,
}

impl From<JsonEntry> for RawEntry {
    fn from(entry: JsonEntry) -> Self {
        let list = |items: Option<Vec<Option<String>>>| {
            let items = items.unwrap_or_default();
            items.into_iter().map(Option::unwrap_or_default).collect()
        };
        let dependency = |dependency: JsonDependency| RawDependency {
            name: dependency.name.unwrap_or_default(),
            alias: dependency.alias.unwrap_or_default(),
        };
        Self {
            name: entry.name.unwrap_or_default(),
            version: entry.version.unwrap_or_default(),
            app_version: entry.app_version.unwrap_or_default(),
            description: entry.description.unwrap_or_default(),
            chart_type: entry.chart_type.unwrap_or_default(),
            digest: entry.digest.unwrap_or_default(),
            created: entry.created.unwrap_or_default(),
            keywords: list(entry.keywords),
            urls: list(entry.urls),
            deprecated: entry.deprecated.unwrap_or_default(),
            has_null_maintainer: entry.maintainers.unwrap_or_default().iter().any(Option::is_none),
            dependencies: entry
                .dependencies
                .unwrap_or_default()
                .into_iter()
                .map(|item| item.map(dependency))
                .collect(),
        }
    }
}
