//! What is read as a record and what is not; Helm 4.3.1 does the same, where nothing else is said.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use skeg_go::base64;
use skeg_release::{ApplyMethod, Release, ReleaseHead, Status, StoredChart, decode_release, encode_release};

/// A record with something of everything.
const FULL: &str = concat!(
    r#"{"name":"web","info":{"first_deployed":"2026-11-22T14:02:48.702330671+05:30","#,
    r#""last_deployed":"2026-11-22T08:32:49Z","deleted":"2026-11-23T08:32:49Z","description":"a \u003c b","#,
    r#""status":"deployed","rollback_revision":2,"notes":"Hello\n"},"chart":{"metadata":{"name":"demo","#,
    r#""version":"1.0.0","annotations":{"k":"v"}},"lock":null,"templates":[{"name":"templates/a.yaml","data":"YQ==","#,
    r#""modtime":"2026-11-22T08:32:49Z"}],"values":{"a":1},"schema":null,"#,
    r#""schemamodtime":"0001-01-01T00:00:00Z","files":null},"config":{"a":null,"b":123456789012345680,"c":1e+21},"#,
    r#""manifest":"---\n# Source: demo/templates/a.yaml\na\n","hooks":[{"name":"h","kind":"Job","path":"p","#,
    r#""manifest":"m","events":["test"],"last_run":{"started_at":"2026-11-22T08:32:49Z","phase":"Running"},"#,
    r#""weight":-3,"delete_policies":["hook-failed"],"output_log_policies":["hook-failed"]}],"version":3,"#,
    r#""namespace":"shop","apply_method":"ssa"}"#
);

fn compress(text: &str, level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder
        .write_all(text.as_bytes())
        .expect("because a vector takes it");
    encoder.finish().expect("because a vector takes it")
}

#[track_caller]
fn check_accepted(json: &str) {
    let release = Release::from_json(json).expect("because Helm reads it");
    let head = ReleaseHead::from_json(json).expect("because Helm reads it");
    let mut without_chart = release.clone();
    without_chart.chart = None;
    let mut own_head = ReleaseHead::from(&release);
    assert_eq!(head, own_head, "{json}");
    own_head.chart = None;
    assert_eq!(ReleaseHead::from(&without_chart), own_head);
    let again = Release::from_json(&release.to_json()).expect("because it was written here");
    assert_eq!(again.to_json(), release.to_json(), "{json}");
}

#[track_caller]
fn check_refused(json: &str, message: &str) {
    let error = Release::from_json(json).expect_err("because Helm does not read it");
    assert_eq!(error.to_string(), message, "{json}");
}

#[test]
fn a_record_comes_back_byte_for_byte() {
    let release = Release::from_json(FULL).expect("because Helm reads it");
    assert_eq!(release.to_json(), FULL);
    assert_eq!(release.info.status, Status::Deployed);
    assert_eq!(release.apply_method, ApplyMethod::ServerSide);
    let encoded = encode_release(&release);
    let decoded = decode_release(encoded.as_bytes()).expect("because it was written here");
    assert_eq!(decoded, release);
    let head = ReleaseHead::decode(encoded.as_bytes()).expect("because it was written here");
    assert_eq!(head.chart_name(), "demo-1.0.0");
}

#[test]
fn what_others_have_added_is_kept() {
    let text = r#"{"name":"a","info":{"status":"failed","mine":[1, 2]},"hooks":[{"name":"h","last_run":{"phase":""},"x":null}],"version":1,"extra":{"b":1,"a":"<"}}"#;
    assert_eq!(
        Release::from_json(text)
            .map(|release| release.to_json())
            .as_deref(),
        Ok(text)
    );
}

#[test]
fn encodings_are_those_that_helm_reads() {
    let accepted = |bytes: &[u8]| {
        let text = base64::encode(bytes);
        assert!(decode_release(text.as_bytes()).is_ok());
        let broken: Vec<String> = text
            .as_bytes()
            .chunks(20)
            .map(|line| String::from_utf8_lossy(line).into())
            .collect();
        assert!(decode_release(broken.join("\r\n").as_bytes()).is_ok());
    };
    accepted(FULL.as_bytes());
    for level in 0..=9 {
        accepted(&compress(FULL, level));
    }
    let (first, second) = FULL.split_at(100);
    accepted(&[compress(first, 6), compress(second, 1)].concat());
}

#[track_caller]
fn check_bytes(data: &[u8], message: &str) {
    let error = decode_release(data).expect_err("because Helm does not read it");
    assert_eq!(error.to_string(), message);
    assert_eq!(ReleaseHead::decode(data), Err(error));
}

