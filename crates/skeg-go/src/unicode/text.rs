//! Whole texts. Bytes that are not UTF-8 become U+FFFD where Go does so: once a text is mapped by characters.

use super::{is_digit, is_letter, is_space, lower, title_case, upper};

/// `strings.ToUpper`
pub fn to_upper(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        text.to_ascii_uppercase()
    } else {
        map(text, upper)
    }
}

/// `strings.ToLower`
pub fn to_lower(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        map(text, lower)
    }
}

/// `strings.Title`: title case for each letter that begins a word.
pub fn title(text: &[u8]) -> Vec<u8> {
    let mut previous = ' ';
    map(text, |c| {
        let begins = separates(previous);
        previous = c;
        if begins { title_case(c) } else { c }
    })
}

/// Whether a word may begin after the character.
fn separates(c: char) -> bool {
    if c.is_ascii() {
        return !(c.is_ascii_alphanumeric() || c == '_');
    }
    !is_letter(c) && !is_digit(c) && is_space(c)
}

fn map(text: &[u8], mut mapping: impl FnMut(char) -> char) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 4);
    for chunk in text.utf8_chunks() {
        let replaced = chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER);
        for c in chunk.valid().chars().chain(replaced) {
            out.extend_from_slice(mapping(c).encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    out
}

/// `strings.TrimSpace`
pub fn trim_space(mut text: &[u8]) -> &[u8] {
    while let Some(length) = leading_space(text) {
        text = &text[length..];
    }
    while let Some(length) = trailing_space(text) {
        text = &text[..text.len() - length];
    }
    text
}

/// `strings.Fields`: the runs of what is no space.
pub fn fields(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        while let Some(length) = leading_space(rest) {
            rest = &rest[length..];
        }
        let mut end = 0;
        while end < rest.len() && leading_space(&rest[end..]).is_none() {
            end += 1;
        }
        let (field, after) = rest.split_at(end);
        rest = after;
        (!field.is_empty()).then_some(field)
    })
}

/// The length of the space that the text begins with.
fn leading_space(text: &[u8]) -> Option<usize> {
    let first = *text.first()?;
    if first.is_ascii() {
        return is_space(char::from(first)).then_some(1);
    }
    (2..=3).find(|length| is_one_space(text.get(..*length)))
}

/// The length of the space that the text ends with.
fn trailing_space(text: &[u8]) -> Option<usize> {
    let last = *text.last()?;
    if last.is_ascii() {
        return is_space(char::from(last)).then_some(1);
    }
    (2..=3).find(|length| is_one_space(text.len().checked_sub(*length).map(|start| &text[start..])))
}

fn is_one_space(text: Option<&[u8]>) -> bool {
    let text = text.and_then(|text| std::str::from_utf8(text).ok());
    text.is_some_and(|text| text.chars().all(is_space) && text.chars().count() == 1)
}
