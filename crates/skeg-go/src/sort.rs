//! The order in which Go's `sort.Sort` leaves elements that are equal.
//!
//! Go sorts short slices by insertion and longer ones by a pattern-defeating quicksort (pdqsort, <https://arxiv.org/abs/2106.05123>)
//! that is not stable, but always does the same for the same input. Where Helm takes the first of several equal elements, its
//! choice hangs on each of these steps.

/// Up to this length Go sorts by insertion.
const SHORT: usize = 12;
/// From this length on the pivot is a median of medians.
const NINTHER: usize = 50;
/// So many swaps while looking for a pivot mean that the slice descends.
const MOST_SWAPS: usize = 12;
/// How many pairs out of order a slice that ascends nearly everywhere may have.
const MOST_REPAIRS: usize = 5;

/// Sorts as `sort.Sort` of Go 1.26 does, equal elements included.
///
/// ```
/// let mut words = ["bb", "a", "ccc", "dd"];
/// skeg_go::sort::sort(&mut words, |one, other| one.len() < other.len());
/// assert_eq!(words, ["a", "bb", "dd", "ccc"]);
/// ```
pub fn sort<T>(items: &mut [T], is_less: impl FnMut(&T, &T) -> bool) {
    let limit = bits(items.len());
    let end = items.len();
    Sorter { items, is_less }.quicksort(0, end, limit);
}

/// How many bits a number has.
fn bits(number: usize) -> u32 {
    usize::BITS - number.leading_zeros()
}

/// What a look for a pivot says of the slice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hint {
    Unknown,
    Ascends,
    Descends,
}

struct Sorter<'items, T, F> {
    items: &'items mut [T],
    is_less: F,
}

