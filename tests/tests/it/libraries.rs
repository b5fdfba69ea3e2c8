//! Independent libraries beside the fake registry: they read what skeg wrote, and skeg reads what
//! they wrote.

use oci_client::Client;
use oci_client::Reference;
use oci_client::client::ClientConfig;
use oci_client::client::ClientProtocol;
use oci_client::client::Config;
use oci_client::client::ImageLayer;
use oci_client::secrets::RegistryAuth;
use skeg_test_support::FakeRegistry;
use skeg_tests::Program;
use skeg_tests::Sandbox;

const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";

fn skeg() -> Program {
    Program::under_test(env!("CARGO_BIN_EXE_skeg-under-test"))
}

fn client() -> Client {
    // Another test may have been first.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    Client::new(ClientConfig {
        protocol: ClientProtocol::Http,
        ..ClientConfig::default()
    })
}

fn packaged(sandbox: &Sandbox) -> Vec<u8> {
    let chart = skeg_tests::chart("minimal").display().to_string();
    let _packaged = sandbox.run(&skeg(), ["package", &chart]).success();
    sandbox.read("minimal-0.1.0.tgz")
}

fn reference(registry: &FakeRegistry) -> Reference {
    format!("{}/charts/minimal:0.1.0", registry.host())
        .parse()
        .expect("because it is a reference")
}

#[tokio::test]
async fn oci_client_reads_what_skeg_pushed() {
    let (registry, sandbox) = (FakeRegistry::start(), Sandbox::new());
    let archive = packaged(&sandbox);
    let remote = registry.oci("charts");
    let pushed = sandbox
        .run(&skeg(), ["push", "minimal-0.1.0.tgz", &remote, "--plain-http"])
        .success();
    let image = client()
        .pull(&reference(&registry), &RegistryAuth::Anonymous, vec![CHART])
        .await
        .expect("because the library reads what skeg wrote");
    assert_eq!(image.digest, Some(pushed.digest()));
    assert_eq!(image.config.media_type, CONFIG);
    assert!(image.layers[0].data[..] == archive[..]);
}

#[tokio::test]
async fn skeg_reads_what_oci_client_pushed() {
    let (registry, sandbox) = (FakeRegistry::start(), Sandbox::new());
    let archive = packaged(&sandbox);
    let metadata = r#"{"name":"minimal","version":"0.1.0","apiVersion":"v2"}"#;
    let layer = ImageLayer::new(archive.clone(), CHART.to_owned(), None);
    let config = Config::new(metadata.as_bytes().to_vec(), CONFIG.to_owned(), None);
    client()
        .push(
            &reference(&registry),
            &[layer],
            config,
            &RegistryAuth::Anonymous,
            None,
        )
        .await
        .expect("because the registry takes it");
    sandbox.directory("there");
    let chart = registry.oci("charts/minimal");
    let _pulled = sandbox
        .run(
            &skeg(),
            [
                "pull",
                &chart,
                "--version",
                "0.1.0",
                "-d",
                "there",
                "--plain-http",
            ],
        )
        .success();
    assert!(archive == sandbox.read("there/minimal-0.1.0.tgz"));
}

#[test]
fn docker_credential_reads_a_login() {
    let registry = FakeRegistry::builder().basic_auth("someone", "secret").start();
    let sandbox = Sandbox::new();
    let arguments = [
        "registry",
        "login",
        registry.host(),
        "--username",
        "someone",
        "--password-stdin",
        "--plain-http",
    ];
    let _logged_in = sandbox.run_with_input(&skeg(), arguments, b"secret").success();
    let file = fs_err::File::open(sandbox.registry_config()).expect("because skeg stored its login");
    let found = docker_credential::get_credential_from_reader(file, registry.host())
        .expect("because the file is a Docker configuration");
    let docker_credential::DockerCredential::UsernamePassword(user, password) = found else {
        panic!("expected a user and a password");
    };
    assert_eq!((user.as_str(), password.as_str()), ("someone", "secret"));
}
