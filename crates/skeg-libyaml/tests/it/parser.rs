//! Events, marks and errors of whole streams.

use skeg_libyaml::{EventKind, Mark, ParseErrorKind, Parser, ScalarStyle};

/// One line for each event, in the notation of the YAML test suite.
fn events(yaml: &[u8]) -> String {
    let mut lines = Vec::new();
    for event in Parser::new(yaml) {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                lines.push(format!("!{error}"));
                break;
            }
        };
        lines.push(match event.kind {
            EventKind::StreamStart => "+STR".to_owned(),
            EventKind::StreamEnd => "-STR".to_owned(),
            EventKind::DocumentStart { implicit } => format!("+DOC{}", mark_if(!implicit, " ---")),
            EventKind::DocumentEnd { implicit } => format!("-DOC{}", mark_if(!implicit, " ...")),
            EventKind::Alias { anchor } => format!("=ALI *{anchor}"),
            EventKind::SequenceStart(start) => format!("+SEQ{}", mark_if(start.flow, " []")),
            EventKind::MappingStart(start) => format!("+MAP{}", mark_if(start.flow, " {}")),
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
        });
    }
    lines.join("\n")
}

fn mark_if(condition: bool, mark: &str) -> &str {
    if condition { mark } else { "" }
}

#[test]
fn every_kind_of_event_is_reported() {
    insta::assert_snapshot!(
        events(b"--- &a !!str x\n...\n---\n? [1, {b: 'c'}]\n: - \"d\\n\"\n  - |\n    e\n  - >-\n    f\n  - *g\n"),
        @r#"
    +STR
    +DOC ---
    =VAL &a <tag:yaml.org,2002:str> :x
    -DOC ...
    +DOC ---
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
    -STR
    "#
    );
}

#[test]
fn an_empty_stream_has_no_document() {
    assert_eq!(events(b""), "+STR\n-STR");
    assert_eq!(events(b"# only\n"), "+STR\n-STR");
}

#[test]
fn the_non_specific_tag_is_kept() {
    let scalar = Parser::new(b"! 'x'")
        .find_map(|event| match event.unwrap().kind {
            EventKind::Scalar(scalar) => Some(scalar),
            _ => None,
        })
        .unwrap();
    assert_eq!(scalar.tag.as_deref(), Some("!"));
    assert!(scalar.plain_implicit && !scalar.quoted_implicit);
}

#[test]
fn marks_count_characters_from_zero() {
    let event = Parser::new("é: 1\n  \nb: ü x".as_bytes())
        .map(Result::unwrap)
        .filter(|event| matches!(event.kind, EventKind::Scalar(_)))
        .nth(3)
        .unwrap();
    let (start, end) = (event.start, event.end);
    assert_eq!(
        start,
        Mark {
            index: 12,
            line: 2,
            column: 3
        }
    );
    assert_eq!(
        end,
        Mark {
            index: 16,
            line: 2,
            column: 6
        }
    );
}

#[test]
fn utf_16_is_read_by_its_byte_order_mark() {
    assert_eq!(
        events(b"\xff\xfea\0:\0 \0\xe9\0"),
        "+STR\n+DOC\n+MAP\n=VAL :a\n=VAL :é\n-MAP\n-DOC\n-STR"
    );
}

#[track_caller]
fn check_error(yaml: &[u8], kind: ParseErrorKind, problem: &str, line: u64) {
    let mut parser = Parser::new(yaml);
    let error = parser.find_map(Result::err).expect("an error");
    assert_eq!(error.kind, kind);
    assert_eq!(error.to_string(), problem);
    assert_eq!(error.problem_mark.line, line);
    assert!(parser.next().is_none(), "the iterator ends after an error");
}

#[test]
fn errors_keep_libyaml_s_words_and_marks() {
    check_error(
        b"a: b: c",
        ParseErrorKind::Scanner,
        "mapping values are not allowed in this context",
        0,
    );
    check_error(
        b"a: 1\nb\nc: 2",
        ParseErrorKind::Scanner,
        "could not find expected ':'",
        2,
    );
    check_error(
        b"a: [\n1",
        ParseErrorKind::Parser,
        "did not find expected ',' or ']'",
        2,
    );
    check_error(
        b"a: \x01",
        ParseErrorKind::Reader,
        "control characters are not allowed",
        0,
    );
    check_error(
        b"a: \xff",
        ParseErrorKind::Reader,
        "invalid leading UTF-8 octet",
        0,
    );
    check_error(
        b"\t- a",
        ParseErrorKind::Scanner,
        "found character that cannot start any token",
        0,
    );
}

#[test]
fn tags_with_surrogates_stay_text() {
    assert_eq!(
        events(b"!%ED%A0%80 x"),
        "+STR\n+DOC\n=VAL <!\u{fffd}\u{fffd}\u{fffd}> :x\n-DOC\n-STR"
    );
}

#[test]
fn a_parser_can_be_dropped_midway_and_sent() {
    let mut parser = Parser::new(b"[a, b, c]");
    for _ in 0..4 {
        parser.next().unwrap().unwrap();
    }
    std::thread::scope(|scope| {
        scope.spawn(move || drop(parser)).join().unwrap();
    });
}
