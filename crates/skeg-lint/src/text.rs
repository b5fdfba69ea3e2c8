//! Errors in the words that Go has for them.

use std::error::Error;
use std::io;

/// An error with its causes on one line, `outer: inner`.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut message = plain(&error.to_string());
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = plain(&inner.to_string());
        if !message.ends_with(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
        cause = inner.source();
    }
    message
}

/// What the system says, as Go writes it: `no such file or directory`.
pub(crate) fn system_words(error: &io::Error) -> String {
    let text = error.to_string();
    // Errors of `fs-err` name the file as well, before the words of the system.
    let words = text.rsplit_once("`: ").map_or(text.as_str(), |(_, words)| words);
    let text = plain(words);
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}

/// Without the number that errors of the system have.
fn plain(text: &str) -> String {
    let Some((before, rest)) = text.split_once(" (os error ") else {
        return text.to_owned();
    };
    let after = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    format!("{before}{}", after.strip_prefix(')').unwrap_or(after))
}
