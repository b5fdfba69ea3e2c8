//! Copying, and the requests that it takes.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future;
use skeg_oci::{
    Descriptor, Digest, ImageIndex, ImageManifest, MediaType, Platform, RawManifest, Tag, TagOrDigest,
};
use skeg_oci_client::{
    Anonymous, BlobUpload, BoxFuture, Client, ClientOptions, FetchManifest, LayoutRepository, ListReferrers,
    ListTags, MemoryRepository, PushBlob, PushManifest, Repository, Resolve, SilentReporter, Sleeper,
    referrers_tag,
};
use skeg_registry::{
    Copier, CopyDestination, CopyError, CopyOptions, CopySide, CopySource, CopyTotals, ExistingTag, TagState,
};
use skeg_test_support::{FakeRegistry, Fault, TokenServer};

const FROM: &str = "charts/demo";
const TO: &str = "mirror/demo";

/// Pauses take no time.
struct NoPause;

impl Sleeper for NoPause {
    fn sleep(&self, _duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(future::ready(()))
    }
}

fn repository(registry: &FakeRegistry, name: &str) -> Repository {
    let options = ClientOptions {
        plain_http: true,
        sleeper: Arc::new(NoPause),
        ..ClientOptions::default()
    };
    let client = Client::new(options, Arc::new(Anonymous), Arc::new(SilentReporter));
    client.repository(registry.host().parse().unwrap(), name.parse().unwrap())
}

fn tag(text: &str) -> TagOrDigest {
    TagOrDigest::Tag(Tag::parse(text).unwrap())
}

async fn push_blob<R: PushBlob>(to: &R, kind: MediaType, content: &str) -> Descriptor {
    let upload = BlobUpload::from_bytes(kind, content.to_owned());
    to.push_blob(&upload).await.unwrap();
    upload.descriptor().clone()
}

/// An artifact of two blobs.
async fn image<R: PushBlob>(to: &R, content: &str, subject: Option<Descriptor>) -> RawManifest {
    ImageManifest {
        schema_version: 2,
        media_type: Some(MediaType::OCI_MANIFEST),
        artifact_type: subject.as_ref().map(|_| MediaType::new("application/x.sbom")),
        config: push_blob(to, MediaType::HELM_CONFIG, &format!("{{\"of\":\"{content}\"}}")).await,
        layers: vec![push_blob(to, MediaType::HELM_CHART_CONTENT, content).await],
        subject,
        annotations: None,
    }
    .to_raw()
}

async fn push<R: PushManifest>(to: &R, manifest: &RawManifest, target: &TagOrDigest) -> Descriptor {
    to.push_manifest(manifest, target).await.unwrap();
    manifest.descriptor()
}

async fn push_chart<R: PushBlob + PushManifest>(to: &R, version: &str) -> Descriptor {
    let manifest = image(to, version, None).await;
    push(to, &manifest, &tag(version)).await
}

async fn push_referrer<R: PushBlob + PushManifest>(
    to: &R,
    content: &str,
    subject: &Descriptor,
) -> Descriptor {
    let manifest = image(to, content, Some(subject.clone())).await;
    push(to, &manifest, &manifest.digest().clone().into()).await
}

/// An index of two platforms, each with an artifact of its own.
async fn push_index<R: PushBlob + PushManifest>(to: &R, version: &str) -> (Descriptor, Vec<Descriptor>) {
    let mut index = ImageIndex::empty();
    for architecture in ["amd64", "arm64"] {
        let manifest = image(to, &format!("{version} {architecture}"), None).await;
        let mut entry = push(to, &manifest, &manifest.digest().clone().into()).await;
        entry.platform = Some(Platform {
            architecture: architecture.to_owned(),
            os: "linux".to_owned(),
            variant: None,
        });
        index.manifests.push(entry);
    }
    let children = index.manifests.clone();
    (push(to, &index.to_raw(), &tag(version)).await, children)
}

async fn copy_one<S: CopySource, D: CopyDestination>(
    from: &S,
    to: &D,
    version: &str,
    options: CopyOptions,
) -> Result<(TagState, CopyTotals), CopyError> {
    let work = Copier::new(from, to, options);
    let copied = work
        .copy(&tag(version), Some(&Tag::parse(version).unwrap()))
        .await?;
    Ok((copied.state, work.totals()))
}

