//! Upper and lower case.

use skeg_go::{CallError, GoValue};

use crate::arguments::bytes;
use crate::unicode::{self, Runes, is_space, push_rune};

/// `upper TEXT`
pub(super) fn upper(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = bytes(arguments, 0);
    if text.is_ascii() {
        return Ok(GoValue::from(text.to_ascii_uppercase()));
    }
    Ok(mapped(text, unicode::to_upper))
}

/// `lower TEXT`
pub(super) fn lower(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = bytes(arguments, 0);
    if text.is_ascii() {
        return Ok(GoValue::from(text.to_ascii_lowercase()));
    }
    Ok(mapped(text, unicode::to_lower))
}

/// `title TEXT`: the first letter of each word in title case.
pub(super) fn title(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let mut previous = ' ';
    Ok(mapped(bytes(arguments, 0), |rune| {
        let begins_word = separates_words(previous);
        previous = rune;
        if begins_word {
            unicode::to_title(rune)
        } else {
            rune
        }
    }))
}

/// `untitle TEXT`: the first letter of each word in lower case.
pub(super) fn untitle(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let mut begins_word = true;
    Ok(mapped(bytes(arguments, 0), |rune| {
        if is_space(rune) {
            begins_word = true;
            return rune;
        }
        let lowers = std::mem::take(&mut begins_word);
        if lowers { unicode::to_lower(rune) } else { rune }
    }))
}

/// `swapcase TEXT`: upper case to lower, lower case to upper, or to title case where a word begins.
pub(super) fn swap(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let mut after_space = true;
    Ok(mapped(bytes(arguments, 0), |rune| {
        if unicode::is_upper(rune) || unicode::is_title(rune) {
            after_space = false;
            unicode::to_lower(rune)
        } else if unicode::is_lower(rune) {
            let begins_word = std::mem::take(&mut after_space);
            if begins_word {
                unicode::to_title(rune)
            } else {
                unicode::to_upper(rune)
            }
        } else {
            after_space = is_space(rune);
            rune
        }
    }))
}

fn mapped(text: &[u8], mut map: impl FnMut(char) -> char) -> GoValue {
    let mut out = Vec::with_capacity(text.len());
    Runes(text).for_each(|rune| push_rune(&mut out, map(rune)));
    GoValue::from(out)
}

/// Whether a word can begin after `rune`, in the view of `strings.Title`.
fn separates_words(rune: char) -> bool {
    if rune.is_ascii() {
        return !rune.is_ascii_alphanumeric() && rune != '_';
    }
    !unicode::is_letter(rune) && !unicode::is_digit(rune) && is_space(rune)
}
