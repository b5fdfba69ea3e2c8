//! Lists of objects, page by page.

use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::cluster::Cluster;
use crate::error::ClusterError;
use crate::resource::ResourceType;
use crate::transport::Call;

/// How many objects come in one answer.
const PAGE: u32 = 500;

/// Objects as they are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Whole.
    #[default]
    Whole,
    /// Only `metadata`.
    Metadata,
}

impl Form {
    fn accept(self) -> &'static str {
        match self {
            Self::Whole => "application/json",
            Self::Metadata => {
                "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
            }
        }
    }
}

/// Which objects.
#[derive(Clone, Debug, Default)]
pub struct ListOptions {
    /// `owner=helm,name=x`
    pub label_selector: Option<String>,
    /// `metadata.name=x`
    pub field_selector: Option<String>,
    /// How they are sent.
    pub form: Form,
    /// The number of objects from which on a list is given up; none to list all.
    pub most: Option<usize>,
}

/// Objects at one moment.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The objects. In lists an object has neither `apiVersion` nor `kind`, except those of kinds that users define.
    pub items: Vec<Value>,
    /// Where a watch goes on.
    pub resource_version: String,
    /// Whether these are all; false if there are more than were asked for.
    pub is_complete: bool,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    metadata: PageMetadata,
    #[serde(default)]
    items: Option<Vec<Value>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PageMetadata {
    r#continue: String,
    resource_version: String,
    remaining_item_count: usize,
}

impl Cluster {
    /// The objects of a kind in one namespace, or in all.
    ///
    /// # Errors
    /// The server cannot be asked, or refuses.
    pub async fn list(
        &self,
        resource: &ResourceType,
        namespace: Option<&str>,
        options: &ListOptions,
    ) -> Result<List, ClusterError> {
        let mut list = List::default();
        list.is_complete = self
            .each_page(resource, namespace, options, |items, resource_version| {
                list.items.extend(items);
                list.resource_version = resource_version;
            })
            .await?;
        Ok(list)
    }

    /// As [`Cluster::list`], with the objects handed over page by page, so that they need not be in memory together; whether
    /// these were all.
    ///
    /// # Errors
    /// As [`Cluster::list`].
    pub async fn each_page(
        &self,
        resource: &ResourceType,
        namespace: Option<&str>,
        options: &ListOptions,
        mut take: impl FnMut(Vec<Value>, String),
    ) -> Result<bool, ClusterError> {
        let mut next = String::new();
        let mut count = 0;
        loop {
            let mut query = Serializer::new(String::new());
            append_selectors(&mut query, options);
            query.append_pair("limit", &PAGE.to_string());
            if !next.is_empty() {
                query.append_pair("continue", &next);
            }
            let path = format!("{}?{}", resource.path(namespace), query.finish());
            let call = Call::get(path).accept(options.form.accept());
            let page: Page = self.requester().send(&call).await?.decode()?;
            let items = page.items.unwrap_or_default();
            count += items.len();
            let is_last = page.metadata.r#continue.is_empty();
            let remaining = page.metadata.remaining_item_count;
            take(items, page.metadata.resource_version);
            if is_last {
                return Ok(true);
            }
            if options.most.is_some_and(|most| count + remaining > most) {
                return Ok(false);
            }
            next = page.metadata.r#continue;
        }
    }
}

pub(crate) fn append_selectors(query: &mut Serializer<'_, String>, options: &ListOptions) {
    if let Some(selector) = &options.label_selector {
        query.append_pair("labelSelector", selector);
    }
    if let Some(selector) = &options.field_selector {
        query.append_pair("fieldSelector", selector);
    }
}
