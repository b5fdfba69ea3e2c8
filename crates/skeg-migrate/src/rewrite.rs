//! Changing the addresses of dependencies in `Chart.yaml` and `requirements.yaml`; everything else in the text stays as it is.

use skeg_repository::is_same_address;
use skeg_yaml::{Event, EventKind, Mark, Parser, Scalar, ScalarStyle, Text};

/// The repository that charts were taken from, as dependencies name it.
#[derive(Clone, Debug)]
pub struct OldRepository {
    /// Its address.
    pub address: String,
    /// The names that it has on this machine: `@NAME` and `alias:NAME` mean it too.
    pub names: Vec<String>,
}

/// A text with other addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// The text.
    pub text: String,
    /// What was changed; nothing if the text is what it was.
    pub replaced: Vec<Replacement>,
    /// Dependencies in the old repository that have no other place: their names, and their lines, counted from 1.
    pub left: Vec<(String, usize)>,
}

/// An address that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The name of the dependency.
    pub chart: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What stood there.
    pub from: String,
}

/// Why a text cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RewriteError {
    /// It is no YAML.
    #[error("yaml: {0}")]
    Syntax(String),
    /// Something is written in a way that cannot be changed in its place: anchors, aliases, escapes, several lines.
    #[error(
        "line {line}: the dependency is written with anchors, escapes or over several lines; change it by hand"
    )]
    Unusual {
        /// The line, counted from 1.
        line: usize,
    },
}

/// Changes the `repository` of every dependency that is in the `old` one to `new`, if `has_moved` says so of its name and its
/// range of versions.
///
/// # Errors
/// See [`RewriteError`].
pub fn rewrite(
    text: &str,
    old: &OldRepository,
    new: &str,
    has_moved: impl Fn(&str, &str) -> bool,
) -> Result<Rewritten, RewriteError> {
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    let mut rewritten = Rewritten {
        text: mark.to_owned(),
        replaced: Vec::new(),
        left: Vec::new(),
    };
    let mut done = 0;
    for Dependency {
        name,
        range,
        repository,
    } in dependencies(body)?
    {
        if !old.is(&repository.value) {
            continue;
        }
        let line = repository.mark.line + 1;
        if !has_moved(&name, &range) {
            rewritten.left.push((name, line));
            continue;
        }
        let (start, quote) = repository.place_in(body)?;
        rewritten.text.extend([&body[done..start], quote, new, quote]);
        done = start + repository.value.len() + 2 * quote.len();
        rewritten.replaced.push(Replacement {
            chart: name,
            line,
            from: repository.value,
        });
    }
    rewritten.text.push_str(&body[done..]);
    Ok(rewritten)
}

impl OldRepository {
    fn is(&self, text: &str) -> bool {
        match text.strip_prefix('@').or_else(|| text.strip_prefix("alias:")) {
            Some(name) => self.names.iter().any(|known| known == name),
            None => is_same_address(&self.address, text),
        }
    }
}

/// A dependency that has a repository.
struct Dependency {
    name: String,
    range: String,
    repository: Placed,
}

/// A scalar and where it stands.
struct Placed {
    value: String,
    style: ScalarStyle,
    mark: Mark,
}

impl Placed {
    /// Where the scalar begins in the text, in bytes, and in which quotes it is.
    fn place_in(&self, text: &str) -> Result<(usize, &'static str), RewriteError> {
        let unusual = RewriteError::Unusual {
            line: self.mark.line + 1,
        };
        let mut lines = text.split_inclusive('\n');
        let before: usize = lines.by_ref().take(self.mark.line).map(str::len).sum();
        let line = lines.next().unwrap_or_default();
        let in_line: usize = line.chars().take(self.mark.column).map(char::len_utf8).sum();
        let start = before + in_line;
        let quote = match self.style {
            ScalarStyle::Plain => "",
            ScalarStyle::SingleQuoted => "'",
            ScalarStyle::DoubleQuoted => "\"",
            _ => return Err(unusual),
        };
        let written = format!("{quote}{}{quote}", self.value);
        if text[start..].starts_with(&written) {
            Ok((start, quote))
        } else {
            Err(unusual)
        }
    }
}

/// The dependencies that have a repository.
fn dependencies(text: &str) -> Result<Vec<Dependency>, RewriteError> {
    let text = Text::new(text.as_bytes());
    let mut reader = Reader {
        parser: Parser::new(&text),
    };
    let mut found = Vec::new();
    // The beginning of the document.
    if reader.parser.next().is_none() {
        return Ok(found);
    }
    let root = reader.event()?;
    if !matches!(root.kind, EventKind::MappingStart(_)) {
        return Ok(found);
    }
    while let Some(key) = reader.key()? {
        let value = reader.event()?;
        match (key.as_str(), &value.kind) {
            ("dependencies", EventKind::SequenceStart(_)) => reader.items(&mut found)?,
            ("dependencies", EventKind::Alias { .. }) | ("<<", _) => return Err(unusual(value.mark)),
            _ => reader.skip(&value)?,
        }
    }
    Ok(found)
}

struct Reader<'text> {
    parser: Parser<'text>,
}