fn with_referrers() -> CopyOptions {
    CopyOptions {
        referrers: true,
        ..CopyOptions::default()
    }
}

#[tokio::test]
async fn a_chart_is_copied_byte_for_byte_and_the_second_time_only_asked_for() {
    let (one, two) = (FakeRegistry::start(), FakeRegistry::start());
    let (from, to) = (repository(&one, FROM), repository(&two, TO));
    let pushed = push_chart(&from, "1.0.0").await;
    let (state, totals) = copy_one(&from, &to, "1.0.0", CopyOptions::default())
        .await
        .unwrap();
    assert_eq!(state, TagState::Created);
    assert_eq!((totals.blobs, totals.manifests), (2, 1));
    assert_eq!(one.manifest(FROM, "1.0.0"), two.manifest(TO, "1.0.0"));
    assert_eq!(two.resolve(TO, "1.0.0").unwrap(), pushed.digest.to_string());
    one.clear_requests();
    two.clear_requests();
    let (state, totals) = copy_one(&from, &to, "1.0.0", CopyOptions::default())
        .await
        .unwrap();
    assert_eq!((state, totals), (TagState::Unchanged, CopyTotals::default()));
    for log in [one.requests(), two.requests()] {
        assert_eq!((log.len(), log.count("HEAD", "")), (1, 1), "{log}");
    }
}

#[tokio::test]
async fn an_index_comes_with_all_its_platforms() {
    let (one, two) = (FakeRegistry::start(), FakeRegistry::start());
    let (from, to) = (repository(&one, FROM), repository(&two, TO));
    let (index, children) = push_index(&from, "1.0.0").await;
    let (_, totals) = copy_one(&from, &to, "1.0.0", CopyOptions::default())
        .await
        .unwrap();
    assert_eq!((totals.blobs, totals.manifests), (4, 3));
    for digest in children
        .iter()
        .chain([&index])
        .map(|found| found.digest.to_string())
    {
        assert_eq!(one.manifest(FROM, &digest), two.manifest(TO, &digest));
    }
    two.clear_requests();
    copy_one(&from, &to, "1.0.0", with_referrers()).await.unwrap();
    assert_eq!(two.requests().count("PUT", ""), 0, "{}", two.requests());
}

#[tokio::test]
async fn everything_that_refers_to_it_comes_too() {
    for has_api in [[true, true], [true, false], [false, true], [false, false]] {
        let start = |has_api: bool| {
            if has_api {
                FakeRegistry::start()
            } else {
                FakeRegistry::builder().without_referrers_api().start()
            }
        };
        let [one, two] = has_api.map(start);
        let (from, to) = (repository(&one, FROM), repository(&two, TO));
        let (index, children) = push_index(&from, "1.0.0").await;
        let sbom = push_referrer(&from, "sbom", &index).await;
        push_referrer(&from, "other sbom", &index).await;
        let signature = push_referrer(&from, "signature of the sbom", &sbom).await;
        let of_platform = push_referrer(&from, "sbom of a platform", &children[1]).await;
        let legacy = format!("{}.sig", referrers_tag(&index.digest));
        push(&from, &image(&from, "cosign", None).await, &tag(&legacy)).await;
        let (_, totals) = copy_one(&from, &to, "1.0.0", with_referrers()).await.unwrap();
        assert_eq!(totals.referrers, 5);
        let listed = async |subject: &Digest| to.list_referrers(subject, None).await.unwrap().manifests;
        assert_eq!(listed(&index.digest).await.len(), 2, "{has_api:?}");
        assert_eq!(listed(&sbom.digest).await[0].digest, signature.digest);
        assert_eq!(listed(&children[1].digest).await[0].digest, of_platform.digest);
        assert!(to.resolve(&tag(&legacy)).await.is_ok());
        two.clear_requests();
        let (state, totals) = copy_one(&from, &to, "1.0.0", with_referrers()).await.unwrap();
        assert_eq!((state, totals), (TagState::Unchanged, CopyTotals::default()));
        assert_eq!(two.requests().count("PUT", ""), 0, "{}", two.requests());
        // One that comes later is noticed though the artifact is the same.
        push_referrer(&from, "late", &index).await;
        let (_, totals) = copy_one(&from, &to, "1.0.0", with_referrers()).await.unwrap();
        assert_eq!((totals.referrers, totals.manifests), (1, 1));
    }
}

