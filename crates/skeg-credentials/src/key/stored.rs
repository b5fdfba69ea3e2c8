//! The forms in which tools have stored their keys over the years, and which of them answers a request.

use std::cmp::Reverse;

use super::{CredentialKey, DOCKER_HUB_KEY, is_docker_hub};

/// How the keys of a file are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyForm {
    /// `host`, `host/path`, and URLs, whose path means nothing.
    Scoped,
    /// Every key is for a whole host, whatever stands behind it (`~/.dockercfg`).
    HostOnly,
}

/// A stored key taken apart.
#[derive(Debug, PartialEq, Eq)]
struct StoredKey<'a> {
    scheme: Option<&'a str>,
    host: &'a str,
    /// The path whose repositories the key is for; empty for the whole host.
    path: &'a str,
}

/// How well a stored key answers a request: the least is the best.
type Rank<'a> = (Reverse<usize>, u8, &'a str);

/// Returns the positions of the keys that answer `wanted`, the best first, in an order that depends on the keys alone.
///
/// The longest path wins, on segment boundaries (`host/g1` is not for `host/g1x`); for equal paths the key that a login
/// writes comes before one that has to be normalised, and `https://` before `http://`. Of two equal keys, the later
/// one counts, as in any JSON object.
pub(crate) fn best_first<'a>(
    keys: impl Iterator<Item = &'a str>,
    form: KeyForm,
    wanted: &CredentialKey,
) -> Vec<usize> {
    let mut found: Vec<(Rank<'a>, Reverse<usize>)> = keys
        .enumerate()
        .filter_map(|(position, key)| Some((rank(key, form, wanted)?, Reverse(position))))
        .collect();
    found.sort_unstable();
    found.dedup_by(|later, earlier| later.0 == earlier.0);
    found.into_iter().map(|(_, Reverse(position))| position).collect()
}

/// Tells whether a stored key names the same login as `target`: the same registry and exactly the same path.
pub(crate) fn is_same_login(key: &str, form: KeyForm, target: &CredentialKey) -> bool {
    let stored = StoredKey::parse(key, form);
    let path = target.path().map_or("", |path| path.as_str());
    stored.is_host_of(target) && stored.path == path
}

fn rank<'a>(key: &'a str, form: KeyForm, wanted: &CredentialKey) -> Option<Rank<'a>> {
    let stored = StoredKey::parse(key, form);
    if !stored.is_host_of(wanted) {
        return None;
    }
    let repository = wanted.path().map_or("", |path| path.as_str());
    if !covers(stored.path, repository) {
        return None;
    }
    Some((Reverse(stored.path.len()), stored.distance(key, wanted), key))
}

