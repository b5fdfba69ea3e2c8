//! Regular expressions: Helm's library takes Go's, ours those of ECMAScript and Rust.
//!
//! Here: rewriting what Go accepts and Rust does not, and Go's words for what both refuse. Not here: all of
//! Go's syntax. What is rewritten are braces that count nothing, brackets and doubled signs in classes, `\Q…\E`.

use serde_json::Value as Json;
use std::borrow::Cow;

/// Rewrites the patterns of a schema where that is needed.
pub(super) fn adapt(schema: &mut Json) {
    match schema {
        Json::Array(items) => items.iter_mut().for_each(adapt),
        Json::Object(entries) => {
            if let Some(Json::String(pattern)) = entries.get_mut("pattern")
                && let Cow::Owned(rewritten) = rewrite(pattern)
            {
                *pattern = rewritten;
            }
            if let Some(Json::Object(patterns)) = entries.get_mut("patternProperties") {
                let old = std::mem::take(patterns);
                patterns.extend(
                    old.into_iter()
                        .map(|(pattern, schema)| (rewrite(&pattern).into_owned(), schema)),
                );
            }
            entries.values_mut().for_each(adapt);
        }
        _ => {}
    }
}

/// The same expression in the syntax that both understand.
fn rewrite(pattern: &str) -> Cow<'_, str> {
    if problem(pattern).is_some() {
        // What Go refuses must not become something that Rust takes, or tries to.
        return Cow::Owned(format!("({pattern}"));
    }
    if !pattern.contains(['[', '{', '\\']) {
        return Cow::Borrowed(pattern);
    }
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '\\' if rest.starts_with("\\Q") => literal(rest, &mut out),
            '\\' => take(rest, 2, &mut out),
            '[' => class(rest, &mut out),
            '{' if !is_repetition(rest) => {
                out.push_str("\\{");
                &rest[1..]
            }
            _ => take(rest, 1, &mut out),
        };
    }
    if out == pattern {
        Cow::Borrowed(pattern)
    } else {
        Cow::Owned(out)
    }
}

fn take<'text>(text: &'text str, characters: usize, out: &mut String) -> &'text str {
    let end = text
        .char_indices()
        .nth(characters)
        .map_or(text.len(), |(at, _)| at);
    out.push_str(&text[..end]);
    &text[end..]
}

fn literal<'text>(text: &'text str, out: &mut String) -> &'text str {
    let text = &text[2..];
    let (quoted, rest) = text.split_once("\\E").unwrap_or((text, ""));
    for character in quoted.chars() {
        if character.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(character);
    }
    rest
}

/// `{2}`, `{2,}`, `{2,3}`: anything else is text for Go.
fn is_repetition(text: &str) -> bool {
    let Some((inside, _)) = text[1..].split_once('}') else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match inside.split_once(',') {
        None => is_number(inside),
        Some((low, high)) => is_number(low) && (high.is_empty() || is_number(high)),
    }
}

fn class<'text>(text: &'text str, out: &mut String) -> &'text str {
    let mut rest = take(text, 1, out);
    if rest.starts_with('^') {
        rest = take(rest, 1, out);
    }
    let mut is_first = true;
    while let Some(character) = rest.chars().next() {
        rest = match character {
            ']' if is_first => {
                out.push_str("\\]");
                &rest[1..]
            }
            ']' => return take(rest, 1, out),
            '\\' => take(rest, 2, out),
            '[' if rest.starts_with("[:") && rest.contains(":]") => {
                let end = rest.find(":]").map_or(rest.len(), |at| at + 2);
                out.push_str(&rest[..end]);
                &rest[end..]
            }
            '[' | '&' | '~' => {
                out.push('\\');
                take(rest, 1, out)
            }
            _ => take(rest, 1, out),
        };
        is_first = false;
    }
    rest
}

/// A pattern that is refused, as it was before [`adapt`] made it one that is.
pub(super) fn as_written(pattern: &str) -> &str {
    match pattern.strip_prefix('(') {
        Some(rest) if problem(rest).is_some() => rest,
        _ => pattern,
    }
}