#[tokio::test]
async fn without_asking_for_them_no_referrers_come() {
    let (from, to) = (MemoryRepository::new(), MemoryRepository::new());
    let chart = push_chart(&from, "1.0.0").await;
    push_referrer(&from, "sbom", &chart).await;
    copy_one(&from, &to, "1.0.0", CopyOptions::default())
        .await
        .unwrap();
    let referrers = to.list_referrers(&chart.digest, None).await.unwrap();
    assert!(referrers.manifests.is_empty());
}

/// Copies against a fault at one side, at most so often, until it succeeds.
async fn survives(side: CopySide, fault: Fault, runs: usize) {
    let (one, two) = (FakeRegistry::start(), FakeRegistry::start());
    let (from, to) = (repository(&one, FROM), repository(&two, TO));
    let (index, _) = push_index(&from, "1.0.0").await;
    push_referrer(&from, "sbom", &index).await;
    match side {
        CopySide::Source => one.add_fault(fault),
        CopySide::Destination => two.add_fault(fault),
    }
    for run in 1..=runs {
        let copied = copy_one(&from, &to, "1.0.0", with_referrers()).await;
        let is_tagged = two.resolve(TO, "1.0.0").is_some();
        match copied {
            Ok(_) => {
                assert!(is_tagged);
                let referrers = to.list_referrers(&index.digest, None).await.unwrap();
                assert_eq!(referrers.manifests.len(), 1);
                return;
            }
            Err(error) => assert!(run < runs, "{error:?}"),
        }
    }
}

#[tokio::test]
async fn faults_that_pass_are_passed_over() {
    for status in [429, 500, 503] {
        let fault = Fault::status(status).header("retry-after", "0").times(3);
        for (side, method, part) in [
            (CopySide::Source, "HEAD", "/manifests/"),
            (CopySide::Source, "GET", "/manifests/"),
            (CopySide::Source, "GET", "/blobs/"),
            (CopySide::Source, "GET", "/referrers/"),
            (CopySide::Destination, "HEAD", "/manifests/"),
            (CopySide::Destination, "HEAD", "/blobs/"),
            (CopySide::Destination, "POST", "/uploads/"),
            (CopySide::Destination, "PUT", "/uploads/"),
            (CopySide::Destination, "PUT", "/manifests/"),
        ] {
            survives(side, fault.clone().on(method, part), 1).await;
        }
    }
    for fault in [
        Fault::truncate(2).times(2).on("GET", "/blobs/"),
        Fault::disconnect_after(1).times(3).on("GET", "/manifests/"),
    ] {
        survives(CopySide::Source, fault, 1).await;
    }
    let cut = Fault::disconnect_after(3).times(3).on("PUT", "/uploads/");
    survives(CopySide::Destination, cut, 1).await;
}

#[tokio::test]
async fn a_copy_that_was_broken_off_goes_on() {
    for after in 0..6 {
        let fault = Fault::status(400).after(after).once();
        survives(CopySide::Destination, fault.clone().on("PUT", ""), 2).await;
        survives(CopySide::Source, fault.clone().on("GET", ""), 2).await;
    }
}

#[tokio::test]
async fn what_was_copied_before_a_failure_is_not_copied_again() {
    let (one, two) = (FakeRegistry::start(), FakeRegistry::start());
    let (from, to) = (repository(&one, FROM), repository(&two, TO));
    push_index(&from, "1.0.0").await;
    two.add_fault(Fault::status(400).once().on("PUT", "/manifests/1.0.0"));
    let error = copy_one(&from, &to, "1.0.0", CopyOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "cannot push the manifest as 1.0.0");
    assert_eq!(error.side(), CopySide::Destination);
    assert_eq!(two.resolve(TO, "1.0.0"), None);
    let (_, totals) = copy_one(&from, &to, "1.0.0", CopyOptions::default())
        .await
        .unwrap();
    assert_eq!((totals.blobs, totals.manifests), (0, 1));
}

