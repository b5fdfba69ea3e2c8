//! What holds for every resolution, over made-up charts and ranges.

use skeg_go::semver::{Version, VersionConstraint};
use skeg_resolve::{LockFile, Requirement, resolve};

use crate::memory::{Memory, chart};
use crate::resolving::block_on;

const CASES: u64 = 400;

/// A small generator of numbers, the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        // Knuth's constants; the upper bits are the good ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn version(&mut self) -> String {
        let (major, minor, patch) = (self.below(3), self.below(4), self.below(12));
        let tail = ["", "", "", "-rc.1", "-alpha.2"][usize::try_from(self.below(5)).unwrap()];
        format!("{major}.{minor}.{patch}{tail}")
    }

    fn range(&mut self) -> String {
        let version = self.version();
        match self.below(7) {
            0 => format!("^{version}"),
            1 => format!("~{version}"),
            2 => format!(">={version}"),
            3 => format!("<{version}"),
            4 => format!(">={version} <{}", self.version()),
            5 => format!("{}.x", self.below(3)),
            _ => "*".to_owned(),
        }
    }
}

/// Charts with their versions, the highest first.
fn charts(random: &mut Random) -> Vec<(String, Vec<String>)> {
    let names = ["one", "two", "three"];
    let versions = |random: &mut Random| {
        let count = 1 + random.below(12);
        let mut versions: Vec<Version> = (0..count)
            .filter_map(|_| Version::parse(&random.version()).ok())
            .collect();
        versions.sort();
        versions.dedup();
        versions.iter().rev().map(ToString::to_string).collect()
    };
    names
        .map(|name| (format!("oci://h/c/{name}"), versions(random)))
        .to_vec()
}

fn lines(random: &mut Random) -> Vec<String> {
    let count = 1 + random.below(6);
    let names = ["one", "two", "three"];
    let line = |random: &mut Random| {
        let name = names[usize::try_from(random.below(3)).unwrap()];
        format!("{name}|{}|oci://h/c", random.range())
    };
    (0..count).map(|_| line(random)).collect()
}

/// The versions that are chosen, in the order of the lines; an error as its text.
fn chosen(source: &Memory, lines: &[String]) -> Result<(LockFile, Vec<Requirement>), String> {
    let metadata = chart(&lines.join("\n"));
    let requirements = Requirement::all(metadata.dependencies()).map_err(|error| error.to_string())?;
    let resolution =
        block_on(resolve(&requirements, None, 4, source)).map_err(|error| format!("{error:?}"))?;
    let lock = resolution.lock(metadata.dependencies(), "2020-01-01T00:00:00Z");
    Ok((lock, requirements))
}

fn versions(lock: &LockFile) -> Vec<String> {
    let locked = lock.dependencies.iter();
    locked
        .map(|locked| locked.dependency.version().to_owned())
        .collect()
}

fn check(seed: u64) {
    let mut random = Random(seed);
    let charts = charts(&mut random);
    let borrowed: Vec<(&str, Vec<&str>)> = charts
        .iter()
        .map(|(place, versions)| (place.as_str(), versions.iter().map(String::as_str).collect()))
        .collect();
    let borrowed: Vec<(&str, &[&str])> = borrowed
        .iter()
        .map(|(place, versions)| (*place, versions.as_slice()))
        .collect();
    let source = Memory::new(&borrowed);
    let mut lines = lines(&mut random);
    let Ok((lock, requirements)) = chosen(&source, &lines) else {
        // Somewhere there is a range without a version in it.
        let has_none = |line: &String| chosen(&source, std::slice::from_ref(line)).is_err();
        assert!(lines.iter().any(has_none), "seed {seed}");
        return;
    };
    for (requirement, version) in requirements.iter().zip(versions(&lock)) {
        let range = VersionConstraint::parse(requirement.version()).unwrap();
        let parsed = Version::parse(&version).unwrap();
        assert!(range.check(&parsed), "seed {seed}: {version} is not in the range");
        let place = format!("oci://h/c/{}", requirement.place().name);
        let (_, there) = charts.iter().find(|(known, _)| *known == place).unwrap();
        let higher = there
            .iter()
            .map(|version| Version::parse(version).unwrap())
            .any(|other| other > parsed && range.check(&other));
        assert!(!higher, "seed {seed}: {version} is not the highest");
    }
    let (again, _) = chosen(&source, &lines).unwrap();
    assert_eq!(again, lock, "seed {seed}: the same twice");
    let read = LockFile::parse(lock.to_yaml().as_bytes()).unwrap();
    assert_eq!(read, lock, "seed {seed}: as it was written");
    let metadata = chart(&lines.join("\n"));
    assert_eq!(
        read.expected_digest(metadata.dependencies()).to_string(),
        lock.digest,
        "seed {seed}"
    );
    lines.reverse();
    let mut reversed = versions(&chosen(&source, &lines).unwrap().0);
    reversed.reverse();
    assert_eq!(
        reversed,
        versions(&lock),
        "seed {seed}: whatever stands before and after"
    );
}

#[test]
fn every_resolution_is_a_good_one() {
    (1..=CASES).for_each(check);
}
