//! From nodes to values: go-yaml v2's decoding into `any`, and the bridge to JSON of sigs.k8s.io/yaml.

use std::borrow::Cow;
use std::collections::HashSet;

use skeg_go::number::{format_f32, format_f64};
use skeg_yaml::Mark;

use super::error::DecodeError;
use super::native::Native;
use super::node::{Children, Document, MAX_DEPTH, Node, NodeId, NodeKind, depth_message, error_at};
use super::resolve::{Scalar, resolve};
use super::target::Target;
use crate::value::Value;

const NULL_TAG: &str = "tag:yaml.org,2002:null";
const MERGE_TAG: &str = "tag:yaml.org,2002:merge";

/// What to do with a key that its mapping already has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Duplicates {
    LastWins,
    Refuse,
}

/// What to do with infinities and NaN, which JSON does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NonFinite {
    Keep,
    Refuse,
}

/// Decodes the document.
pub(super) fn decode<T: Target>(
    document: &Document<'_>,
    duplicates: Duplicates,
    non_finite: NonFinite,
) -> Result<T, DecodeError> {
    let mut decoder = Decoder {
        document,
        duplicates,
        non_finite,
        open_aliases: HashSet::new(),
        count: Count::default(),
        depth: 0,
        duplicate_errors: Vec::new(),
        first_duplicate: None,
        unsupported_key: None,
        non_finite_mark: None,
    };
    // Go counts the document itself as well.
    decoder.count.total = 1;
    let value = match document.root() {
        Some(root) => decoder.value(root)?,
        None => T::scalar(Scalar::Null, ""),
    };
    decoder.finish(value)
}

struct Decoder<'doc> {
    document: &'doc Document<'doc>,
    duplicates: Duplicates,
    non_finite: NonFinite,
    open_aliases: HashSet<NodeId>,
    count: Count,
    depth: usize,
    duplicate_errors: Vec<String>,
    first_duplicate: Option<Mark>,
    /// The value of the last key that JSON does not have, which Go notices when all of the YAML is decoded.
    unsupported_key: Option<Mark>,
    /// Where the first number stands that JSON does not have.
    non_finite_mark: Option<Mark>,
}

