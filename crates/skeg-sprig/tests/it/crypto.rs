//! Hashes, passwords, keys and certificates.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value as Json;
use skeg_go::{CallError, GoList, GoValue};
use skeg_sprig::{Surroundings, functions};
use skeg_template::{Body, Function};

/// 2026-03-04 05:06:07 UTC.
const NOW: i128 = 1_772_600_767_000_000_000;

/// Bytes that are others in each call, from the generator splitmix64.
fn fill(buffer: &mut [u8]) {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    static STATE: AtomicU64 = AtomicU64::new(0);
    for byte in buffer {
        let state = STATE.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        *byte = mixed.to_be_bytes()[0];
    }
}

thread_local! {
    static FUNCTIONS: Vec<Function> = {
        let surroundings = Surroundings { now: || NOW, time_zone: None, fill_random: fill, host_addresses: |_| Vec::new() };
        functions(&surroundings)
    };
}

fn call(name: &str, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let body = FUNCTIONS.with(|functions| {
        let function = functions.iter().find(|function| function.name == name);
        function.expect("because it is in the list").body.clone()
    });
    match body {
        Body::Pure(function) => function(arguments),
        Body::Stateful(function) => function(arguments),
        Body::Caller(_) => panic!("{name} needs an engine"),
    }
}

#[track_caller]
fn text(name: &str, arguments: &[GoValue]) -> String {
    let result = call(name, arguments).expect("because the arguments are good");
    let text = result.as_string().expect("because it is text");
    text.to_str().expect("because it is UTF-8").to_owned()
}

fn value(json: &Json) -> GoValue {
    match json {
        Json::String(text) => GoValue::from(text.as_str()),
        Json::Number(number) => number.as_i64().map_or_else(
            || GoValue::Float(number.as_f64().unwrap_or_default()),
            GoValue::int,
        ),
        Json::Array(items) => GoValue::list(items.iter().map(value).collect()),
        _ => GoValue::Nil,
    }
}

#[test]
fn functions_return_what_sprig_returns() {
    let mut failures = Vec::new();
    for row in include_str!("../data/crypto.jsonl").lines().skip(1) {
        let row: Json = serde_json::from_str(row).expect("because it was recorded");
        let name = row[0].as_str().expect("because a row begins with a name");
        let arguments: Vec<GoValue> = row[1].as_array().into_iter().flatten().map(value).collect();
        let got = match call(name, &arguments) {
            Ok(GoValue::String(text)) => (text.to_lossy().into_owned(), String::new()),
            Ok(GoValue::Int(_, number)) => (number.to_string(), String::new()),
            Ok(other) => (format!("{other:?}"), String::new()),
            Err(error) => (String::new(), error.to_string()),
        };
        let expected = [&row[2], &row[3]].map(|json| json.as_str().unwrap_or_default().to_owned());
        if [&got.0, &got.1] != [&expected[0], &expected[1]] {
            failures.push(format!("{name} {}\n got {got:?}\nwant {expected:?}", row[1]));
        }
    }
    assert!(failures.is_empty(), "{}\n{}", failures.len(), failures.join("\n"));
}

#[track_caller]
fn check_random(name: &str, alphabet: &str) {
    let drawn = text(name, &[GoValue::int(5000)]);
    assert_eq!(drawn.chars().count(), 5000);
    let drawn: BTreeSet<char> = drawn.chars().collect();
    assert_eq!(drawn, alphabet.chars().collect::<BTreeSet<char>>(), "{name}");
}

#[test]
fn random_text_has_all_its_characters_and_no_others() {
    let range = |from: char, to: char| (from..=to).collect::<String>();
    let (upper, lower, digits) = (range('A', 'Z'), range('a', 'z'), range('0', '9'));
    check_random("randAlpha", &format!("{upper}{lower}"));
    check_random("randAlphaNum", &format!("{upper}{lower}{digits}"));
    check_random("randNumeric", &digits);
    check_random("randAscii", &range(' ', '~'));
}

#[test]
fn random_values_have_their_form() {
    assert_eq!(text("randBytes", &[GoValue::int(16)]).len(), 24);
    let uuid = text("uuidv4", &[]);
    assert_eq!(uuid.len(), 36);
    assert_eq!(&uuid[14..15], "4");
    assert!("89ab".contains(&uuid[19..20]), "{uuid}");
    for _ in 0..200 {
        let drawn =
            call("randInt", &[GoValue::int(-3), GoValue::int(4)]).expect("because the bounds are good");
        assert!(matches!(drawn, GoValue::Int(_, -3..4)), "{drawn:?}");
    }
    let mut shuffled: Vec<char> = text("shuffle", &[GoValue::from("wörter")]).chars().collect();
    shuffled.sort_unstable();
    assert_eq!(shuffled.into_iter().collect::<String>(), "errtwö");
}

#[test]
fn passwords_can_be_verified() {
    let line = text("htpasswd", &[GoValue::from("user"), GoValue::from("secret")]);
    let hash = line.strip_prefix("user:").expect("because the name comes first");
    assert!(hash.starts_with("$2a$10$"), "{hash}");
    assert!(bcrypt::verify("secret", hash).expect("because it is a hash"));
    assert!(!bcrypt::verify("other", hash).expect("because it is a hash"));

    let encrypted = text("encryptAES", &[GoValue::from("key"), GoValue::from("plain text")]);
    let decrypted = text("decryptAES", &[GoValue::from("key"), GoValue::from(encrypted)]);
    assert_eq!(decrypted, "plain text");
}

