//! Post-renderers: programs that get all documents and give others back.
//!
//! The file of each document goes along as an annotation. It is written into the text of the document and taken out
//! again, so that what the program leaves alone stays as it is, byte for byte; Helm writes every document anew.

use std::collections::BTreeMap;

use skeg_values::{Value, yaml};

use crate::context::is_partial;
use crate::manifests::{split_manifests, trim};

const KEY: &str = "postrenderer.helm.sh/postrender-filename";

/// Gets the documents of a release and gives back those to install instead.
pub trait PostRenderer {
    /// The documents that stand for the given ones, or why there are none.
    ///
    /// # Errors
    /// In the words that follow `error while running post render on files: `.
    fn run(&self, manifests: Vec<u8>) -> Result<Vec<u8>, String>;
}

type Files = BTreeMap<String, Vec<u8>>;

/// Sends files through a post-renderer, as Helm does with hooks and all else in one stream.
pub(crate) fn post_render(files: &Files, renderer: &dyn PostRenderer) -> Result<Files, String> {
    let merged = merge(files).map_err(|error| format!("error merging manifests: {error}"))?;
    let output = renderer.run(merged);
    let output = output.map_err(|error| format!("error while running post render on files: {error}"))?;
    split(&output).map_err(|error| format!("error while parsing post rendered output: {error}"))
}

fn merge(files: &Files) -> Result<Vec<u8>, String> {
    let mut merged = Vec::new();
    for (path, content) in files {
        if is_partial(path) {
            continue;
        }
        for document in split_manifests(content) {
            if lines(document).all(|line| is_blank(line)) {
                continue;
            }
            push(&mut merged, &annotated(document, path)?);
        }
    }
    Ok(merged)
}

fn split(output: &[u8]) -> Result<Files, String> {
    let mut files = Files::new();
    let documents = split_manifests(output).into_iter();
    let documents = documents.filter(|document| !lines(document).all(is_blank));
    for (index, document) in documents.enumerate() {
        let head = yaml::head(document).map_err(|error| format!("error parsing YAML: {error}"))?;
        let Some(path) = head.annotations.get(KEY).filter(|path| !path.is_empty()) else {
            let path = format!("generated-by-postrender-{index}.yaml");
            push(files.entry(path).or_default(), document);
            continue;
        };
        let plain = without_annotation(document);
        push(files.entry(path.clone()).or_default(), &plain);
    }
    Ok(files)
}

/// Appends a document to a stream.
fn push(stream: &mut Vec<u8>, document: &[u8]) {
    if !stream.is_empty() {
        stream.extend_from_slice(b"---\n");
    }
    stream.extend_from_slice(document);
    if !document.ends_with(b"\n") {
        stream.push(b'\n');
    }
}

/// The document with the annotation: in its text if that is simple, and else written anew.
fn annotated(document: &[u8], path: &str) -> Result<Vec<u8>, String> {
    let inserted = insert(document, path);
    let has_annotation = |text: &Vec<u8>| {
        let head = yaml::head(text).ok();
        head.is_some_and(|head| head.annotations.get(KEY).map(String::as_str) == Some(path))
    };
    if let Some(text) = inserted.filter(has_annotation) {
        return Ok(text);
    }
    let value = yaml::decode(document).map_err(|error| format!("parsing {path}: {error}"))?;
    let Value::Map(mut top) = value else {
        return Err(format!("annotating {path}: the document is no map"));
    };
    let mut metadata = take_map(&mut top, "metadata");
    let mut annotations = take_map(&mut metadata, "annotations");
    annotations.insert(KEY.to_owned(), Value::from(path));
    metadata.insert("annotations".to_owned(), Value::Map(annotations));
    top.insert("metadata".to_owned(), Value::Map(metadata));
    Ok(yaml::encode(&Value::Map(top)).into())
}

