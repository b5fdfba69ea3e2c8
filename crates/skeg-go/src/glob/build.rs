//! Which machine a pattern becomes.

use super::matcher::{Matcher, Set, Tree};
use super::parse::Node;

/// The machine of a sequence.
pub(super) fn sequence(nodes: &[Node]) -> Matcher {
    if nodes.is_empty() {
        return Matcher::Nothing;
    }
    let matchers = nodes.iter().map(|node| simplified(single(node))).collect();
    simplified(joined(&glued_where_longest(matchers)))
}

fn single(node: &Node) -> Matcher {
    let matcher = match node {
        Node::Braces(alternatives) => match factored(alternatives) {
            Some(nodes) => return simplified(sequence(&nodes)),
            None => either(alternatives.iter().map(|nodes| sequence(nodes))),
        },
        Node::Alternatives(nodes) => either(nodes.iter().map(single)),
        Node::Sequence(nodes) => return sequence(nodes),
        Node::Segment => Matcher::Segment,
        Node::Anything => Matcher::Anything,
        Node::One => Matcher::One(Set::NotSlash),
        Node::List { characters, negated } => Matcher::One(Set::List {
            characters: characters.clone(),
            negated: *negated,
        }),
        Node::Range { low, high, negated } => Matcher::One(Set::Range {
            low: *low,
            high: *high,
            negated: *negated,
        }),
        Node::Text(text) => Matcher::Text(text.clone().into_bytes()),
        Node::Nothing => Matcher::Nothing,
    };
    simplified(matcher)
}

fn either(matchers: impl Iterator<Item = Matcher>) -> Matcher {
    Matcher::Either(matchers.map(simplified).collect())
}

/// What all alternatives begin and end with, taken out of the braces; `None` if there is nothing.
fn factored(alternatives: &[Vec<Node>]) -> Option<Vec<Node>> {
    let (left, right) = common_ends(alternatives);
    if left + right == 0 {
        return None;
    }
    let first = alternatives.first()?;
    let mut inner: Vec<Node> = Vec::new();
    for nodes in alternatives {
        let node = match nodes.get(left..nodes.len() - right) {
            None | Some([]) => Node::Nothing,
            Some(rest) => Node::Sequence(rest.to_vec()),
        };
        if !inner.contains(&node) {
            inner.push(node);
        }
    }
    let mut result = Vec::new();
    if left > 0 {
        result.push(Node::Sequence(first[..left].to_vec()));
    }
    match inner.as_slice() {
        [Node::Nothing] => {}
        [node] => result.push(node.clone()),
        _ => result.push(Node::Alternatives(inner)),
    }
    if right > 0 {
        result.push(Node::Sequence(first[first.len() - right..].to_vec()));
    }
    Some(result)
}

/// How many nodes at both ends are the same in all alternatives, those at the beginning first.
fn common_ends(alternatives: &[Vec<Node>]) -> (usize, usize) {
    let shortest = (0..alternatives.len()).min_by_key(|at| alternatives[*at].len());
    let Some(chosen) = shortest.filter(|_| alternatives.len() > 1) else {
        return (0, 0);
    };
    let shortest = &alternatives[chosen];
    let (before, after) = (&alternatives[..chosen], &alternatives[chosen + 1..]);
    let length = shortest.len();
    let (mut left, mut right) = (0, 0);
    let (mut left_goes_on, mut right_goes_on) = (true, true);
    for step in 0..length {
        if left + right >= length || !left_goes_on && !right_goes_on {
            break;
        }
        let mirror = length - 1 - step;
        for nodes in before.iter().chain(after) {
            left_goes_on &= nodes[step] == shortest[step];
            right_goes_on &= !(left_goes_on && mirror <= step);
            right_goes_on &= nodes[nodes.len() - 1 - step] == shortest[mirror];
        }
        left += usize::from(left_goes_on);
        right += usize::from(right_goes_on);
    }
    (left, right)
}

/// Special machines for trees around a text, and for sets of one character.
fn simplified(matcher: Matcher) -> Matcher {
    match matcher {
        Matcher::Either(mut matchers) if matchers.len() == 1 => matchers.remove(0),
        Matcher::One(Set::List {
            characters,
            negated: false,
        }) if characters.len() == 1 => Matcher::Text(characters[0].to_string().into_bytes()),
        Matcher::Tree(tree) => simplified_tree(Tree {
            left: tree.left.map(simplified),
            right: tree.right.map(simplified),
            value: tree.value,
        }),
        other => other,
    }
}

