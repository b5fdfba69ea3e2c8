//! Input that means harm: any bytes, and all that could take more than linear time.

use skeg_yaml::{Parser, Text};

/// How many events there are, and whether an error is the last.
fn count(yaml: &[u8]) -> (usize, bool) {
    let text = Text::new(yaml);
    let mut events = 0;
    for event in Parser::new(&text) {
        if event.is_err() {
            return (events, true);
        }
        events += 1;
    }
    (events, false)
}

#[test]
fn any_bytes_end() {
    const BYTES: &[u8] = b"ab:-? \n\r\t'\"[]{},&*!|>%@#\\x0~\x01\xff\xc2\x85\xe2\x80\xa8\xef\xbb\xbf\xc3\xf0";
    let mut state = 1_u64;
    for length in (0..40_000).map(|round| round % 90) {
        let bytes: Vec<u8> = (0..length)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                BYTES[(state >> 33) as usize % BYTES.len()]
            })
            .collect();
        count(&bytes);
        let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain(bytes).collect();
        count(&utf_16);
    }
}

/// Counts the events of many repetitions, which would take minutes if the effort were more than linear.
#[track_caller]
fn check(piece: &str, times: usize, expected: (usize, bool)) {
    assert_eq!(count(piece.repeat(times).as_bytes()), expected, "{piece:?}");
}

#[test]
fn the_effort_is_linear() {
    check("[", 1_000_000, (8_977, true));
    check("{", 1_000_000, (8_977, true));
    check("- ", 1_000_000, (10_001, true));
    check("? ", 1_000_000, (10_001, true));
    check("a: ", 1_000_000, (4, true));
    check("a:\n", 300_000, (600_004, false));
    check("- a\n", 300_000, (300_004, false));
    check("[]\n", 300_000, (4, true));
    check("---\n", 300_000, (900_000, false));
    check("...\n", 300_000, (1, true));
    check("#\n", 1_000_000, (0, false));
    check("a ", 1_000_000, (3, false));
    check("a\n", 1_000_000, (3, false));
    check("'", 1_000_000, (3, false));
    check("&a ", 300_000, (3, true));
    check("!a ", 300_000, (3, true));
    check("\u{feff}", 100_000, (3, false));
    check("|\n ", 300_000, (3, false));
}

#[test]
fn many_directives_are_no_harm() {
    let mut yaml = Vec::new();
    for number in 0..100_000 {
        yaml.extend_from_slice(format!("%TAG !{number}! x\n").as_bytes());
    }
    yaml.extend_from_slice(b"--- !5!a b");
    assert_eq!(count(&yaml), (3, false));
}
