//! Single objects: read, applied, patched, replaced, deleted.

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::cluster::Cluster;
use crate::error::ClusterError;
use crate::resource::{ObjectLocation, ResourceType};
use crate::transport::{Call, JSON};

/// The manager of fields that Helm is for the server. Whoever is to change what Helm applied must be the same one.
pub const FIELD_MANAGER: &str = "helm";

/// A table as `kubectl` asks for it, or the object if there is no table of it.
const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

/// What is done when an object is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct WriteOptions {
    /// Whether nothing is to change: the server does everything except storing.
    pub dry_run: bool,
    /// Whether the server refuses fields that it does not know; otherwise it warns.
    pub is_strict: bool,
}

/// What is done when an object is applied.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApplyOptions {
    /// As for all.
    pub write: WriteOptions,
    /// Whether fields of others are taken over.
    pub force_conflicts: bool,
}

/// An object that was applied.
#[derive(Clone, Debug)]
pub struct Applied {
    /// As the server has it now.
    pub object: Value,
    /// Whether it was not there before.
    pub was_created: bool,
}

/// What a patch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchKind {
    /// Kubernetes' own, for kinds of its own.
    Strategic,
    /// RFC 7386
    Merge,
    /// RFC 6902
    Json,
}

impl PatchKind {
    fn media_type(self) -> &'static str {
        match self {
            Self::Strategic => "application/strategic-merge-patch+json",
            Self::Merge => "application/merge-patch+json",
            Self::Json => "application/json-patch+json",
        }
    }
}

/// What happens to what belongs to an object that is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Propagation {
    /// It is deleted afterwards.
    #[default]
    Background,
    /// It is deleted before.
    Foreground,
    /// It stays.
    Orphan,
}

/// How an object is deleted.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeleteOptions {
    /// What happens to what belongs to it.
    pub propagation: Propagation,
    /// Whether nothing is to change.
    pub dry_run: bool,
}

impl Cluster {
    /// The object; none if it is not there.
    ///
    /// # Errors
    /// The server cannot be asked, or refuses.
    pub async fn get(&self, location: &ObjectLocation<'_>) -> Result<Option<Value>, ClusterError> {
        self.read(location, JSON).await
    }

    /// The object as a table of the server, as `kubectl get` prints it; none if it is not there.
    ///
    /// # Errors
    /// As [`Cluster::get`].
    pub async fn get_table(&self, location: &ObjectLocation<'_>) -> Result<Option<Value>, ClusterError> {
        let call = Call::get(format!("{}?includeObject=Object", location.path())).accept(TABLE);
        absent_is_none(self.requester().send(&call).await)?
            .map(|answer| answer.json())
            .transpose()
    }

    /// The objects of a kind that a selector finds, as a table of the server.
    ///
    /// # Errors
    /// As [`Cluster::get`].
    pub async fn list_table(
        &self,
        resource: &ResourceType,
        namespace: &str,
        label_selector: &str,
    ) -> Result<Value, ClusterError> {
        let mut query = Serializer::new(String::new());
        query.append_pair("includeObject", "Object");
        query.append_pair("labelSelector", label_selector);
        let path = format!("{}?{}", resource.path(Some(namespace)), query.finish());
        self.requester()
            .send(&Call::get(path).accept(TABLE))
            .await?
            .json()
    }

    async fn read(
        &self,
        location: &ObjectLocation<'_>,
        accept: &'static str,
    ) -> Result<Option<Value>, ClusterError> {
        let call = Call::get(location.path()).accept(accept);
        absent_is_none(self.requester().send(&call).await)?
            .map(|answer| answer.json())
            .transpose()
    }

    /// Creates an object by `POST`; a name may be left to the server by `generateName`.
    ///
    /// # Errors
    /// The server cannot be asked, or refuses.
    pub async fn create(
        &self,
        resource: &ResourceType,
        namespace: &str,
        object: &Value,
        options: WriteOptions,
    ) -> Result<Value, ClusterError> {
        let path = with_options(&resource.path(Some(namespace)), options, None);
        let call = Call::new(Method::POST, path).body(JSON, bytes_of(object));
        self.requester().send(&call).await?.json()
    }

    /// Applies an object on the side of the server, as the manager `helm`.
    ///
    /// # Errors
    /// The server cannot be asked, or refuses; that a field belongs to somebody else is [`ClusterError::is_conflict`].
    pub async fn apply(
        &self,
        location: &ObjectLocation<'_>,
        object: &Value,
        options: ApplyOptions,
    ) -> Result<Applied, ClusterError> {
        let path = with_options(&location.path(), options.write, Some(options.force_conflicts));
        // JSON is YAML, and the server wants the type for YAML.
        let call = Call::new(Method::PATCH, path).body("application/apply-patch+yaml", bytes_of(object));
        let answer = self.requester().send(&call).await?;
        Ok(Applied {
            object: answer.json()?,
            was_created: answer.status == StatusCode::CREATED,
        })
    }

    /// Patches an object.
    ///
    /// # Errors
    /// The server cannot be asked, or refuses.
    pub async fn patch(
        &self,
        location: &ObjectLocation<'_>,
        kind: PatchKind,
        patch: impl Into<Bytes>,
        options: WriteOptions,
    ) -> Result<Value, ClusterError> {
        let target = with_options(&location.path(), options, None);
        let call = Call::new(Method::PATCH, target).body(kind.media_type(), patch);
        self.requester().send(&call).await?.json()
    }

    /// Puts an object in the place of what is there.
    ///
    /// # Errors
    /// The server cannot be asked, or refuses.
    pub async fn replace(
        &self,
        location: &ObjectLocation<'_>,
        object: &Value,
        options: WriteOptions,
    ) -> Result<Value, ClusterError> {
        let path = with_options(&location.path(), options, None);
        let call = Call::new(Method::PUT, path).body(JSON, bytes_of(object));
        self.requester().send(&call).await?.json()
    }

    /// Deletes an object; whether it was there.
    ///
    /// # Errors
    /// The server cannot be asked, or refuses.
    pub async fn delete(
        &self,
        location: &ObjectLocation<'_>,
        options: DeleteOptions,
    ) -> Result<bool, ClusterError> {
        let propagation = match options.propagation {
            Propagation::Background => "Background",
            Propagation::Foreground => "Foreground",
            Propagation::Orphan => "Orphan",
        };
        let mut body = json!({
            "kind": "DeleteOptions",
            "apiVersion": "v1",
            "propagationPolicy": propagation,
        });
        if options.dry_run {
            body["dryRun"] = json!(["All"]);
        }
        let call = Call::new(Method::DELETE, location.path()).body(JSON, bytes_of(&body));
        Ok(absent_is_none(self.requester().send(&call).await)?.is_some())
    }
}

/// An object that is not there is no mistake of the question.
fn absent_is_none<T>(answer: Result<T, ClusterError>) -> Result<Option<T>, ClusterError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

fn bytes_of(object: &Value) -> Bytes {
    object.to_string().into()
}

fn with_options(path: &str, options: WriteOptions, force: Option<bool>) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("fieldManager", FIELD_MANAGER);
    if options.is_strict {
        query.append_pair("fieldValidation", "Strict");
    }
    if let Some(force) = force {
        query.append_pair("force", if force { "true" } else { "false" });
    }
    if options.dry_run {
        query.append_pair("dryRun", "All");
    }
    format!("{path}?{}", query.finish())
}