impl<T, F: FnMut(&T, &T) -> bool> Sorter<'_, T, F> {
    fn less(&mut self, one: usize, other: usize) -> bool {
        (self.is_less)(&self.items[one], &self.items[other])
    }

    /// Moves an element to the left while it is less than the one before it.
    fn sink(&mut self, from: usize, start: usize) {
        let mut place = from;
        while place > start && self.less(place, place - 1) {
            self.items.swap(place, place - 1);
            place -= 1;
        }
    }

    fn quicksort(&mut self, mut start: usize, mut end: usize, mut limit: u32) {
        let (mut was_balanced, mut was_partitioned) = (true, true);
        loop {
            let length = end - start;
            if length <= SHORT {
                return (start + 1..end).for_each(|from| self.sink(from, start));
            }
            if limit == 0 {
                return self.heap_sort(start, end);
            }
            if !was_balanced {
                self.break_patterns(start, end);
                limit -= 1;
            }
            let (mut pivot, mut hint) = self.choose_pivot(start, end);
            if hint == Hint::Descends {
                self.items[start..end].reverse();
                pivot = end - 1 - (pivot - start);
                hint = Hint::Ascends;
            }
            if was_balanced && was_partitioned && hint == Hint::Ascends && self.repair(start, end) {
                return;
            }
            // The element before is that of an earlier pivot: what is not greater is equal to it.
            if start > 0 && !self.less(start - 1, pivot) {
                start = self.partition_equal(start, end, pivot);
                continue;
            }
            let (middle, is_partitioned) = self.partition(start, end, pivot);
            was_partitioned = is_partitioned;
            let (left, right) = (middle - start, end - middle);
            was_balanced = left.min(right) >= length / 8;
            if left < right {
                self.quicksort(start, middle, limit);
                start = middle + 1;
            } else {
                self.quicksort(middle + 1, end, limit);
                end = middle;
            }
        }
    }

    /// Puts what is less than the pivot before it; also says whether that was so already.
    fn partition(&mut self, start: usize, end: usize, pivot: usize) -> (usize, bool) {
        self.items.swap(start, pivot);
        let (mut low, mut high) = (start + 1, end - 1);
        let mut is_partitioned = true;
        loop {
            while low <= high && self.less(low, start) {
                low += 1;
            }
            while low <= high && !self.less(high, start) {
                high -= 1;
            }
            if low > high {
                break;
            }
            is_partitioned = false;
            self.items.swap(low, high);
            low += 1;
            high -= 1;
        }
        self.items.swap(high, start);
        (high, is_partitioned)
    }

    /// Puts what is equal to the pivot before what is greater; gives where that begins.
    fn partition_equal(&mut self, start: usize, end: usize, pivot: usize) -> usize {
        self.items.swap(start, pivot);
        let (mut low, mut high) = (start + 1, end - 1);
        loop {
            while low <= high && !self.less(start, low) {
                low += 1;
            }
            while low <= high && self.less(start, high) {
                high -= 1;
            }
            if low > high {
                return low;
            }
            self.items.swap(low, high);
            low += 1;
            high -= 1;
        }
    }

    /// Sorts a slice that is out of order in a few places only; gives up if there are more.
    fn repair(&mut self, start: usize, end: usize) -> bool {
        let mut place = start + 1;
        for _ in 0..MOST_REPAIRS {
            while place < end && !self.less(place, place - 1) {
                place += 1;
            }
            if place == end {
                return true;
            }
            if end - start < NINTHER {
                return false;
            }
            self.items.swap(place, place - 1);
            if place - start >= 2 {
                // Go goes on before the slice, where nothing is greater.
                self.sink(place - 1, 0);
            }
            if end - place >= 2 {
                for next in place + 1..end {
                    if !self.less(next, next - 1) {
                        break;
                    }
                    self.items.swap(next, next - 1);
                }
            }
        }
        false
    }

    /// Swaps three elements in the middle with others, always the same ones for the same length.
    fn break_patterns(&mut self, start: usize, end: usize) {
        let length = end - start;
        if length < 8 {
            return;
        }
        let mut random = length as u64;
        let mask = (1_u64 << bits(length)) - 1;
        let first = start + (length / 4) * 2 - 1;
        for number in 0..3 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let other = usize::try_from(random & mask).unwrap_or_default();
            let other = if other >= length { other - length } else { other };
            self.items.swap(first + number, start + other);
        }
    }

    fn choose_pivot(&mut self, start: usize, end: usize) -> (usize, Hint) {
        let length = end - start;
        let mut swaps = 0;
        let [mut low, mut middle, mut high] = [1, 2, 3].map(|quarter| start + length / 4 * quarter);
        if length >= 8 {
            if length >= NINTHER {
                for place in [&mut low, &mut middle, &mut high] {
                    *place = self.median([*place - 1, *place, *place + 1], &mut swaps);
                }
            }
            middle = self.median([low, middle, high], &mut swaps);
        }
        let hint = match swaps {
            0 => Hint::Ascends,
            MOST_SWAPS => Hint::Descends,
            _ => Hint::Unknown,
        };
        (middle, hint)
    }

    fn median(&mut self, [mut low, mut middle, mut high]: [usize; 3], swaps: &mut usize) -> usize {
        self.order(&mut low, &mut middle, swaps);
        self.order(&mut middle, &mut high, swaps);
        self.order(&mut low, &mut middle, swaps);
        middle
    }

    fn order(&mut self, low: &mut usize, high: &mut usize, swaps: &mut usize) {
        if self.less(*high, *low) {
            *swaps += 1;
            std::mem::swap(low, high);
        }
    }

    fn heap_sort(&mut self, start: usize, end: usize) {
        let length = end - start;
        for root in (0..length.div_ceil(2)).rev() {
            self.sift_down(root, length, start);
        }
        for last in (0..length).rev() {
            self.items.swap(start, start + last);
            self.sift_down(0, last, start);
        }
    }

    fn sift_down(&mut self, mut root: usize, length: usize, start: usize) {
        loop {
            let mut child = 2 * root + 1;
            if child >= length {
                return;
            }
            if child + 1 < length && self.less(start + child, start + child + 1) {
                child += 1;
            }
            if !self.less(start + root, start + child) {
                return;
            }
            self.items.swap(start + root, start + child);
            root = child;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sort;

    #[test]
    fn whatever_comes_is_sorted() {
        let mut state = 1_u64;
        for length in 0..300_usize {
            for spread in [2, 7, 1000] {
                let mut items: Vec<u64> = Vec::new();
                for _ in 0..length {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    items.push((state >> 33) % spread);
                }
                let mut expected = items.clone();
                expected.sort_unstable();
                sort(&mut items, |one, other| one < other);
                assert_eq!(items, expected);
            }
        }
    }
}
