//! Several logins at once, from threads and from processes: all survive.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use skeg_credentials::{Credential, CredentialChain, HelperPrograms, LoginStore};

use crate::support::{Sandbox, key, names_in};

/// Names the file to a process that this test starts from its own program.
const VARIABLE: &str = "SKEG_CREDENTIALS_TEST_FILE";
const WRITERS: usize = 6;
const LOGINS: usize = 5;

/// Logs in to hosts that no other writer uses.
fn log_in(path: &Path, writer: usize, logins: usize) {
    let chain = CredentialChain::new(HelperPrograms::new("").into());
    let store = LoginStore::new(path, chain);
    for login in 0..logins {
        let target = key(&format!("h{writer}-{login}.io"));
        store.login(&target, &Credential::basic("u", "p")).unwrap();
    }
}

#[track_caller]
fn check_all(sandbox: &Sandbox) {
    for writer in 0..WRITERS {
        for login in 0..LOGINS {
            let host = format!("h{writer}-{login}.io");
            let source = format!("`{host}` in helm.json");
            sandbox.check(&host, &Credential::basic("u", "p"), &source);
        }
    }
    assert_eq!(
        names_in(&sandbox.path(".")),
        [".helm.json.lock", "bin", "helm.json"]
    );
}

#[test]
fn case_20_logins_of_several_threads_survive() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("helm.json");
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let path = &path;
            scope.spawn(move || log_in(path, writer, LOGINS));
        }
    });
    check_all(&sandbox);
}

#[test]
fn case_20_logins_of_several_processes_survive() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("helm.json");
    let children: Vec<Child> = (0..WRITERS).map(|writer| start(&path, writer, LOGINS)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    check_all(&sandbox);
}

#[test]
fn case_20_a_killed_process_leaves_a_whole_file_and_no_lock() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("helm.json");
    for writer in 0..WRITERS {
        let mut child = start(&path, writer, 100_000);
        let first = format!("h{writer}-0.io");
        while sandbox.lookup(&first).source.is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        sandbox.check(
            &first,
            &Credential::basic("u", "p"),
            &format!("`{first}` in helm.json"),
        );
    }
    // What those that were killed left goes with the next login.
    log_in(&path, WRITERS, 1);
    let entries = fs_err::read_dir(path.parent().unwrap()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left: Vec<_> = names.filter(|name| name.starts_with(".skeg-")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[expect(clippy::disallowed_methods, reason = "the test starts its own program")]
fn start(path: &Path, writer: usize, logins: usize) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "concurrency::log_in_for_another_process"]);
    command.env(VARIABLE, format!("{writer} {logins} {}", path.display()));
    command.stdout(Stdio::null()).spawn().unwrap()
}

/// The other end of [`start`]; by itself it has nothing to do.
#[test]
#[expect(clippy::disallowed_methods, reason = "the variable comes from `start`")]
fn log_in_for_another_process() {
    if let Ok(task) = std::env::var(VARIABLE) {
        let [writer, logins, path] = task.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap();
        log_in(Path::new(path), writer.parse().unwrap(), logins.parse().unwrap());
    }
}
