//! What every scenario starts with: a registry, a sandbox, the program under test and its peers.

use std::path::Path;

use serde_json::Value;
use skeg_tests::LiveRegistry;
use skeg_tests::Outcome;
use skeg_tests::Program;
use skeg_tests::Sandbox;

/// The stage of one scenario. Its repositories are below a name of its own, so that scenarios run
/// side by side on one registry.
pub(crate) struct Scene {
    name: String,
    pub(crate) registry: LiveRegistry,
    pub(crate) sandbox: Sandbox,
    pub(crate) skeg: Program,
    peer_sandbox: Sandbox,
}

impl Scene {
    /// A stage where nobody is logged in.
    pub(crate) fn anonymous(name: &str) -> Self {
        let built = env!("CARGO_BIN_EXE_skeg-under-test");
        let registry = LiveRegistry::of_this_run();
        Self {
            name: name.to_owned(),
            peer_sandbox: peer_sandbox(&registry),
            registry,
            sandbox: Sandbox::new(),
            skeg: Program::under_test(built),
        }
    }

    /// A stage where skeg, and by the shared file helm, is logged in.
    pub(crate) fn new(name: &str) -> Self {
        let scene = Self::anonymous(name);
        scene.registry.log_in(&scene.sandbox, &scene.skeg);
        scene
    }

    /// A peer by name. Says so when it is missing; the scenario then ends without a result, and
    /// the task that started the run counts the missing peer.
    pub(crate) fn peer(&self, name: &str) -> Option<Program> {
        let found = Program::peer(name);
        if found.is_none() {
            eprintln!("SKIPPED {}: `{name}` is missing", self.name);
        }
        found
    }

    /// The remote that charts of this scenario are pushed to.
    pub(crate) fn remote(&self) -> String {
        format!("oci://{}", self.repository())
    }

    /// The reference of a chart in it, without a tag.
    pub(crate) fn reference(&self, chart: &str) -> String {
        format!("{}/{chart}", self.remote())
    }

    /// The same without the scheme.
    pub(crate) fn repository(&self) -> String {
        format!("{}/{}", self.registry.host(), self.name)
    }

    /// Runs a command of helm or skeg that talks to the registry.
    pub(crate) fn run(&self, program: &Program, arguments: &[&str]) -> Outcome {
        let mut words: Vec<String> = arguments.iter().map(|&word| word.to_owned()).collect();
        words.extend(self.registry.flags());
        self.sandbox.run(program, words)
    }

    /// Packages a chart of the test data with a program; returns the archive's name.
    #[track_caller]
    pub(crate) fn package(&self, program: &Program, chart: &str) -> String {
        self.package_with(program, chart, &[])
    }

    /// The same in another version.
    #[track_caller]
    pub(crate) fn package_version(&self, program: &Program, chart: &str, version: &str) -> String {
        self.package_with(program, chart, &["--version", version])
    }

    #[track_caller]
    fn package_with(&self, program: &Program, chart: &str, flags: &[&str]) -> String {
        let directory = skeg_tests::chart(chart).display().to_string();
        let arguments = ["package", &directory].into_iter().chain(flags.iter().copied());
        let output = self.sandbox.run(program, arguments).success().stdout();
        let path = output.trim_end().rsplit(": ").next().unwrap_or_default();
        Path::new(path)
            .file_name()
            .expect("because the program says where it saved the archive")
            .to_string_lossy()
            .into_owned()
    }

    /// The manifest as an independent client reads it. `None` when there is no such client.
    #[track_caller]
    pub(crate) fn manifest(&self, reference: &str) -> Option<Value> {
        let output = self.crane(&["manifest", reference])?.success();
        Some(serde_json::from_slice(output.stdout_bytes()).expect("because a manifest is JSON"))
    }

    /// Runs crane as a logged-in client.
    pub(crate) fn crane(&self, arguments: &[&str]) -> Option<Outcome> {
        let crane = self.peer("crane")?;
        Some(self.peer_sandbox.run(&crane, arguments))
    }

    /// Runs regctl as a logged-in client.
    pub(crate) fn regctl(&self, arguments: &[&str]) -> Option<Outcome> {
        let regctl = self.peer("regctl")?;
        let mut words: Vec<String> = arguments.iter().map(|&word| word.to_owned()).collect();
        if self.registry.certificate_authority().is_none() {
            words.push("--host".to_owned());
            words.push(format!("reg={},tls=disabled", self.registry.host()));
        }
        Some(self.peer_sandbox.run(&regctl, words))
    }

    /// Runs skopeo as a logged-in client.
    pub(crate) fn skopeo(&self, arguments: &[&str]) -> Option<Outcome> {
        let skopeo = self.peer("skopeo")?;
        Some(self.peer_sandbox.run(&skopeo, arguments))
    }

    /// The flag by which skopeo agrees to plain HTTP.
    pub(crate) fn skopeo_tls_flag(&self) -> &'static str {
        if self.registry.certificate_authority().is_some() {
            "--tls-verify=true"
        } else {
            "--tls-verify=false"
        }
    }
}

/// An environment for other makes of clients: they are logged in by a Docker configuration that
/// neither helm nor skeg sees.
fn peer_sandbox(registry: &LiveRegistry) -> Sandbox {
    let mut sandbox = Sandbox::new();
    if let Some(authority) = registry.certificate_authority() {
        sandbox.set("SSL_CERT_FILE", authority);
    }
    let mut auths = serde_json::Map::new();
    if registry.is_protected() {
        let account = serde_json::json!({
            "username": registry.user(),
            "password": registry.password(),
            "auth": base64_of(&format!("{}:{}", registry.user(), registry.password())),
        });
        auths.insert(registry.host().to_owned(), account);
    }
    let config = serde_json::json!({ "auths": auths }).to_string();
    // Some read DOCKER_CONFIG, some only the home directory.
    for directory in ["docker", ".docker"] {
        let directory = sandbox.home().join(directory);
        fs_err::create_dir_all(&directory).expect("because the sandbox is ours");
        fs_err::write(directory.join("config.json"), &config).expect("because it is ours");
    }
    sandbox
}

fn base64_of(text: &str) -> String {
    use base64::Engine;

    base64::engine::general_purpose::STANDARD.encode(text)
}
