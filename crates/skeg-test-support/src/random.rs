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

    fn next_byte(&mut self) -> u8 {
        if self.used == self.word.len() {
            self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = self.state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            self.word = (mixed ^ (mixed >> 31)).to_le_bytes();
            self.used = 0;
        }
        let byte = self.word[self.used];
        self.used += 1;
        byte
    }
}

impl Read for RandomBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for byte in buffer.iter_mut() {
            *byte = self.next_byte();
        }
        Ok(buffer.len())
    }
}

/// `size` pseudo-random bytes that depend on `seed` alone.
pub fn random_bytes(size: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; size];
    let mut source = RandomBytes::new(seed);
    bytes.fill_with(|| source.next_byte());
    bytes
}