#[tokio::test]
async fn tokens_that_end_in_the_middle_are_renewed() {
    let start = || FakeRegistry::builder().bearer_auth(TokenServer::new()).start();
    let (one, two) = (start(), start());
    let (from, to) = (repository(&one, FROM), repository(&two, TO).for_writing());
    push_index(&from.clone().for_writing(), "1.0.0").await;
    one.add_fault(Fault::token_expired().after(2).once().on("GET", ""));
    two.add_fault(Fault::token_expired().after(1).once().on("PUT", ""));
    copy_one(&from, &to, "1.0.0", CopyOptions::default())
        .await
        .unwrap();
    assert_eq!(one.manifest(FROM, "1.0.0"), two.manifest(TO, "1.0.0"));
}

#[tokio::test]
async fn on_one_registry_blobs_are_mounted() {
    let registry = FakeRegistry::start();
    let (from, to) = (repository(&registry, FROM), repository(&registry, TO));
    push_chart(&from, "1.0.0").await;
    registry.clear_requests();
    let options = CopyOptions {
        mount_from: Some(from.name().clone()),
        ..CopyOptions::default()
    };
    let (_, totals) = copy_one(&from, &to, "1.0.0", options).await.unwrap();
    assert_eq!((totals.mounted, totals.blobs), (2, 0));
    assert_eq!(
        registry.requests().count("GET", "/blobs/"),
        0,
        "{}",
        registry.requests()
    );
}

#[tokio::test]
async fn tags_that_name_something_else() {
    let existing = async |existing| {
        let (from, to) = (MemoryRepository::new(), MemoryRepository::new());
        push_chart(&from, "1.0.0").await;
        let other = image(&to, "other", None).await;
        let other = push(&to, &other, &tag("1.0.0")).await;
        let options = CopyOptions {
            existing,
            ..CopyOptions::default()
        };
        let copied = copy_one(&from, &to, "1.0.0", options).await;
        (copied.map(|(state, _)| state), other.digest)
    };
    let (state, other) = existing(ExistingTag::Overwrite).await;
    assert_eq!(state.unwrap(), TagState::Moved { from: other });
    let (state, other) = existing(ExistingTag::Keep).await;
    assert_eq!(state.unwrap(), TagState::Kept { digest: other });
    let (error, _) = existing(ExistingTag::Refuse).await;
    assert!(matches!(error, Err(CopyError::TagExists { .. })), "{error:?}");
}

#[tokio::test]
async fn a_dry_run_counts_and_changes_nothing() {
    let (one, two) = (FakeRegistry::start(), FakeRegistry::start());
    let (from, to) = (repository(&one, FROM), repository(&two, TO));
    let (index, _) = push_index(&from, "1.0.0").await;
    push_referrer(&from, "sbom", &index).await;
    let options = CopyOptions {
        dry_run: true,
        ..with_referrers()
    };
    let (state, totals) = copy_one(&from, &to, "1.0.0", options).await.unwrap();
    assert_eq!(state, TagState::Created);
    assert_eq!((totals.blobs, totals.manifests, totals.referrers), (6, 4, 1));
    let log = two.requests();
    let writes = ["PUT", "POST", "PATCH"].map(|method| log.count(method, ""));
    assert_eq!(writes, [0; 3], "{log}");
    assert_eq!(one.requests().count("GET", "/blobs/"), 0);
}

#[tokio::test]
async fn between_layouts_and_registries() {
    let registry = FakeRegistry::start();
    let directory = tempfile::tempdir().unwrap();
    let layout = |name: &str| LayoutRepository::new(directory.path().join(name), Arc::new(SilentReporter));
    let (first, second) = (layout("first"), layout("second"));
    let remote = repository(&registry, TO);
    let (index, _) = push_index(&first, "1.0.0").await;
    let sbom = push_referrer(&first, "sbom", &index).await;
    copy_one(&first, &remote, "1.0.0", with_referrers())
        .await
        .unwrap();
    copy_one(&remote, &second, "1.0.0", with_referrers())
        .await
        .unwrap();
    let original = first.fetch_manifest(&tag("1.0.0")).await.unwrap();
    assert_eq!(second.fetch_manifest(&tag("1.0.0")).await.unwrap(), original);
    let referrers = second.list_referrers(&index.digest, None).await.unwrap();
    assert_eq!(referrers.manifests[0].digest, sbom.digest);
    assert_eq!(second.list_tags().await.unwrap().len(), 1);
}

