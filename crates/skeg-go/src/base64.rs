//! Base64 with padding, as Go's `base64.StdEncoding` reads and writes it.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of each byte of the alphabet; [`INVALID`] for all others.
const VALUES: [u8; 256] = values();

const INVALID: u8 = 0xff;

const fn values() -> [u8; 256] {
    let mut values = [INVALID; 256];
    let mut value = 0_u8;
    while value < 64 {
        values[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    values
}

/// Encodes.
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digit = |shift: u32| char::from(ALPHABET[(bits >> shift) as usize & 63]);
        let digits = [digit(18), digit(12), digit(6), digit(0)];
        let (digits, padding) = digits.split_at(group.len() + 1);
        out.extend(digits);
        out.extend(padding.iter().map(|_| '='));
    }
    out
}

/// Decodes, or says which byte Go blames. Line breaks may be anywhere.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut group = 0_u32;
    let mut digits = 0_usize;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match VALUES[usize::from(*byte)] {
            INVALID if is_line_break(*byte) => {}
            INVALID if *byte == b'=' => {
                check_padding(text, at, digits)?;
                push_last(&mut out, group, digits);
                return Ok(out);
            }
            INVALID => return Err(at),
            value => {
                group = group << 6 | u32::from(value);
                digits += 1;
            }
        }
        at += 1;
        if digits == 4 {
            let [_, first, second, third] = group.to_be_bytes();
            out.extend([first, second, third]);
            (group, digits) = (0, 0);
        }
    }
    if digits > 0 {
        Err(text.len() - digits)
    } else {
        Ok(out)
    }
}

/// Checks what begins with the padding at `start`, after so many digits of a group.
fn check_padding(text: &[u8], start: usize, digits: usize) -> Result<(), usize> {
    let mut after = start + 1;
    match digits {
        0 | 1 => return Err(start),
        2 => {
            after = skip_line_breaks(text, after);
            match text.get(after) {
                None => return Err(text.len()),
                Some(b'=') => after += 1,
                Some(_) => return Err(after - 1),
            }
        }
        _ => {}
    }
    match skip_line_breaks(text, after) {
        end if end < text.len() => Err(end),
        _ => Ok(()),
    }
}

fn push_last(out: &mut Vec<u8>, group: u32, digits: usize) {
    let bits = group << (6 * (4 - digits));
    out.extend_from_slice(&bits.to_be_bytes()[1..digits]);
}

fn skip_line_breaks(text: &[u8], from: usize) -> usize {
    let breaks = text[from..].iter().take_while(|byte| is_line_break(**byte));
    from + breaks.count()
}

fn is_line_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(encode(bytes), expected);
        assert_eq!(decode(expected.as_bytes()).as_deref(), Ok(bytes));
    }

    #[test]
    fn groups_are_padded() {
        check(b"", "");
        check(b"f", "Zg==");
        check(b"fo", "Zm8=");
        check(b"foo", "Zm9v");
        check(b"\xff\xfe\xfd\xfc", "//79/A==");
    }

    #[track_caller]
    fn check_error(text: &str, at: usize) {
        assert_eq!(decode(text.as_bytes()), Err(at));
    }

    #[test]
    fn errors_name_the_byte_that_go_names() {
        check_error("!", 0);
        check_error("Zg", 0);
        check_error("Zm9vZg", 4);
        check_error("Zg=a", 2);
        check_error("Zg==a", 4);
        check_error("Z===", 1);
    }

    #[test]
    fn line_breaks_do_not_count() {
        assert_eq!(decode(b"Zm\r\n9v\n").as_deref(), Ok(&b"foo"[..]));
        assert_eq!(decode(b"Zg=\n=\n").as_deref(), Ok(&b"f"[..]));
    }
}
