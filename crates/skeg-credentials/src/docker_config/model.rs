//! The document as a whole: its logins, its helpers, and the changes a login makes to it.

use serde::Deserialize as _;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::entry::LOGIN_FIELDS;
use super::json::{RawObject, indented, raw_string};
use super::{AuthEntry, EntryProblem};
use crate::key::{KeyForm, best_first, is_same_login};
use crate::{Credential, CredentialKey};

/// Which tool's rules a file follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConfigFormat {
    /// `config.json` of Docker and Helm, and `auth.json` of Podman.
    Config,
    /// `~/.dockercfg`: the object is the map of logins itself, every key is for a whole host.
    Dockercfg,
    /// `DOCKER_AUTH_CONFIG`: logins only, no helpers.
    Inline,
}

/// A configuration file's content. What this crate does not know is kept as it was, in its order.
#[derive(Clone)]
pub(crate) struct Document {
    format: ConfigFormat,
    fields: RawObject,
    auths: RawObject,
    helpers: Vec<(String, String)>,
    store: Option<String>,
}

/// Why a content is no configuration. It never quotes the content, which holds secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigProblem {
    /// It is not JSON.
    #[error("line {line}, column {column}: {reason}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What the parser met.
        reason: String,
    },
    /// It is JSON, but no object.
    #[error("it is not a JSON object")]
    NotAnObject,
    /// A field has another type than every tool gives it.
    #[error("its field `{name}` is not {expected}")]
    Field {
        /// The field's name.
        name: &'static str,
        /// The type it should have.
        expected: &'static str,
    },
}

/// What a file says about helpers for one request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum HelperChoice<'a> {
    /// `credHelpers` names this helper.
    Helper(&'a str),
    /// `credHelpers` names the empty helper: the file itself, whatever `credsStore` says.
    File,
    /// `credHelpers` does not name the host.
    Unnamed,
}

impl Document {
    pub(crate) fn empty(format: ConfigFormat) -> Self {
        Self {
            format,
            fields: RawObject::default(),
            auths: RawObject::default(),
            helpers: Vec::new(),
            store: None,
        }
    }

