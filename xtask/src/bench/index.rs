//! A large index of a classic repository, in the cache of both programs.

use std::fmt::Write as _;
use std::path::Path;

use crate::failure::Result;

/// The list that names the repository.
pub(super) const REPOSITORIES: &str = "repositories.yaml";

/// The directory of its index.
pub(super) const CACHE: &str = "indexes";

/// The charts, and the versions of each.
const CHARTS: usize = 500;
const VERSIONS: usize = 100;

/// Writes the list and the index below `directory`.
pub(super) fn create(directory: &Path) -> Result<()> {
    let list = "apiVersion: \"\"\ngenerated: \"0001-01-01T00:00:00Z\"\nrepositories:\n- name: large\n  url: https://charts.example\n";
    fs_err::write(directory.join(REPOSITORIES), list)?;
    let cache = directory.join(CACHE);
    fs_err::create_dir_all(&cache)?;
    fs_err::write(cache.join("large-index.yaml"), index())?;
    Ok(())
}

/// Removes what skeg keeps beside the index.
pub(super) fn renew(directory: &Path) -> Result<()> {
    let condensed = directory.join(CACHE).join("large-index.skeg.jsonl");
    if condensed.exists() {
        fs_err::remove_file(condensed)?;
    }
    Ok(())
}

/// Entries with the fields that those of public repositories have, some 900 bytes each.
fn index() -> String {
    let mut text = String::from("apiVersion: v1\nentries:\n");
    for chart in 0..CHARTS {
        line(&mut text, format_args!("  chart-{chart:04}:"));
        for number in 0..VERSIONS {
            let version = format!("{}.{}.{}", VERSIONS - number, number * 7 % 10, number % 3);
            let digest = format!("{:064x}", chart * VERSIONS + number);
            entry(&mut text, &format!("chart-{chart:04}"), &version, &digest);
        }
    }
    text.push_str("generated: \"2023-05-01T12:00:00Z\"\n");
    text
}

fn entry(text: &mut String, name: &str, version: &str, digest: &str) {
    line(
        text,
        format_args!(
            "  - annotations:
      category: Infrastructure
      licenses: Apache-2.0
    apiVersion: v2
    appVersion: {version}
    created: \"2023-05-01T12:00:00.123456Z\"
    dependencies:
    - name: common
      repository: https://charts.example/common
      tags:
      - common
      version: 1.x.x
    description: The chart {name} is a distributed system for the {name} of things, made
      to be used by everybody who needs one of them
    digest: {digest}
    home: https://example.com/{name}
    icon: https://example.com/{name}/icon.png
    keywords:
    - {name}
    - database
    - sql
    maintainers:
    - email: someone@example.com
      name: Someone
    name: {name}
    sources:
    - https://git.example/example/{name}
    urls:
    - https://charts.example/{name}-{version}.tgz
    version: {version}"
        ),
    );
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("because a string takes any text");
}
