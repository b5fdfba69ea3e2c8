//! Mail addresses: `name@domain`. The quoted names that the standard has as well are not taken.

use super::is_international;

/// Whether the text is a mail address.
pub(crate) fn is_email(text: &str) -> bool {
    // A domain has no `@`, so the last one is that between the parts.
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    local.split('.').all(is_atom) && is_domain(domain)
}

fn is_atom(atom: &str) -> bool {
    !atom.is_empty() && atom.chars().all(is_atom_character)
}

fn is_atom_character(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(character)
        || is_international(character)
}

/// Something and a top-level domain that has no digits at its ends; a point may follow.
fn is_domain(domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let Some((labels, top)) = domain.rsplit_once('.') else {
        return false;
    };
    is_framed(labels, is_letter_or_digit, |c| {
        is_letter_or_digit(c) || "-._~".contains(c)
    }) && is_framed(top, is_letter, |c| is_letter_or_digit(c) || "-_~".contains(c))
}

/// Whether the first and the last character are in the one set and those between in the other.
fn is_framed(text: &str, is_end: impl Fn(char) -> bool, is_inner: impl Fn(char) -> bool) -> bool {
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return false;
    };
    let last = characters.next_back().unwrap_or(first);
    is_end(first) && is_end(last) && characters.all(is_inner)
}

fn is_letter(character: char) -> bool {
    character.is_ascii_alphabetic() || is_international(character)
}

fn is_letter_or_digit(character: char) -> bool {
    character.is_ascii_digit() || is_letter(character)
}
