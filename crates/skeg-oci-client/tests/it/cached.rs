//! A store in front of a registry: what is asked, what is not, and what happens when either of them is at fault.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use skeg_oci::{Descriptor, Digest, MediaType, RawManifest, TagOrDigest};
use skeg_oci_client::{
    Cache, CacheOptions, CachedRepository, FetchBlob, FetchBlobError, FetchManifest, FetchManifestError,
    ListTags, ListTagsError, Repository, Resolve, ResolveError,
};
use skeg_store::{Claim, Store};
use skeg_test_support::{FakeRegistry, Fault};
use tempfile::TempDir;

use crate::support::{Harness, NAME, Recorder, blob, digest, fetch_to_file, manifest, tag};

/// The directory of a cache, which outlives the commands that use it.
pub(crate) struct CacheFixture(TempDir);

/// A cache as one command sees it.
pub(crate) struct OpenCache {
    cache: Arc<Cache>,
    recorder: Arc<Recorder>,
}

impl CacheFixture {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn open(&self, offline: bool) -> OpenCache {
        let recorder = Arc::new(Recorder::default());
        let options = CacheOptions {
            offline,
            sleeper: recorder.clone(),
            ..CacheOptions::at(now())
        };
        let cache = Arc::new(Cache::new(self.store(), options, recorder.clone()));
        OpenCache { cache, recorder }
    }

    fn store(&self) -> Store {
        Store::open(self.0.path()).unwrap()
    }

    fn path(&self, kind: &str, digest: &Digest, separator: char) -> PathBuf {
        let base = self.0.path().join("v1").join(kind);
        base.join(format!("sha256{separator}{}", digest.hex()))
    }
}

impl OpenCache {
    pub(crate) fn in_front_of(
        &self,
        harness: &Harness,
        registry: &FakeRegistry,
    ) -> CachedRepository<Repository> {
        let (host, name) = (registry.host().parse().unwrap(), NAME.parse().unwrap());
        self.cache
            .repository(harness.repository(registry.host()), host, name)
    }

    fn notices(&self) -> Vec<String> {
        self.recorder.notices()
    }
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

/// A registry, a cache, and a way to begin a new command with both.
struct Scene {
    registry: FakeRegistry,
    harness: Harness,
    cache: CacheFixture,
}

impl Scene {
    /// A registry with the manifest of `1.0.0` and a large blob.
    fn new() -> Self {
        let registry = FakeRegistry::start();
        registry.put_blob(NAME, "{}");
        registry.put_blob(NAME, chart());
        put(&registry, "1.0.0", &manifest());
        registry.clear_requests();
        Self {
            registry,
            harness: Harness::new(),
            cache: CacheFixture::new(),
        }
    }

    fn online(&self) -> CachedRepository<Repository> {
        self.cache.open(false).in_front_of(&self.harness, &self.registry)
    }

    fn offline(&self) -> CachedRepository<Repository> {
        self.cache.open(true).in_front_of(&self.harness, &self.registry)
    }