#[test]
fn damaged_encodings_are_refused() {
    let gzip = compress(FULL, 9);
    let text = base64::encode(&gzip);
    check_bytes(b"", "unexpected end of JSON input");
    check_bytes(FULL.as_bytes(), "illegal base64 data at input byte 0");
    check_bytes(&gzip, "illegal base64 data at input byte 0");
    let cut = text.trim_end_matches('=');
    let unpadded = base64::encode(&[&gzip[..], b"x"].concat());
    if cut.len() != text.len() {
        let at = cut.len() / 4 * 4;
        check_bytes(cut.as_bytes(), &format!("illegal base64 data at input byte {at}"));
    }
    assert!(decode_release(unpadded.as_bytes()).is_err());
    let url_safe = base64::encode(b"{\"a\":\"\xff\xfe\xfb\xef\"}")
        .replace('+', "-")
        .replace('/', "_");
    assert!(decode_release(url_safe.as_bytes()).is_err());
    for length in [4, 10, 50, gzip.len() - 8, gzip.len() - 1] {
        check_bytes(base64::encode(&gzip[..length]).as_bytes(), "unexpected EOF");
    }
    let mut wrong = gzip.clone();
    let sum = wrong.len() - 6;
    wrong[sum] ^= 1;
    check_bytes(base64::encode(&wrong).as_bytes(), "gzip: invalid checksum");
    check_bytes(
        base64::encode(&[&gzip[..], b"0123456789"].concat()).as_bytes(),
        "gzip: invalid header",
    );
    check_bytes(
        base64::encode("\u{feff}{}".as_bytes()).as_bytes(),
        "invalid character '\\ufeff' looking for beginning of value",
    );
}

#[test]
fn any_bytes_are_an_error_and_no_more() {
    let gzip = compress(FULL, 9);
    for index in 0..gzip.len() {
        for change in [1, 0x80, 0xff] {
            let mut bytes = gzip.clone();
            bytes[index] ^= change;
            drop(decode_release(base64::encode(&bytes).as_bytes()));
        }
    }
    for length in 0..FULL.len() {
        assert!(Release::from_json(&FULL[..length]).is_err(), "{length}");
        assert!(ReleaseHead::from_json(&FULL[..length]).is_err(), "{length}");
    }
}

