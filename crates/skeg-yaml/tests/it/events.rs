//! Events, marks and errors of whole streams.

use skeg_yaml::{EventKind, Mark, ParseErrorKind, Parser, ScalarStyle, Text};

/// One line for each event, in the notation of the YAML test suite.
fn events(yaml: &[u8]) -> String {
    let text = Text::new(yaml);
    let mut lines = Vec::new();
    for event in Parser::new(&text) {
        lines.push(match event {
            Ok(event) => line(event.kind),
            Err(error) => format!("!{error}"),
        });
    }
    lines.join("\n")
}

fn line(event: EventKind<'_>) -> String {
    match event {
        EventKind::DocumentStart => "+DOC".to_owned(),
        EventKind::DocumentEnd => "-DOC".to_owned(),
        EventKind::Alias { anchor } => format!("=ALI *{anchor}"),
        EventKind::SequenceStart(start) => format!("+SEQ{}", if start.flow { " []" } else { "" }),
        EventKind::MappingStart(start) => format!("+MAP{}", if start.flow { " {}" } else { "" }),
        EventKind::SequenceEnd => "-SEQ".to_owned(),
        EventKind::MappingEnd => "-MAP".to_owned(),
        EventKind::Scalar(scalar) => format!(
            "=VAL{}{} {}{}",
            scalar.anchor.map(|a| format!(" &{a}")).unwrap_or_default(),
            scalar.tag.map(|t| format!(" <{t}>")).unwrap_or_default(),
            match scalar.style {
                ScalarStyle::Plain => ':',
                ScalarStyle::SingleQuoted => '\'',
                ScalarStyle::DoubleQuoted => '"',
                ScalarStyle::Literal => '|',
                ScalarStyle::Folded => '>',
            },
            scalar.value.escape_debug()
        ),
    }
}

#[track_caller]
fn check(yaml: &str, expected: &str) {
    let events = events(yaml.as_bytes()).replace('\n', " ");
    assert_eq!(events, expected, "{yaml:?}");
}

/// Checks the events of a document with one scalar.
#[track_caller]
fn check_scalar(yaml: &str, expected: &str) {
    check(yaml, &format!("+DOC =VAL {expected} -DOC"));
}

#[test]
fn every_kind_of_event_is_reported() {
    insta::assert_snapshot!(
        events(b"--- &a !!str x\n...\n---\n? [1, {b: 'c'}]\n: - \"d\\n\"\n  - |\n    e\n  - >-\n    f\n  - *g\n"),
        @r#"
    +DOC
    =VAL &a <tag:yaml.org,2002:str> :x
    -DOC
    +DOC
    +MAP
    +SEQ []
    =VAL :1
    +MAP {}
    =VAL :b
    =VAL 'c
    -MAP
    -SEQ
    +SEQ
    =VAL "d\n
    =VAL |e\n
    =VAL >f
    =ALI *g
    -SEQ
    -MAP
    -DOC
    "#
    );
}

#[test]
fn an_empty_stream_has_no_document() {
    check("", "");
    check("# only\n", "");
    check("---", "+DOC =VAL : -DOC");
    check("--- \n---\n", "+DOC =VAL : -DOC +DOC =VAL : -DOC");
    check("a\n...\n...\n---\nb", "+DOC =VAL :a -DOC +DOC =VAL :b -DOC");
}

#[test]
fn block_collections_nest_by_columns() {
    check(
        "- a\n- - b\n- c",
        "+DOC +SEQ =VAL :a +SEQ =VAL :b -SEQ =VAL :c -SEQ -DOC",
    );
    check(
        "a:\n- b\nc:",
        "+DOC +MAP =VAL :a +SEQ =VAL :b -SEQ =VAL :c =VAL : -MAP -DOC",
    );
    check(
        "a:\n  b: c\nd: e",
        "+DOC +MAP =VAL :a +MAP =VAL :b =VAL :c -MAP =VAL :d =VAL :e -MAP -DOC",
    );
    check(
        "? a\n: b\n? c",
        "+DOC +MAP =VAL :a =VAL :b =VAL :c =VAL : -MAP -DOC",
    );
    check(
        "- a: 1\n  b: 2",
        "+DOC +SEQ +MAP =VAL :a =VAL :1 =VAL :b =VAL :2 -MAP -SEQ -DOC",
    );
    check("a:\nb:", "+DOC +MAP =VAL :a =VAL : =VAL :b =VAL : -MAP -DOC");
    check("-\n-", "+DOC +SEQ =VAL : =VAL : -SEQ -DOC");
}

