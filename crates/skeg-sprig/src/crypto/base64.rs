//! Base64 in the standard alphabet, with Go's errors.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use skeg_go::CallError;

/// Go takes whatever the last character has in bits that do not count.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// The bytes; line ends within the text do not count.
pub(super) fn decode(text: &[u8]) -> Result<Vec<u8>, CallError> {
    let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let compact: Vec<u8> = text.iter().copied().filter(|byte| !is_line_end(byte)).collect();
    ENGINE.decode(&compact).map_err(|_| {
        let at = first_illegal(text);
        CallError::new(format!("illegal base64 data at input byte {at}"))
    })
}

/// Where Go's decoder stops: at the first character that does not fit, or at the end.
fn first_illegal(text: &[u8]) -> usize {
    let mut in_quantum = 0;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'\r' | b'\n' => {}
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => in_quantum = (in_quantum + 1) % 4,
            b'=' if in_quantum >= 2 => return after_padding(text, at, in_quantum),
            _ => return at,
        }
        at += 1;
    }
    // The last group is too short: Go names its first byte.
    at - in_quantum.min(at)
}

fn after_padding(text: &[u8], padding: usize, in_quantum: usize) -> usize {
    let skip = |mut at: usize| {
        while matches!(text.get(at), Some(b'\r' | b'\n')) {
            at += 1;
        }
        at
    };
    let mut at = skip(padding + 1);
    if in_quantum == 2 {
        if text.get(at) != Some(&b'=') {
            // Go names what stands before what it did not expect.
            return if at < text.len() { at - 1 } else { at };
        }
        at = skip(at + 1);
    }
    at
}
