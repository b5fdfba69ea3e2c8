//! JSON pointers and UUIDs.

use super::{Verdict, quote_character, refuse};

/// `json-pointer` (RFC 6901)
pub(super) fn json_pointer(text: &str) -> Verdict {
    const ESCAPE: &str = "~ must be followed by 0 or 1";

    if text.is_empty() {
        return Ok(());
    }
    if !text.starts_with('/') {
        return refuse("not starting with /");
    }
    for token in text.split('/').skip(1) {
        let mut characters = token.chars();
        while let Some(character) = characters.next() {
            if character == '~' && !matches!(characters.next(), Some('0' | '1')) {
                return refuse(ESCAPE);
            }
        }
    }
    Ok(())
}

/// `relative-json-pointer`
pub(super) fn relative_json_pointer(text: &str) -> Verdict {
    let rest = text.trim_start_matches(|character: char| character.is_ascii_digit());
    let digits = text.len() - rest.len();
    if digits == 0 {
        return refuse("must start with non-negative integer");
    }
    if digits > 1 && text.starts_with('0') {
        return refuse("starts with zero");
    }
    if rest == "#" { Ok(()) } else { json_pointer(rest) }
}

/// `uuid` (RFC 4122)
pub(super) fn uuid(text: &str) -> Verdict {
    const LENGTHS: [usize; 5] = [8, 4, 4, 4, 12];

    let groups: Vec<&str> = text.split('-').collect();
    if groups.len() != LENGTHS.len() {
        return refuse("must have 5 elements");
    }
    for (index, (group, length)) in groups.iter().zip(LENGTHS).enumerate() {
        if group.len() != length {
            return refuse(format!("element {} must be {length} characters long", index + 1));
        }
        if let Some(character) = group.chars().find(|character| !character.is_ascii_hexdigit()) {
            return refuse(format!("non-hex character {}", quote_character(character)));
        }
    }
    Ok(())
}
