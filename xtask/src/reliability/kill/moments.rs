//! When to kill: spread evenly, and by a seed, over a little more than one run.

use std::time::Duration;

use crate::sample::Random;

/// How much of a run's time the moments cover: a little more than all, so that its very end is among them.
const SPAN: f64 = 1.1;

/// The moments of `count` kills in runs that take `whole`: every other one evenly spread, the rest by chance.
pub(super) fn moments(count: usize, seed: u64, whole: Duration) -> Vec<Duration> {
    let mut random = Random::new(seed);
    let even = count.div_ceil(2);
    (0..count)
        .map(|kill| {
            let at = if kill % 2 == 0 {
                fraction(kill / 2, even)
            } else {
                random.fraction()
            };
            whole.mul_f64(at * SPAN)
        })
        .collect()
}

/// The middle of part `index` of `parts`.
fn fraction(index: usize, parts: usize) -> f64 {
    let number = |value: usize| f64::from(u32::try_from(value).unwrap_or(u32::MAX));
    (number(index) + 0.5) / number(parts).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_cover_the_whole_run_and_depend_on_the_seed() {
        let whole = Duration::from_secs(1);
        let spread = moments(40, 7, whole);
        assert_eq!(spread, moments(40, 7, whole));
        assert_ne!(spread, moments(40, 8, whole));
        assert!(spread.iter().all(|&moment| moment < whole.mul_f64(SPAN)));
        for tenth in 0..11 {
            let part = whole * tenth / 10..whole * (tenth + 1) / 10;
            assert!(spread.iter().any(|moment| part.contains(moment)), "{tenth}");
        }
        assert!(moments(0, 7, whole).is_empty());
        assert_eq!(moments(1, 7, whole), [whole.mul_f64(0.5 * SPAN)]);
    }
}