    /// Reads a content; an empty one, or one of white space alone, is an empty configuration.
    pub(crate) fn parse(content: &[u8], format: ConfigFormat) -> Result<Self, ConfigProblem> {
        let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
        if content.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::empty(format));
        }
        let fields: RawObject = serde_json::from_slice(content).map_err(|error| problem_of(&error))?;
        let object = |name| match fields.get(name) {
            Some(value) => object_of(value).ok_or(ConfigProblem::Field {
                name,
                expected: "an object",
            }),
            None => Ok(RawObject::default()),
        };
        match format {
            ConfigFormat::Dockercfg => Ok(Self {
                auths: fields.clone(),
                fields,
                ..Self::empty(format)
            }),
            ConfigFormat::Inline => Ok(Self {
                auths: object("auths")?,
                ..Self::empty(format)
            }),
            ConfigFormat::Config => Ok(Self {
                format,
                auths: object("auths")?,
                helpers: object("credHelpers")?.iter().map(helper_of).collect(),
                store: store_of(&fields)?,
                fields,
            }),
        }
    }

    /// The file's text as Docker and Helm lay it out: indented by tabs, no line break at the end.
    pub(crate) fn to_text(&self) -> String {
        let mut fields = self.fields.clone();
        fields.set("auths", self.auths.to_raw());
        indented(fields.to_raw().get())
    }

    /// Tells whether the file configures any login or helper; if not, the platform's own store is used.
    pub(crate) fn is_configured(&self) -> bool {
        !self.auths.is_empty() || !self.helpers.is_empty() || self.store.is_some()
    }

    /// What `credHelpers` says.
    pub(crate) fn helper_for(&self, wanted: &CredentialKey) -> HelperChoice<'_> {
        let keys = self.helpers.iter().map(|(key, _)| key.as_str());
        match best_first(keys, KeyForm::Scoped, wanted).first() {
            None => HelperChoice::Unnamed,
            Some(&position) => match self.helpers[position].1.as_str() {
                "" => HelperChoice::File,
                suffix => HelperChoice::Helper(suffix),
            },
        }
    }

    /// The helpers that `credHelpers` names, with the keys they are for.
    pub(crate) fn helpers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.helpers
            .iter()
            .map(|(key, suffix)| (key.as_str(), suffix.as_str()))
    }

    /// The helper for all hosts that have none of their own.
    pub(crate) fn store(&self) -> Option<&str> {
        self.store.as_deref()
    }

    /// The entries that answer a request, the best first, markers (`None`) among them.
    pub(crate) fn entries_for(&self, wanted: &CredentialKey) -> Vec<Entry<'_>> {
        best_first(self.auths.names(), self.key_form(), wanted)
            .into_iter()
            .map(|position| Entry::new(self.auths.at(position)))
            .collect()
    }

    /// All entries, in the file's order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.auths.iter().map(Entry::new)
    }

    /// Writes a login under a key; what else the entry holds stays.
    pub(crate) fn set_login(&mut self, key: &str, login: &AuthEntry) {
        let mut entry = self.auths.get(key).and_then(object_of).unwrap_or_default();
        entry.retain(|field| !is_login_field(field) || login.fields().any(|(name, _)| name == field));
        for (name, value) in login.fields() {
            entry.set(name, raw_string(value));
        }
        self.auths.set(key, entry.to_raw());
    }

    /// Notes that a helper keeps a login, as Docker does: an entry without secrets. Tells whether anything changed.
    pub(crate) fn mark_login(&mut self, key: &str) -> bool {
        let is_new = self.auths.get(key).is_none();
        if is_new {
            self.set_login(key, &AuthEntry::default());
        }
        is_new
    }

    /// Takes the secrets out of every form of a login; tells whether there were any.
    pub(crate) fn clear_login(&mut self, target: &CredentialKey) -> bool {
        let form = self.key_form();
        let has_secret = |value| object_of(value).is_some_and(|entry| entry.names().any(is_login_field));
        let keys: Vec<String> = self
            .auths
            .iter()
            .filter(|(key, value)| is_same_login(key, form, target) && has_secret(value))
            .map(|(key, _)| key.to_owned())
            .collect();
        for key in &keys {
            self.set_login(key, &AuthEntry::default());
        }
        !keys.is_empty()
    }

    /// Tells whether there is an entry for a login, in whatever form.
    pub(crate) fn has_login(&self, target: &CredentialKey) -> bool {
        self.auths
            .names()
            .any(|key| is_same_login(key, self.key_form(), target))
    }

    /// Removes every form of a login; tells whether there was one.
    pub(crate) fn remove_login(&mut self, target: &CredentialKey) -> bool {
        let form = self.key_form();
        self.auths.retain(|key| !is_same_login(key, form, target))
    }

    /// Makes a helper the one for all hosts.
    pub(crate) fn set_store(&mut self, suffix: &str) {
        // Behind the logins, as Helm has them.
        self.fields.set("auths", self.auths.to_raw());
        self.fields.set("credsStore", raw_string(suffix));
        self.store = Some(suffix.to_owned());
    }

    fn key_form(&self) -> KeyForm {
        match self.format {
            ConfigFormat::Config | ConfigFormat::Inline => KeyForm::Scoped,
            ConfigFormat::Dockercfg => KeyForm::HostOnly,
        }
    }
}

/// An entry of `auths` with its key.
pub(crate) struct Entry<'a> {
    pub(crate) key: &'a str,
    pub(crate) credential: Result<Option<Credential>, EntryProblem>,
}

impl<'a> Entry<'a> {
    fn new((key, value): (&'a str, &RawValue)) -> Self {
        let credential = AuthEntry::parse(value).and_then(AuthEntry::credential);
        Self { key, credential }
    }
}

fn is_login_field(field: &str) -> bool {
    LOGIN_FIELDS.contains(&field)
}

fn store_of(fields: &RawObject) -> Result<Option<String>, ConfigProblem> {
    let Some(value) = fields.get("credsStore") else {
        return Ok(None);
    };
    let store: Option<String> = serde_json::from_str(value.get()).map_err(|_| ConfigProblem::Field {
        name: "credsStore",
        expected: "a string",
    })?;
    Ok(store.filter(|suffix| !suffix.is_empty()))
}

/// An object's fields; none for `null`.
fn object_of(value: &RawValue) -> Option<RawObject> {
    Option::<RawObject>::deserialize(value)
        .ok()
        .map(Option::unwrap_or_default)
}

/// A field of `credHelpers`. A value that is no text stands for itself, so that a warning names it when it is needed.
fn helper_of((key, value): (&str, &RawValue)) -> (String, String) {
    let suffix: Result<Option<String>, _> = serde_json::from_str(value.get());
    let suffix = suffix.map_or_else(|_| value.get().to_owned(), Option::unwrap_or_default);
    (key.to_owned(), suffix)
}

fn problem_of(error: &serde_json::Error) -> ConfigProblem {
    if error.classify() == Category::Data {
        return ConfigProblem::NotAnObject;
    }
    let text = error.to_string();
    let reason = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(reason, _)| reason);
    ConfigProblem::Syntax {
        line: error.line(),
        column: error.column(),
        reason: reason.to_owned(),
    }
}