/// What only Go has against a pattern.
fn problem(pattern: &str) -> Option<String> {
    if let Some(operators) = nested_repetition(pattern) {
        return Some(format!("invalid nested repetition operator: `{operators}`"));
    }
    excessive_repetition(pattern).map(|operator| format!("invalid repeat count: `{operator}`"))
}

/// A count with which something would be repeated more than 1000 times, all counts around it taken together.
fn excessive_repetition(pattern: &str) -> Option<&str> {
    const MOST: u64 = 1000;

    // The largest count within each open group, and that of what was read last.
    let mut groups = vec![1_u64];
    let mut last = 1;
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(character) = rest.chars().next() {
        let mut length = character.len_utf8();
        match character {
            '\\' => length = rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at),
            ']' => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '(' => groups.push(1),
            ')' if groups.len() > 1 => last = groups.pop().unwrap_or(1),
            '{' if is_repetition(rest) => {
                length = rest.find('}').map_or(1, |at| at + 1);
                let numbers = rest[1..length - 1].split(',');
                let count = numbers
                    .filter_map(|number| number.parse().ok())
                    .max()
                    .unwrap_or(0);
                last = last.max(1).saturating_mul(count);
                if last > MOST {
                    return Some(&rest[..length]);
                }
            }
            _ => last = 1,
        }
        if let Some(group) = groups.last_mut() {
            *group = last.max(*group);
        }
        rest = &rest[length..];
    }
    None
}

/// A repetition of a repetition, such as `**`, as Go's message has it.
fn nested_repetition(pattern: &str) -> Option<&str> {
    let mut rest = pattern;
    let mut repetition: Option<&str> = None;
    let mut in_class = false;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '\\' => rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at),
            '{' if is_repetition(rest) => rest.find('}').map_or(1, |at| at + 1),
            other => other.len_utf8(),
        };
        let repeats = !in_class && (matches!(character, '*' | '+' | '?') || (character == '{' && length > 1));
        match character {
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
        match repetition {
            // `*?` is one repetition that takes as little as it can.
            Some(start) if repeats && !(character == '?' && is_single(start, rest)) => {
                return Some(&start[..start.len() - rest.len() + length]);
            }
            Some(_) if repeats => {}
            _ => repetition = repeats.then_some(rest),
        }
        rest = &rest[length..];
    }
    None
}

/// Whether the text from `start` to `end` is one operator alone.
fn is_single(start: &str, end: &str) -> bool {
    let between = start.len() - end.len();
    between == 1 || (start.starts_with('{') && start.find('}') == Some(between - 1))
}

/// Go's error for a pattern that is none; `fallback` is ours, for what Go says in ways that are not here.
pub(super) fn error_text(pattern: &str, fallback: &str) -> String {
    const UNSUPPORTED: [&str; 4] = ["(?=", "(?!", "(?<=", "(?<!"];

    let unsupported = UNSUPPORTED
        .iter()
        .filter_map(|syntax| pattern.find(syntax).map(|at| (at, *syntax)))
        .min();
    if let Some((_, syntax)) = unsupported {
        // Go takes `(?<` for the start of a name.
        return format!(
            "error parsing regexp: invalid or unsupported Perl syntax: `{}`",
            &syntax[..3]
        );
    }
    if let Some(problem) = problem(pattern) {
        return format!("error parsing regexp: {problem}");
    }
    if fallback.contains("unclosed group") {
        return format!("error parsing regexp: missing closing ): `{pattern}`");
    }
    if fallback.contains("unopened group") {
        return format!("error parsing regexp: unexpected ): `{pattern}`");
    }
    if fallback.contains("unclosed character class") {
        let class = pattern.rfind('[').map_or(pattern, |at| &pattern[at..]);
        return format!("error parsing regexp: missing closing ]: `{class}`");
    }
    format!(
        "error parsing regexp: {}",
        fallback.lines().last().unwrap_or_default()
    )
}