impl Decoder<'_> {
    fn finish<T: Target>(self, value: T) -> Result<T, DecodeError> {
        if let Some(mark) = self.first_duplicate {
            let message = format!(
                "yaml: unmarshal errors:\n  {}",
                self.duplicate_errors.join("\n  ")
            );
            return Err(error_at(message, mark));
        }
        if let (Some(mark), Some(root)) = (self.unsupported_key, self.document.root())
            && let Some((key, value)) = self.native(root).find_unsupported_key()
        {
            let kind = match key {
                Native::UInt(_) => "uint64",
                _ => "%!s(<nil>)",
            };
            let message = format!("unsupported map key of type: {kind}, key: {key}, value: {value}");
            return Err(error_at(message, mark));
        }
        // A later entry may have replaced the number, or it is a key.
        if let (NonFinite::Refuse, Some(mark)) = (self.non_finite, self.non_finite_mark)
            && let Some(number) = value.find_non_finite()
        {
            let name = format_f64(number);
            return Err(error_at(format!("json: unsupported value: {name}"), mark));
        }
        Ok(value)
    }

    fn value<T: Target>(&mut self, id: NodeId) -> Result<T, DecodeError> {
        let node = self.document.node(id);
        self.count.add(node.mark)?;
        match &node.kind {
            NodeKind::Scalar { value, implicit } => self.scalar(node, value, *implicit),
            NodeKind::Alias { anchor, target } => self.alias(id, anchor, *target),
            NodeKind::Sequence(children) => self.sequence(node, *children),
            NodeKind::Mapping(_) => {
                let mut entries = Entries::<T>::default();
                self.mapping(node, &mut entries)?;
                Ok(T::map(entries.map))
            }
        }
    }

    fn alias<T: Target>(&mut self, id: NodeId, anchor: &str, target: NodeId) -> Result<T, DecodeError> {
        self.enter_alias(id, anchor, self.document.node(id).mark)?;
        let value = self.value(target)?;
        self.leave_alias(id);
        Ok(value)
    }

    fn sequence<T: Target>(&mut self, node: &Node<'_>, children: Children) -> Result<T, DecodeError> {
        self.descend(node.mark)?;
        let mut items = Vec::new();
        for child in self.document.children(children) {
            items.push(self.value(child)?);
        }
        self.depth -= 1;
        Ok(T::list(items))
    }

    fn descend(&mut self, mark: Mark) -> Result<(), DecodeError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(error_at(depth_message(), mark));
        }
        Ok(())
    }

    fn enter_alias(&mut self, id: NodeId, anchor: &str, mark: Mark) -> Result<(), DecodeError> {
        if !self.open_aliases.insert(id) {
            return Err(error_at(
                format!("yaml: anchor '{anchor}' value contains itself"),
                mark,
            ));
        }
        self.count.alias_depth += 1;
        Ok(())
    }

    fn leave_alias(&mut self, id: NodeId) {
        self.count.alias_depth -= 1;
        self.open_aliases.remove(&id);
    }

    fn scalar<T: Target>(&mut self, node: &Node<'_>, text: &str, implicit: bool) -> Result<T, DecodeError> {
        let scalar = resolve_node(node, text, implicit)?;
        if matches!(scalar, Scalar::Float(value) if !value.is_finite()) {
            self.non_finite_mark.get_or_insert(node.mark);
        }
        Ok(T::scalar(scalar, text))
    }

    /// Adds the entries of a mapping node to others, which are there already when a merge key brings it here.
    fn mapping<T: Target>(&mut self, node: &Node<'_>, entries: &mut Entries<T>) -> Result<(), DecodeError> {
        let NodeKind::Mapping(children) = &node.kind else {
            return Ok(());
        };
        self.descend(node.mark)?;
        let mut children = self.document.children(*children);
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            if is_merge(self.document.node(key)) {
                self.merge(value, entries)?;
                continue;
            }
            let decoded_key = self.key(key)?;
            let decoded = self.value(value)?;
            if self.duplicates == Duplicates::Refuse && self.is_duplicate(key, value, entries) {
                continue;
            }
            match key_text(decoded_key) {
                Ok(text) => T::insert(&mut entries.map, text, decoded),
                Err(_) => self.unsupported_key = Some(self.document.node(value).mark),
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// `<<: *base` or `<<: [*a, *b]`: the entries come in where the merge key stands, so they replace what
    /// was written before it; of several, the first wins.
    fn merge<T: Target>(&mut self, id: NodeId, entries: &mut Entries<T>) -> Result<(), DecodeError> {
        let NodeKind::Sequence(children) = &self.document.node(id).kind else {
            return self.merge_one(id, entries);
        };
        let children: Vec<NodeId> = self.document.children(*children).collect();
        for child in children.into_iter().rev() {
            self.merge_one(child, entries)?;
        }
        Ok(())
    }

    fn merge_one<T: Target>(&mut self, id: NodeId, entries: &mut Entries<T>) -> Result<(), DecodeError> {
        let node = self.document.node(id);
        match &node.kind {
            NodeKind::Mapping(_) => {
                self.count.add(node.mark)?;
                self.mapping(node, entries)
            }
            NodeKind::Alias { anchor, target }
                if matches!(self.document.node(*target).kind, NodeKind::Mapping(_)) =>
            {
                self.count.add(node.mark)?;
                self.enter_alias(id, anchor, node.mark)?;
                self.merge_one(*target, entries)?;
                self.leave_alias(id);
                Ok(())
            }
            _ => Err(error_at(
                "yaml: map merge requires map or sequence of maps as the value".to_owned(),
                node.mark,
            )),
        }
    }

    fn key(&mut self, id: NodeId) -> Result<Value, DecodeError> {
        let mark = self.document.node(id).mark;
        let key = self.value(id)?;
        match &key {
            Value::List(_) | Value::Map(_) => Err(error_at(
                format!("yaml: invalid map key: {}", self.native(id)),
                mark,
            )),
            _ => Ok(key),
        }
    }

    /// Notes a key that its mapping has already.
    fn is_duplicate<T: Target>(&mut self, key: NodeId, value: NodeId, entries: &mut Entries<T>) -> bool {
        let shown = self.native(key);
        let is_new = shown
            .identity()
            .is_none_or(|identity| entries.keys.insert(identity));
        if !is_new {
            let mark = self.document.node(value).mark;
            self.duplicate_errors
                .push(format!("line {}: key {shown} already set in map", mark.line + 1));
            self.first_duplicate.get_or_insert(mark);
        }
        !is_new
    }

    /// What a node is for go-yaml.
    fn native(&self, id: NodeId) -> Native {
        Native::of(self.document, id, self.duplicates)
    }
}

/// The entries of a mapping so far.
struct Entries<T: Target> {
    map: T::Map,
    /// The keys as go-yaml has them, where it matters which are equal.
    keys: HashSet<String>,
}

impl<T: Target> Default for Entries<T> {
    fn default() -> Self {
        Self {
            map: T::Map::default(),
            keys: HashSet::new(),
        }
    }
}

/// Whether a key asks for merging.
pub(super) fn is_merge(key: &Node<'_>) -> bool {
    matches!(&key.kind, NodeKind::Scalar { value, implicit }
        if value == "<<" && (*implicit || tag_of(key) == Some(MERGE_TAG)))
}

/// The key as JSON text that a plain scalar is; none if JSON has no such keys.
pub(super) fn scalar_key(scalar: Scalar, text: &str) -> Option<Cow<'_, str>> {
    match scalar {
        Scalar::Text | Scalar::Timestamp => Some(Cow::Borrowed(text)),
        other => key_text(Value::scalar(other, text)).ok().map(Cow::Owned),
    }
}

