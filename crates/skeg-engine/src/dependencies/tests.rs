//! The short way against the long one, on trees of charts made at random.

use std::fmt::Write as _;
use std::path::Path;

use skeg_chart::{Chart, LoadOptions};
use skeg_go::GoMap;
use skeg_values::yaml;

use super::{PrepareError, Prepared, prepare_step_by_step, shortcut};
use crate::log::Log;
use crate::tree::Node;

/// Numbers that look random.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

/// A table in flow style; few keys, so that charts meet.
fn table(numbers: &mut Numbers, keys: &[&str], depth: usize) -> String {
    let mut text = "{".to_owned();
    for key in keys {
        if numbers.one_in(3) {
            continue;
        }
        let value = match numbers.below(12) {
            0 => "true".to_owned(),
            1 => "false".to_owned(),
            2 => "[{x: 1}]".to_owned(),
            3 if numbers.one_in(6) => "~".to_owned(),
            4 if numbers.one_in(4) => "text".to_owned(),
            _ if depth > 0 => table(numbers, &["a", "b", "c", "on"], depth - 1),
            number => number.to_string(),
        };
        write!(text, "{key}: {value}, ").unwrap();
    }
    text + "}"
}

fn values(numbers: &mut Numbers, children: &[&str]) -> String {
    let mut text = String::new();
    for key in ["a", "b", "on"] {
        if numbers.one_in(2) {
            writeln!(text, "{key}: {}", table(numbers, &["a", "b"], 1)).unwrap();
        }
    }
    if !numbers.one_in(3) {
        writeln!(text, "global: {}", table(numbers, &["a", "b", "c"], 2)).unwrap();
    }
    if numbers.one_in(8) {
        writeln!(text, "tags: {}", table(numbers, &["a", "b"], 0)).unwrap();
    }
    for child in children {
        if numbers.one_in(2) {
            let keys = ["a", "b", "on", "global", "m", "n"];
            writeln!(text, "{child}: {}", table(numbers, &keys, 2)).unwrap();
        }
    }
    text
}

fn write_chart(numbers: &mut Numbers, directory: &Path, name: &str, depth: usize) {
    let children: &[&str] = match depth {
        0 => &[],
        _ => numbers.pick(&[&[][..], &["m"], &["m", "n"], &["n", "p"]]),
    };
    let mut metadata = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
    if !children.is_empty() && !numbers.one_in(6) {
        metadata.push_str("dependencies:\n");
        for child in children {
            writeln!(metadata, "- name: {child}\n  version: 1.x.x").unwrap();
            if numbers.one_in(3) {
                writeln!(metadata, "  condition: {child}.on,{child}.a.on,global.on").unwrap();
            }
            if numbers.one_in(6) {
                writeln!(metadata, "  tags: [a, b]").unwrap();
            }
            if *child == children[0] && numbers.one_in(12) {
                writeln!(metadata, "  alias: a").unwrap();
            }
            if numbers.one_in(30) {
                writeln!(metadata, "  import-values: [{{child: a, parent: b}}]").unwrap();
            }
        }
    }
    fs_err::create_dir_all(directory).unwrap();
    fs_err::write(directory.join("Chart.yaml"), metadata).unwrap();
    fs_err::write(directory.join("values.yaml"), values(numbers, children)).unwrap();
    for child in children {
        write_chart(numbers, &directory.join("charts").join(child), child, depth - 1);
    }
}

fn describe(outcome: Result<Prepared<'_>, PrepareError>, log: &Log) -> String {
    let text = match outcome {
        Ok(Prepared { root, values }) => {
            let mut names = String::new();
            describe_tree(&root, &mut names);
            let values = yaml::encode_go(&values.into()).unwrap();
            format!("{names}\n{}", String::from_utf8(values).unwrap())
        }
        Err(error) => format!("{error:?}"),
    };
    format!("{text}\n{}", log.take().join("\n"))
}

fn describe_tree(chart: &crate::tree::Node<'_>, text: &mut String) {
    write!(text, "{}(", chart.name()).unwrap();
    for requirement in chart.requirements() {
        write!(text, "{} {} ", requirement.name, requirement.enabled).unwrap();
    }
    for child in chart.children() {
        describe_tree(child, text);
    }
    text.push(')');
}

#[test]
fn the_short_way_comes_to_the_same() {
    let mut taken = 0;
    for seed in 0..ROUNDS {
        let mut numbers = Numbers(seed);
        let directory = tempfile::tempdir().unwrap();
        write_chart(&mut numbers, directory.path(), "r", 3);
        let chart = Chart::load(directory.path(), &LoadOptions::default()).unwrap();
        let user = match numbers.below(3) {
            0 => GoMap::new(),
            _ => yaml::decode_go_map(values(&mut numbers, &["m", "n"]).as_bytes()).unwrap(),
        };
        let log = Log::default();
        let Some(short) = shortcut::prepare(Node::new(&chart), &user, &log) else {
            continue;
        };
        taken += 1;
        let short = describe(Ok(short), &log);
        let other = prepare_step_by_step(Node::new(&chart), &user, &log);
        assert_eq!(short, describe(other, &log), "seed {seed}");
    }
    assert!(taken > ROUNDS / 20, "{taken} of {ROUNDS}");
}

const ROUNDS: u64 = 400;
