//! `dependency update|build` that are killed at any moment, or cannot write: `charts/` and the lock file are those of before
//! or those of after, each archive is whole, and the next run sets right what is between.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use skeg_test_support::{ChartBuilder, CommandOutput, FakeRegistry, TestCommand, TestContext};

use crate::support::{context_with, publish_as};

const CHARTS: usize = 8;

/// What a chart's directory has: the lock file, and the archives by name.
#[derive(Clone, Debug, PartialEq)]
struct State {
    lock: Vec<u8>,
    archives: BTreeMap<String, Vec<u8>>,
}

struct Scene {
    registry: FakeRegistry,
    context: TestContext,
    before: State,
    after: State,
}

fn local(context: &TestContext, values: &str) {
    context.write(
        "local/Chart.yaml",
        "apiVersion: v2\nname: local\nversion: 1.0.0\n",
    );
    context.write("local/values.yaml", values);
}

fn command(context: &TestContext, words: &[&str]) -> TestCommand {
    context
        .command(["dependency"])
        .arg(words[0])
        .arg("shop")
        .arg("--plain-http")
        .arg(words.get(1).copied().unwrap_or("--no-progress"))
}

fn state(context: &TestContext) -> State {
    let entries = fs_err::read_dir(context.path("shop/charts"))
        .into_iter()
        .flatten()
        .flatten();
    let archives = entries
        .filter(|entry| !is_temporary(&entry.file_name().to_string_lossy()))
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (
                name,
                fs_err::read(entry.path()).expect("because archives are files"),
            )
        });
    State {
        archives: archives.collect(),
        lock: fs_err::read(context.path("shop/Chart.lock")).unwrap_or_default(),
    }
}

fn is_temporary(name: &str) -> bool {
    name.starts_with(".skeg-")
}

fn leftovers(context: &TestContext) -> Vec<String> {
    let names = ["shop", "shop/charts"].into_iter().flat_map(|directory| {
        let entries = fs_err::read_dir(context.path(directory)).into_iter().flatten();
        entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
    });
    names.filter(|name| is_temporary(name)).collect()
}

impl Scene {
    fn new() -> Self {
        let registry = FakeRegistry::start();
        let context = context_with(&registry);
        let mut shop = ChartBuilder::new("shop", "1.0.0");
        let publish = |version: &str| {
            for number in 0..CHARTS {
                let name = format!("c{number}");
                let chart = ChartBuilder::new(&name, version).big_random_file(200_000, number as u64);
                publish_as(&registry, &format!("charts/{name}"), version, &chart);
            }
        };
        for number in 0..CHARTS {
            shop = shop.dependency(&format!("c{number}"), "^1", &registry.oci("charts"));
        }
        shop.dependency("local", ">=0", "file://../local")
            .write_dir(context.work());
        publish("1.0.0");
        local(&context, "a: 1\n");
        command(&context, &["update"]).run().success();
        let before = state(&context);
        publish("1.1.0");
        local(&context, "a: 2\n");
        command(&context, &["update"]).run().success();
        let after = state(&context);
        assert_eq!(before.archives.len(), CHARTS + 1);
        assert_eq!(after.archives.len(), CHARTS + 1);
        Self {
            registry,
            context,
            before,
            after,
        }
    }

    /// Puts the directory into a state.
    fn set(&self, lock: &State, archives: &State) {
        drop(fs_err::remove_dir_all(self.context.path("shop/charts")));
        self.context.write("shop/Chart.lock", &lock.lock);
        for (name, content) in &archives.archives {
            self.context.write(format!("shop/charts/{name}"), content);
        }
    }

    fn run(&self, words: &[&str]) -> CommandOutput {
        command(&self.context, words).run()
    }

    /// Nothing is torn, and each chart is there as it was or as it will be.
    #[track_caller]
    fn check_whole(&self, now: &State, moment: &str) {
        for (name, content) in &now.archives {
            let known = [&self.before, &self.after].map(|state| state.archives.get(name));
            assert!(known.contains(&Some(content)), "{name} is torn {moment}");
        }
        for number in 0..CHARTS {
            let name = format!("c{number}-");
            let is_there = now.archives.keys().any(|archive| archive.starts_with(&name));
            assert!(is_there, "{name} is lost {moment}");
        }
        assert!(
            [&self.before.lock, &self.after.lock].contains(&&now.lock),
            "the lock file is torn {moment}"
        );
    }

    #[track_caller]
    fn check_now(&self, expected: &State, moment: &str) {
        let now = state(&self.context);
        assert!(
            now == *expected,
            "{:?} instead of {:?} {moment}",
            now.archives.keys(),
            expected.archives.keys()
        );
        assert_eq!(leftovers(&self.context), [""; 0], "{moment}");
    }

    fn whole_time(&self, words: &[&str]) -> Duration {
        let started = Instant::now();
        self.run(words).success();
        started.elapsed()
    }

    /// Kills the command after so long, or as soon as something has changed in `charts/`.
    fn kill(&self, words: &[&str], after: Option<Duration>) {
        let mut running = command(&self.context, words).start();
        match after {
            Some(time) => thread::sleep(time),
            None => self.wait_for_change(),
        }
        running.kill();
        drop(running.wait());
    }

    fn wait_for_change(&self) {
        let names = || state_names(&self.context);
        let (before, deadline) = (names(), Instant::now() + Duration::from_secs(20));
        while names() == before {
            assert!(Instant::now() < deadline, "nothing has changed");
        }
    }
}