fn simplified_tree(tree: Tree) -> Matcher {
    let Matcher::Text(text) = &tree.value else {
        return Matcher::Tree(Box::new(tree));
    };
    let text = text.clone();
    match (&tree.left, &tree.right) {
        (None, None) => Matcher::Text(text),
        (Some(Matcher::Anything), Some(Matcher::Anything)) => Matcher::Contains {
            needle: text,
            negated: false,
        },
        (Some(Matcher::Anything), None) => Matcher::Suffix(text),
        (None, Some(Matcher::Anything)) => Matcher::Prefix(text),
        (None, Some(Matcher::Suffix(suffix))) => Matcher::PrefixAndSuffix(text, suffix.clone()),
        (Some(Matcher::Prefix(prefix)), None) => Matcher::PrefixAndSuffix(prefix.clone(), text),
        (Some(Matcher::Segment), None) => Matcher::SegmentAndSuffix(text),
        (None, Some(Matcher::Segment)) => Matcher::PrefixAndSegment(text),
        _ => Matcher::Tree(Box::new(tree)),
    }
}

/// One machine for several in a row: a special one, or a tree around the longest of known length.
fn joined(matchers: &[Matcher]) -> Matcher {
    match matchers {
        [] => return Matcher::Nothing,
        [matcher] => return matcher.clone(),
        _ => {}
    }
    if let Some(glued) = glued(matchers) {
        return glued;
    }
    let known = matchers
        .iter()
        .enumerate()
        .filter_map(|(at, matcher)| Some((matcher.length()?, at)));
    let at = known.max().map_or(0, |(_, at)| at);
    let side = |side: &[Matcher]| (!side.is_empty()).then(|| joined(side));
    Matcher::Tree(Box::new(Tree {
        value: matchers[at].clone(),
        left: side(&matchers[..at]),
        right: side(&matchers[at + 1..]),
    }))
}

/// Replaces the longest run that has a special machine by it, as often as that makes the row shorter.
fn glued_where_longest(mut matchers: Vec<Matcher>) -> Vec<Matcher> {
    loop {
        let mut best: Option<(Matcher, usize, usize)> = None;
        for left in 0..matchers.len() {
            for right in (left + 1..=matchers.len()).rev() {
                if best
                    .as_ref()
                    .is_some_and(|(_, from, to)| to - from >= right - left)
                {
                    break;
                }
                if let Some(glued) = glued(&matchers[left..right]) {
                    best = Some((glued, left, right));
                }
            }
        }
        let Some((glued, left, right)) = best else {
            return matchers;
        };
        matchers.splice(left..right, [glued]);
    }
}

fn glued(matchers: &[Matcher]) -> Option<Matcher> {
    if matchers.len() < 2 {
        return None;
    }
    glued_as_all(matchers).or_else(|| glued_as_row(matchers))
}

fn glued_as_row(matchers: &[Matcher]) -> Option<Matcher> {
    let length = matchers.iter().map(Matcher::length).sum::<Option<usize>>()?;
    let parts = matchers.to_vec();
    Some(Matcher::Row { length, parts })
}

/// Stars, question marks and negated lists that all stop at the same characters. Where these are several, only
/// all of them one after the other are forbidden.
fn glued_as_all(matchers: &[Matcher]) -> Option<Matcher> {
    let (mut has_segment, mut has_anything, mut count) = (false, false, 0);
    let mut stops: Option<Vec<char>> = None;
    for matcher in matchers {
        let own = match matcher {
            Matcher::Anything => {
                has_anything = true;
                Vec::new()
            }
            Matcher::Segment => {
                has_segment = true;
                vec!['/']
            }
            Matcher::One(Set::NotSlash) => {
                count += 1;
                vec!['/']
            }
            Matcher::One(Set::List {
                characters,
                negated: true,
            }) => {
                count += 1;
                characters.clone()
            }
            _ => return None,
        };
        if *stops.get_or_insert_with(|| own.clone()) != own {
            return None;
        }
    }
    if count == 0 {
        return Some(if has_anything {
            Matcher::Anything
        } else {
            Matcher::Segment
        });
    }
    let mut all = vec![Matcher::AtLeast(count)];
    if !has_segment && !has_anything {
        all.push(Matcher::AtMost(count));
    }
    let needle: String = stops.unwrap_or_default().into_iter().collect();
    if !needle.is_empty() {
        all.push(Matcher::Contains {
            needle: needle.into_bytes(),
            negated: true,
        });
    }
    Some(Matcher::All(all))
}
