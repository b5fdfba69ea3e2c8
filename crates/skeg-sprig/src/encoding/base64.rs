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
pub(super) fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    let digit = |bits: u32, shift: u32| ALPHABET[(bits >> shift) as usize & 63];
    let mut groups = bytes.chunks_exact(3);
    for group in &mut groups {
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        out.extend([digit(bits, 18), digit(bits, 12), digit(bits, 6), digit(bits, 0)]);
    }
    match groups.remainder() {
        [first] => {
            let bits = u32::from_be_bytes([0, *first, 0, 0]);
            out.extend([digit(bits, 18), digit(bits, 12), b'=', b'=']);
        }
        [first, second] => {
            let bits = u32::from_be_bytes([0, *first, *second, 0]);
            out.extend([digit(bits, 18), digit(bits, 12), digit(bits, 6), b'=']);
        }
        _ => {}
    }
    out
}

/// Decodes, or says which byte Go blames. Line breaks may be anywhere.
pub(super) fn decode(text: &[u8]) -> Result<Vec<u8>, usize> {
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