#[test]
fn flow_collections_are_go_yaml_s() {
    check("[a, b,]", "+DOC +SEQ [] =VAL :a =VAL :b -SEQ -DOC");
    check(
        "{a: b, c}",
        "+DOC +MAP {} =VAL :a =VAL :b =VAL :c =VAL : -MAP -DOC",
    );
    check("{b:}", "+DOC +MAP {} =VAL :b: =VAL : -MAP -DOC");
    check("[a: b]", "+DOC +SEQ [] +MAP {} =VAL :a =VAL :b -MAP -SEQ -DOC");
    check("{\"a\":1}", "+DOC +MAP {} =VAL \"a =VAL :1 -MAP -DOC");
    check(
        "[]:",
        "+DOC +SEQ [] -SEQ -DOC !did not find expected <document start>",
    );
}

#[test]
fn scalars_are_folded_and_unescaped() {
    check_scalar("a b  c", ":a b  c");
    check_scalar("a\n  b\n\n  c # d", ":a b\\nc");
    check_scalar("'it''s'", "'it\\'s");
    check_scalar("'a\n\n  b '", "'a\\nb ");
    check_scalar("\"a\\\n  b\\x41\\u00e9\\U0001F600\\'\"", "\"abAé😀\\'");
    check_scalar("|\n a\n  b\n\n", "|a\\n b\\n");
    check_scalar("|+\n a\n\n", "|a\\n\\n");
    check_scalar("|-\n a\n\n", "|a");
    check_scalar("|2\n   a", "| a");
    check_scalar(">\n a\n b\n\n c\n  d\n e\n", ">a b\\nc\\n d\\ne\\n");
}

#[test]
fn tags_and_anchors_come_with_their_nodes() {
    check(
        "%TAG !e! tag:e.org,\n--- !e!x y",
        "+DOC =VAL <tag:e.org,x> :y -DOC",
    );
    check("!<a%20b> c", "+DOC =VAL <a b> :c -DOC");
    check("!a&b c", "+DOC =VAL <!a&b> :c -DOC");
    check("&a !b c", "+DOC =VAL &a <!b> :c -DOC");
    check("! c", "+DOC =VAL <!> :c -DOC");
    check("!x! y", "!did not find expected tag URI");
    check("!x!y z", "+DOC !found undefined tag handle");
    check("!%ED%A0%80 x", "+DOC =VAL <!\u{fffd}\u{fffd}\u{fffd}> :x -DOC");
}

#[test]
fn the_non_specific_tag_leaves_the_meaning_open() {
    let text = Text::new(b"! 'x'");
    let scalar = Parser::new(&text).find_map(|event| match event.unwrap().kind {
        EventKind::Scalar(scalar) => Some(scalar),
        _ => None,
    });
    assert!(scalar.unwrap().implicit);
}

#[test]
fn marks_count_characters_from_zero() {
    let text = Text::new("é: 1\n  \nb: ü x".as_bytes());
    let event = Parser::new(&text)
        .map(Result::unwrap)
        .filter(|event| matches!(event.kind, EventKind::Scalar(_)))
        .nth(3)
        .unwrap();
    assert_eq!(event.mark, Mark { line: 2, column: 3 });
}

#[test]
fn utf_16_is_read_by_its_byte_order_mark() {
    let expected = "+DOC\n+MAP\n=VAL :a\n=VAL :é\n-MAP\n-DOC";
    assert_eq!(events(b"\xff\xfea\0:\0 \0\xe9\0"), expected);
    assert_eq!(events(b"\xfe\xff\0a\0:\0 \0\xe9"), expected);
}

#[test]
fn nothing_is_read_before_it_is_asked_for() {
    check(
        "{} &a \"",
        "+DOC +MAP {} -MAP -DOC !did not find expected <document start>",
    );
    check(
        "- *b\n0\n",
        "+DOC +SEQ =ALI *b !line 3: could not find expected ':'",
    );
    check("[}%", "+DOC +SEQ [] !did not find expected node content");
}

