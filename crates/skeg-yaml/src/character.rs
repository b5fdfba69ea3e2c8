//! What the characters of YAML are for.
//!
//! A text is looked at byte by byte. Behind its end stands NUL, which no text contains.

/// Ends a word in block context, or may: blanks, line breaks and colons.
pub(crate) const WORD_END: u8 = 1;
/// Ends a word in flow context, or may.
pub(crate) const FLOW_WORD_END: u8 = 1 << 1;
/// Ends a run of ordinary characters in quotes, or may.
pub(crate) const QUOTED_RUN_END: u8 = 1 << 2;
/// Begins a line break, or may.
pub(crate) const BREAK: u8 = 1 << 3;
/// May stand in the name of an anchor, a directive or a tag's handle.
pub(crate) const NAME: u8 = 1 << 4;
/// May stand in a tag.
pub(crate) const TAG: u8 = 1 << 5;
/// Is an indicator, with which no plain scalar begins unless more is known.
pub(crate) const INDICATOR: u8 = 1 << 6;

static CLASSES: [u8; 256] = classes();

/// Whether the byte is in one of the classes.
pub(crate) fn is(byte: u8, classes: u8) -> bool {
    CLASSES[usize::from(byte)] & classes != 0
}

/// The length of what begins with bytes of none of the classes.
pub(crate) fn run_without(bytes: &[u8], classes: u8) -> usize {
    let end = bytes.iter().position(|byte| is(*byte, classes));
    end.unwrap_or(bytes.len())
}

/// The length of what begins with bytes of one of the classes.
pub(crate) fn run_of(bytes: &[u8], classes: u8) -> usize {
    let end = bytes.iter().position(|byte| !is(*byte, classes));
    end.unwrap_or(bytes.len())
}

/// The length in bytes of the line break that the text begins with; 0 if it begins with something else.
pub(crate) fn break_length(bytes: &[u8]) -> usize {
    match bytes {
        // U+0085, U+2028 and U+2029 are breaks as well.
        [b'\r', b'\n', ..] | [0xc2, 0x85, ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
        _ => 0,
    }
}

/// Whether the text begins with a blank.
pub(crate) fn begins_blank(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(b' ' | b'\t'))
}

/// Whether the text is at its end or begins with a blank or a line break.
pub(crate) fn begins_space_or_ends(bytes: &[u8]) -> bool {
    bytes.is_empty() || begins_blank(bytes) || break_length(bytes) > 0
}

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let table_ref = &mut table;
    mark(
        table_ref,
        b"\n\r\xc2\xe2",
        BREAK | WORD_END | FLOW_WORD_END | QUOTED_RUN_END,
    );
    mark(table_ref, b" \t", WORD_END | FLOW_WORD_END | QUOTED_RUN_END);
    mark(table_ref, b":", WORD_END | FLOW_WORD_END);
    mark(table_ref, b",?[]{}", FLOW_WORD_END);
    mark(table_ref, b"'\"\\", QUOTED_RUN_END);
    mark(table_ref, b"-_", NAME | TAG);
    mark(table_ref, b";/?:@&=+$,.!~*'()[]%", TAG);
    mark(table_ref, b"-?:,[]{}#&*!|>'\"%@`", INDICATOR);
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] |= NAME | TAG;
        }
        byte += 1;
    }
    table
}

const fn mark(table: &mut [u8; 256], bytes: &[u8], classes: u8) {
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] |= classes;
        at += 1;
    }
}
