//! Bytes that do not compress, from a seed: the same seed gives the same bytes.

use std::io::{self, Read};

/// An endless source of pseudo-random bytes (`SplitMix64`).
#[derive(Debug, Clone)]
pub(crate) struct RandomBytes {
    state: u64,
    word: [u8; 8],
    used: usize,
}

impl RandomBytes {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: seed,
            word: [0; 8],
            used: 8,
        }
    }

    fn next_word(&mut self) -> [u8; 8] {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)).to_le_bytes()
    }

    /// Fills `buffer`; how the stream is cut into buffers makes no difference to it.
    fn fill(&mut self, mut buffer: &mut [u8]) {
        while !buffer.is_empty() {
            if self.used == self.word.len() {
                self.word = self.next_word();
                self.used = 0;
            }
            let count = buffer.len().min(self.word.len() - self.used);
            let (now, rest) = buffer.split_at_mut(count);
            now.copy_from_slice(&self.word[self.used..self.used + count]);
            self.used += count;
            buffer = rest;
        }
    }
}

impl Read for RandomBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fill(buffer);
        Ok(buffer.len())
    }
}

/// `size` pseudo-random bytes that depend on `seed` alone.
pub fn random_bytes(size: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; size];
    RandomBytes::new(seed).fill(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stream_does_not_depend_on_its_pieces() {
        let whole = random_bytes(100, 5);
        let mut pieces = RandomBytes::new(5);
        let mut joined = vec![0; 100];
        let mut rest = &mut joined[..];
        for size in [1, 7, 8, 9, 3, 72] {
            let (piece, after) = rest.split_at_mut(size);
            pieces.fill(piece);
            rest = after;
        }
        assert_eq!(joined, whole);
        assert_ne!(random_bytes(100, 6), whole);
    }
}
