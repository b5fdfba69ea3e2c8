//! The formats that Helm's library knows, with its reasons for refusing a text. Anything but text passes.
//!
//! Formats count in drafts 4 to 7 only. `regex` is not among these: it is judged with the patterns.

mod network;
mod pointers;
mod time;
mod versions;

use std::error::Error;

use boon::Format;
use serde_json::Value as Json;

type Verdict = Result<(), String>;

macro_rules! format {
    ($name:literal, $check:path) => {
        Format {
            name: $name,
            func: |value| judge(value, $check),
        }
    };
}

/// All of them, and two that Helm's library does not know and thus lets pass.
pub(super) const FORMATS: [Format; 20] = [
    format!("date", time::date),
    format!("date-time", time::date_time),
    format!("duration", time::duration),
    format!("email", network::email),
    format!("hostname", network::hostname),
    format!("idn-email", anything),
    format!("idn-hostname", anything),
    format!("ipv4", network::ipv4),
    format!("ipv6", network::ipv6),
    format!("iri", network::uri),
    format!("iri-reference", network::uri_reference),
    format!("json-pointer", pointers::json_pointer),
    format!("period", time::period),
    format!("relative-json-pointer", pointers::relative_json_pointer),
    format!("semver", versions::semver),
    format!("time", time::time),
    format!("uri", network::uri),
    format!("uri-reference", network::uri_reference),
    format!("uri-template", network::uri_template),
    format!("uuid", pointers::uuid),
];

fn judge(value: &Json, check: fn(&str) -> Verdict) -> Result<(), Box<dyn Error>> {
    match value {
        Json::String(text) => Ok(check(text)?),
        _ => Ok(()),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it has the form of all formats")]
fn anything(_text: &str) -> Verdict {
    Ok(())
}

/// A refusal with a reason.
fn refuse(reason: impl Into<String>) -> Verdict {
    Err(reason.into())
}

/// A character as the verb `%q` prints it.
fn quote_character(character: char) -> String {
    if character == '\'' {
        return r"'\''".to_owned();
    }
    let quoted = skeg_go::quote::quote(&character.to_string());
    let inside = quoted[1..quoted.len() - 1].replace("\\\"", "\"");
    std::format!("'{inside}'")
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