#[test]
fn records_of_others_are_read() {
    check_accepted(FULL);
    check_accepted(r#"{"name":"a","info":{}}"#);
    check_accepted(
        r#"{"NAME":"a","Info":{"STATUS":"failed"},"Version":2,"CHART":{"Metadata":{"Name":"x"}}}"#,
    );
    check_accepted(r#"{"info":{"first_deployed":"","last_deployed":null,"deleted":"0001-01-01T00:00:00Z"}}"#);
    check_accepted(r#"{"info":{"last_deployed":"2026-11-22T08:32:49.1234567891234+00:00"}}"#);
    check_accepted(r#"{"info":{"rollback_revision":2.0}}"#);
    check_accepted(r#"{"info":{"resources":{"v1/Pod":[null]}}}"#);
    check_accepted(
        r#"{"info":{"resources":{}},"chart":null,"config":null,"hooks":null,"manifest":null,"version":null}"#,
    );
    check_accepted(r#"{"info":{},"chart":{},"config":{},"hooks":[null,{}]}"#);
    check_accepted(r#"{"info":{},"chart":{"metadata":null,"templates":[null],"modtime":null,"lock":{}}}"#);
    check_accepted(r#"{"info":{},"manifest":"a\r\nb","name":"\ud83d","namespace":"\ud83d\ude00"}"#);
    check_accepted(r#"{"info":{},"chart":{"metadata":{"apiVersion":"v3","name":"x"}}}"#);
    check_accepted(r#"{"info":{},"chart":{"templates":[{"data":"YQ=\n="}]}}"#);
}

#[test]
fn records_that_helm_does_not_read_are_refused_in_its_words() {
    let field = |kind: &str, place: &str, expected: &str| {
        format!("json: cannot unmarshal {kind} into Go struct field {place} of type {expected}")
    };
    check_refused(
        "[]",
        "json: cannot unmarshal array into Go value of type v1.Release",
    );
    check_refused("null", "the release has no `info`");
    check_refused("{}", "the release has no `info`");
    check_refused(r#"{"version":"1"}"#, &field("string", ".version", "int"));
    check_refused(r#"{"version":1.0}"#, &field("number 1.0", ".version", "int"));
    check_refused(
        r#"{"info":5}"#,
        "json: cannot unmarshal number into Go value of type map[string]interface {}",
    );
    check_refused(
        r#"{"info":{"rollback_revision":"x"}}"#,
        &field("string", "infoJSON.rollback_revision", "int"),
    );
    check_refused(
        r#"{"info":{"last_deployed":5}}"#,
        &field("number", "infoJSON.last_deployed", "time.Time"),
    );
    check_refused(
        r#"{"info":{"resources":{"a":[{}]}}}"#,
        "json: cannot unmarshal object into infoJSON.resources.a.0 of type runtime.Object",
    );
}

#[test]
fn charts_and_hooks_that_helm_does_not_read_are_refused_in_its_words() {
    let field = |kind: &str, place: &str, expected: &str| {
        format!("json: cannot unmarshal {kind} into Go struct field {place} of type {expected}")
    };
    check_refused(r#"{"hooks":{}}"#, &field("object", ".hooks", "[]*v1.Hook"));
    check_refused(
        r#"{"hooks":[{"events":"a"}]}"#,
        &field("string", ".hooks.0.events", "[]v1.HookEvent"),
    );
    check_refused(
        r#"{"hooks":[{"events":[[]]}]}"#,
        "json: cannot unmarshal array into .hooks.0.events.0 of type v1.HookEvent",
    );
    check_refused(
        r#"{"hooks":[{"last_run":{"phase":5}}]}"#,
        &field("number", "hookExecutionJSON.phase", "v1.HookPhase"),
    );
    check_refused(
        r#"{"config":[]}"#,
        &field("array", ".config", "map[string]interface {}"),
    );
    check_refused(
        r#"{"chart":{"schema":"a"}}"#,
        &field(
            "string",
            ".chart.schema",
            "[]uint8: illegal base64 data at input byte 0",
        ),
    );
    check_refused(
        r#"{"chart":{"templates":[{"data":5}]}}"#,
        &field("number", ".chart.templates.0.data", "[]uint8"),
    );
    check_refused(
        r#"{"chart":{"metadata":{"annotations":{"a":[]}}}}"#,
        &field("array", ".chart.metadata.annotations.a", "string"),
    );
    check_refused(
        r#"{"chart":{"metadata":{"dependencies":[5]}}}"#,
        "json: cannot unmarshal number into .chart.metadata.dependencies.0 of type v2.Dependency",
    );
}

#[test]
fn times_are_refused_in_gos_words() {
    let parsing = |text: &str, rest: &str, element: &str| {
        format!(
            "parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{rest}\" as \"{element}\""
        )
    };
    check_refused(r#"{"chart":{"modtime":""}}"#, &parsing("", "", "2006"));
    check_refused(
        r#"{"info":{"deleted":"2026-11-22 08:32:49Z"}}"#,
        &parsing("2026-11-22 08:32:49Z", " 08:32:49Z", "T"),
    );
    check_refused(
        r#"{"info":{"deleted":"2026-11-22T08:32:49"}}"#,
        &parsing("2026-11-22T08:32:49", "", "Z07:00"),
    );
    check_refused(
        r#"{"info":{"deleted":"2026-11-22T08:32:49z"}}"#,
        &parsing("2026-11-22T08:32:49z", "z", "Z07:00"),
    );
}

#[test]
fn annotations_are_laid_over_those_of_the_chart() {
    let mut release = Release::from_json(FULL).expect("because Helm reads it");
    let chart = release.chart.as_mut().expect("because it has one");
    chart.annotate("a", "1");
    chart.annotate("k", "w");
    assert_eq!(chart.annotation("k"), Some("w"));
    let metadata = r#""metadata":{"name":"demo","version":"1.0.0","annotations":{"a":"1","k":"w"}}"#;
    let old = r#""metadata":{"name":"demo","version":"1.0.0","annotations":{"k":"v"}}"#;
    assert_eq!(release.to_json(), FULL.replace(old, metadata));

    let mut chart = StoredChart::named("demo", "1.0.0");
    chart.annotate("k", "v");
    assert_eq!(chart.json(), format!("{{{old}}}"));
}

#[test]
fn values_of_the_chart_can_be_replaced() {
    let mut release = Release::from_json(FULL).expect("because Helm reads it");
    let chart = release.chart.as_mut().expect("because it has one");
    let mut values = chart.values().expect("because it has some");
    values.insert("b", "x");
    chart.set_values(&values);
    assert_eq!(
        release.to_json(),
        FULL.replace(r#""values":{"a":1}"#, r#""values":{"a":1,"b":"x"}"#)
    );
}

#[test]
fn the_largest_parts_come_first() {
    let mut release = Release::from_json(FULL).expect("because Helm reads it");
    release.manifest = "x".repeat(10_000);
    let sizes = release.sizes();
    assert_eq!(sizes[0], ("manifest".to_owned(), 10_000));
    // Files of the chart count one by one.
    assert!(sizes.contains(&("templates/a.yaml".to_owned(), 3)), "{sizes:?}");
}
