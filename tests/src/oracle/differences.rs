//! What skeg does otherwise on purpose: each with its reason and with what skeg does instead.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::case::Case;

/// A case in which skeg differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Why.
    pub reason: String,
    /// What skeg does, by the name of the stream.
    pub streams: BTreeMap<String, String>,
}

/// The differences by the names of their cases, as `DIFFERENCES.md` has them:
///
/// ````text
/// ## name-of-the-case
///
/// The reason.
///
/// ### stdout
///
/// ```text
/// what skeg prints
/// ```
/// ````
#[derive(Debug, Clone, Default)]
pub struct Differences(BTreeMap<String, Difference>);

impl Differences {
    /// Reads the file beside the cases.
    ///
    /// # Panics
    ///
    /// When it is not there or has no such form.
    pub fn read() -> Self {
        let text = fs_err::read_to_string(Case::root().join("DIFFERENCES.md"))
            .expect("because it is part of the checkout");
        Self::parse(&text)
    }

    /// The difference of a case, when there is one.
    pub fn get(&self, case: &str) -> Option<&Difference> {
        self.0.get(case)
    }

    /// The names of all cases that differ.
    pub fn cases(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// One difference in the form of the file, ready to be pasted.
    pub fn section(case: &str, difference: &Difference) -> String {
        let mut text = format!("## {case}\n\n{}\n", difference.reason);
        for (stream, lines) in &difference.streams {
            write!(text, "\n### {stream}\n\n```text\n{lines}```\n")
                .expect("because a String takes everything");
        }
        text
    }

    /// Writes the file anew: its own heading, then these sections.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written.
    pub fn replace(sections: &[String]) -> std::io::Result<()> {
        let path = Case::root().join("DIFFERENCES.md");
        let text = fs_err::read_to_string(&path)?;
        let heading = text.split("\n## ").next().unwrap_or_default().trim_end();
        fs_err::write(path, format!("{heading}\n\n{}", sections.join("\n")))
    }

    fn parse(text: &str) -> Self {
        let mut differences = BTreeMap::new();
        for section in text.split("\n## ").skip(1) {
            let (name, body) = section.split_once('\n').unwrap_or((section, ""));
            let mut parts = body.split("\n### ");
            let reason = parts.next().unwrap_or_default().trim().to_owned();
            let streams = parts.filter_map(parse_stream).collect();
            differences.insert(name.trim().to_owned(), Difference { reason, streams });
        }
        Self(differences)
    }
}

fn parse_stream(part: &str) -> Option<(String, String)> {
    let (name, rest) = part.split_once('\n')?;
    let (_, fenced) = rest.split_once("```text\n")?;
    let end = if fenced.starts_with("```") {
        0
    } else {
        fenced.find("\n```")? + 1
    };
    Some((name.trim().to_owned(), fenced[..end].to_owned()))
}

#[cfg(test)]
mod tests {
    use super::Difference;
    use super::Differences;

    #[test]
    fn sections_are_read_as_they_are_written() {
        let difference = Difference {
            reason: "Because.\n\nIndeed.".to_owned(),
            streams: [("stderr", ""), ("stdout", "a\n\nb\n")]
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .into(),
        };
        let text = format!("# Title\n\n{}", Differences::section("a-case", &difference));
        let read = Differences::parse(&text);
        assert_eq!(read.get("a-case"), Some(&difference));
        assert_eq!(read.cases().collect::<Vec<_>>(), ["a-case"]);
    }
}