/// The key as JSON text; the key itself if JSON has no such keys.
fn key_text(key: Value) -> Result<String, Value> {
    match key {
        Value::String(text) => Ok(text),
        Value::Int(value) => Ok(value.to_string()),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Float(value) => Ok(float_key(value)),
        other => Err(other),
    }
}

fn float_key(value: f64) -> String {
    match format_f32(value).as_str() {
        "+Inf" => ".inf".to_owned(),
        "-Inf" => "-.inf".to_owned(),
        "NaN" => ".nan".to_owned(),
        number => number.to_owned(),
    }
}

fn tag_of<'doc>(node: &'doc Node<'_>) -> Option<&'doc str> {
    node.tag.as_ref().map(|tag| &***tag)
}

pub(super) fn resolve_node(node: &Node<'_>, text: &str, implicit: bool) -> Result<Scalar, DecodeError> {
    if node.tag.is_none() && !implicit {
        return Ok(Scalar::Text);
    }
    if tag_of(node) == Some(NULL_TAG) && text.is_empty() {
        return Ok(Scalar::Null);
    }
    resolve(tag_of(node), text).map_err(|message| error_at(format!("yaml: {message}"), node.mark))
}

/// How much was decoded, and how much of it through aliases: go-yaml's guard against documents that blow up.
#[derive(Default)]
struct Count {
    total: u64,
    aliased: u64,
    alias_depth: u64,
}

impl Count {
    fn add(&mut self, mark: Mark) -> Result<(), DecodeError> {
        self.total += 1;
        if self.alias_depth > 0 {
            self.aliased += 1;
        }
        if self.aliased > 100 && self.total > 1000 && self.share() > self.allowed_share() {
            let message = "yaml: document contains excessive aliasing".to_owned();
            return Err(error_at(message, mark));
        }
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    fn share(&self) -> f64 {
        self.aliased as f64 / self.total as f64
    }

    /// go-yaml 2.4.4: 99 % for up to 400 000 nodes, falling to 10 % at 4 000 000.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    fn allowed_share(&self) -> f64 {
        const LOW: u64 = 400_000;
        const HIGH: u64 = 4_000_000;
        let above = self.total.clamp(LOW, HIGH) - LOW;
        0.99 - 0.89 * (above as f64 / (HIGH - LOW) as f64)
    }
}
