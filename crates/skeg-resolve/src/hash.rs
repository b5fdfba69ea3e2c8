//! The digests by which a lock file is known to belong to a `Chart.yaml`.

use skeg_chart::Dependency;
use skeg_oci::Digest;

/// The digest that Helm writes into `Chart.lock`: of what is required and what it was resolved to, as Go prints both.
///
/// `locked` is none where a lock file has no list of dependencies, which in Go is `null` and not an empty list.
pub fn lock_digest(required: &[Dependency], locked: Option<&[Dependency]>) -> Digest {
    let locked = locked.map_or_else(|| "null".to_owned(), list);
    Digest::sha256_of(format!("[{},{locked}]", list(required)).as_bytes())
}

/// The digest that Helm 2 wrote into `requirements.lock`, which Helm 4.3.1 takes, too, for charts of version `v1`.
pub fn helm_2_digest(required: &[Dependency]) -> Digest {
    Digest::sha256_of(format!("{{\"dependencies\":{}}}", list(required)).as_bytes())
}

fn list(dependencies: &[Dependency]) -> String {
    let items: Vec<String> = dependencies.iter().map(Dependency::to_json).collect();
    format!("[{}]", items.join(","))
}
