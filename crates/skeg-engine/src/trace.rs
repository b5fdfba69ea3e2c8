//! Errors of templates as Helm shows them: on several lines if every link of the chain is understood, or the
//! message of `fail` and `required` alone.

use std::error::Error;
use std::fmt::Write as _;
use std::iter;

/// What `fail` and `required` put around their messages.
const MESSAGE_START: &str = "HELM_ERR_START";
const MESSAGE_END: &str = "HELM_ERR_END";

/// The message of `fail` or `required` in the form in which it is found again.
pub(crate) fn mark_message(message: &str) -> String {
    format!("{MESSAGE_START}{message}{MESSAGE_END}")
}

/// The text that Helm shows for an error of executing the template in `file`.
pub(crate) fn explain_execution(file: &str, error: &(dyn Error + 'static)) -> String {
    let text = error.to_string();
    let mut tokens = text.splitn(3, ": ");
    let (Some(_), Some(location), Some(rest)) = (tokens.next(), tokens.next(), tokens.next()) else {
        return format!("execution error in ({file}): {text}");
    };
    if let Some(message) = marked_message(rest) {
        return format!("execution error at ({location}): {message}");
    }
    multi_line(error).unwrap_or(text)
}

/// The text that Helm shows for an error of parsing the template in `file`.
pub(crate) fn explain_parsing(file: &str, text: &str) -> String {
    let mut tokens = text.split(": ").skip(1);
    match tokens.next() {
        None => format!("parse error in ({file}): {text}"),
        Some(location) => {
            let message = tokens.last().unwrap_or(location);
            format!("parse error at ({location}): {message}")
        }
    }
}

/// The text between the first mark and the last.
fn marked_message(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(MESSAGE_START)?;
    let (message, _) = rest.rsplit_once(MESSAGE_END)?;
    Some(message)
}

/// All links of the chain, each on lines of its own; `None` if one of them is not of a template.
fn multi_line(error: &(dyn Error + 'static)) -> Option<String> {
    let links: Vec<_> = iter::successors(Some(error), |&link| link.source()).collect();
    // The innermost is the most likely not to be of a template, and the outer ones repeat its text.
    Link::parse(&links.last()?.to_string())?;
    let mut parsed: Vec<Link> = Vec::new();
    for link in links {
        let link = Link::parse(&link.to_string())?;
        if parsed.last() != Some(&link) {
            parsed.push(link);
        }
    }
    let text: String = parsed.iter().map(Link::to_text).collect();
    Some(text.trim().to_owned())
}

/// What one error of `text/template` says.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
struct Link {
    location: String,
    executing: String,
    message: String,
}

impl Link {
    fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("template: ")?;
        if rest.starts_with("no template ") {
            return Some(Self {
                message: text.to_owned(),
                ..Self::default()
            });
        }
        Self::executing(rest).or_else(|| {
            let (location, message) = rest.rsplit_once(": ")?;
            Some(Self {
                location: location.to_owned(),
                message: before_next(message),
                ..Self::default()
            })
        })
    }

    /// `file:1:2: executing "name" at <context>: message`
    fn executing(text: &str) -> Option<Self> {
        let (location, rest) = text.split_once(": executing ")?;
        let (name, rest) = rest.strip_prefix('"')?.split_once('"')?;
        let (context, message) = rest.strip_prefix(" at <")?.split_once(">: ")?;
        Some(Self {
            location: location.to_owned(),
            executing: format!("executing \"{name}\" at <{context}>:"),
            message: before_next(message),
        })
    }

    fn to_text(&self) -> String {
        let mut text = String::new();
        for (part, end) in [
            (&self.location, "\n  "),
            (&self.executing, "\n    "),
            (&self.message, "\n"),
        ] {
            if !part.is_empty() {
                // Writing into text cannot fail.
                let _ = write!(text, "{part}{end}");
            }
        }
        text
    }
}

/// A message up to the error that it wraps.
fn before_next(message: &str) -> String {
    let end = message.find(" template:").unwrap_or(message.len());
    message[..end].to_owned()
}
