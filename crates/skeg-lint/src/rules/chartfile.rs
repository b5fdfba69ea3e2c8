//! `Chart.yaml`.

use skeg_chart::{Dependency, Maintainer, Metadata, UncheckedMetadata};
use skeg_go::quote::quote;
use skeg_go::semver::Version;
use skeg_values::{Value, yaml};

use crate::address::{is_email, is_request_url, is_url};
use crate::finding::{Position, Severity};
use crate::linter::{Linter, Spot};
use crate::place;
use crate::rule::Rule;
use skeg_go::errors::{chain, system_words};

const FILE: &str = "Chart.yaml";

/// Checks `Chart.yaml`.
pub(crate) fn check(linter: &mut Linter<'_>) {
    let path = linter.directory().join(FILE);
    if path.is_dir() {
        let spot = Spot::file(Rule::ChartFile, FILE);
        linter.report(Severity::Error, &spot, "should be a file, not a directory");
    }
    let content = match fs_err::read(&path) {
        Ok(content) => content,
        Err(error) => {
            let operation = if path.is_dir() { "read" } else { "open" };
            let reason = system_words(&error);
            let message = format!("unable to parse YAML\n\t{operation} {}: {reason}", path.display());
            return linter.report(Severity::Error, &Spot::file(Rule::ChartSyntax, FILE), message);
        }
    };
    match UncheckedMetadata::parse(&content) {
        Err(error) => {
            let message = format!("unable to parse YAML\n\t{}", chain(&error));
            let spot = Spot::file(Rule::ChartSyntax, FILE).at(syntax_position(&content));
            linter.report(Severity::Error, &spot, message);
        }
        Ok(metadata) => Checker {
            linter,
            content: &content,
            metadata: &metadata,
        }
        .check(),
    }
}

fn syntax_position(content: &[u8]) -> Option<Position> {
    let error = yaml::decode_for_struct(content).err()?;
    Some(Position {
        line: error.line()?,
        column: error.column().unwrap_or(1),
    })
}

struct Checker<'check, 'options> {
    linter: &'check mut Linter<'options>,
    content: &'check [u8],
    metadata: &'check UncheckedMetadata,
}

impl Checker<'_, '_> {
    fn check(mut self) {
        self.keys();
        self.error(Rule::ChartName, "name", name_problem(self.metadata));
        self.error(
            Rule::ChartApiVersion,
            "apiVersion",
            api_version_problem(self.metadata),
        );
        let document = yaml::decode(self.content).unwrap_or_default();
        self.error(Rule::ChartVersion, "version", kind_problem(&document, "version"));
        self.error(
            Rule::ChartVersion,
            "version",
            version_problem(&self.metadata.version),
        );
        self.error(
            Rule::ChartAppVersion,
            "appVersion",
            kind_problem(&document, "appVersion"),
        );
        self.error(
            Rule::ChartMaintainers,
            "maintainers",
            maintainer_problem(self.metadata),
        );
        self.error(Rule::ChartSources, "sources", source_problem(self.metadata));
        self.icon();
        self.error(Rule::ChartType, "type", type_problem(self.metadata));
        self.error(
            Rule::ChartDependencies,
            "dependencies",
            dependencies_problem(self.metadata),
        );
        let version = &self.metadata.version;
        let problem = Version::parse_strict(version).is_err();
        let problem = problem.then(|| format!("version '{version}' is not a valid SemVerV2"));
        self.report(Severity::Warning, Rule::ChartVersion, "version", problem);
    }

    fn error(&mut self, rule: Rule, key: &str, problem: Option<String>) {
        self.report(Severity::Error, rule, key, problem);
    }

    fn report(&mut self, severity: Severity, rule: Rule, key: &str, problem: Option<String>) {
        if let Some(problem) = problem {
            let spot = Spot::file(rule, FILE).at(place::of_key(self.content, key));
            self.linter.report(severity, &spot, problem);
        }
    }

    /// Keys that stand there twice, or that nobody knows.
    fn keys(&mut self) {
        let (reason, position) = match yaml::decode_strict(self.content) {
            Err(error) => {
                let position = error.line().map(|line| Position {
                    line,
                    column: error.column().unwrap_or(1),
                });
                (error.to_string(), position)
            }
            Ok(document) => {
                let Some(key) = unknown_key(&document, &CHART) else {
                    return;
                };
                let reason = format!(
                    "error unmarshaling JSON: while decoding JSON: json: unknown field {}",
                    quote(key)
                );
                (reason, place::of_key(self.content, key))
            }
        };
        let spot = Spot::file(Rule::ChartKeys, FILE).at(position);
        let message = format!("failed to strictly parse chart metadata file\n\t{reason}");
        self.linter.report(Severity::Warning, &spot, message);
    }

