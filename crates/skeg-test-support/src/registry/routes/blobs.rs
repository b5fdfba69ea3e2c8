//! `GET`, `HEAD` and `DELETE` of blobs, with byte ranges and redirects.

use bytes::Bytes;
use http::Method;

use super::super::response::Reply;
use super::{Call, method_not_allowed};

pub(super) fn handle(call: &Call<'_>, digest: &str) -> Reply {
    match *call.method() {
        Method::GET | Method::HEAD => fetch(call, digest),
        Method::DELETE => delete(call, digest),
        _ => method_not_allowed(),
    }
}

fn fetch(call: &Call<'_>, digest: &str) -> Reply {
    let Some(bytes) = call.backend.contents.lock().blob(call.repository, digest) else {
        return Reply::error(404, "BLOB_UNKNOWN", "blob unknown to registry");
    };
    if *call.method() == Method::GET
        && let Some(base) = &call.backend.quirks.blob_redirect
    {
        let path = call.path(&format!("blobs/{digest}"));
        return Reply::redirect(&format!("{base}{path}?signature=secret"));
    }
    let range = call
        .header("range")
        .filter(|_| !call.backend.quirks.ignore_ranges);
    ranged(bytes, range)
        .content_type("application/octet-stream")
        .header("docker-content-digest", digest)
        .header("etag", &format!("\"{digest}\""))
}

/// The whole of `bytes`, or what a single-range `Range` header asks for (RFC 9110, 14).
pub(crate) fn ranged(bytes: Bytes, range: Option<&str>) -> Reply {
    let total = bytes.len();
    let Some(spec) = range.and_then(|range| range.strip_prefix("bytes=")) else {
        return Reply::new(200).header("accept-ranges", "bytes").body(bytes);
    };
    match parse_range(spec, total) {
        Some((start, end)) => Reply::new(206)
            .header("content-range", &format!("bytes {start}-{end}/{total}"))
            .body(bytes.slice(start..=end)),
        None => Reply::new(416).header("content-range", &format!("bytes */{total}")),
    }
}

/// The first and last offset; `None` where nothing of the range exists.
fn parse_range(spec: &str, total: usize) -> Option<(usize, usize)> {
    let (start, end) = spec.split_once('-')?;
    let last = total.checked_sub(1)?;
    if start.is_empty() {
        let count: usize = end.parse().ok().filter(|count| *count > 0)?;
        return Some((total.saturating_sub(count), last));
    }
    let start: usize = start.parse().ok()?;
    let end = if end.is_empty() { last } else { end.parse().ok()? };
    (start <= last && start <= end).then_some((start, end.min(last)))
}

fn delete(call: &Call<'_>, digest: &str) -> Reply {
    let mut contents = call.backend.contents.lock();
    let removed = contents
        .repositories
        .get_mut(call.repository)
        .and_then(|repository| repository.blobs.remove(digest));
    match removed {
        Some(_) => Reply::new(202),
        None => Reply::error(404, "BLOB_UNKNOWN", "blob unknown to registry"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(spec: &str, total: usize, expected: Option<(usize, usize)>) {
        assert_eq!(parse_range(spec, total), expected, "{spec} of {total}");
    }

    #[test]
    fn ranges_are_clamped_to_the_blob() {
        check("0-", 10, Some((0, 9)));
        check("3-5", 10, Some((3, 5)));
        check("3-50", 10, Some((3, 9)));
        check("-4", 10, Some((6, 9)));
        check("-40", 10, Some((0, 9)));
        check("9-", 10, Some((9, 9)));
    }

    #[test]
    fn ranges_outside_the_blob_are_unsatisfiable() {
        check("10-", 10, None);
        check("0-", 0, None);
        check("-0", 10, None);
        check("5-3", 10, None);
        check("x-3", 10, None);
    }
}
