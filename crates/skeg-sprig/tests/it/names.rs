//! Which functions there are.

use std::collections::BTreeMap;

use skeg_sprig::{Surroundings, functions};

/// All names of Sprig 3.3.0 but for `env` and `expandenv`, which Helm takes away.
const NAMES: &str = "
abbrev abbrevboth add add1 add1f addf adler32sum ago all any append atoi b32dec b32enc b64dec
b64enc base bcrypt biggest buildCustomCert camelcase cat ceil chunk clean coalesce compact concat
contains date dateInZone dateModify date_in_zone date_modify decryptAES deepCopy deepEqual default
derivePassword dict dig dir div divf duration durationRound empty encryptAES ext fail first float64
floor fromJson genCA genCAWithKey genPrivateKey genSelfSignedCert genSelfSignedCertWithKey
genSignedCert genSignedCertWithKey get getHostByName has hasKey hasPrefix hasSuffix hello htmlDate
htmlDateInZone htpasswd indent initial initials int int64 isAbs join kebabcase keys kindIs kindOf
last list lower max maxf merge mergeOverwrite min minf mod mul mulf mustAppend mustChunk
mustCompact mustDateModify mustDeepCopy mustFirst mustFromJson mustHas mustInitial mustLast
mustMerge mustMergeOverwrite mustPrepend mustPush mustRegexFind mustRegexFindAll mustRegexMatch
mustRegexReplaceAll mustRegexReplaceAllLiteral mustRegexSplit mustRest mustReverse mustSlice
mustToDate mustToJson mustToPrettyJson mustToRawJson mustUniq mustWithout must_date_modify nindent
nospace now omit osBase osClean osDir osExt osIsAbs pick pluck plural prepend push quote randAlpha
randAlphaNum randAscii randBytes randInt randNumeric regexFind regexFindAll regexMatch
regexQuoteMeta regexReplaceAll regexReplaceAllLiteral regexSplit repeat replace rest reverse round
semver semverCompare seq set sha1sum sha256sum sha512sum shuffle slice snakecase sortAlpha split
splitList splitn squote sub subf substr swapcase ternary title toDate toDecimal toJson toPrettyJson
toRawJson toString toStrings trim trimAll trimPrefix trimSuffix trimall trunc tuple typeIs
typeIsLike typeOf uniq unixEpoch unset until untilStep untitle upper urlJoin urlParse uuidv4 values
without wrap wrapWith
";

#[test]
fn no_function_is_missing_and_none_is_twice() {
    let mut counts: BTreeMap<&str, usize> = NAMES.split_whitespace().map(|name| (name, 0)).collect();
    let functions = functions(&Surroundings {
        now: || 0,
        time_zone: None,
        fill_random: |_| {},
    });
    for function in functions {
        *counts.entry(function.name).or_insert(10) += 1;
    }
    let wrong: Vec<&str> = counts.iter().filter(|(_, count)| **count != 1).map(|(name, _)| *name).collect();
    assert_eq!(wrong, Vec::<&str>::new());
}
