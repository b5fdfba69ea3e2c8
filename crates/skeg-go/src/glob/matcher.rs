//! The machines that patterns become, with all that is odd about them.
//!
//! `gobwas/glob` picks a special machine for many forms of patterns, and these do not agree in all cases: lengths in
//! characters are taken for lengths in bytes, parts may overlap, the empty path is often forgotten. Charts depend
//! on some of it: `files/**/x` matches `files/x`. So what each machine accepts, and where it finds itself in a
//! text, is as it is there. What is our own is that no question is answered twice, so that time stays bounded.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use crate::regexp::decode_char;

#[derive(Clone, Debug)]
pub(super) enum Matcher {
    Anything,
    /// Anything without slashes.
    Segment,
    /// One character.
    One(Set),
    Text(Vec<u8>),
    Nothing,
    /// So many characters or more.
    AtLeast(usize),
    /// So many characters or fewer.
    AtMost(usize),
    /// A text with this in it, or without it.
    Contains {
        needle: Vec<u8>,
        negated: bool,
    },
    Prefix(Vec<u8>),
    Suffix(Vec<u8>),
    /// May overlap.
    PrefixAndSuffix(Vec<u8>, Vec<u8>),
    /// A text, and anything without slashes after it.
    PrefixAndSegment(Vec<u8>),
    /// Anything without slashes, and a text after it.
    SegmentAndSuffix(Vec<u8>),
    All(Vec<Matcher>),
    Either(Vec<Matcher>),
    /// Machines of known lengths one after the other.
    Row {
        length: usize,
        parts: Vec<Matcher>,
    },
    Tree(Box<Tree>),
}

/// A machine that is found in the text, and those for what is before and after it.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) value: Matcher,
    pub(super) left: Option<Matcher>,
    pub(super) right: Option<Matcher>,
}

/// A set of characters.
#[derive(Clone, Debug)]
pub(super) enum Set {
    NotSlash,
    List { characters: Vec<char>, negated: bool },
    Range { low: char, high: char, negated: bool },
}

impl Set {
    fn contains(&self, c: char) -> bool {
        match self {
            Self::NotSlash => c != '/',
            Self::List { characters, negated } => characters.contains(&c) != *negated,
            Self::Range { low, high, negated } => (*low..=*high).contains(&c) != *negated,
        }
    }
}

/// Where a machine found itself: the place, and how long it may be from there.
type Found = Option<(usize, Vec<usize>)>;

/// A text and what has been found out about parts of it.
pub(super) struct Run<'t> {
    text: &'t [u8],
    answers: RefCell<HashMap<(usize, usize, usize), bool>>,
}

impl<'t> Run<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        let answers = RefCell::default();
        Self { text, answers }
    }

    fn tree_matches(&self, tree: &Tree, range: Range<usize>) -> bool {
        let key = (std::ptr::from_ref(tree).addr(), range.start, range.end);
        if let Some(known) = self.answers.borrow().get(&key) {
            return *known;
        }
        let answer = tree.matches(self, range);
        self.answers.borrow_mut().insert(key, answer);
        answer
    }
}

impl Matcher {
    /// How many characters all matching texts have, as far as that is known.
    pub(super) fn length(&self) -> Option<usize> {
        match self {
            Self::One(_) => Some(1),
            Self::Text(text) => Some(characters(text).count()),
            Self::Nothing => Some(0),
            Self::Row { length, .. } => Some(*length),
            Self::Either(matchers) => either_length(matchers),
            Self::Tree(tree) => {
                let side = |side: &Option<Self>| side.as_ref().map_or(Some(0), Self::length);
                Some(side(&tree.left)? + tree.value.length()? + side(&tree.right)?)
            }
            _ => None,
        }
    }

    pub(super) fn matches(&self, run: &Run<'_>, range: Range<usize>) -> bool {
        let text = &run.text[range.clone()];
        match self {
            Self::Anything => true,
            Self::Segment => !text.contains(&b'/'),
            Self::One(set) => match characters(text).next() {
                None => set.contains(char::REPLACEMENT_CHARACTER),
                Some((_, c, width)) => width == text.len() && set.contains(c),
            },
            Self::Text(own) => text == own,
            Self::Nothing => text.is_empty(),
            Self::AtLeast(count) => characters(text).count() >= *count,
            Self::AtMost(count) => characters(text).count() <= *count,
            Self::Contains { needle, negated } => find(text, needle).is_some() != *negated,
            Self::Prefix(prefix) => text.starts_with(prefix),
            Self::Suffix(suffix) => text.ends_with(suffix),
            Self::PrefixAndSuffix(prefix, suffix) => text.starts_with(prefix) && text.ends_with(suffix),
            Self::PrefixAndSegment(prefix) => text
                .strip_prefix(prefix.as_slice())
                .is_some_and(|rest| !rest.contains(&b'/')),
            Self::SegmentAndSuffix(suffix) => text
                .strip_suffix(suffix.as_slice())
                .is_some_and(|rest| !rest.contains(&b'/')),
            Self::All(matchers) => matchers.iter().all(|matcher| matcher.matches(run, range.clone())),
            Self::Either(matchers) => matchers.iter().any(|matcher| matcher.matches(run, range.clone())),
            Self::Row { length, parts } => {
                characters(text).count() == *length && row_matches(parts, run, range)
            }
            Self::Tree(tree) => run.tree_matches(tree, range),
        }
    }