impl<'text> Reader<'text> {
    fn event(&mut self) -> Result<Event<'text>, RewriteError> {
        match self.parser.next() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(RewriteError::Syntax(error.to_string())),
            None => Err(RewriteError::Syntax("the text ends too early".to_owned())),
        }
    }

    /// The next key of a mapping; what is no text has none of the keys that are looked for.
    fn key(&mut self) -> Result<Option<String>, RewriteError> {
        let event = self.event()?;
        match event.kind {
            EventKind::MappingEnd => Ok(None),
            EventKind::Scalar(scalar) => Ok(Some(scalar.value.into_owned())),
            _ => {
                self.skip(&event)?;
                Ok(Some(String::new()))
            }
        }
    }

    fn skip(&mut self, first: &Event<'text>) -> Result<(), RewriteError> {
        let mut depth = opens(&first.kind);
        while depth > 0 {
            depth += opens(&self.event()?.kind);
        }
        Ok(())
    }

    fn items(&mut self, found: &mut Vec<Dependency>) -> Result<(), RewriteError> {
        loop {
            let event = self.event()?;
            match event.kind {
                EventKind::SequenceEnd => return Ok(()),
                EventKind::MappingStart(_) => found.extend(self.item()?),
                EventKind::Alias { .. } => return Err(unusual(event.mark)),
                _ => self.skip(&event)?,
            }
        }
    }

    fn item(&mut self) -> Result<Option<Dependency>, RewriteError> {
        let (mut name, mut range, mut repository) = (String::new(), String::new(), None);
        while let Some(key) = self.key()? {
            let value = self.event()?;
            match (key.as_str(), value.kind) {
                ("name", EventKind::Scalar(scalar)) => name = scalar.value.into_owned(),
                ("version", EventKind::Scalar(scalar)) => range = scalar.value.into_owned(),
                (
                    "repository",
                    EventKind::Scalar(Scalar {
                        value: text, style, ..
                    }),
                ) => {
                    repository = Some(Placed {
                        value: text.into_owned(),
                        style,
                        mark: value.mark,
                    });
                }
                ("name" | "version" | "repository", EventKind::Alias { .. }) | ("<<", _) => {
                    return Err(unusual(value.mark));
                }
                (_, kind) => self.skip(&Event {
                    kind,
                    mark: value.mark,
                })?,
            }
        }
        Ok(repository.map(|repository| Dependency {
            name,
            range,
            repository,
        }))
    }
}

fn unusual(mark: Mark) -> RewriteError {
    RewriteError::Unusual { line: mark.line + 1 }
}

/// How much deeper an event leads.
fn opens(kind: &EventKind<'_>) -> isize {
    match kind {
        EventKind::SequenceStart(_) | EventKind::MappingStart(_) => 1,
        EventKind::SequenceEnd | EventKind::MappingEnd => -1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> Result<Rewritten, RewriteError> {
        let old = OldRepository {
            address: "https://old.example/charts".to_owned(),
            names: vec!["old".to_owned()],
        };
        rewrite(text, &old, "oci://new.example/c", |chart, range| {
            chart != "stays" && range != "9"
        })
    }

    #[track_caller]
    fn check(before: &str, after: &str) {
        let rewritten = run(before).unwrap();
        assert_eq!(rewritten.text, after);
        assert_eq!(run(after).unwrap().replaced, []);
    }

    #[track_caller]
    fn check_same(text: &str) {
        check(text, text);
    }

    #[test]
    fn addresses_change_and_nothing_else() {
        check(
            "# é top\nname: a # a\ndependencies:\n- name: b # b\n  repository:   https://old.example/charts # why\n  version:  '^1'\n\n# end\n",
            "# é top\nname: a # a\ndependencies:\n- name: b # b\n  repository:   oci://new.example/c # why\n  version:  '^1'\n\n# end\n",
        );
        check(
            "dependencies: [{name: b, repository: \"https://old.example/charts/\"}, {repository: '@old', name: c}]",
            "dependencies: [{name: b, repository: \"oci://new.example/c\"}, {repository: 'oci://new.example/c', name: c}]",
        );
        check(
            "\u{feff}dependencies:\r\n  - repository: alias:old\r\n    name: é\r\n",
            "\u{feff}dependencies:\r\n  - repository: oci://new.example/c\r\n    name: é\r\n",
        );
        check(
            "é: {ü: 1}\ndependencies:\n- {name: ß, repository: \"https://old.example/charts\"}\nx: https://old.example/charts\n",
            "é: {ü: 1}\ndependencies:\n- {name: ß, repository: \"oci://new.example/c\"}\nx: https://old.example/charts\n",
        );
    }

    #[test]
    fn others_stay() {
        check_same("");
        check_same("- a\n");
        check_same(
            "dependencies:\n- {name: b, repository: 'https://other.example/charts'}\n- {name: c, repository: '@other'}\n",
        );
        check_same("dependencies:\n- {name: b}\n- null\n- {name: c, repository: ''}\n");
        check_same("dependencies: {repository: https://old.example/charts}\n? [a]\n: b\n");
        let left = run(
            "dependencies:\n- name: stays\n  repository: '@old'\n- {name: a, version: 9, repository: '@old'}\n",
        );
        let left = left.unwrap();
        let expected = vec![("stays".to_owned(), 3), ("a".to_owned(), 4)];
        assert_eq!((left.left, left.replaced.len()), (expected, 0));
    }

    #[test]
    fn what_cannot_be_changed_in_its_place_is_an_error() {
        for text in [
            "dependencies:\n- name: b\n  repository: &r https://old.example/charts\n",
            "dependencies:\n- name: b\n  repository: \"https://old.example\\x2fcharts\"\n",
            "r: &r https://old.example/charts\ndependencies:\n- repository: *r\n",
            "dependencies:\n- name: b\n  repository: >-\n    https://old.example/charts\n",
            "d: &d\n- {name: b}\ndependencies: *d\n",
            "d: &d {name: b}\ndependencies:\n- <<: [*d]\n",
            "d: &d\n- {name: b}\n<<: {x: *d}\n",
        ] {
            let error = run(text).unwrap_err();
            assert_eq!(error, RewriteError::Unusual { line: 3 }, "{text}");
        }
        assert!(matches!(run("a: [\n").unwrap_err(), RewriteError::Syntax(_)));
    }
}