    fn icon(&mut self) {
        let icon = &self.metadata.icon;
        if icon.is_empty() {
            let message = Some("icon is recommended".to_owned());
            return self.report(Severity::Info, Rule::ChartIcon, "icon", message);
        }
        let problem = (!is_request_url(icon)).then(|| format!("invalid icon URL '{icon}'"));
        self.error(Rule::ChartIcon, "icon", problem);
    }
}

/// The keys of a record, and those of the records in its lists.
struct Keys {
    known: &'static [&'static str],
    lists: &'static [(&'static str, Keys)],
}

const CHART: Keys = Keys {
    known: &Metadata::FIELDS,
    lists: &[("maintainers", MAINTAINER), ("dependencies", DEPENDENCY)],
};
const MAINTAINER: Keys = Keys {
    known: &Maintainer::FIELDS,
    lists: &[],
};
const DEPENDENCY: Keys = Keys {
    known: &Dependency::FIELDS,
    lists: &[],
};

/// The first key that no field takes, in the order in which Go meets them: bytewise.
fn unknown_key<'value>(value: &'value Value, keys: &Keys) -> Option<&'value str> {
    let is = |key: &str, name: &str| key.eq_ignore_ascii_case(name);
    for (key, inner) in value.as_map()? {
        if !keys.known.iter().any(|name| is(key, name)) {
            return Some(key);
        }
        let Some((_, keys)) = keys.lists.iter().find(|(name, _)| is(key, name)) else {
            continue;
        };
        let mut items = inner.as_list().unwrap_or_default().iter();
        if let Some(key) = items.find_map(|item| unknown_key(item, keys)) {
            return Some(key);
        }
    }
    None
}

fn name_problem(metadata: &UncheckedMetadata) -> Option<String> {
    let name = &metadata.name;
    if name.is_empty() {
        return Some("name is required".to_owned());
    }
    name.contains('/')
        .then(|| format!("chart name {} is invalid", quote(name)))
}

fn api_version_problem(metadata: &UncheckedMetadata) -> Option<String> {
    match metadata.api_version.as_str() {
        "" => Some("apiVersion is required. The value must be either \"v1\" or \"v2\"".to_owned()),
        "v1" | "v2" => None,
        other => Some(format!(
            "apiVersion '{other}' is not valid. The value must be either \"v1\" or \"v2\""
        )),
    }
}

/// What is to be text should be written as text: `1.10` is a number, and that is `1.1`.
fn kind_problem(document: &Value, key: &str) -> Option<String> {
    let go_type = match document.get(key)? {
        Value::String(_) => return None,
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::UInt(_) | Value::Float(_) => "float64",
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]interface {}",
    };
    Some(format!(
        "{key} should be of type string but it's of type {go_type}"
    ))
}

fn version_problem(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("version is required".to_owned());
    }
    let Ok(version) = Version::parse(text) else {
        return Some(format!("version '{text}' is not a valid SemVer"));
    };
    // No version is below this one.
    let is_lowest =
        (version.major(), version.minor(), version.patch()) == (0, 0, 0) && version.prerelease() == "0";
    is_lowest.then(|| {
        format!(
            "version {} is less than or equal to \"0.0.0-0\"",
            quote(&version.to_string())
        )
    })
}

fn maintainer_problem(metadata: &UncheckedMetadata) -> Option<String> {
    metadata
        .maintainers
        .iter()
        .find_map(|maintainer| match maintainer {
            None => Some("a maintainer entry is empty".to_owned()),
            Some(maintainer) => address_problem(maintainer),
        })
}

fn address_problem(maintainer: &Maintainer) -> Option<String> {
    let (name, email, url) = (maintainer.name(), maintainer.email(), maintainer.url());
    if name.is_empty() {
        return Some("each maintainer requires a name".to_owned());
    }
    if !email.is_empty() && !is_email(email) {
        return Some(format!("invalid email '{email}' for maintainer '{name}'"));
    }
    let is_wrong = !url.is_empty() && !is_url(url);
    is_wrong.then(|| format!("invalid url '{url}' for maintainer '{name}'"))
}

fn source_problem(metadata: &UncheckedMetadata) -> Option<String> {
    let wrong = metadata.sources.iter().find(|source| !is_request_url(source))?;
    Some(format!("invalid source URL '{wrong}'"))
}

fn type_problem(metadata: &UncheckedMetadata) -> Option<String> {
    let is_wrong = !metadata.chart_type.is_empty() && metadata.api_version != "v2";
    is_wrong.then(|| {
        let version = &metadata.api_version;
        format!("chart type is not valid in apiVersion '{version}'. It is valid in apiVersion 'v2'")
    })
}

fn dependencies_problem(metadata: &UncheckedMetadata) -> Option<String> {
    let is_wrong = !metadata.dependencies.is_empty() && metadata.api_version != "v2";
    is_wrong.then(|| {
        let version = &metadata.api_version;
        format!(
            "dependencies are not valid in the Chart file with apiVersion '{version}'. \
             They are valid in apiVersion 'v2'"
        )
    })
}