    /// The requests since the last look, as `METHOD kind`.
    #[track_caller]
    fn check_requests(&self, expected: &[&str]) {
        let requests = self.registry.requests();
        let kind = |path: &str| match path {
            path if path.contains("/blobs/") => "blob",
            path if path.contains("/manifests/sha256:") => "manifest by digest",
            path if path.contains("/manifests/") => "manifest",
            _ => "other",
        };
        let found: Vec<String> = requests
            .iter()
            .map(|request| format!("{} {}", request.method, kind(request.path())))
            .collect();
        assert_eq!(found, expected);
        self.registry.clear_requests();
    }
}

fn put(registry: &FakeRegistry, tag: &str, manifest: &RawManifest) {
    let media_type = manifest.media_type().as_str();
    registry.put_manifest(NAME, tag, media_type, manifest.bytes().to_vec());
}

fn other_manifest() -> RawManifest {
    RawManifest::new(MediaType::OCI_MANIFEST, [manifest().bytes(), b"\n"].concat())
}

/// More than what is hashed at every reading.
fn chart() -> Vec<u8> {
    (0..1_500_000_u32)
        .map(|index| index.to_le_bytes()[1] ^ index.to_le_bytes()[0])
        .collect()
}

fn by_digest(manifest: &RawManifest) -> TagOrDigest {
    digest(&manifest.digest().to_string())
}

#[tokio::test]
async fn a_tag_is_fetched_once_and_then_looked_at() {
    let scene = Scene::new();
    let fetched = scene.online().fetch_manifest(&tag("1.0.0")).await.unwrap();
    assert_eq!(fetched, manifest());
    scene.check_requests(&["GET manifest"]);
    for _ in 0..2 {
        let fetched = scene.online().fetch_manifest(&tag("1.0.0")).await.unwrap();
        assert_eq!(fetched, manifest());
        scene.check_requests(&["HEAD manifest"]);
    }
}

#[tokio::test]
async fn a_digest_is_fetched_once_and_then_never_asked_for() {
    let scene = Scene::new();
    for expected in [&["GET manifest by digest"][..], &[], &[]] {
        let target = by_digest(&manifest());
        assert_eq!(scene.online().fetch_manifest(&target).await.unwrap(), manifest());
        scene.check_requests(expected);
    }
    let descriptor = scene.online().resolve(&by_digest(&manifest())).await.unwrap();
    assert_eq!(descriptor, manifest().descriptor());
    scene.check_requests(&[]);
}

#[tokio::test]
async fn blobs_are_fetched_once() {
    let scene = Scene::new();
    for expected in [&["GET blob"][..], &[], &[]] {
        let fetched = fetch_to_file(&scene.online(), &blob(&chart())).await.unwrap();
        assert!(fetched == chart());
        scene.check_requests(expected);
    }
    for expected in [&["GET blob"][..], &[], &[]] {
        let config = Descriptor::of(MediaType::HELM_CONFIG, b"{}");
        let fetched = scene.online().fetch_blob(&config, 10).await.unwrap();
        assert_eq!(fetched, &b"{}"[..]);
        scene.check_requests(expected);
    }
}

#[tokio::test]
async fn a_tag_that_moved_is_noticed() {
    let scene = Scene::new();
    scene.online().fetch_manifest(&tag("1.0.0")).await.unwrap();
    put(&scene.registry, "1.0.0", &other_manifest());
    scene.registry.clear_requests();
    let fetched = scene.online().fetch_manifest(&tag("1.0.0")).await.unwrap();
    assert_eq!(fetched, other_manifest());
    scene.check_requests(&["HEAD manifest", "GET manifest by digest"]);
    // And back: both are known now.
    put(&scene.registry, "1.0.0", &manifest());
    scene.registry.clear_requests();
    assert_eq!(
        scene.online().fetch_manifest(&tag("1.0.0")).await.unwrap(),
        manifest()
    );
    scene.check_requests(&["HEAD manifest"]);
    assert_eq!(
        scene.offline().fetch_manifest(&tag("1.0.0")).await.unwrap(),
        manifest()
    );
}

#[tokio::test]
async fn a_tag_that_went_is_not_found_and_forgotten() {
    let scene = Scene::new();
    scene.online().fetch_manifest(&tag("1.0.0")).await.unwrap();
    let gone = Fault::error(404, "MANIFEST_UNKNOWN", "gone").on("HEAD", "/manifests/1.0.0");
    scene.registry.add_fault(gone);
    let error = scene.online().fetch_manifest(&tag("1.0.0")).await.unwrap_err();
    assert!(matches!(error, FetchManifestError::NotFound { .. }), "{error:?}");
    let error = scene.offline().fetch_manifest(&tag("1.0.0")).await.unwrap_err();
    assert!(matches!(error, FetchManifestError::Offline { .. }), "{error:?}");
    // The digest is as good as ever.
    scene
        .offline()
        .fetch_manifest(&by_digest(&manifest()))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_registry_that_fails_is_not_papered_over() {
    let scene = Scene::new();
    scene.online().fetch_manifest(&tag("1.0.0")).await.unwrap();
    scene
        .registry
        .add_fault(Fault::status(500).on("HEAD", "/manifests/"));
    let error = scene.online().fetch_manifest(&tag("1.0.0")).await.unwrap_err();
    assert!(matches!(error, FetchManifestError::Request(_)), "{error:?}");
}

#[tokio::test]
async fn a_head_without_a_digest_is_no_trouble() {
    let scene = Scene::new();
    scene.online().fetch_manifest(&tag("1.0.0")).await.unwrap();
    scene.registry.add_fault(
        Fault::headers()
            .without_header("docker-content-digest")
            .on("HEAD", ""),
    );
    let fetched = scene.online().fetch_manifest(&tag("1.0.0")).await.unwrap();
    assert_eq!(fetched, manifest());
}

#[tokio::test]
async fn offline_there_is_what_was_fetched_and_nothing_else() {
    let scene = Scene::new();
    put(&scene.registry, "2.0.0", &other_manifest());
    let online = scene.online();
    online.fetch_manifest(&tag("1.0.0")).await.unwrap();
    fetch_to_file(&online, &blob(&chart())).await.unwrap();
    scene.registry.clear_requests();
    let offline = scene.offline();
    for target in [tag("1.0.0"), by_digest(&manifest())] {
        assert_eq!(offline.fetch_manifest(&target).await.unwrap(), manifest());
        assert_eq!(offline.resolve(&target).await.unwrap(), manifest().descriptor());
    }
    for target in [tag("2.0.0"), by_digest(&other_manifest())] {
        let error = offline.fetch_manifest(&target).await.unwrap_err();
        assert!(matches!(error, FetchManifestError::Offline { .. }), "{error:?}");
        let error = offline.resolve(&target).await.unwrap_err();
        assert!(matches!(error, ResolveError::Offline { .. }), "{error:?}");
    }
    assert!(fetch_to_file(&offline, &blob(&chart())).await.unwrap() == chart());
    let error = fetch_to_file(&offline, &blob(b"{}")).await.unwrap_err();
    assert!(matches!(error, FetchBlobError::Offline { .. }), "{error:?}");
    let error = offline.fetch_blob(&blob(b"{}"), 10).await.unwrap_err();
    assert!(matches!(error, FetchBlobError::Offline { .. }), "{error:?}");
    assert_eq!(offline.list_tags().await.unwrap(), ["1.0.0".parse().unwrap()]);
    let other = CacheFixture::new();
    let empty = other.open(true).in_front_of(&scene.harness, &scene.registry);
    let error = empty.list_tags().await.unwrap_err();
    assert!(matches!(error, ListTagsError::Offline), "{error:?}");
    scene.check_requests(&[]);
}

/// Helm takes whatever lies in its cache under a digest.
#[tokio::test]
async fn a_poisoned_cache_does_not_reach_anybody() {
    let scene = Scene::new();
    let online = scene.online();
    online.fetch_manifest(&tag("1.0.0")).await.unwrap();
    fetch_to_file(&online, &blob(&chart())).await.unwrap();
    for digest in [manifest().digest(), &blob(&chart()).digest] {
        let path = scene.cache.path("blobs", digest, '/');
        fs_err::remove_file(&path).unwrap();
        fs_err::write(&path, "evil").unwrap();
    }
    scene.registry.clear_requests();
    let open = scene.cache.open(false);
    let cached = open.in_front_of(&scene.harness, &scene.registry);
    let fetched = cached.fetch_manifest(&by_digest(&manifest())).await.unwrap();
    assert_eq!(fetched, manifest());
    assert!(fetch_to_file(&cached, &blob(&chart())).await.unwrap() == chart());
    scene.check_requests(&["GET manifest by digest", "GET blob"]);
    assert_eq!(open.notices().len(), 2, "{:?}", open.notices());
    assert!(open.notices()[0].ends_with("was damaged in the cache and is removed from it"));
    // And what was fetched instead is there for the next one.
    scene
        .offline()
        .fetch_manifest(&by_digest(&manifest()))
        .await
        .unwrap();
}

/// Helm never compares what it fetched with the digest that an index states.
#[tokio::test]
async fn what_is_not_what_its_digest_says_does_not_get_into_the_cache() {
    let scene = Scene::new();
    scene
        .registry
        .add_fault(Fault::corrupt_at(10).on("GET", "/blobs/").times(20));
    scene
        .registry
        .add_fault(Fault::corrupt_at(10).on("GET", "/manifests/").times(20));
    let online = scene.online();
    let error = fetch_to_file(&online, &blob(&chart())).await.unwrap_err();
    assert!(
        matches!(error, FetchBlobError::DigestMismatch { .. }),
        "{error:?}"
    );
    let error = online.fetch_blob(&blob(b"{}"), 10).await;
    drop(error);
    let error = online.fetch_manifest(&by_digest(&manifest())).await.unwrap_err();
    assert!(
        matches!(error, FetchManifestError::DigestMismatch { .. }),
        "{error:?}"
    );
    let info = scene.cache.store().info().unwrap();
    assert!(info.entries <= 1 && info.partials == 0, "{info:?}");
    assert!(scene.cache.store().verify(now()).unwrap().damaged.is_empty());
}

#[tokio::test]
async fn a_size_that_is_not_that_of_the_content_is_an_error_from_the_cache_too() {
    let scene = Scene::new();
    let online = scene.online();
    fetch_to_file(&online, &blob(&chart())).await.unwrap();
    let wrong = Descriptor {
        size: 5,
        ..blob(&chart())
    };
    let error = fetch_to_file(&online, &wrong).await.unwrap_err();
    assert!(matches!(error, FetchBlobError::SizeMismatch { .. }), "{error:?}");
    let error = online.fetch_blob(&wrong, 10).await.unwrap_err();
    assert!(matches!(error, FetchBlobError::SizeMismatch { .. }), "{error:?}");
}

#[tokio::test]
async fn a_download_that_was_broken_off_is_continued() {
    let scene = Scene::new();
    let digest = blob(&chart()).digest;
    let Claim::Granted(partial) = scene.cache.store().claim(&digest).unwrap() else {
        panic!("nobody else is here");
    };
    drop(partial);
    fs_err::write(scene.cache.path("partial", &digest, '-'), &chart()[..1_000_000]).unwrap();
    let fetched = fetch_to_file(&scene.online(), &blob(&chart())).await.unwrap();
    assert!(fetched == chart());
    let requests = scene.registry.requests();
    assert_eq!(requests.len(), 1, "{requests}");
    assert_eq!(requests.as_slice()[0].header("range"), Some("bytes=1000000-"));
}

#[tokio::test]
async fn a_download_that_began_with_wrong_bytes_begins_again() {
    for begun in [vec![7; 1000], vec![7; 1_500_000], vec![7; 2_000_000]] {
        let scene = Scene::new();
        let digest = blob(&chart()).digest;
        drop(scene.cache.store().claim(&digest).unwrap());
        fs_err::write(scene.cache.path("partial", &digest, '-'), begun).unwrap();
        let fetched = fetch_to_file(&scene.online(), &blob(&chart())).await.unwrap();
        assert!(fetched == chart());
        assert!(fetch_to_file(&scene.offline(), &blob(&chart())).await.unwrap() == chart());
    }
}

#[tokio::test]
async fn what_a_failed_download_got_is_kept() {
    let scene = Scene::new();
    scene
        .registry
        .add_fault(Fault::disconnect_after(700_000).once().on("GET", "/blobs/"));
    scene.registry.add_fault(Fault::status(403).on("GET", "/blobs/"));
    fetch_to_file(&scene.online(), &blob(&chart())).await.unwrap_err();
    let info = scene.cache.store().info().unwrap();
    assert_eq!((info.entries, info.partials), (0, 1));
    assert!(info.partial_size > 100_000, "{info:?}");
    scene.registry.clear_faults();
    scene.registry.clear_requests();
    assert!(fetch_to_file(&scene.online(), &blob(&chart())).await.unwrap() == chart());
    let requests = scene.registry.requests();
    let range = format!("bytes={}-", info.partial_size);
    assert_eq!(requests.as_slice()[0].header("range"), Some(range.as_str()));
}

#[tokio::test]
async fn many_fetch_the_same_and_one_downloads() {
    let scene = Scene::new();
    let blob = blob(&chart());
    let open = scene.cache.open(false);
    let fetches = (0..6).map(|_| {
        let repository = open.in_front_of(&scene.harness, &scene.registry);
        let blob = blob.clone();
        tokio::spawn(async move { fetch_to_file(&repository, &blob).await })
    });
    let fetches: Vec<_> = fetches.collect();
    for fetch in fetches {
        assert!(fetch.await.unwrap().unwrap() == chart());
    }
    // Whoever has lost patience, since pauses take no time here, has fetched it for itself.
    assert!(scene.registry.requests().count("GET", "/blobs/") >= 1);
    assert!(open.notices().is_empty(), "{:?}", open.notices());
}

#[tokio::test]
async fn a_download_that_somebody_else_sits_on_is_not_waited_for_without_end() {
    let scene = Scene::new();
    let held = scene.cache.store().claim(&blob(&chart()).digest).unwrap();
    let open = scene.cache.open(false);
    let cached = open.in_front_of(&scene.harness, &scene.registry);
    assert!(fetch_to_file(&cached, &blob(&chart())).await.unwrap() == chart());
    let waited: Duration = open.recorder.pauses().iter().sum();
    assert!((25..40).contains(&waited.as_secs()), "{waited:?}");
    drop(held);
}

#[tokio::test]
async fn a_cache_that_cannot_be_written_is_told_of_once() {
    let scene = Scene::new();
    fs_err::write(scene.cache.0.path().join("v1"), "no directory").unwrap();
    let open = scene.cache.open(false);
    let cached = open.in_front_of(&scene.harness, &scene.registry);
    for _ in 0..2 {
        assert_eq!(cached.fetch_manifest(&tag("1.0.0")).await.unwrap(), manifest());
        assert!(fetch_to_file(&cached, &blob(&chart())).await.unwrap() == chart());
    }
    let notices = open.notices();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(
        notices[0].starts_with("going on without the cache `"),
        "{notices:?}"
    );
}

/// `/dev/full` takes no byte, like a disk that is full.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_cache_on_a_full_disk_does_not_fail_the_download() {
    let scene = Scene::new();
    let digest = blob(&chart()).digest;
    drop(scene.cache.store().claim(&digest).unwrap());
    let path = scene.cache.path("partial", &digest, '-');
    std::os::unix::fs::symlink("/dev/full", &path).unwrap();
    let open = scene.cache.open(false);
    let cached = open.in_front_of(&scene.harness, &scene.registry);
    assert!(fetch_to_file(&cached, &blob(&chart())).await.unwrap() == chart());
    assert_eq!(open.notices().len(), 1, "{:?}", open.notices());
    assert_eq!(scene.cache.store().info().unwrap().entries, 0);
}

#[tokio::test]
async fn a_client_that_is_offline_sends_nothing() {
    let scene = Scene::new();
    let options = skeg_oci_client::ClientOptions {
        offline: true,
        ..crate::support::plain()
    };
    let harness = Harness::with_options(options);
    let error = harness.fetch(scene.registry.host()).await.unwrap_err();
    assert!(
        error.to_string().ends_with("not sent, since this is offline"),
        "{error}"
    );
    let url = format!("{}/values.yaml", scene.registry.base_url());
    harness.client.fetch_url(&url, 10).await.unwrap_err();
    scene.check_requests(&[]);
    assert!(harness.recorder.pauses().is_empty());
}
