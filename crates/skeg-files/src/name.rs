//! The names of what is temporary: `.skeg-`, twelve letters and digits by chance, `.tmp`. Nobody else's file is called that.

use tempfile::Builder;

const PREFIX: &str = ".skeg-";
const SUFFIX: &str = ".tmp";
const RANDOM: usize = 12;

/// Tells whether a file name is one of ours.
pub fn is_temporary(name: &str) -> bool {
    let random = name
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix(SUFFIX));
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// What makes such names.
pub(crate) fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM);
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: bool) {
        assert_eq!(is_temporary(name), expected, "{name}");
    }

    #[test]
    fn only_our_names_are_ours() {
        check(".skeg-0123456789aB.tmp", true);
        check(".skeg-0123456789a.tmp", false);
        check(".skeg-0123456789abc.tmp", false);
        check(".skeg-my-own-notes.tmp", false);
        check(".skeg-0123456789a-.tmp", false);
        check(".skeg-0123456789ab", false);
        check("skeg-0123456789ab.tmp", false);
        check(".skeg.tmp", false);
        check("", false);
    }

    #[test]
    fn what_is_made_is_ours() {
        let directory = tempfile::tempdir().unwrap();
        let file = builder().tempfile_in(directory.path()).unwrap();
        assert!(is_temporary(&file.path().file_name().unwrap().to_string_lossy()));
    }
}
