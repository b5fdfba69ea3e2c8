//! The head of a manifest: what Helm reads of it to sort it and to find hooks.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::error::DecodeError;
use super::quick::{self, Key, Reader, Shape, Skipped, Slot, is_finite};
use super::resolve::{Scalar, resolve_plain};
use super::target::Target;
use crate::struct_reader::{ReadStructError, StructReader, coerce_string};
use crate::value::Value;

/// What Helm calls a simple head: `apiVersion`, `kind` and part of `metadata`, with empty texts for what is not
/// there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
    /// `metadata.name`
    pub name: String,
    /// `metadata.annotations`; numbers and booleans have become text.
    pub annotations: BTreeMap<String, String>,
}

/// A manifest that Helm cannot read, in Helm's words, without `YAML parse error on path: `.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// The manifest is not YAML, or JSON cannot hold it.
    #[error(transparent)]
    Document(#[from] DecodeError),
    /// Some part of the head has the wrong kind.
    #[error(transparent)]
    WrongKind(#[from] ReadStructError),
}

const METADATA: &str =
    r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

/// Reads the head of a manifest; all of the manifest is checked.
///
/// ```
/// use skeg_values::yaml;
///
/// let head = yaml::head(b"kind: Pod\nmetadata:\n  name: web\n  annotations: {weight: 5}\nspec: {}\n")?;
/// assert_eq!((head.kind.as_str(), head.name.as_str()), ("Pod", "web"));
/// assert_eq!(head.annotations["weight"], "5");
/// let error = yaml::head(b"kind: Pod\nmetadata: [\n").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "error converting YAML to JSON: yaml: line 2: did not find expected node content"
/// );
/// # Ok::<(), yaml::HeadError>(())
/// ```
pub fn head(manifest: &[u8]) -> Result<Head, HeadError> {
    match quick::read(manifest) {
        Some(Top(head)) => Ok(head),
        None => read_slowly(manifest),
    }
}

fn read_slowly(manifest: &[u8]) -> Result<Head, HeadError> {
    let value = super::decode_for_struct(manifest)?;
    let mut reader = StructReader::new(&value, "util.SimpleHead")?;
    let mut head = Head {
        api_version: reader.string("apiVersion"),
        kind: reader.string("kind"),
        ..Head::default()
    };
    let metadata = reader.structure("metadata", METADATA, |reader| {
        (reader.string("name"), reader.string_map("annotations"))
    });
    if let Some((name, annotations)) = metadata {
        head.name = name;
        head.annotations = annotations.unwrap_or_default();
    }
    reader.finish()?;
    Ok(head)
}

/// What a key means.
enum Field<'name> {
    Known(&'name str),
    Other,
}

/// Which field a key means: Go's decoder does not mind the case, but this gives up where it differs.
fn field<'name>(key: &str, names: &[&'name str]) -> Option<Field<'name>> {
    match names.iter().find(|name| name.eq_ignore_ascii_case(key)) {
        None => Some(Field::Other),
        Some(name) => (*name == key).then_some(Field::Known(name)),
    }
}

/// The whole manifest.
struct Top(Head);

impl Shape for Top {
    const NEEDS_TEXT: bool = false;
    type List = ();
    type Map = Head;

    fn entry(head: &mut Head, key: &Key<'_>, reader: &mut Reader<'_>, slot: Slot) -> Option<()> {
        match field(&key.to_text()?, &["apiVersion", "kind", "metadata"])? {
            Field::Known("apiVersion") => head.api_version = reader.value::<Text>(slot)?.0,
            Field::Known("kind") => head.kind = reader.value::<Text>(slot)?.0,
            Field::Known(_) => {
                let metadata: Metadata = reader.value(slot)?;
                head.name = metadata.name;
                head.annotations = metadata.annotations;
            }
            Field::Other => {
                let Skipped = reader.value(slot)?;
            }
        }
        Some(())
    }

    fn map(head: Head) -> Option<Self> {
        Some(Self(head))
    }
}

/// `metadata`
#[derive(Default)]
struct Metadata {
    name: String,
    annotations: BTreeMap<String, String>,
}

impl Shape for Metadata {
    const NEEDS_TEXT: bool = false;
    type List = ();
    type Map = Self;

    fn entry(metadata: &mut Self, key: &Key<'_>, reader: &mut Reader<'_>, slot: Slot) -> Option<()> {
        match field(&key.to_text()?, &["name", "annotations"])? {
            Field::Known("name") => metadata.name = reader.value::<Text>(slot)?.0,
            Field::Known(_) => metadata.annotations = reader.value::<Texts>(slot)?.0,
            Field::Other => {
                let Skipped = reader.value(slot)?;
            }
        }
        Some(())
    }

    fn map(metadata: Self) -> Option<Self> {
        Some(metadata)
    }
}

/// A field of type `map[string]string`.
struct Texts(BTreeMap<String, String>);

impl Shape for Texts {
    const NEEDS_TEXT: bool = false;
    type List = ();
    type Map = BTreeMap<String, String>;

    fn plain(text: &str) -> Option<Self> {
        (resolve_plain(text) == Scalar::Null).then(|| Self(BTreeMap::new()))
    }

    fn entry(texts: &mut Self::Map, key: &Key<'_>, reader: &mut Reader<'_>, slot: Slot) -> Option<()> {
        let Text(text) = reader.value(slot)?;
        texts.insert(key.to_text()?.into_owned(), text);
        Some(())
    }

    fn map(texts: Self::Map) -> Option<Self> {
        Some(Self(texts))
    }
}

/// A field of type `string`; `null` is empty.
struct Text(String);

impl Shape for Text {
    const NEEDS_TEXT: bool = true;
    type List = ();
    type Map = ();

    fn plain(text: &str) -> Option<Self> {
        let scalar = resolve_plain(text);
        if !is_finite(&scalar) {
            return None;
        }
        let value = Value::scalar(scalar, text);
        Some(Self(coerce_string(&value).unwrap_or_default()))
    }

    fn text(text: Cow<'_, str>) -> Option<Self> {
        Some(Self(text.into_owned()))
    }

    fn entry((): &mut (), _: &Key<'_>, _: &mut Reader<'_>, _: Slot) -> Option<()> {
        None
    }

    fn map((): ()) -> Option<Self> {
        None
    }
}
