//! Charts with dependencies by a seed.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::{CLASSIC, Case, Catalogue, REGISTRY};
use crate::fuzz::Random;

const CHARTS: [&str; 8] = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "common",
];
const REPOSITORIES: [&str; 3] = ["one", "two/charts", "three"];
const VERSIONS: [&str; 14] = [
    "0.1.0",
    "0.2.0",
    "0.2.5",
    "1.0.0",
    "1.0.1",
    "1.1.0",
    "1.2.3",
    "1.2.3+build.5",
    "1.10.0",
    "2.0.0-alpha.1",
    "2.0.0-rc.1",
    "2.0.0",
    "2.1.0",
    "10.0.0",
];
const RANGES: [&str; 30] = [
    "1.2.3",
    "1.0.0",
    "^1.0.0",
    "^1",
    "~1.2.0",
    "~1",
    "1.x",
    "1.x.x",
    "1.2.x",
    "*",
    ">=1.0.0",
    ">= 1.0.0, < 2.0.0",
    ">=0.2.0 <1.0.0",
    "<1.0.0 || >=2.0.0",
    "1.0.0 - 1.2.0",
    "^0.2.0",
    "~0.2",
    "!=10.0.0",
    "^2.0.0-0",
    ">=2.0.0-alpha",
    "1.2.3+build.5",
    "2.0.0-rc.1",
    "=1.1.0",
    "v1.0.0",
    "1",
    "1.2",
    ">1.0.0-0",
    "^1.0.0 || ^2.0.0",
    "",
    "0.x",
];
/// Ranges that no version is in, or that are none.
const BAD_RANGES: [&str; 4] = ["^7.0.0", ">=1.0.0 <1.0.0", "latest", "1.2.3.4"];

/// Makes up so many charts. What they ask for is added to the catalogue.
pub fn generate(count: usize, seed: u64, catalogue: &mut Catalogue) -> Vec<Case> {
    let mut random = Random::new(seed);
    for repository in REPOSITORIES {
        for chart in CHARTS {
            for version in VERSIONS {
                // Not every repository has every version.
                if !random.once_in(12) {
                    catalogue.add(repository, chart, version);
                }
            }
        }
    }
    (0..count).map(|number| case(number, seed, &mut random)).collect()
}

fn case(number: usize, seed: u64, random: &mut Random) -> Case {
    let is_v1 = random.once_in(5);
    let mut files = Vec::new();
    let mut requirements = String::from("dependencies:\n");
    // Helm looks for all charts of one name in the same index; where they have several it is not what is compared here.
    let mut places = HashMap::new();
    for position in 0..=random.below(6) {
        dependency(position, random, &mut requirements, &mut files, &mut places);
    }
    let api = if is_v1 { "v1" } else { "v2" };
    let mut chart = format!("apiVersion: {api}\nname: umbrella\nversion: 1.0.0\n");
    if is_v1 {
        files.push(("chart/requirements.yaml".to_owned(), requirements.into_bytes()));
    } else {
        chart.push_str(&requirements);
    }
    files.push(("chart/Chart.yaml".to_owned(), chart.into_bytes()));
    let named = REPOSITORIES
        .iter()
        .take(2)
        .map(|path| (name_of(path), (*path).to_owned()));
    Case {
        title: format!("seed {seed}, chart {number}"),
        files,
        named: named.collect(),
    }
}

/// The name that a repository has in `repositories.yaml`.
fn name_of(path: &str) -> String {
    path.replace('/', "-")
}

fn dependency(
    position: usize,
    random: &mut Random,
    requirements: &mut String,
    files: &mut Vec<(String, Vec<u8>)>,
    places: &mut HashMap<String, String>,
) {
    let chart = random.pick(&CHARTS);
    let repository = random.pick(&REPOSITORIES);
    let mut range = random.pick(&RANGES);
    if random.once_in(50) {
        range = random.pick(&BAD_RANGES);
    }
    let slash = if random.once_in(6) { "/" } else { "" };
    let named = name_of(random.pick(&REPOSITORIES[..2]));
    let mut chart = chart.to_owned();
    let address = match random.below(10) {
        0..3 => format!("{CLASSIC}/{repository}{slash}"),
        3..6 => format!("oci://{REGISTRY}/{repository}"),
        6 => format!("@{named}"),
        7 => format!("alias:{named}"),
        8 => {
            let version = near(&mut range, random);
            local(&format!("local-{position}"), &chart, version, random, files);
            format!("file://../local-{position}")
        }
        _ => {
            chart = format!("{chart}-in-charts");
            let version = near(&mut range, random);
            local(&format!("chart/charts/{chart}"), &chart, version, random, files);
            String::new()
        }
    };
    let address = places.entry(chart.clone()).or_insert(address).clone();
    if random.once_in(80) {
        "nowhere".clone_into(&mut chart);
    }
    let _infallible = writeln!(
        requirements,
        "- name: {chart}\n  version: \"{range}\"\n  repository: \"{address}\""
    );
    // Without an alias two of one name are a mistake, which is now and then what is wanted.
    if !random.once_in(12) {
        let _infallible = writeln!(requirements, "  alias: part{position}");
    }
    if random.once_in(4) {
        let _infallible = writeln!(requirements, "  condition: part{position}.enabled,global.parts");
    }
    if random.once_in(5) {
        requirements.push_str("  tags: [front, back]\n");
    }
    if random.once_in(6) {
        requirements.push_str("  import-values: [data, {child: a, parent: b}]\n");
    }
}

/// A version for a chart of which there is but one; mostly it is in the range.
fn near(range: &mut &str, random: &mut Random) -> &'static str {
    let version: &'static str = random.pick(&VERSIONS);
    if !random.once_in(8) {
        *range = if random.once_in(2) { ">=0.0.0-0" } else { version };
    }
    version
}

/// A chart on disk, now and then with a chart inside.
fn local(path: &str, name: &str, version: &str, random: &mut Random, files: &mut Vec<(String, Vec<u8>)>) {
    let mut metadata = format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
    if random.once_in(3) {
        metadata.push_str("dependencies:\n- {name: inner, version: 0.1.0}\n");
        files.push((
            format!("{path}/charts/inner/Chart.yaml"),
            b"apiVersion: v2\nname: inner\nversion: 0.1.0\n".to_vec(),
        ));
    }
    files.push((format!("{path}/Chart.yaml"), metadata.into_bytes()));
    files.push((format!("{path}/values.yaml"), b"a: 1\n".to_vec()));
}
