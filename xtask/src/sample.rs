//! Samples: numbers by a seed, and charts of bytes that do not compress.

use std::path::Path;

use crate::failure::Result;

/// Writes a chart with `data` in a file; its values tell its version.
pub(crate) fn write_chart(directory: &Path, name: &str, version: &str, data: &[u8]) -> Result<()> {
    fs_err::create_dir_all(directory.join("files"))?;
    let metadata = format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
    fs_err::write(directory.join("Chart.yaml"), metadata)?;
    fs_err::write(directory.join("values.yaml"), format!("of: {version}\n"))?;
    fs_err::write(directory.join("files/data"), data)?;
    Ok(())
}

/// A stream of numbers that depends on its seed alone.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number (splitmix64).
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        let upper = u32::try_from(self.next() >> 32).expect("because half of the bits are left");
        f64::from(upper) / 2_f64.powi(32)
    }

    /// So many bytes that do not compress, to the next eight.
    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        let words = std::iter::repeat_with(|| self.next().to_le_bytes());
        words.take(length.div_ceil(8)).flatten().collect()
    }
}
