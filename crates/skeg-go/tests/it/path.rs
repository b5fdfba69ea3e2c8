//! `path` against Go 1.26.8.

use skeg_go::path;

use crate::typed::{bytes, rows};

#[test]
fn paths_are_taken_apart_as_recorded() {
    for row in rows(include_str!("../data/paths.jsonl")) {
        let text = bytes(&row[0]);
        assert_eq!(path::clean(&text), bytes(&row[1]), "clean {row:?}");
        assert_eq!(path::base(&text), bytes(&row[2]), "base {row:?}");
        assert_eq!(path::dir(&text), bytes(&row[3]), "dir {row:?}");
        assert_eq!(path::ext(&text), bytes(&row[4]), "ext {row:?}");
        assert_eq!(path::is_abs(&text), row[5].as_bool().unwrap(), "is_abs {row:?}");
        assert_eq!(
            path::join([text.as_slice(), b"../x.y"]),
            bytes(&row[6]),
            "join {row:?}"
        );
    }
    assert_eq!(path::join([]), b"");
    assert_eq!(path::join([b"".as_slice(), b""]), b"");
}

#[test]
fn patterns_match_as_recorded() {
    for row in rows(include_str!("../data/path-match.jsonl")) {
        let matched = path::matches(&bytes(&row[0]), &bytes(&row[1]));
        assert_eq!(matched.ok(), row[2].as_bool(), "{row:?}");
    }
    assert_eq!(
        path::matches(b"[", b"a").unwrap_err().to_string(),
        "syntax error in pattern"
    );
}
