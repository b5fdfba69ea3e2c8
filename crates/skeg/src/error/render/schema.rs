//! Values that do not keep to a schema: who has set them.

use skeg_chart::Chart;
use skeg_values::{UserValues, Value, yaml};

use super::place;

/// How many mistakes are looked up.
const MOST_PLACES: usize = 5;

/// For each value that is not as the schema wants it, the flag that set it, or the file and the line.
pub(super) fn hints(root: &Chart, message: &str, values: &UserValues) -> Vec<String> {
    let read = |path: &String| Some((path.clone(), fs_err::read(path).ok()?));
    let mut sources: Vec<(String, Vec<u8>)> = values.files.iter().rev().filter_map(read).collect();
    let name = root.metadata().name();
    let own = root.values_yaml().unwrap_or_default().to_vec();
    sources.push((format!("{name}/values.yaml"), own));
    let mut chart = name;
    let mut hints = Vec::new();
    for line in message.lines() {
        if let Some(name) = line.strip_suffix(':') {
            chart = name;
            continue;
        }
        let Some(pointer) = line
            .strip_prefix("- at '")
            .and_then(|rest| rest.split('\'').next())
        else {
            continue;
        };
        let prefix = (chart != name).then(|| chart.to_owned());
        let keys = pointer
            .split('/')
            .skip(1)
            .map(unescape)
            .filter(|key| !key.is_empty());
        let keys: Vec<String> = prefix.into_iter().chain(keys).collect();
        hints.extend(flag_hint(&keys, values).or_else(|| place_hint(&keys, &sources)));
    }
    hints.dedup();
    hints.truncate(MOST_PLACES);
    hints
}

/// The names of a JSON pointer have two characters in disguise.
fn unescape(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

/// The flag that has the last word about a value.
fn flag_hint(keys: &[String], values: &UserValues) -> Option<String> {
    let path = keys.join(".");
    let flags = [
        ("--set-literal", &values.literals),
        ("--set-file", &values.file_values),
        ("--set-string", &values.strings),
        ("--set", &values.typed),
        ("--set-json", &values.json),
    ];
    let sets = |argument: &&String| {
        let mut assignments = argument.split(',');
        assignments.any(|assignment| assignment.split('=').next() == Some(&path))
    };
    let found = flags.into_iter().find_map(|(flag, arguments)| {
        let argument = arguments.iter().rfind(sets)?;
        Some(format!("`{flag} {argument}`"))
    });
    found.map(|flag| format!("`{path}` is set by {flag}"))
}

fn place_hint(keys: &[String], sources: &[(String, Vec<u8>)]) -> Option<String> {
    let path = keys.join(".");
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let (file, content) = sources.iter().find(|(_, content)| has(content, &keys))?;
    let (line, _) = place::line_of_keys(content, &keys)?;
    Some(format!("`{path}` is set in {file}:{line}"))
}

fn has(content: &[u8], keys: &[&str]) -> bool {
    let Ok(document) = yaml::decode(content) else {
        return false;
    };
    let step = |value: &Value, key: &&str| match value {
        Value::List(items) => items.get(key.parse::<usize>().ok()?).cloned(),
        other => other.get(key).cloned(),
    };
    !keys.is_empty()
        && keys
            .iter()
            .try_fold(document, |value, key| step(&value, key))
            .is_some()
}
