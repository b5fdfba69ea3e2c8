//! One version at a time.

use skeg_chart::Limits;
use skeg_migrate::{MigrateError, MigrateOptions, Migrated, Migration, Plan, Selection, plan};
use skeg_oci_client::{Anonymous, Client, ClientOptions, MemoryRepository, SilentReporter};
use skeg_registry::PushTarget;
use skeg_repository::{Index, Remote};
use skeg_test_support::{ChartBuilder, PlainReply, PlainServer, sha256_digest};

const CHART: &str = "/charts/demo-1.0.0.tgz";

fn demo(version: &str) -> Vec<u8> {
    ChartBuilder::new("demo", version).archive().bytes()
}

/// A repository that has an archive at the address of version 1.0.0, and perhaps a provenance file.
fn server(archive: Vec<u8>, provenance: u16) -> PlainServer {
    PlainServer::start(move |request| match request.target {
        CHART => PlainReply::new(200).body(archive.clone()),
        "/charts/demo-1.0.0.tgz.prov" => PlainReply::new(provenance).body("signed"),
        _ => PlainReply::new(404),
    })
}

fn index(digest: &str) -> Index {
    let entry = format!("{{name: demo, version: 1.0.0, urls: [demo-1.0.0.tgz]{digest}}}");
    Index::parse(format!("apiVersion: v1\nentries:\n  demo: [{entry}]\n").as_bytes()).unwrap()
}

fn digest_of(archive: &[u8]) -> String {
    format!(
        ", digest: {}",
        sha256_digest(archive).trim_start_matches("sha256:")
    )
}

fn options(overwrite: bool) -> MigrateOptions {
    MigrateOptions {
        overwrite,
        provenance: true,
        limits: Limits::default(),
    }
}

async fn run(
    server: &PlainServer,
    index: &Index,
    repository: &MemoryRepository,
    is_there: bool,
    overwrite: bool,
) -> Result<Migrated, MigrateError> {
    let target = PushTarget::parse("oci://registry.example/charts").unwrap();
    let Plan { versions, .. } = plan(index, &Selection::everything(), &target);
    let client = Client::new(
        ClientOptions::default(),
        std::sync::Arc::new(Anonymous),
        std::sync::Arc::new(SilentReporter),
    );
    let remote = Remote::new(client, format!("{}/charts", server.base_url()));
    let scratch = tempfile::tempdir().unwrap();
    let options = options(overwrite);
    let migration = Migration {
        remote: &remote,
        repository,
        options: &options,
    };
    if is_there && let Some(present) = migration.compare(&versions[0]).await? {
        return Ok(present);
    }
    migration.take(&versions[0], scratch.path()).await
}

#[tokio::test]
async fn a_version_goes_there_once() {
    let archive = demo("1.0.0");
    let (server, index) = (server(archive.clone(), 200), index(&digest_of(&archive)));
    let repository = MemoryRepository::default();
    let copied = run(&server, &index, &repository, false, false).await.unwrap();
    let Migrated::Copied {
        digest,
        size,
        has_provenance: true,
        moved_from: None,
    } = copied
    else {
        panic!("{copied:?}");
    };
    assert_eq!(size, archive.len() as u64);
    let before = server.requests().len();
    let again = run(&server, &index, &repository, true, false).await.unwrap();
    assert_eq!(
        again,
        Migrated::Present {
            digest,
            is_compared: true
        }
    );
    assert_eq!(server.requests().len(), before);
}

#[tokio::test]
async fn what_is_not_what_the_index_says_stays_away() {
    let archive = demo("1.0.0");
    let repository = MemoryRepository::default();
    let other = index(&digest_of(b"other"));
    let error = run(&server(archive.clone(), 404), &other, &repository, false, false)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("but the index says sha256:"),
        "{error}"
    );
    let error = run(&server(demo("2.0.0"), 404), &index(""), &repository, false, false)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the archive is demo 2.0.0 by its Chart.yaml, and something else by the index"
    );
    let error = run(
        &server(b"text".to_vec(), 404),
        &index(""),
        &repository,
        false,
        false,
    )
    .await
    .unwrap_err();
    assert!(matches!(error, MigrateError::Archive(_)), "{error}");
    let error = run(&server(archive, 401), &index(""), &repository, false, false)
        .await
        .unwrap_err();
    assert!(matches!(error, MigrateError::Download(_)), "{error}");
}

#[tokio::test]
async fn a_tag_is_moved_on_demand_only() {
    let repository = MemoryRepository::default();
    let first = demo("1.0.0");
    run(
        &server(first.clone(), 404),
        &index(&digest_of(&first)),
        &repository,
        false,
        false,
    )
    .await
    .unwrap();
    let second = ChartBuilder::new("demo", "1.0.0")
        .file("new", "new")
        .archive()
        .bytes();
    let (server, index) = (server(second.clone(), 404), index(&digest_of(&second)));
    let error = run(&server, &index, &repository, true, false).await.unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("1.0.0 is there and is another archive, sha256:"),
        "{error}"
    );
    // Nobody said that it is there: it is not moved all the same.
    let error = run(&server, &index, &repository, false, false).await.unwrap_err();
    assert!(matches!(error, MigrateError::Push(_)), "{error}");
    let moved = run(&server, &index, &repository, true, true).await.unwrap();
    assert!(
        matches!(
            moved,
            Migrated::Copied {
                moved_from: Some(_),
                ..
            }
        ),
        "{moved:?}"
    );
}

#[tokio::test]
async fn without_a_digest_in_the_index_what_is_there_counts() {
    let repository = MemoryRepository::default();
    let server = server(demo("1.0.0"), 403);
    run(&server, &index(""), &repository, false, false).await.unwrap();
    let again = run(&server, &index(""), &repository, true, false).await.unwrap();
    assert!(
        matches!(
            again,
            Migrated::Present {
                is_compared: false,
                ..
            }
        ),
        "{again:?}"
    );
}
