//! Errors on one line, with the words that Go has for those of the system.

use std::error::Error;
use std::io;

/// Joins an error and its causes by `: `, without the numbers and temporary paths that errors of the system have.
pub fn chain(error: &dyn Error) -> String {
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
pub fn system_words(error: &io::Error) -> String {
    let text = error.to_string();
    // Errors of `fs-err` name the file as well, before the words of the system.
    let words = text.rsplit_once("`: ").map_or(text.as_str(), |(_, words)| words);
    let text = plain(words);
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}

/// `No such file or directory (os error 2) at path "/x/.tmpAbC"` says the same without its ends.
fn plain(text: &str) -> String {
    let text = text.split_once(" at path \"").map_or(text, |(before, _)| before);
    let Some((before, rest)) = text.split_once(" (os error ") else {
        return text.to_owned();
    };
    let after = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    format!("{before}{}", after.strip_prefix(')').unwrap_or(after))
}
