//! What differs between two namespaces by nature: times, identities, the name of the namespace itself.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// What stands for the name of the namespace.
const NAMESPACE: &str = "NAMESPACE";

static PATTERNS: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
    let compile = |pattern| Regex::new(pattern).expect("because the pattern is a constant");
    [
        (
            compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| ?[+-]\d\d:?\d\d(?: \w+)?)"),
            "TIME",
        ),
        (
            compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}"),
            "TIME",
        ),
        (
            compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
            "UID",
        ),
        (compile(r"10\.0\.\d+\.\d+"), "ADDRESS"),
    ]
});

/// Replaces all of it in a text.
pub(super) fn text(text: &str, namespace: &str) -> String {
    let mut masked = text.replace(namespace, NAMESPACE);
    for (pattern, word) in PATTERNS.iter() {
        masked = pattern.replace_all(&masked, *word).into_owned();
    }
    masked
}

/// Leaves out of a release that is printed as JSON or YAML what [`revision`] leaves out.
pub(super) fn without_file_times(text: &str) -> String {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?m),"modtime":"[^"]*"|^ *modtime: .*\n"#).expect("because the pattern is a constant")
    });
    PATTERN.replace_all(text, "").into_owned()
}

/// Replaces the versions of objects and of lists, which grow with every write of anyone.
pub(super) fn versions(text: &str) -> String {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#""resourceVersion":"\d+""#).expect("because the pattern is a constant")
    });
    PATTERN
        .replace_all(text, "\"resourceVersion\":\"VERSION\"")
        .into_owned()
}

/// Replaces all of it in the strings of a value.
pub(super) fn of_namespace(value: &Value, namespace: &str) -> Value {
    serde_json::from_str(&text(&value.to_string(), namespace))
        .expect("because what is replaced has no quotes around it and in it")
}

/// Replaces the labels of a stored revision that are times, but not that there are such.
pub(super) fn moments(labels: &mut Value) {
    for name in ["createdAt", "modifiedAt"] {
        if let Some(value) = labels.get_mut(name) {
            *value = "TIME".into();
        }
    }
}

/// A revision without the times of the chart's files, which nobody reads: skeg does not keep them.
pub(super) fn revision(body: &mut Value) {
    let forget = |value: &mut Value| {
        value.as_object_mut().map(|value| value.remove("modtime"));
    };
    let chart = &mut body["chart"];
    for list in ["templates", "files"] {
        for file in chart[list].as_array_mut().into_iter().flatten() {
            forget(file);
        }
    }
    forget(chart);
}

/// An object without what the server makes up, and without what is driven by us.
pub(super) fn object(mut object: Value) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.remove("status");
    }
    if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.remove("resourceVersion");
        if let Some(Value::Array(managers)) = metadata.get_mut("managedFields") {
            managers.retain(|manager| manager["subresource"] != "status");
            for manager in managers.iter_mut() {
                manager.as_object_mut().map(|manager| manager.remove("time"));
            }
            // The server sorts by time, which has seconds only.
            managers.sort_by_key(ToString::to_string);
        }
    }
    object
}

#[cfg(test)]
mod tests {
    use super::text;

    #[track_caller]
    fn check(raw: &str, masked: &str) {
        assert_eq!(text(raw, "m-1-a"), masked);
    }

    #[test]
    fn times_and_identities_are_masked() {
        check("in m-1-a.", "in NAMESPACE.");
        check("2026-11-22T14:02:48.702330671+05:30", "TIME");
        check("at 2026-11-25T15:18:10Z.", "at TIME.");
        check("2026-11-22 08:32:20.604064024 +0000 UTC,", "TIME,");
        check("LAST DEPLOYED: Wed Nov 25 15:18:09 2026", "LAST DEPLOYED: TIME");
        check("LAST DEPLOYED: Wed Nov  5 15:18:09 2026", "LAST DEPLOYED: TIME");
        check("3fa0e9e9-0935-4453-a41c-fa0b7ee8ffa8", "UID");
        check("\"10.0.0.103\"", "\"ADDRESS\"");
        check("1.36.3 and 2026-11", "1.36.3 and 2026-11");
    }
}