/// The document without the annotation.
fn without_annotation(document: &[u8]) -> Vec<u8> {
    let removed = remove(document);
    let is_gone = |text: &Vec<u8>| yaml::head(text).is_ok_and(|head| !head.annotations.contains_key(KEY));
    if let Some(text) = removed.filter(is_gone) {
        return text;
    }
    let Ok(Value::Map(mut top)) = yaml::decode(document) else {
        return document.to_vec();
    };
    let mut metadata = take_map(&mut top, "metadata");
    let mut annotations = take_map(&mut metadata, "annotations");
    annotations.remove(KEY);
    if !annotations.is_empty() {
        metadata.insert("annotations".to_owned(), Value::Map(annotations));
    }
    if !metadata.is_empty() {
        top.insert("metadata".to_owned(), Value::Map(metadata));
    }
    yaml::encode(&Value::Map(top)).into()
}

fn take_map(of: &mut skeg_values::Map, key: &str) -> skeg_values::Map {
    match of.remove(key) {
        Some(Value::Map(map)) => map,
        _ => skeg_values::Map::new(),
    }
}

/// Writes the annotation into ordinary block YAML.
fn insert(document: &[u8], path: &str) -> Option<Vec<u8>> {
    let quoted = skeg_go::quote::quote(path);
    let all: Vec<&[u8]> = lines(document).collect();
    let Some(metadata) = all.iter().position(|line| opens(line, 0, "metadata")) else {
        let is_there = all.iter().any(|line| line.starts_with(b"metadata"));
        let line = format!("metadata: {{annotations: {{{KEY}: {quoted}}}}}\n");
        return (!is_there).then(|| joined(&all, all.len(), &line));
    };
    let first = next_content(&all, metadata)?;
    let indent = indentation(all[first]);
    if indent == 0 {
        return None;
    }
    let end = end_of_block(&all, first, indent);
    let annotations = (first..end).find(|&at| opens(all[at], indent, "annotations"));
    let Some(annotations) = annotations else {
        let is_there = all[first..end]
            .iter()
            .any(|line| indentation(line) == indent && line[indent..].starts_with(b"annotations"));
        let line = format!("{:indent$}annotations: {{{KEY}: {quoted}}}\n", "");
        return (!is_there).then(|| joined(&all, first, &line));
    };
    let inner = next_content(&all, annotations).map(|at| indentation(all[at]));
    let inner = inner.filter(|&inner| inner > indent).unwrap_or(indent + 2);
    let line = format!("{:inner$}{KEY}: {quoted}\n", "");
    Some(joined(&all, annotations + 1, &line))
}

/// Takes the annotation out of the text, and what has nothing else in it.
fn remove(document: &[u8]) -> Option<Vec<u8>> {
    let mut all: Vec<&[u8]> = lines(document).collect();
    let mut at = all.iter().position(|line| contains(line, KEY))?;
    let is_whole = {
        let text = str::from_utf8(all[at]).ok()?.trim();
        let text = text.strip_prefix("metadata: {").unwrap_or(text);
        let text = text.strip_prefix("annotations: {").unwrap_or(text);
        text.trim_start_matches(['"', '\'']).starts_with(KEY)
    };
    if !is_whole {
        return None;
    }
    let mut indent = indentation(all[at]);
    all.remove(at);
    for key in ["annotations", "metadata"] {
        let Some(parent) = at.checked_sub(1).filter(|&parent| opens_any(all[parent], key)) else {
            break;
        };
        let has_more = next_content(&all, parent).is_some_and(|next| indentation(all[next]) >= indent);
        if has_more {
            break;
        }
        indent = indentation(all[parent]);
        all.remove(parent);
        at = parent;
    }
    Some(all.concat())
}

fn joined(all: &[&[u8]], at: usize, line: &str) -> Vec<u8> {
    let mut text = all[..at].concat();
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text.extend_from_slice(line.as_bytes());
    text.extend(all[at..].concat());
    text
}

/// The lines with their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|&byte| byte == b'\n')
}

/// Whether there is nothing on a line, or a comment.
fn is_blank(line: &[u8]) -> bool {
    let line = trim(line);
    line.is_empty() || line.starts_with(b"#")
}

fn indentation(line: &[u8]) -> usize {
    line.iter().take_while(|&&byte| byte == b' ').count()
}

/// Whether a line has this key at this depth, and nothing behind it.
fn opens(line: &[u8], indent: usize, key: &str) -> bool {
    indentation(line) == indent && opens_any(line, key)
}

fn opens_any(line: &[u8], key: &str) -> bool {
    let rest = trim(line).strip_prefix(key.as_bytes());
    let rest = rest.and_then(|rest| rest.strip_prefix(b":"));
    rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with(b" ") && is_blank(rest)))
}