fn state_names(context: &TestContext) -> Vec<String> {
    let entries = fs_err::read_dir(context.path("shop/charts"))
        .into_iter()
        .flatten();
    let names = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.filter(|name| !is_temporary(name)).collect();
    names.sort();
    names
}

/// The moments: spread over a whole run, and in the middle of the change.
fn moments(whole: Duration) -> impl Iterator<Item = Option<Duration>> {
    let kills = 30;
    let spread = (0..kills).map(move |kill| Some(whole * kill / kills));
    spread.chain((0..10).map(|_| None))
}

#[test]
fn an_update_that_is_killed_is_completed_or_taken_back() {
    let scene = Scene::new();
    scene.set(&scene.before, &scene.before);
    let whole = scene.whole_time(&["update"]);
    scene.check_now(&scene.after, "at the beginning");
    let mut between = 0;
    for (number, moment) in moments(whole).enumerate() {
        let text = format!("after kill {number} at {moment:?}");
        scene.set(&scene.before, &scene.before);
        scene.kill(&["update"], moment);
        let now = state(&scene.context);
        scene.check_whole(&now, &text);
        between += usize::from(now != scene.before && now != scene.after);
        // Whichever lock file it is, `charts/` is made to match it; the local chart is as it is on disk now.
        if number % 2 == 0 {
            scene.run(&["build"]).success();
            let is_old = now.lock == scene.before.lock;
            let mut expected = if is_old {
                scene.before.clone()
            } else {
                scene.after.clone()
            };
            let local = "local-1.0.0.tgz";
            let content = scene.after.archives[local].clone();
            expected.archives.insert(local.to_owned(), content);
            scene.check_now(&expected, &text);
        }
        scene.run(&["update"]).success();
        scene.check_now(&scene.after, &text);
    }
    println!("{between} kills in the middle of the change");
}

#[test]
fn a_build_that_is_killed_is_completed_by_the_next() {
    let scene = Scene::new();
    scene.set(&scene.after, &scene.before);
    let whole = scene.whole_time(&["build"]);
    for (number, moment) in moments(whole).enumerate() {
        let text = format!("after kill {number} at {moment:?}");
        scene.set(&scene.after, &scene.before);
        scene.kill(&["build"], moment);
        let now = state(&scene.context);
        scene.check_whole(&now, &text);
        assert!(
            now.lock == scene.after.lock,
            "building writes no lock file, {text}"
        );
        scene.registry.clear_requests();
        scene.run(&["build", "--offline"]).success();
        scene.check_now(&scene.after, &text);
    }
}

/// Something is in the way that even the superuser cannot write over.
#[track_caller]
fn check_in_the_way(words: &[&str], place: &str, expected: &str) {
    let scene = Scene::new();
    scene.set(&scene.before, &scene.before);
    let lock = scene.context.path("shop/Chart.lock");
    if words[0] == "build" {
        scene.set(&scene.after, &scene.before);
    }
    let place = scene.context.path(place);
    drop(fs_err::remove_file(&place));
    fs_err::create_dir_all(place.join("mine")).expect("because nothing is there");
    let names = state_names(&scene.context);
    let lock_before = fs_err::read(&lock).ok();
    let output = scene.run(words).failure();
    assert!(output.filtered().contains(expected), "{}", output.filtered());
    assert_eq!(state_names(&scene.context), names, "nothing has changed");
    for (name, content) in &scene.before.archives {
        let path = format!("shop/charts/{name}");
        if scene.context.path(&path).is_file() {
            assert!(scene.context.read(&path) == *content, "{name} has changed");
        }
    }
    assert_eq!(fs_err::read(&lock).ok(), lock_before);
    assert_eq!(leftovers(&scene.context), [""; 0]);
    assert!(place.join("mine").is_dir());
}

#[test]
fn what_is_in_the_way_is_an_error_that_changes_nothing() {
    // The last of the charts that are put there, after others.
    check_in_the_way(&["update"], "shop/charts/c7-1.1.0.tgz", "c7-1.1.0.tgz");
    check_in_the_way(&["build"], "shop/charts/c7-1.1.0.tgz", "c7-1.1.0.tgz");
    // What comes last of all.
    check_in_the_way(&["update"], "shop/Chart.lock", "Chart.lock");
}

#[cfg(unix)]
#[test]
fn a_directory_that_may_not_be_written_is_an_error_that_changes_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let scene = Scene::new();
    let path = |name: &str| scene.context.path(name);
    let set = |name: &str, mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        fs_err::set_permissions(path(name), mode).expect("because it is ours");
    };
    set("shop/charts", 0o555);
    let is_superuser = fs_err::write(path("shop/charts/probe"), "").is_ok();
    set("shop/charts", 0o755);
    if is_superuser {
        println!("not tested: nothing is forbidden to the superuser");
        return;
    }
    for (directory, words) in [
        ("shop/charts", "update"),
        ("shop/charts", "build"),
        ("shop", "update"),
    ] {
        let lock = if words == "build" {
            &scene.after
        } else {
            &scene.before
        };
        scene.set(lock, &scene.before);
        let expected = state(&scene.context);
        set(directory, 0o555);
        let output = scene.run(&[words]).failure();
        set(directory, 0o755);
        assert!(output.stderr().contains("ermission denied"), "{output}");
        scene.check_now(&expected, directory);
    }
}
