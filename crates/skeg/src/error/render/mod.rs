//! Errors of rendering, explained: the line of the template, how it was reached, what is missing and where to set it.
//!
//! All of it stands behind Helm's own words and changes nothing about them.

mod manifest;
mod place;
mod schema;
mod snippet;
mod values;

use skeg_chart::Chart;
use skeg_engine::{Detail, ExecError, ParseError, RenderError, RenderErrorKind, TextError};
use skeg_values::UserValues;

use self::snippet::Snippet;
use self::values::Owner;

/// How many steps to an error are shown.
const MOST_STEPS: usize = 8;

/// What is said about an error of rendering besides its message.
#[derive(Debug, Default)]
pub(crate) struct RenderExplanation {
    /// Lines with sources.
    pub(super) lines: Vec<String>,
    /// What to do next.
    pub(super) hints: Vec<String>,
}

impl RenderExplanation {
    /// Explains an error of rendering `chart` with these values.
    pub(crate) fn new(error: &RenderError, chart: &Chart, values: &UserValues) -> Self {
        let mut explanation = Self::default();
        match error.kind() {
            RenderErrorKind::Parse { file, source } => explanation.parse(chart, file, source),
            RenderErrorKind::Execute { source, .. } => explanation.execute(chart, source),
            RenderErrorKind::Manifest {
                file,
                document,
                source,
            } => explanation.lines = manifest::explain(chart, file, document, source),
            RenderErrorKind::Schema { message } => explanation.hints = schema::hints(chart, message, values),
            _ => {}
        }
        explanation
    }

    fn parse(&mut self, chart: &Chart, file: &str, error: &ParseError) {
        let unknown = error.unknown_function();
        if let Some(text) = place::template(chart, &error.name().to_lossy()) {
            let part = unknown.map(|function| function.name.as_str());
            let snippet = Snippet::of_line(file, text, error.line(), part);
            self.lines = snippet.map(|snippet| snippet.lines("")).unwrap_or_default();
        }
        if let Some(hint) = unknown.and_then(|function| did_you_mean("the function", &function.candidates)) {
            self.hints.push(hint);
        }
    }

    fn execute(&mut self, chart: &Chart, error: &ExecError) {
        let Chain { errors, parsing } = Chain::of(error);
        let Some(innermost) = errors.last() else {
            return;
        };
        let (label, hints) = detail(chart, innermost);
        let mut frames = errors.iter().rev().filter_map(|error| error.frame());
        if let Some(frame) = frames.next() {
            let name = frame.name.to_lossy();
            let snippet = match place::template(chart, &name) {
                Some(text) => Snippet::of_span(&name, text, frame.span.clone()),
                None => Some(Snippet::of_node(&name, frame.line, &frame.node)),
            };
            self.lines = snippet.map(|snippet| snippet.lines(&label)).unwrap_or_default();
        }
        let reached: Vec<String> = frames
            .map(|frame| {
                let (name, line, column) = (frame.name.to_lossy(), frame.line, frame.column + 1);
                format!("  = reached by {name}:{line}:{column}: {}", frame.node)
            })
            .collect();
        let hidden = reached.len().saturating_sub(MOST_STEPS);
        self.lines.extend(reached.into_iter().take(MOST_STEPS));
        if hidden > 0 {
            self.lines.push(format!("  = and {hidden} steps more"));
        }
        let unknown = parsing.and_then(ParseError::unknown_function);
        let function = unknown.and_then(|function| did_you_mean("the function", &function.candidates));
        self.hints = hints.into_iter().chain(function).collect();
    }
}

/// What has led to an error.
struct Chain<'error> {
    /// The errors of templates, the outermost first.
    errors: Vec<&'error ExecError>,
    /// The text given to `tpl` that is no template.
    parsing: Option<&'error ParseError>,
}

impl<'error> Chain<'error> {
    fn of(error: &'error ExecError) -> Self {
        let mut chain = Self {
            errors: Vec::new(),
            parsing: None,
        };
        let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(error) = next {
            match error.downcast_ref::<TextError>() {
                Some(TextError::Exec(error)) => chain.errors.push(error),
                Some(TextError::Parse(error)) => chain.parsing = Some(error),
                None => {
                    chain.errors.extend(error.downcast_ref::<ExecError>());
                    chain.parsing = chain.parsing.or(error.downcast_ref::<ParseError>());
                }
            }
            next = error.source();
        }
        chain
    }
}

/// What is wrong, in a few words for the place itself, and what to do about it.
fn detail(chart: &Chart, error: &ExecError) -> (String, Vec<String>) {
    let file = error.frame().map(|frame| frame.name.to_lossy().into_owned());
    let owner = Owner::find(chart, file.as_deref().unwrap_or_default());
    match error.detail() {
        Detail::NilPointer { path, nil, .. } => (format!("`{nil}` is not set"), owner.missing_hints(path)),
        Detail::MissingField {
            field, candidates, ..
        } => {
            let hint = did_you_mean("", candidates);
            (format!("there is no `{field}`"), hint.into_iter().collect())
        }
        Detail::WrongType { expected, found, .. } => (
            format!("this is of type {found}"),
            conversion(expected).into_iter().collect(),
        ),
        Detail::UnknownTemplate { candidates, .. } => {
            let hint = did_you_mean("the template", candidates);
            (
                "there is no template of this name".to_owned(),
                hint.into_iter().collect(),
            )
        }
        Detail::Call { function } if function == "required" => {
            let node = error.frame().map(|frame| frame.node.as_str()).unwrap_or_default();
            (
                "the chart requires this value".to_owned(),
                owner.missing_hints(node),
            )
        }
        Detail::Call { function } if function == "fail" => ("the chart gives up here".to_owned(), Vec::new()),
        Detail::Limit => (
            String::new(),
            vec![
                "raise the limit by `--max-output` or `--max-steps` if the chart is to be trusted".to_owned(),
            ],
        ),
        _ => (String::new(), Vec::new()),
    }
}

fn did_you_mean(what: &str, candidates: &[String]) -> Option<String> {
    let names: Vec<String> = candidates.iter().map(|name| format!("`{name}`")).collect();
    let blank = if what.is_empty() { "" } else { " " };
    (!names.is_empty()).then(|| format!("did you mean {what}{blank}{}?", names.join(" or ")))
}

/// How a value gets the type that a function wants.
fn conversion(expected: &str) -> Option<String> {
    let function = match expected {
        "string" => "toString",
        "int" => "int",
        "int64" => "int64",
        "float64" => "float64",
        _ => return None,
    };
    Some(format!(
        "a value of type {expected} is wanted here: `(… | {function})` makes one"
    ))
}