#[tokio::test]
async fn by_digest_alone_and_to_another_tag() {
    let (from, to) = (MemoryRepository::new(), MemoryRepository::new());
    let chart = push_chart(&from, "1.0.0").await;
    let digest = TagOrDigest::Digest(chart.digest.clone());
    let work = Copier::new(&from, &to, CopyOptions::default());
    let copied = work.copy(&digest, None).await.unwrap();
    assert_eq!(
        (copied.descriptor, copied.state),
        (chart.clone(), TagState::Created)
    );
    assert!(to.list_tags().await.unwrap().is_empty());
    let copied = work.copy(&tag("1.0.0"), None).await.unwrap();
    assert_eq!(copied.state, TagState::Unchanged);
    let other = Tag::parse("stable").unwrap();
    work.copy(&digest, Some(&other)).await.unwrap();
    assert_eq!(to.resolve(&tag("stable")).await.unwrap().digest, chart.digest);
}

#[tokio::test]
async fn what_is_not_there_cannot_be_copied() {
    let (from, to) = (MemoryRepository::new(), MemoryRepository::new());
    let error = copy_one(&from, &to, "1.0.0", CopyOptions::default())
        .await
        .unwrap_err();
    assert!(matches!(error, CopyError::Resolve { .. }), "{error:?}");
    let mut index = ImageIndex::empty();
    index
        .manifests
        .push(Descriptor::of(MediaType::OCI_MANIFEST, b"lost"));
    push(&from, &index.to_raw(), &tag("2.0.0")).await;
    let error = copy_one(&from, &to, "2.0.0", CopyOptions::default())
        .await
        .unwrap_err();
    assert!(matches!(error, CopyError::Fetch { .. }), "{error:?}");
    assert!(
        to.resolve(&tag("2.0.0")).await.is_err(),
        "nothing names what is not there"
    );
}

#[tokio::test]
async fn indexes_without_end_are_refused() {
    let (from, to) = (MemoryRepository::new(), MemoryRepository::new());
    let mut below = push_chart(&from, "1.0.0").await;
    for _ in 0..40 {
        let mut index = ImageIndex::empty();
        index.manifests.push(below);
        below = push(&from, &index.to_raw(), &tag("deep")).await;
    }
    let error = copy_one(&from, &to, "deep", CopyOptions::default())
        .await
        .unwrap_err();
    assert!(matches!(error, CopyError::TooDeep { .. }), "{error:?}");
}

#[tokio::test]
async fn a_destination_that_refuses_says_why() {
    let one = FakeRegistry::start();
    let from = repository(&one, FROM);
    push_chart(&from, "1.0.0").await;
    for two in [
        FakeRegistry::builder().read_only().start(),
        FakeRegistry::builder().closed_namespace().start(),
        FakeRegistry::builder()
            .fault(Fault::error(403, "DENIED", "not you").on("POST", ""))
            .start(),
    ] {
        let to = repository(&two, TO);
        let error = copy_one(&from, &to, "1.0.0", CopyOptions::default())
            .await
            .unwrap_err();
        assert_eq!(error.side(), CopySide::Destination, "{error:?}");
        assert!(error.response().is_some(), "{error:?}");
    }
}

#[tokio::test]
async fn many_at_once_share_what_they_have_in_common_and_keep_the_limit() {
    let one = FakeRegistry::start();
    let two = FakeRegistry::builder().latency(Duration::from_millis(3)).start();
    let (from, to) = (repository(&one, FROM), repository(&two, TO));
    let manifest = image(&from, "the same", None).await;
    let tags: Vec<Tag> = (0..100)
        .map(|minor| Tag::parse(&format!("1.{minor}.0")).unwrap())
        .collect();
    for tag in &tags {
        push(&from, &manifest, &TagOrDigest::Tag(tag.clone())).await;
    }
    let options = CopyOptions {
        concurrency: 4,
        ..CopyOptions::default()
    };
    let work = Copier::new(&from, &to, options);
    let copies = tags.iter().map(async |tag| {
        let target = TagOrDigest::Tag(tag.clone());
        work.copy(&target, Some(tag)).await
    });
    future::try_join_all(copies).await.unwrap();
    assert_eq!((work.totals().blobs, work.totals().manifests), (2, 100));
    assert_eq!(two.tags(TO).len(), 100);
    assert!(
        two.requests().most_parallel() <= 4,
        "{}",
        two.requests().most_parallel()
    );
}
