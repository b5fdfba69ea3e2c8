//! Base32 with padding, as Go's `base32.StdEncoding` reads and writes it.

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Encodes.
pub(super) fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().div_ceil(5) * 8);
    for group in bytes.chunks(5) {
        let mut padded = [0_u8; 8];
        padded[3..3 + group.len()].copy_from_slice(group);
        let bits = u64::from_be_bytes(padded);
        let digits = (group.len() * 8).div_ceil(5);
        let value = |index: usize| usize::from((bits >> (35 - 5 * index)).to_le_bytes()[0] & 31);
        out.extend((0..digits).map(|index| ALPHABET[value(index)]));
        out.extend(std::iter::repeat_n(b'=', 8 - digits));
    }
    out
}

/// Decodes, or says which byte Go blames, not counting line breaks, which may be anywhere.
pub(super) fn decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    let text: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, b'\n' | b'\r'))
        .collect();
    let mut out = Vec::with_capacity(text.len() / 8 * 5);
    let mut group = 0_u64;
    let mut digits = 0_usize;
    for (at, byte) in text.iter().enumerate() {
        let left = text.len() - at - 1;
        if *byte == b'=' && digits >= 2 && left < 8 {
            check_padding(&text, at, digits)?;
            push(&mut out, group, digits);
            return Ok(out);
        }
        group = group << 5 | value(*byte).ok_or(at)?;
        digits += 1;
        if digits == 8 {
            push(&mut out, group, digits);
            (group, digits) = (0, 0);
        }
    }
    if digits > 0 {
        Err(text.len() - digits)
    } else {
        Ok(out)
    }
}

fn value(byte: u8) -> Option<u64> {
    match byte {
        b'A'..=b'Z' => Some(u64::from(byte - b'A')),
        b'2'..=b'7' => Some(u64::from(byte - b'2') + 26),
        _ => None,
    }
}

/// Checks the padding that begins at `start`, after so many digits of a group.
fn check_padding(text: &[u8], start: usize, digits: usize) -> Result<(), usize> {
    let rest = &text[start + 1..];
    let wanted = 7 - digits;
    if rest.len() < wanted {
        return Err(text.len());
    }
    if let Some(wrong) = rest[..wanted].iter().position(|byte| *byte != b'=') {
        return Err(start + wrong);
    }
    match digits {
        3 | 6 => Err(start),
        _ => Ok(()),
    }
}

/// Appends the whole bytes of a group of so many digits.
fn push(out: &mut Vec<u8>, group: u64, digits: usize) {
    let bits = group << (5 * (8 - digits));
    out.extend_from_slice(&bits.to_be_bytes()[3..3 + digits * 5 / 8]);
}