#[track_caller]
fn check_error(yaml: &[u8], kind: ParseErrorKind, shown: &str, mark: (usize, usize)) {
    let text = Text::new(yaml);
    let mut parser = Parser::new(&text);
    let error = parser.find_map(Result::err).expect("because it is wrong");
    assert_eq!(
        (error.kind, error.to_string().as_str()),
        (kind, shown),
        "{yaml:?}"
    );
    assert_eq!((error.mark.line, error.mark.column), mark, "{yaml:?}");
    assert!(parser.next().is_none(), "the iterator ends after an error");
}

#[test]
fn what_is_no_token_has_go_yaml_s_words_and_lines() {
    let cases: &[(&[u8], &str, (usize, usize))] = &[
        (
            b"a: b: c",
            "mapping values are not allowed in this context",
            (0, 4),
        ),
        (b"a: 1\nb\nc: 2", "line 3: could not find expected ':'", (2, 0)),
        (b"\t- a", "found character that cannot start any token", (0, 0)),
        (b"'a", "found unexpected end of stream", (0, 2)),
        (
            b"'a\n--- '",
            "line 2: found unexpected document indicator",
            (1, 0),
        ),
        (b"\"\\/\"", "found unknown escape character", (0, 1)),
        (b"\"\\xg\"", "did not find expected hexdecimal number", (0, 3)),
        (
            b"\"\\ud800\"",
            "found invalid Unicode character escape code",
            (0, 3),
        ),
        (b"%FOO\n---", "found unknown directive name", (0, 4)),
        (b"|0\n", "found an indentation indicator equal to 0", (0, 1)),
        (b"|x\n", "did not find expected comment or line break", (0, 1)),
        (
            b"&\n",
            "did not find expected alphabetic or numeric character",
            (0, 1),
        ),
    ];
    for (yaml, shown, mark) in cases {
        check_error(yaml, ParseErrorKind::Scanner, shown, *mark);
    }
}

#[test]
fn tokens_in_no_order_has_go_yaml_s_words_and_lines() {
    let cases: &[(&[u8], &str, (usize, usize))] = &[
        (b"a: [\n1", "line 2: did not find expected ',' or ']'", (2, 0)),
        (b"%YAML 2.0\n---", "found incompatible YAML document", (0, 0)),
        (
            b"%YAML 1.1\n%YAML 1.1\n---",
            "line 1: found duplicate %YAML directive",
            (1, 0),
        ),
        (
            b"%TAG ! a\n%TAG ! b\n---",
            "line 1: found duplicate %TAG directive",
            (1, 0),
        ),
    ];
    for (yaml, shown, mark) in cases {
        check_error(yaml, ParseErrorKind::Parser, shown, *mark);
    }
}

#[test]
fn what_is_no_text_has_go_yaml_s_words_and_lines() {
    let cases: &[(&[u8], &str, (usize, usize))] = &[
        (b"a: \x01", "control characters are not allowed", (0, 0)),
        (b"a: \xff", "invalid leading UTF-8 octet", (0, 0)),
        (b"a: \xc3", "incomplete UTF-8 octet sequence", (0, 0)),
        (b"a: \xc3a", "invalid trailing UTF-8 octet", (0, 0)),
        (b"a: \xc0\x80", "invalid length of a UTF-8 sequence", (0, 0)),
        (b"a: \xed\xa0\x80", "invalid Unicode character", (0, 0)),
        (b"\xff\xfe\0\xdc", "unexpected low surrogate area", (0, 0)),
        (b"\xff\xfe\0\xd8", "incomplete UTF-16 surrogate pair", (0, 0)),
        (b"\xff\xfe\0\xd8a\0", "expected low surrogate area", (0, 0)),
        (b"\xff\xfea", "incomplete UTF-16 character", (0, 0)),
    ];
    for (yaml, shown, mark) in cases {
        check_error(yaml, ParseErrorKind::Reader, shown, *mark);
    }
}

#[test]
fn bad_bytes_matter_when_they_are_read() {
    let mut yaml = b"@".to_vec();
    yaml.extend(std::iter::repeat_n(b' ', 510));
    yaml.push(1);
    check_error(
        &yaml,
        ParseErrorKind::Reader,
        "control characters are not allowed",
        (0, 0),
    );
    yaml.insert(1, b' ');
    let message = "found character that cannot start any token";
    check_error(&yaml, ParseErrorKind::Scanner, message, (0, 0));
}
