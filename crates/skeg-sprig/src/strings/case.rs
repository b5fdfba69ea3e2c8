//! Upper and lower case.

use skeg_go::unicode::{self, is_space};
use skeg_go::{CallError, GoValue};

use crate::arguments::bytes;
use crate::unicode::{Runes, is_title, push_rune};

/// `upper TEXT`
pub(super) fn upper(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::from(unicode::to_upper(bytes(arguments, 0))))
}

/// `lower TEXT`
pub(super) fn lower(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::from(unicode::to_lower(bytes(arguments, 0))))
}

/// `title TEXT`: the first letter of each word in title case.
pub(super) fn title(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::from(unicode::title(bytes(arguments, 0))))
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
        if lowers { unicode::lower(rune) } else { rune }
    }))
}

/// `swapcase TEXT`: upper case to lower, lower case to upper, or to title case where a word begins.
pub(super) fn swap(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let mut after_space = true;
    Ok(mapped(bytes(arguments, 0), |rune| {
        if unicode::is_upper(rune) || is_title(rune) {
            after_space = false;
            unicode::lower(rune)
        } else if unicode::is_lower(rune) {
            let begins_word = std::mem::take(&mut after_space);
            if begins_word {
                unicode::title_case(rune)
            } else {
                unicode::upper(rune)
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
