//! An independent registry library, both ways: it reads what skeg wrote, and skeg reads what it
//! wrote.

use oci_client::Client;
use oci_client::Reference;
use oci_client::client::Certificate;
use oci_client::client::CertificateEncoding;
use oci_client::client::ClientConfig;
use oci_client::client::ClientProtocol;
use oci_client::client::Config;
use oci_client::client::ImageLayer;
use oci_client::secrets::RegistryAuth;
use skeg_tests::LiveRegistry;

use crate::scene::Scene;

const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";

fn client(registry: &LiveRegistry) -> Client {
    // Another test may have been first.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let mut config = ClientConfig::default();
    match registry.certificate_authority() {
        None => config.protocol = ClientProtocol::Http,
        Some(authority) => config.extra_root_certificates.push(Certificate {
            encoding: CertificateEncoding::Pem,
            data: fs_err::read(authority).expect("because the run gave it"),
        }),
    }
    Client::new(config)
}

fn account(registry: &LiveRegistry) -> RegistryAuth {
    if registry.is_protected() {
        return RegistryAuth::Basic(registry.user().to_owned(), registry.password().to_owned());
    }
    RegistryAuth::Anonymous
}

#[tokio::test]
async fn the_library_reads_what_skeg_wrote() {
    let scene = Scene::new("library-reads");
    let archive = scene.package(&scene.skeg, "documented");
    let pushed = scene
        .run(&scene.skeg, &["push", &archive, &scene.remote()])
        .success();
    let reference: Reference = format!("{}/documented:2.10.3", scene.repository())
        .parse()
        .expect("because it is a reference");
    let image = client(&scene.registry)
        .pull(&reference, &account(&scene.registry), vec![CHART])
        .await
        .expect("because the library reads what skeg wrote");
    assert_eq!(image.digest, Some(pushed.digest()));
    assert_eq!(image.config.media_type, CONFIG);
    assert_eq!(image.layers.len(), 1);
    assert!(image.layers[0].data[..] == scene.sandbox.read(&archive)[..]);
}

#[tokio::test]
async fn skeg_reads_what_the_library_wrote() {
    let scene = Scene::new("library-writes");
    let archive = scene.package(&scene.skeg, "minimal");
    let bytes = scene.sandbox.read(&archive);
    let reference: Reference = format!("{}/minimal:0.1.0", scene.repository())
        .parse()
        .expect("because it is a reference");
    let config = r#"{"name":"minimal","version":"0.1.0","apiVersion":"v2"}"#;
    let layer = ImageLayer::new(bytes.clone(), CHART.to_owned(), None);
    let config = Config::new(config.as_bytes().to_vec(), CONFIG.to_owned(), None);
    client(&scene.registry)
        .push(&reference, &[layer], config, &account(&scene.registry), None)
        .await
        .expect("because the registry takes it");
    let arguments = [
        "pull",
        &scene.reference("minimal"),
        "--version",
        "0.1.0",
        "-d",
        "there",
    ];
    scene.sandbox.directory("there");
    let _pulled = scene.run(&scene.skeg, &arguments).success();
    assert!(bytes == scene.sandbox.read(format!("there/{archive}")));
    let shown = scene
        .run(&scene.skeg, &["show", "chart", &scene.reference("minimal")])
        .success();
    assert!(shown.stdout().contains("name: minimal\n"), "{shown}");
}