/// Tells whether `path` is `repository` or a parent of it.
fn covers(path: &str, repository: &str) -> bool {
    match repository.strip_prefix(path) {
        Some(rest) => path.is_empty() || rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

impl<'a> StoredKey<'a> {
    fn parse(key: &'a str, form: KeyForm) -> Self {
        let (scheme, rest) = match key.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, key),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let host = authority.rsplit('@').next().unwrap_or(authority);
        let path = path.trim_matches('/');
        let is_for_host = form == KeyForm::HostOnly || scheme.is_some() || matches!(path, "v1" | "v2");
        Self {
            scheme,
            host,
            path: if is_for_host { "" } else { path },
        }
    }

    fn is_host_of(&self, wanted: &CredentialKey) -> bool {
        let wanted = wanted.host().as_str();
        self.host.eq_ignore_ascii_case(wanted)
            || (is_docker_hub(wanted) && is_docker_hub(&self.host.to_ascii_lowercase()))
    }

    /// How far a key is from the one that a login writes.
    fn distance(&self, key: &str, wanted: &CredentialKey) -> u8 {
        let same_host = self.host.eq_ignore_ascii_case(wanted.host().as_str());
        match self.scheme {
            _ if key == DOCKER_HUB_KEY => 0,
            None if same_host && key.len() == self.written_length() => 1,
            None if same_host => 2,
            None => 3,
            Some(scheme) if scheme.eq_ignore_ascii_case("https") => 4,
            Some(_) => 5,
        }
    }

    /// The length of the key in the form that a login writes.
    fn written_length(&self) -> usize {
        self.host.len()
            + if self.path.is_empty() {
                0
            } else {
                self.path.len() + 1
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `expected` holds the keys that answer, best first.
    #[track_caller]
    fn check(keys: &[&str], wanted: &str, expected: &[&str]) {
        let wanted = CredentialKey::parse(wanted).unwrap();
        let forwards = best_first(keys.iter().copied(), KeyForm::Scoped, &wanted);
        let answer: Vec<&str> = forwards.into_iter().map(|position| keys[position]).collect();
        assert_eq!(answer, expected);

        let reversed: Vec<&str> = keys.iter().rev().copied().collect();
        let backwards = best_first(reversed.iter().copied(), KeyForm::Scoped, &wanted);
        let answer: Vec<&str> = backwards.into_iter().map(|position| reversed[position]).collect();
        assert_eq!(answer, expected, "the order in the file decided");
    }

    #[test]
    fn every_historic_form_answers_its_host() {
        for key in [
            "ghcr.io",
            "GHCR.IO",
            "ghcr.io/",
            "ghcr.io/v1",
            "ghcr.io/v2/",
            "http://ghcr.io",
            "https://ghcr.io/v1/",
            "https://ghcr.io/v2/",
            "https://ghcr.io/any/path?query#fragment",
            "https://user@ghcr.io/",
        ] {
            check(&[key], "ghcr.io", &[key]);
            check(&[key], "ghcr.io/team/app", &[key]);
            check(&[key], "ghcr.io:443", &[]);
            check(&[key], "cr.io", &[]);
        }
        check(
            &["127.0.0.1:5000", "127.0.0.1"],
            "127.0.0.1:5000",
            &["127.0.0.1:5000"],
        );
        check(
            &["http://[::1]:5000/v2/", "[::1]"],
            "[::1]:5000",
            &["http://[::1]:5000/v2/"],
        );
    }

    #[test]
    fn the_longest_path_wins_on_segment_boundaries() {
        let keys = ["h.io", "h.io/g1", "h.io/g1/app", "h.io/g2", "h.io/g"];
        check(&keys, "h.io/g1/app", &["h.io/g1/app", "h.io/g1", "h.io"]);
        check(&keys, "h.io/g1/app/deep", &["h.io/g1/app", "h.io/g1", "h.io"]);
        check(&keys, "h.io/g1/application", &["h.io/g1", "h.io"]);
        check(&keys, "h.io/g1x", &["h.io"]);
        check(&keys, "h.io/g2", &["h.io/g2", "h.io"]);
        check(&keys, "h.io", &["h.io"]);
        check(&["h.io/g1", "h.io/g2"], "h.io/g3", &[]);
        check(&["h.io/g1", "h.io/g2"], "h.io", &[]);
    }

    #[test]
    fn a_written_key_comes_before_a_normalised_one() {
        check(
            &["http://h.io", "https://h.io/v1/", "h.io/v2/", "h.io"],
            "h.io",
            &["h.io", "h.io/v2/", "https://h.io/v1/", "http://h.io"],
        );
        check(
            &["https://h.io/b", "https://h.io/a"],
            "h.io/x",
            &["https://h.io/a", "https://h.io/b"],
        );
        check(&["http://h.io", "h.io/g/"], "h.io/g", &["h.io/g/", "http://h.io"]);
    }

    #[test]
    fn docker_hub_answers_to_all_of_its_names() {
        let keys = [
            "registry-1.docker.io",
            "docker.io",
            "https://index.docker.io/v1/",
            "docker.io/team",
        ];
        check(
            &keys,
            "docker.io/team/app",
            &[
                "docker.io/team",
                "https://index.docker.io/v1/",
                "docker.io",
                "registry-1.docker.io",
            ],
        );
        check(
            &keys,
            "registry-1.docker.io",
            &["https://index.docker.io/v1/", "registry-1.docker.io", "docker.io"],
        );
        check(&keys, "hub.docker.io", &[]);
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let wanted = CredentialKey::parse("h.io").unwrap();
        let keys = ["h.io", "x.io", "h.io"];
        assert_eq!(best_first(keys.into_iter(), KeyForm::Scoped, &wanted), [2]);
    }

    #[test]
    fn host_only_keys_ignore_their_path() {
        let wanted = CredentialKey::parse("h.io/x").unwrap();
        let keys = ["h.io/other"];
        assert_eq!(best_first(keys.into_iter(), KeyForm::HostOnly, &wanted), [0]);
        assert!(best_first(keys.into_iter(), KeyForm::Scoped, &wanted).is_empty());
    }

    #[test]
    fn odd_keys_match_nothing_and_do_no_harm() {
        check(
            &[
                "",
                "/",
                "://",
                "https://",
                "@",
                "http:///v1/",
                "\u{0}",
                "é/é",
                "https://[::1",
            ],
            "h.io/a",
            &[],
        );
    }

    #[track_caller]
    fn check_same(key: &str, target: &str, expected: bool) {
        let target = CredentialKey::parse(target).unwrap();
        assert_eq!(is_same_login(key, KeyForm::Scoped, &target), expected, "{key}");
    }

    #[test]
    fn a_login_is_recognised_in_all_of_its_forms() {
        check_same("h.io", "h.io", true);
        check_same("https://h.io/v1/", "h.io", true);
        check_same("h.io/g", "h.io", false);
        check_same("h.io", "h.io/g", false);
        check_same("h.io/g", "h.io/g", true);
        check_same("https://index.docker.io/v1/", "docker.io", true);
        check_same("docker.io/team", "registry-1.docker.io/team", true);
    }
}
