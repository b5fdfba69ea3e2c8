//! Finding things again: the file of a template, and the line of a key in a file of values.

use skeg_chart::{Chart, Dependency};

/// The chart that a path such as `demo/charts/sub/templates/a.yaml` leads to, the names on the way, and the path in it.
pub(super) fn chart_of<'chart, 'path>(
    root: &'chart Chart,
    path: &'path str,
) -> Option<(&'chart Chart, Vec<&'path str>, &'path str)> {
    let (_, mut rest) = path.split_once('/')?;
    let (mut chart, mut names) = (root, Vec::new());
    while let Some((name, inner)) = rest.strip_prefix("charts/").and_then(|rest| rest.split_once('/')) {
        let Some(subchart) = subchart(chart, name) else {
            break;
        };
        (chart, rest) = (subchart, inner);
        names.push(name);
    }
    Some((chart, names, rest))
}

/// A chart inside another, by its name or by the alias that it goes by.
fn subchart<'chart>(chart: &'chart Chart, name: &str) -> Option<&'chart Chart> {
    let dependencies = chart.metadata().dependencies().iter();
    let aliased = dependencies.filter(|dependency| dependency.alias() == name);
    let real_name = aliased.map(Dependency::name).next().unwrap_or(name);
    let mut subcharts = chart.subcharts().iter();
    subcharts.find(|subchart| subchart.metadata().name() == real_name)
}

/// The text of a template by the path that messages have.
pub(super) fn template<'chart>(root: &'chart Chart, path: &str) -> Option<&'chart [u8]> {
    let (chart, _, path) = chart_of(root, path)?;
    let file = chart.templates().iter().find(|file| file.path() == path)?;
    Some(file.data())
}

/// The line, from 1, of the last of these keys that is in a YAML file in block style, and how many of them are there.
pub(super) fn line_of_keys(yaml: &[u8], keys: &[&str]) -> Option<(usize, usize)> {
    let text = String::from_utf8_lossy(yaml);
    let mut found = None;
    // The indentation of the key that was found last, and of the keys below it.
    let (mut outer, mut inner) = (None, None);
    let mut wanted = keys.iter();
    let mut key = *wanted.next()?;
    for (line, number) in text.lines().zip(1..) {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with(['#', '-']) {
            continue;
        }
        let indent = line.len() - content.len();
        if outer.is_some_and(|outer| indent <= outer) {
            break;
        }
        if indent == *inner.get_or_insert(indent) && is_key(content, key) {
            found = Some((number, found.map_or(1, |(_, depth)| depth + 1)));
            (outer, inner) = (Some(indent), None);
            match wanted.next() {
                Some(next) => key = next,
                None => break,
            }
        }
    }
    found
}

fn is_key(line: &str, key: &str) -> bool {
    let plain = line.trim_start_matches(['"', '\'']);
    let rest = plain
        .strip_prefix(key)
        .map(|rest| rest.trim_start_matches(['"', '\'']));
    rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::line_of_keys;

    #[track_caller]
    fn check(yaml: &str, keys: &[&str], expected: Option<(usize, usize)>) {
        assert_eq!(line_of_keys(yaml.as_bytes(), keys), expected, "{keys:?}");
    }

    #[test]
    fn keys_are_found_by_indentation() {
        const YAML: &str =
            "# a\ntag: x\nimage:\n  # c\n  name: a\n\n  'tag': b\n  deep:\n    tag: c\nother:\n  tag: d\n";
        check(YAML, &["image", "tag"], Some((7, 2)));
        check(YAML, &["image", "deep", "tag"], Some((9, 3)));
        check(YAML, &["image", "nope"], Some((3, 1)));
        check(YAML, &["other", "tag"], Some((11, 2)));
        check(YAML, &["tag", "x"], Some((2, 1)));
        check(YAML, &["nope"], None);
        check("", &["a"], None);
        check(YAML, &[], None);
    }
}
