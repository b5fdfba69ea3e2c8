//! What storage asks of a cluster: one kind of object, as JSON.

use std::fmt;

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::error::ObjectError;

/// What comes of a request.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, ObjectError>>;

/// The Secrets or the `ConfigMap`s of a cluster.
///
/// Objects go in and out whole, with `apiVersion`, `kind` and `metadata`.
pub trait ObjectStore: fmt::Debug + Send + Sync {
    /// Creates an object, and returns it as the server has it.
    fn create<'a>(&'a self, namespace: &'a str, object: Value) -> Answer<'a, Value>;

    /// Puts an object in the place of the one of the same name, which must be there. With a `resourceVersion` that
    /// must be its own.
    fn replace<'a>(&'a self, namespace: &'a str, name: &'a str, object: Value) -> Answer<'a, Value>;

    /// Reads an object.
    fn get<'a>(&'a self, namespace: &'a str, name: &'a str) -> Answer<'a, Value>;

    /// Lists objects.
    fn list<'a>(&'a self, query: ObjectQuery<'a>) -> Answer<'a, ObjectPage>;

    /// Deletes an object.
    fn delete<'a>(&'a self, namespace: &'a str, name: &'a str) -> Answer<'a, ()>;
}

/// Which objects are listed, and what of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct ObjectQuery<'a> {
    /// The namespace; `None` for all.
    pub namespace: Option<&'a str>,
    /// A label selector, such as `owner=helm`.
    pub selector: &'a str,
    /// Whether only `metadata` is wanted.
    pub metadata_only: bool,
    /// The most objects that are wanted at once; `None` for all.
    pub limit: Option<usize>,
    /// Where the page before this one ended.
    pub continue_token: Option<&'a str>,
}

/// Some of the objects that were asked for.
#[derive(Clone, Debug, Default)]
pub struct ObjectPage {
    /// The objects.
    pub items: Vec<Value>,
    /// Where the next page begins; `None` if this is the last one.
    pub continue_token: Option<String>,
}
