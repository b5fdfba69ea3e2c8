//! Random text and numbers, all from the source of random bytes that the surroundings name.

use std::convert::Infallible;

use rsa::rand_core::{TryCryptoRng, TryRng};
use skeg_go::{CallError, GoValue, base64};

use super::hashes::hex;
use crate::arguments::{bytes, int};

/// Fills a buffer with random bytes.
pub(super) type Fill = fn(&mut [u8]);

/// Random numbers in the form in which the crates that make keys take them.
pub(super) struct Generator(pub(super) Fill);

impl TryRng for Generator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        self.0(buffer);
        Ok(())
    }
}

impl TryCryptoRng for Generator {}

pub(super) const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub(super) const DIGITS: &[u8] = b"0123456789";
pub(super) const LETTERS_AND_DIGITS: &[u8] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub(super) const PRINTABLE: &[u8] =
    b" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

/// More than any template means; Go would run out of memory a little later.
const LONGEST: i64 = 1 << 28;

/// `randAlpha` and the like: so many characters of `alphabet`; none where the number is negative.
pub(super) fn characters(arguments: &[GoValue], alphabet: &[u8], fill: Fill) -> Result<GoValue, CallError> {
    let count = buffer_length(int(arguments, 0).max(0))?;
    let mut source = Source::new(fill);
    let bound = u64::try_from(alphabet.len()).expect("because an alphabet is short");
    let characters: Vec<u8> = (0..count)
        .map(|_| alphabet[usize::try_from(source.below(bound)).expect("because it is below the length")])
        .collect();
    Ok(GoValue::from(characters))
}

/// `randBytes`: so many bytes in base64.
pub(super) fn encoded_bytes(arguments: &[GoValue], fill: Fill) -> Result<GoValue, CallError> {
    let mut random = vec![0; buffer_length(int(arguments, 0))?];
    fill(&mut random);
    Ok(GoValue::from(base64::encode(&random)))
}

/// `randInt`: from the first number to below the second.
pub(super) fn integer(arguments: &[GoValue], fill: Fill) -> Result<GoValue, CallError> {
    let low = int(arguments, 0);
    let gap = int(arguments, 1).wrapping_sub(low);
    match u64::try_from(gap) {
        Ok(gap) if gap > 0 => {
            let offset = i64::try_from(Source::new(fill).below(gap)).expect("because it is below an i64");
            Ok(GoValue::int(low.wrapping_add(offset)))
        }
        _ => Err(CallError::new("invalid argument to Intn")),
    }
}

/// `shuffle`: the characters in another order; a byte that is not UTF-8 becomes U+FFFD.
pub(super) fn shuffle(arguments: &[GoValue], fill: Fill) -> GoValue {
    let mut characters = runes(bytes(arguments, 0));
    let mut source = Source::new(fill);
    for last in (1..characters.len()).rev() {
        let bound = u64::try_from(last).expect("because usize is not wider") + 1;
        let other = usize::try_from(source.below(bound)).expect("because it is at most an index");
        characters.swap(last, other);
    }
    GoValue::from(characters.into_iter().collect::<String>())
}

fn runes(bytes: &[u8]) -> Vec<char> {
    let mut runes = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        runes.extend(chunk.valid().chars());
        runes.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    runes
}

/// `uuidv4`
pub(super) fn uuid(fill: Fill) -> GoValue {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = hex(&bytes);
    for hyphen in [20, 16, 12, 8] {
        text.insert(hyphen, b'-');
    }
    GoValue::from(text)
}

fn buffer_length(count: i64) -> Result<usize, CallError> {
    if count > LONGEST {
        return Err(CallError::new(format!("more than {LONGEST} bytes")));
    }
    usize::try_from(count).map_err(|_| CallError::new("runtime error: makeslice: len out of range"))
}

/// Random numbers out of a buffer that is filled as needed.
struct Source {
    fill: Fill,
    buffer: [u8; 64],
    used: usize,
}

impl Source {
    fn new(fill: Fill) -> Self {
        Self {
            fill,
            buffer: [0; 64],
            used: 64,
        }
    }

    /// A number below `bound`, each as likely as any other: what would favour the small ones is drawn again.
    fn below(&mut self, bound: u64) -> u64 {
        let bound = bound.max(1);
        if let Ok(small) = u8::try_from(bound - 1) {
            // One byte is enough, as it is for every alphabet.
            let mask = small
                .checked_next_power_of_two()
                .map_or(u8::MAX, |power| (power - 1) | small);
            loop {
                let drawn = self.take::<1>()[0] & mask;
                if drawn <= small {
                    return u64::from(drawn);
                }
            }
        }
        let mask = u64::MAX >> (bound - 1).leading_zeros();
        loop {
            let drawn = u64::from_le_bytes(self.take()) & mask;
            if drawn < bound {
                return drawn;
            }
        }
    }

    fn take<const N: usize>(&mut self) -> [u8; N] {
        if self.used + N > self.buffer.len() {
            (self.fill)(&mut self.buffer);
            self.used = 0;
        }
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.buffer[self.used..self.used + N]);
        self.used += N;
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[track_caller]
    fn check_reaches_all_below(bound: u64) {
        let mut source = Source::new(|buffer| {
            ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), buffer)
                .expect("because the system has random bytes");
        });
        let mut seen = vec![false; usize::try_from(bound).expect("small")];
        for _ in 0..bound * 40 {
            seen[usize::try_from(source.below(bound)).expect("small")] = true;
        }
        assert!(seen.iter().all(|seen| *seen), "below {bound}");
    }

    #[test]
    fn every_number_below_the_bound_is_drawn() {
        for bound in [1, 2, 3, 10, 52, 62, 64, 65, 95, 128, 129, 255, 256, 257, 300] {
            check_reaches_all_below(bound);
        }
    }
}