    fn find(&self, run: &Run<'_>, range: Range<usize>) -> Found {
        let text = &run.text[range.clone()];
        match self {
            Self::Anything => Some((0, boundaries(text))),
            Self::Segment => Some((0, boundaries(before_slash(text)))),
            Self::One(set) => {
                let found = characters(text).find(|(_, c, _)| set.contains(*c));
                found.map(|(at, c, _)| (at, vec![c.len_utf8()]))
            }
            Self::Text(own) => Some((find(text, own)?, vec![own.len()])),
            Self::Nothing => Some((0, vec![0])),
            Self::AtLeast(count) => {
                let ends: Vec<usize> = ends(text).skip(count.saturating_sub(1)).collect();
                (!ends.is_empty()).then_some((0, ends))
            }
            Self::AtMost(count) => Some((0, [0].into_iter().chain(ends(text).take(*count)).collect())),
            Self::Contains { needle, negated } => find_containing(text, needle, *negated),
            Self::Prefix(prefix) => {
                let at = find(text, prefix)?;
                Some((at, prefix_lengths(prefix, &text[at + prefix.len()..])))
            }
            Self::Suffix(suffix) => Some((0, vec![find(text, suffix)? + suffix.len()])),
            Self::PrefixAndSuffix(prefix, suffix) => find_between(text, prefix, suffix),
            Self::PrefixAndSegment(prefix) => {
                let at = find(text, prefix)?;
                Some((
                    at,
                    prefix_lengths(prefix, before_slash(&text[at + prefix.len()..])),
                ))
            }
            Self::SegmentAndSuffix(suffix) => find_segment_before(text, suffix),
            Self::All(matchers) => find_all(matchers, run, range),
            Self::Either(matchers) => find_either(matchers, run, &range),
            Self::Row { length, parts } => characters(text)
                .map(|(at, ..)| at)
                .take_while(|at| text.len() - at >= *length)
                .find(|at| row_matches(parts, run, range.start + at..range.end))
                .map(|at| (at, vec![*length])),
            Self::Tree(_) => None,
        }
    }
}

impl Tree {
    /// Lengths in characters count as bytes here.
    fn matches(&self, run: &Run<'_>, range: Range<usize>) -> bool {
        let side_length = |side: &Option<Matcher>| side.as_ref().map_or(Some(0), Matcher::length);
        let (left, right) = (side_length(&self.left), side_length(&self.right));
        if let (Some(left), Some(value), Some(right)) = (left, self.value.length(), right)
            && left + value + right > range.len()
        {
            return false;
        }
        let side = |side: &Option<Matcher>, range: Range<usize>| match side {
            Some(matcher) => matcher.matches(run, range),
            None => range.is_empty(),
        };
        let mut offset = range.start + left.unwrap_or(0);
        let limit = range.end.saturating_sub(right.unwrap_or(0));
        while offset < limit {
            let Some((at, lengths)) = self.value.find(run, offset..limit) else {
                return false;
            };
            let at = offset + at;
            if side(&self.left, range.start..at) {
                let mut ends = lengths.iter().rev().map(|length| (at + length).min(range.end));
                if ends.any(|end| side(&self.right, end..range.end)) {
                    return true;
                }
            }
            let step = characters(&run.text[at..range.end]).next();
            offset = at + step.map_or(1, |(_, _, width)| width);
        }
        false
    }
}

/// An unknown length counts for nothing before a known one.
fn either_length(matchers: &[Matcher]) -> Option<usize> {
    let mut length = None;
    for matcher in matchers {
        let own = matcher.length();
        if length.is_some() && own != length {
            return None;
        }
        length = own;
    }
    length
}

