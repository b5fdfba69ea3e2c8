//! A cheap, deterministic guess whether deflate can shrink a block.
//!
//! Compressing random bytes costs as much as compressing text and gains nothing, so a block is
//! looked at first. Deflate gains in two ways, and the probe measures both: unevenly used byte
//! values (the order-0 entropy of the block) and repeated strings (sampled at positions that the
//! content itself chooses, so that a repetition is seen whatever its distance and alignment).

/// Blocks below this size are always given to the compressor; statistics on them say little.
const SMALLEST_PROBED: usize = 4 * 1024;

/// A block whose byte values need at least this many bits each is called evenly distributed.
/// Random bytes measure 8 minus about `184 / length`; Huffman coding gains nothing above this.
const EVEN_BITS_PER_BYTE: f64 = 7.95;

/// A string is sampled where its hash has this many leading zero bits: one position in 64.
const ANCHOR_BITS: u32 = 6;

/// Slots of the table of sampled strings, a power of two.
const ANCHOR_SLOTS: usize = 2048;

/// More than one sampled string in this many being a repetition makes a block worth compressing.
const REPEATED_ONE_IN: usize = 64;

/// Whether the block that starts at `start` of `bytes` looks as if deflate could make it noticeably
/// smaller; what is before it may be referred to.
///
/// A wrong answer costs time or size, never correctness, and the answer depends on the bytes
/// alone.
pub(super) fn looks_compressible(bytes: &[u8], start: usize) -> bool {
    let block = &bytes[start..];
    block.len() < SMALLEST_PROBED || bits_per_byte(block) < EVEN_BITS_PER_BYTE || repeats(bytes, start)
}

/// Order-0 entropy in bits for each byte.
fn bits_per_byte(block: &[u8]) -> f64 {
    // Four tables keep runs of one value from waiting for their own counter.
    let mut counts = [[0_u32; 256]; 4];
    let (quads, rest) = block.as_chunks::<4>();
    for quad in quads {
        for (table, byte) in counts.iter_mut().zip(quad) {
            table[usize::from(*byte)] += 1;
        }
    }
    for byte in rest {
        counts[0][usize::from(*byte)] += 1;
    }
    let length = f64::from(u32::try_from(block.len()).unwrap_or(u32::MAX));
    (0..256)
        .map(|value| counts.iter().map(|table| table[value]).sum::<u32>())
        .filter(|&count| count > 0)
        .map(|count| {
            let share = f64::from(count) / length;
            -share * share.log2()
        })
        .sum()
}

/// Whether more than a few of the eight-byte strings sampled from `start` on have been seen before.
fn repeats(bytes: &[u8], start: usize) -> bool {
    let mut seen = [0_u64; ANCHOR_SLOTS];
    let (mut samples, mut repeated) = (0_usize, 0_usize);
    for (position, window) in bytes.windows(8).enumerate() {
        let value = u64::from_le_bytes(window.try_into().expect("because a window has 8 bytes"));
        let hash = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        if hash.leading_zeros() < ANCHOR_BITS {
            continue;
        }
        let slot = &mut seen[(hash >> 40) as usize % ANCHOR_SLOTS];
        if position >= start {
            samples += 1;
            repeated += usize::from(*slot == value);
        }
        *slot = value;
    }
    repeated * REPEATED_ONE_IN > samples
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of a xorshift generator: no statistics to speak of.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .take(length)
        .collect()
    }

    #[track_caller]
    fn check(block: &[u8], expected: bool) {
        assert_eq!(looks_compressible(block, 0), expected);
    }

    #[test]
    fn blocks_are_told_apart() {
        check(&noise(256 * 1024), false);
        check(&noise(16 * 1024), false);
        check(&vec![0; 256 * 1024], true);
        check(&b"apiVersion: v1\nkind: Service\n".repeat(5000), true);
        let sixty_four: Vec<u8> = noise(256 * 1024).iter().map(|byte| byte & 63).collect();
        check(&sixty_four, true);
    }

    #[test]
    fn repeated_noise_is_compressible() {
        check(&noise(1000).repeat(200), true);
        check(&noise(30_001).repeat(3), true);
    }

    #[test]
    fn what_is_before_the_block_counts() {
        let (first, second) = (noise(60_000), noise(30_000));
        let repeated = [&first[..], &first[30_000..]].concat();
        assert!(looks_compressible(&repeated, 60_000));
        assert!(!looks_compressible(
            &[first, second.clone()].concat()[30_000..],
            40_000
        ));
        assert!(!looks_compressible(&second, 10_000));
    }

    #[test]
    fn a_little_text_among_noise_does_not_count() {
        let mut block = noise(256 * 1024);
        block[1000..1100].fill(b'a');
        check(&block, false);
    }

    #[test]
    fn small_blocks_go_to_the_compressor() {
        check(&[], true);
        check(&noise(100), true);
    }
}