fn next_content(all: &[&[u8]], after: usize) -> Option<usize> {
    (after + 1..all.len()).find(|&at| !is_blank(all[at]))
}

/// Where the lines end that are at least so deep.
fn end_of_block(all: &[&[u8]], first: usize, indent: usize) -> usize {
    let is_outside = |&at: &usize| !is_blank(all[at]) && indentation(all[at]) < indent;
    (first..all.len()).find(is_outside).unwrap_or(all.len())
}

fn contains(line: &[u8], text: &str) -> bool {
    memchr::memmem::find(line, text.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNOTATION: &str = "postrenderer.helm.sh/postrender-filename: \"c/a.yaml\"";

    fn files(content: &str) -> Files {
        Files::from([("c/a.yaml".to_owned(), content.as_bytes().to_vec())])
    }

    /// What the program gets; and what it leaves alone comes back as it was.
    #[track_caller]
    fn check(document: &str, expected: &str) {
        let merged = merge(&files(document)).unwrap();
        let merged = String::from_utf8(merged).unwrap();
        assert_eq!(merged, expected.replace("ANNOTATION", ANNOTATION));
        let back = split(merged.as_bytes()).unwrap();
        assert_eq!(back, files(document));
    }

    #[test]
    fn annotations_come_and_go() {
        check(
            "kind: A\nmetadata:\n  name: a # b\n  annotations:\n    x: y\nspec: 1\n",
            "kind: A\nmetadata:\n  name: a # b\n  annotations:\n    ANNOTATION\n    x: y\nspec: 1\n",
        );
        check(
            "metadata: # m\n\n    # n\n    name: a\n",
            "metadata: # m\n\n    # n\n    annotations: {ANNOTATION}\n    name: a\n",
        );
        check("kind: A\n", "kind: A\nmetadata: {annotations: {ANNOTATION}}\n");
        check(
            "# Source\nmetadata:\n  name: a\ndata:\n  annotations:\n    x: |\n      metadata:\n",
            "# Source\nmetadata:\n  annotations: {ANNOTATION}\n  name: a\ndata:\n  annotations:\n    x: |\n      metadata:\n",
        );
        check(
            "a: 1\n---\nmetadata:\n  name: b\n",
            "a: 1\nmetadata: {annotations: {ANNOTATION}}\n---\nmetadata:\n  annotations: {ANNOTATION}\n  name: b\n",
        );
    }

    #[track_caller]
    fn check_anew(document: &str, expected: &str, back: &str) {
        let merged = merge(&files(document)).unwrap();
        let expected = expected.replace("ANNOTATION", &ANNOTATION.replace('"', ""));
        assert_eq!(String::from_utf8(merged.clone()).unwrap(), expected);
        assert_eq!(split(&merged).unwrap(), files(back));
    }

    #[test]
    fn other_documents_are_written_anew() {
        check_anew(
            "{kind: A, metadata: {name: a}}",
            "kind: A\nmetadata:\n  annotations:\n    ANNOTATION\n  name: a\n",
            "kind: A\nmetadata:\n  name: a\n",
        );
        check_anew(
            "metadata:\n  annotations: {x: z}\n",
            "metadata:\n  annotations:\n    ANNOTATION\n    x: z\n",
            "metadata:\n  annotations:\n    x: z\n",
        );
    }

    #[test]
    fn comments_are_no_documents() {
        assert_eq!(merge(&files("# a\n---\n\n# b\n")).unwrap(), b"");
    }

    #[test]
    fn what_is_no_document_is_an_error() {
        let error = |document: &str| merge(&files(document)).unwrap_err();
        assert_eq!(error("- a\n"), "annotating c/a.yaml: the document is no map");
        assert!(error("a: [\n").starts_with("parsing c/a.yaml: "));
        assert!(split(b"a: [\n").unwrap_err().starts_with("error parsing YAML: "));
    }

    #[test]
    fn new_documents_get_names() {
        let files = split(b"kind: A\n---\nkind: B\n").unwrap();
        let names: Vec<&String> = files.keys().collect();
        assert_eq!(names, ["generated-by-postrender-0.yaml", "generated-by-postrender-1.yaml"]);
    }
}
