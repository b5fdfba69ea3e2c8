//! Rendered files as the resources in them, decoded as the Kubernetes libraries do.

use skeg_values::{ReadStructError, StructReader, Value, json, yaml};

/// What the rules look at of a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resource {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    /// The line of the file that its document begins on, from 1.
    pub(crate) line: u64,
}

/// A document that is no resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadDocument {
    pub(crate) message: String,
    /// The line of the file, from 1.
    pub(crate) line: u64,
}

impl Resource {
    /// Reads one document; an empty one is none.
    fn read(document: &[u8], line: u64) -> Result<Option<Self>, BadDocument> {
        let value = yaml::decode_for_struct(document).map_err(|error| BadDocument {
            message: error.to_string(),
            line: line + error.line().unwrap_or(1) - 1,
        })?;
        if value.is_null() {
            return Ok(None);
        }
        let bad = |error: ReadStructError| BadDocument {
            message: error.to_string(),
            line,
        };
        let mut reader = StructReader::new(&value, "rules.k8sYamlStruct").map_err(bad)?;
        let resource = Self {
            api_version: reader.string("apiVersion"),
            kind: reader.string("kind"),
            name: reader
                .structure("metadata", "rules.k8sYamlMetadata", |reader| {
                    reader.string("namespace");
                    reader.string("name")
                })
                .unwrap_or_default(),
            line,
        };
        reader.finish().map_err(bad)?;
        Ok(Some(resource))
    }
}

/// The resources of a file, one after the other; it ends with the first document that is none.
pub(crate) fn resources(content: &[u8]) -> impl Iterator<Item = Result<Resource, BadDocument>> {
    let mut documents = Documents::new(content);
    std::iter::from_fn(move || {
        loop {
            let document = match documents.next()? {
                Ok(document) => document,
                Err(error) => return Some(Err(error)),
            };
            let resource = Resource::read(document.text, document.line);
            if resource.is_err() {
                documents.rest = b"";
            }
            if let Some(resource) = resource.transpose() {
                return Some(resource);
            }
        }
    })
}

/// Whether some item of a list has this annotation. Only the first document of a file is looked at.
///
/// # Errors
/// The document has not the form of a list of resources; the text is Helm's.
pub(crate) fn has_annotated_item(content: &[u8], annotation: &str) -> Result<bool, String> {
    let value = yaml::decode_for_struct(content).map_err(|error| error.to_string())?;
    let go_type = "struct { Items []struct { Metadata struct { Annotations map[string]string } } }";
    let mut reader = StructReader::new(&value, go_type).map_err(|error| error.to_string())?;
    let item_type = "struct { Metadata struct { Annotations map[string]string } }";
    let metadata_type = "struct { Annotations map[string]string }";
    let items = reader.structs("items", item_type, |reader| {
        reader.structure("metadata", metadata_type, |reader| {
            let annotations = reader.string_map("annotations").unwrap_or_default();
            annotations.contains_key(annotation)
        })
    });
    reader.finish().map_err(|error| error.to_string())?;
    Ok(items
        .into_iter()
        .flatten()
        .flatten()
        .any(|is_annotated| is_annotated))
}

struct Document<'content> {
    text: &'content [u8],
    line: u64,
}

/// A file as its documents. One that begins with `{` may be JSON, where values follow each other without anything
/// between them.
struct Documents<'content> {
    rest: &'content [u8],
    line: u64,
    may_be_json: bool,
}

impl<'content> Documents<'content> {
    fn new(content: &'content [u8]) -> Self {
        Self {
            rest: content,
            line: 1,
            may_be_json: content.trim_ascii_start().starts_with(b"{"),
        }
    }

    fn next(&mut self) -> Option<Result<Document<'content>, BadDocument>> {
        if self.may_be_json {
            if self.rest.trim_ascii().is_empty() {
                return None;
            }
            if let Some(length) = json_length(self.rest) {
                return Some(Ok(self.take(length, length)));
            }
            self.may_be_json = false;
        }
        if self.rest.is_empty() {
            return None;
        }
        Some(self.next_yaml())
    }

    /// Up to a line that begins with `---`, behind which only a comment may follow.
    fn next_yaml(&mut self) -> Result<Document<'content>, BadDocument> {
        let mut at = 0;
        for (line, number) in self.rest.split_inclusive(|&byte| byte == b'\n').zip(self.line..) {
            if let Some(after) = line.strip_prefix(b"---") {
                let after = String::from_utf8_lossy(after);
                let after = after.trim();
                if !after.is_empty() && !after.starts_with('#') {
                    let message = format!("invalid Yaml document separator: {after}");
                    self.rest = b"";
                    return Err(BadDocument {
                        message,
                        line: number,
                    });
                }
                if at > 0 {
                    return Ok(self.take(at, at + line.len()));
                }
            }
            at += line.len();
        }
        Ok(self.take(at, at))
    }

    /// Takes `length` bytes as a document and passes over `total`.
    fn take(&mut self, length: usize, total: usize) -> Document<'content> {
        let document = Document {
            text: &self.rest[..length],
            line: self.line,
        };
        let passed = &self.rest[..total];
        self.line += passed.iter().map(|&byte| u64::from(byte == b'\n')).sum::<u64>();
        self.rest = &self.rest[total..];
        document
    }
}

/// The length of the JSON object that the content begins with, if it is one.
fn json_length(content: &[u8]) -> Option<usize> {
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    for (index, &byte) in content.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' => depth += 1,
            b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    let object = &content[..=index];
                    let is_object = json::parse(object).is_ok_and(|value| matches!(value, Value::Map(_)));
                    return is_object.then_some(index + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::resources;

    #[track_caller]
    fn check(content: &str, expected: &[&str]) {
        let found: Vec<String> = resources(content.as_bytes())
            .map(|resource| match resource {
                Ok(resource) => format!("{} {} {}", resource.line, resource.kind, resource.name),
                Err(error) => format!("{} {}", error.line, error.message),
            })
            .collect();
        assert_eq!(found, expected, "{content:?}");
    }

    #[test]
    fn documents_are_separated_by_lines() {
        check("kind: A\n---\nkind: B\nmetadata: {name: 1}\n", &["1 A ", "3 B 1"]);
        check("---\n---\n# x\n--- # y\nkind: B\n", &["5 B "]);
        check("", &[]);
        check(
            "kind: A\n--- kind: B\n",
            &["2 invalid Yaml document separator: kind: B"],
        );
    }

    #[test]
    fn json_values_may_follow_each_other() {
        check("{\"kind\": \"A\"} {\"kind\": \"B\"}\n", &["1 A ", "1 B "]);
        check("{kind: A}\n---\n{kind: B}", &["1 A ", "3 B "]);
    }

    #[test]
    fn a_bad_document_is_the_last() {
        check(
            "kind: A\n---\nkind: [\n---\nkind: B\n",
            &[
                "1 A ",
                "4 error converting YAML to JSON: yaml: line 1: did not find expected node content",
            ],
        );
        check(
            "kind: {}\n",
            &["1 error unmarshaling JSON: while decoding JSON: \
               json: cannot unmarshal object into Go struct field .kind of type string"],
        );
    }
}
