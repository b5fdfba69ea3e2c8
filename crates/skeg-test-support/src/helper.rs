//! Credential helper programs (`docker-credential-NAME`) as shell scripts.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fs_err as fs;

/// What `get` of an unknown server prints, as the protocol demands.
const NOT_FOUND: &str = "credentials not found in native keychain";

/// Describes a helper; [`install`](CredentialHelper::install) writes it.
///
/// It keeps its credentials in files, so what `store` was given is what `get` returns, and notes
/// every call.
#[derive(Debug, Clone)]
#[must_use = "a described helper is nothing until it is installed"]
pub struct CredentialHelper {
    name: String,
    credentials: Vec<(String, String)>,
    prelude: String,
}

impl CredentialHelper {
    /// The helper `docker-credential-NAME`, which knows nothing yet.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            credentials: Vec::new(),
            prelude: String::new(),
        }
    }

    /// Knows these credentials for `server`, the exact text that `get` will be given.
    pub fn credential(mut self, server: &str, username: &str, secret: &str) -> Self {
        let [url, user, word] = [server, username, secret].map(serde_json::Value::from);
        let json = format!("{{\"ServerURL\":{url},\"Username\":{user},\"Secret\":{word}}}");
        self.credentials.push((server.to_owned(), json));
        self
    }

    /// Prints this line on standard error at every call.
    pub fn warns(mut self, line: &str) -> Self {
        let line = format!("printf '%s\\n' {} >&2\n", shell_quoted(line));
        self.prelude.push_str(&line);
        self
    }

    /// Prints `message` on standard output and exits with `status` at every call.
    pub fn fails(mut self, message: &str, status: u8) -> Self {
        let message = shell_quoted(message);
        let lines = format!("printf '%s\\n' {message}\nexit {status}\n");
        self.prelude.push_str(&lines);
        self
    }

    /// Prints `text` on standard output and succeeds at every call.
    pub fn prints(self, text: &str) -> Self {
        self.fails(text, 0)
    }

    /// Never ends.
    pub fn hangs(mut self) -> Self {
        self.prelude.push_str("exec sleep 3600\n");
        self
    }

    /// Writes the script to `directory`, which has to be in `PATH`.
    ///
    /// # Panics
    ///
    /// Panics where it cannot be written.
    pub fn install(self, directory: impl AsRef<Path>) -> InstalledHelper {
        let directory = directory.as_ref();
        let program = format!("docker-credential-{}", self.name);
        let state = directory.join(format!("{program}.state"));
        fs::create_dir_all(&state).expect("because the test owns the directory");
        for (server, json) in &self.credentials {
            fs::write(state.join(file_name(server)), json).expect("because the test owns the directory");
        }
        let installed = InstalledHelper {
            path: directory.join(program),
            log: directory.join(format!("docker-credential-{}.log", self.name)),
        };
        write_executable(&installed.path, &self.script(&state, &installed.log));
        installed
    }

    fn script(&self, state: &Path, log: &Path) -> String {
        let state = shell_quoted(&state.to_string_lossy());
        let log = shell_quoted(&log.to_string_lossy());
        let prelude = &self.prelude;
        format!(
            r#"#!/bin/sh
PATH=/usr/bin:/bin
input=$(cat)
printf '%s %s\n' "$1" "$input" >>{log}
{prelude}key() {{ printf '%s' "$1" | tr -c 'A-Za-z0-9.\n-' '_'; }}
case "$1" in
get)
    file={state}/$(key "$input")
    if [ -f "$file" ]; then cat "$file"; else printf '%s\n' '{NOT_FOUND}'; exit 1; fi ;;
store)
    server=$(printf '%s' "$input" | sed -n 's/.*"ServerURL" *: *"\([^"]*\)".*/\1/p')
    printf '%s' "$input" >{state}/"$(key "$server")" ;;
erase)
    file={state}/$(key "$input")
    if [ -f "$file" ]; then rm "$file"; else printf '%s\n' '{NOT_FOUND}'; exit 1; fi ;;
list)
    printf '{{' ; separator=
    for file in {state}/*; do
        [ -f "$file" ] || continue
        sed -n 's/.*"ServerURL" *: *\("[^"]*"\).*"Username" *: *\("[^"]*"\).*/\1:\2/p' "$file" |
            {{ read -r line; printf '%s%s' "$separator" "$line"; }}
        separator=,
    done
    printf '}}\n' ;;
*)
    printf 'unknown action\n'; exit 1 ;;
esac
"#
        )
    }
}

/// A helper on disk.
#[derive(Debug)]
pub struct InstalledHelper {
    path: PathBuf,
    log: PathBuf,
}

impl InstalledHelper {
    /// The program.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The calls so far: each the action, a space, and the input.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        // No call, no file.
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

/// Writes an executable file through another process. Were it open for writing in this one, a
/// child that another test forks at that moment would hold it open and make it "busy".
#[expect(
    clippy::disallowed_methods,
    reason = "the shell writes the file so that this process never has it open"
)]
fn write_executable(path: &Path, text: &str) {
    let mut shell = Command::new("/bin/sh")
        .args(["-c", "cat >\"$0\" && chmod 755 \"$0\""])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .expect("because every Unix has /bin/sh");
    let mut input = shell.stdin.take().expect("because it is piped");
    input
        .write_all(text.as_bytes())
        .expect("because the shell reads its input");
    drop(input);
    let status = shell.wait().expect("because the shell is our own child");
    assert!(status.success(), "cannot write `{}`", path.display());
}

fn file_name(server: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    server.chars().map(|c| if safe(c) { c } else { '_' }).collect()
}

fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
