//! Which functions there are.

use std::collections::BTreeSet;

use crate::all_functions;

/// All functions of Sprig 3.3.0, but for `env` and `expandenv`, which Helm takes away, and `toJson`,
/// `mustToJson` and `fromJson`, of which it has its own.
const GROUPS: [(&str, &str); 17] = [
    (
        "certificates",
        "buildCustomCert genCA genCAWithKey genPrivateKey genSelfSignedCert genSelfSignedCertWithKey \
         genSignedCert genSignedCertWithKey",
    ),
    (
        "ciphers and passwords",
        "bcrypt decryptAES derivePassword encryptAES htpasswd",
    ),
    (
        "dates",
        "ago date dateInZone dateModify date_in_zone date_modify duration durationRound htmlDate \
         htmlDateInZone mustDateModify mustToDate must_date_modify now toDate unixEpoch",
    ),
    (
        "dicts",
        "deepCopy dict dig get hasKey keys merge mergeOverwrite mustDeepCopy mustMerge \
         mustMergeOverwrite omit pick pluck set unset values",
    ),
    ("encoding", "b32dec b32enc b64dec b64enc"),
    ("hashes", "adler32sum sha1sum sha256sum sha512sum"),
    (
        "json",
        "mustFromJson mustToPrettyJson mustToRawJson toPrettyJson toRawJson",
    ),
    (
        "lists",
        "append chunk compact concat first has initial last list mustAppend mustChunk mustCompact \
         mustFirst mustHas mustInitial mustLast mustPrepend mustPush mustRest mustReverse mustSlice \
         mustUniq mustWithout prepend push rest reverse slice tuple uniq without",
    ),
    ("logic", "all any coalesce default empty fail ternary"),
    ("network", "getHostByName urlJoin urlParse"),
    (
        "numbers",
        "add add1 add1f addf atoi biggest ceil div divf float64 floor int int64 max maxf min minf mod \
         mul mulf round seq sub subf toDecimal until untilStep",
    ),
    (
        "paths",
        "base clean dir ext isAbs osBase osClean osDir osExt osIsAbs",
    ),
    (
        "random",
        "randAlpha randAlphaNum randAscii randBytes randInt randNumeric shuffle uuidv4",
    ),
    ("reflection", "deepEqual kindIs kindOf typeIs typeIsLike typeOf"),
    (
        "regular expressions",
        "mustRegexFind mustRegexFindAll mustRegexMatch mustRegexReplaceAll mustRegexReplaceAllLiteral \
         mustRegexSplit regexFind regexFindAll regexMatch regexQuoteMeta regexReplaceAll \
         regexReplaceAllLiteral regexSplit",
    ),
    (
        "strings",
        "abbrev abbrevboth camelcase cat contains hasPrefix hasSuffix hello indent initials join \
         kebabcase lower nindent nospace plural quote repeat replace snakecase sortAlpha split splitList \
         splitn squote substr swapcase title toString toStrings trim trimAll trimPrefix trimSuffix \
         trimall trunc untitle upper wrap wrapWith",
    ),
    ("versions", "semver semverCompare"),
];

/// The names in a group.
pub(crate) fn names_of(group: &str) -> impl Iterator<Item = &'static str> {
    let found = GROUPS.iter().find(|(name, _)| *name == group);
    found.unwrap().1.split_whitespace()
}

fn names() -> Vec<&'static str> {
    all_functions().iter().map(|function| function.name).collect()
}

/// A group that has no function at all has not been written yet.
#[test]
fn groups_are_complete() {
    let present: BTreeSet<&str> = names().into_iter().collect();
    for (group, names) in GROUPS {
        let (there, missing): (Vec<&str>, Vec<&str>) =
            names.split_whitespace().partition(|name| present.contains(name));
        assert!(
            there.is_empty() || missing.is_empty(),
            "{group} lacks {missing:?}"
        );
    }
}

#[test]
fn no_function_is_unknown_or_twice() {
    let known = || GROUPS.iter().flat_map(|(_, names)| names.split_whitespace());
    let mut left: BTreeSet<&str> = known().collect();
    assert_eq!(left.len(), known().count(), "a name is in two groups");
    for name in names() {
        assert!(left.remove(name), "{name} is unknown or twice");
    }
}