fn field(certificate: &GoValue, name: &str) -> String {
    let GoValue::Object(object) = certificate else {
        panic!("{certificate:?} is no certificate");
    };
    let field = object.field(name).expect("because certificates have it");
    field
        .as_string()
        .map(|text| text.to_lossy().into_owned())
        .expect("because it is text")
}

fn certificate(name: &str, arguments: &[GoValue]) -> GoValue {
    call(name, arguments).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The bytes of a text with one block.
fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    skeg_go::base64::decode(body.as_bytes()).expect("because it is base64")
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn certificates_say_what_they_should() {
    let authority = certificate("genCA", &[GoValue::from("my-ca"), GoValue::int(365)]);
    let (pem, key) = (field(&authority, "Cert"), field(&authority, "Key"));
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n") && pem.ends_with("-----END CERTIFICATE-----\n"));
    assert!(key.starts_with("-----BEGIN RSA PRIVATE KEY-----\nMII"), "{key}");
    assert!(pem.lines().all(|line| line.len() <= 64));
    let authority_der = der(&pem);
    assert!(contains(&authority_der, b"\x13\x05my-ca"));
    assert!(contains(
        &authority_der,
        b"\x17\x0d260304050607Z\x17\x0d270304050607Z"
    ));
    // Key usage and basic constraints of an authority.
    assert!(contains(&authority_der, b"\x03\x02\x02\xa4"));
    assert!(contains(&authority_der, b"\x30\x03\x01\x01\xff"));

    let names = GoValue::List(GoList::new(vec![GoValue::from("a.example.com")]));
    let addresses = GoValue::List(GoList::new(vec![GoValue::from("10.0.0.1"), GoValue::from("::1")]));
    let arguments = [
        GoValue::from("srv_1"),
        addresses,
        names,
        GoValue::int(10_000),
        authority.clone(),
    ];
    let signed = certificate("genSignedCert", &arguments);
    let signed_der = der(&field(&signed, "Cert"));
    assert!(contains(&signed_der, b"\x0c\x05srv_1"));
    assert!(contains(
        &signed_der,
        b"\x17\x0d260304050607Z\x18\x0f20530720050607Z"
    ));
    assert!(contains(
        &signed_der,
        b"\x82\x0da.example.com\x87\x04\x0a\x00\x00\x01\x87\x10"
    ));
    assert!(contains(&signed_der, b"\x03\x02\x05\xa0"));

    let same = certificate(
        "genCAWithKey",
        &[
            GoValue::from("my-ca"),
            GoValue::int(1),
            GoValue::from(key.as_str()),
        ],
    );
    assert_eq!(field(&same, "Key"), key);
    let by_hand = certificate(
        "buildCustomCert",
        &[GoValue::from(encode(&pem)), GoValue::from(encode(&key))],
    );
    assert_eq!(field(&by_hand, "Cert"), pem);
}

fn encode(text: &str) -> String {
    skeg_go::base64::encode(text.as_bytes())
}

#[test]
fn certificates_are_structs() {
    let key = text("genPrivateKey", &[GoValue::from("ed25519")]);
    let made = certificate(
        "genCAWithKey",
        &[GoValue::from("ca"), GoValue::int(1), GoValue::from(key)],
    );
    assert_eq!(made.type_name(), "sprig.certificate");
    let GoValue::Object(object) = &made else {
        panic!("{made:?} is no struct");
    };
    assert_eq!(
        object.to_text(),
        format!("{{{} {}}}", field(&made, "Cert"), field(&made, "Key"))
    );
    assert!(object.field("cert").is_none());
    assert!(object.is_equal(object.as_ref()));
}

#[track_caller]
fn check_key(kind: &str, label: &str, length: std::ops::Range<usize>) {
    let key = text("genPrivateKey", &[GoValue::from(kind)]);
    assert!(key.starts_with(&format!("-----BEGIN {label}-----\n")), "{key}");
    assert!(length.contains(&der(&key).len()), "{}", der(&key).len());
    if kind != "dsa" {
        let made = certificate(
            "genCAWithKey",
            &[GoValue::from("ca"), GoValue::int(1), GoValue::from(key.as_str())],
        );
        assert_eq!(field(&made, "Key"), key);
    }
}

#[test]
fn private_keys_have_their_form() {
    check_key("rsa", "RSA PRIVATE KEY", 2330..2354);
    check_key("ecdsa", "EC PRIVATE KEY", 121..122);
    check_key("ed25519", "PRIVATE KEY", 48..49);
    // Five numbers, each a byte longer when its highest bit is set, and shorter when it begins with zeros.
    check_key("dsa", "DSA PRIVATE KEY", 840..861);
}

#[test]
fn short_rsa_keys_sign() {
    let key = GoValue::from(include_str!("../data/rsa-1024.pem"));
    let authority = certificate(
        "genCAWithKey",
        &[GoValue::from("ca"), GoValue::int(1), key.clone()],
    );
    assert_eq!(field(&authority, "Key"), include_str!("../data/rsa-1024.pem"));
    let none = GoValue::list(Vec::new());
    let arguments = [
        GoValue::from("a"),
        none.clone(),
        none,
        GoValue::int(1),
        authority,
        key,
    ];
    let signed = certificate("genSignedCertWithKey", &arguments);
    assert!(contains(&der(&field(&signed, "Cert")), b"\x03\x81\x81\x00"));
}