/// Each part gets as many characters as it is long, the last of which counts for one byte.
fn row_matches(parts: &[Matcher], run: &Run<'_>, range: Range<usize>) -> bool {
    let mut start = range.start;
    for part in parts {
        let length = part.length().unwrap_or(0);
        let rest = &run.text[start..range.end];
        let last = match length {
            0 => characters(rest).last(),
            _ => characters(rest).nth(length - 1),
        };
        let Some((last, ..)) = last else { return false };
        let end = start + last + 1;
        if !part.matches(run, start..end) {
            return false;
        }
        start = end;
    }
    true
}

/// The earliest place of any, and the lengths of all that are there.
fn find_either(matchers: &[Matcher], run: &Run<'_>, range: &Range<usize>) -> Found {
    let mut best: Found = None;
    for matcher in matchers {
        let Some((at, lengths)) = matcher.find(run, range.clone()) else {
            continue;
        };
        match &mut best {
            Some((best_at, _)) if *best_at < at => {}
            Some((best_at, best_lengths)) if *best_at == at => {
                best_lengths.extend(lengths);
                best_lengths.sort_unstable();
                best_lengths.dedup();
            }
            _ => best = Some((at, lengths)),
        }
    }
    best
}

/// Where the last one is after where the others are, and the lengths that all agree on.
fn find_all(matchers: &[Matcher], run: &Run<'_>, range: Range<usize>) -> Found {
    let (mut index, mut offset) = (0_usize, 0);
    let mut current: Vec<usize> = Vec::new();
    for (place, matcher) in matchers.iter().enumerate() {
        let (at, lengths) = matcher.find(run, range.start + index..range.end)?;
        let found = at + offset;
        // The place never goes back.
        let moved = found - index;
        if place > 0 {
            let agrees = |length: &usize| lengths.iter().any(|own| own + moved == *length);
            current.retain(agrees);
            for length in &mut current {
                *length -= moved;
            }
        } else {
            current = lengths;
        }
        if current.is_empty() {
            return None;
        }
        index = found;
        offset += at;
    }
    Some((index, current))
}

/// The text up to the needle, or if it must not be there, whatever is in front of it.
fn find_containing(text: &[u8], needle: &[u8], negated: bool) -> Found {
    if negated {
        let end = find(text, needle).unwrap_or(text.len());
        return Some((0, boundaries(&text[..end])));
    }
    let end = find(text, needle)? + needle.len();
    let lengths = boundaries(&text[end..]).into_iter().map(|at| end + at);
    Some((0, lengths.collect()))
}

fn find_segment_before(text: &[u8], suffix: &[u8]) -> Found {
    let at = find(text, suffix)?;
    let slash = text[..at].iter().rposition(|byte| *byte == b'/');
    let start = slash.map_or(0, |slash| slash + 1);
    Some((start, vec![at + suffix.len() - start]))
}

fn find_between(text: &[u8], prefix: &[u8], suffix: &[u8]) -> Found {
    let at = find(text, prefix)?;
    if suffix.is_empty() {
        return Some((at, vec![text.len() - at]));
    }
    let mut rest = &text[at..];
    let mut lengths = Vec::new();
    while let Some(last) = find_last(rest, suffix) {
        lengths.push(last + suffix.len());
        rest = &rest[..last];
    }
    lengths.reverse();
    (!lengths.is_empty()).then_some((at, lengths))
}

/// The places, values and widths of the characters.
fn characters(text: &[u8]) -> impl Iterator<Item = (usize, char, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let (c, width) = match decode_char(rest) {
            Some(c) => (c, c.len_utf8()),
            None => (char::REPLACEMENT_CHARACTER, 1),
        };
        let item = (at, c, width);
        at += width;
        Some(item)
    })
}

/// Where characters begin, and the end of the text.
fn boundaries(text: &[u8]) -> Vec<usize> {
    let starts = characters(text).map(|(at, ..)| at);
    starts.chain([text.len()]).collect()
}

/// Where characters end. Bytes that are none are as long as the character that stands for them.
fn ends(text: &[u8]) -> impl Iterator<Item = usize> {
    characters(text).map(|(at, c, _)| at + c.len_utf8())
}

fn prefix_lengths(prefix: &[u8], rest: &[u8]) -> Vec<usize> {
    let lengths = [0].into_iter().chain(ends(rest));
    lengths.map(|length| prefix.len() + length).collect()
}

fn before_slash(text: &[u8]) -> &[u8] {
    let slash = text.iter().position(|byte| *byte == b'/');
    &text[..slash.unwrap_or(text.len())]
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() {
        return Some(0);
    }
    text.windows(needle.len()).position(|window| window == needle)
}

fn find_last(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).rposition(|window| window == needle)
}
