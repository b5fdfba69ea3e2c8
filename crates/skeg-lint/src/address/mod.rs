//! Whether a text is an address, as Helm's validator decides it.

mod email;
mod pattern;
mod request_url;
mod url;

pub(crate) use email::is_email;
pub(crate) use request_url::is_request_url;
pub(crate) use url::is_url;

/// The letters beyond ASCII that mail addresses may have.
fn is_international(character: char) -> bool {
    matches!(character, '\u{a0}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use skeg_values::{Value, json};

    use super::{is_email, is_request_url, is_url};

    /// What Helm's validator says, one `[kind, text, verdict]` on each line.
    const RECORDED: &str = include_str!("../../tests/data/addresses.jsonl");

    #[test]
    fn verdicts_are_those_of_the_validator() {
        for line in RECORDED.lines().skip(1) {
            let row = json::parse(line.as_bytes()).unwrap();
            let [Value::String(kind), Value::String(text), Value::Bool(expected)] = row.as_list().unwrap()
            else {
                panic!("not understood: {line}");
            };
            let verdict = match kind.as_str() {
                "email" => is_email(text),
                "url" => is_url(text),
                _ => is_request_url(text),
            };
            assert_eq!(verdict, *expected, "{line}");
        }
    }
}
