//! go-yaml's natural order of keys: `a9` before `a10`, digits before letters.

use std::cmp::Ordering;

/// Where letters stand among other characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    /// After them, as go-yaml v2 has it.
    Last,
    /// After them, but before them behind a digit, as go-yaml v3 has it: `a1b` before `a10`.
    FirstBehindDigits,
}

/// Sorts entries into the order in which go-yaml prints them: a stable merge sort.
///
/// The natural order is no strict weak order for every set of keys, and the standard library's sorts may
/// panic then.
pub(super) fn sort<V: Copy>(entries: &mut [(&str, V)], letters: Letters) {
    let is_sorted = entries
        .windows(2)
        .all(|pair| compare(pair[0].0, pair[1].0, letters) != Ordering::Greater);
    if is_sorted {
        return;
    }
    let middle = entries.len() / 2;
    sort(&mut entries[..middle], letters);
    sort(&mut entries[middle..], letters);
    let left = entries[..middle].to_vec();
    let (mut from_left, mut from_right) = (0, middle);
    for at in 0..entries.len() {
        if from_left == left.len() {
            // What is left of the right half is in its place.
            break;
        }
        let take_right = from_right < entries.len()
            && compare(entries[from_right].0, left[from_left].0, letters) == Ordering::Less;
        if take_right {
            entries[at] = entries[from_right];
            from_right += 1;
        } else {
            entries[at] = left[from_left];
            from_left += 1;
        }
    }
}

/// Compares at the first difference: letters among themselves by code point, anything else before letters,
/// runs of digits by their number, then by their length.
pub(super) fn compare(left: &str, right: &str, letters: Letters) -> Ordering {
    let common = common_prefix(left, right);
    let (left_rest, right_rest) = (&left[common..], &right[common..]);
    let (Some(l), Some(r)) = (left_rest.chars().next(), right_rest.chars().next()) else {
        return left_rest.len().cmp(&right_rest.len());
    };
    let letter_order = match letters {
        Letters::FirstBehindDigits if ends_in_digit(&left[..common]) => Ordering::Less,
        _ => Ordering::Greater,
    };
    match (l.is_alphabetic(), r.is_alphabetic()) {
        (true, true) => return l.cmp(&r),
        (true, false) => return letter_order,
        (false, true) => return letter_order.reverse(),
        (false, false) => {}
    }
    // `a10` and `a1b`: a zero inside a number counts as a digit of it, not as a leading zero.
    let inside_number = (l == '0' || r == '0') && ends_in_number(&left[..common]);
    let seed = i64::from(inside_number);
    let (left_number, left_digits) = leading_number(left_rest, seed);
    let (right_number, right_digits) = leading_number(right_rest, seed);
    left_number
        .cmp(&right_number)
        .then(left_digits.cmp(&right_digits))
        .then(l.cmp(&r))
}

/// The length of the beginning that both have, whole characters only.
fn common_prefix(left: &str, right: &str) -> usize {
    let pairs = left.bytes().zip(right.bytes());
    let mut common = pairs.take_while(|(l, r)| l == r).count();
    while !left.is_char_boundary(common) || !right.is_char_boundary(common) {
        common -= 1;
    }
    common
}

fn ends_in_digit(prefix: &str) -> bool {
    prefix.chars().next_back().is_some_and(char::is_numeric)
}

fn ends_in_number(prefix: &str) -> bool {
    prefix
        .bytes()
        .rev()
        .take_while(u8::is_ascii_digit)
        .any(|digit| digit != b'0')
}

/// The number at the beginning, after `seed`, and how many digits it has. Overflow wraps, as in Go.
fn leading_number(text: &str, seed: i64) -> (i64, usize) {
    text.bytes()
        .take_while(u8::is_ascii_digit)
        .fold((seed, 0), |(number, digits), digit| {
            let number = number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            (number, digits + 1)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_natural_order() {
        let keys = [
            "-", "_x", "1", "2", "10", "A", "Z", "a", "a-b", "a.b", "a1", "a9", "a10", "aB", "ab", "é",
        ];
        for pair in keys.windows(2) {
            assert_eq!(
                compare(pair[0], pair[1], Letters::Last),
                Ordering::Less,
                "{pair:?}"
            );
            assert_eq!(
                compare(pair[1], pair[0], Letters::Last),
                Ordering::Greater,
                "{pair:?}"
            );
        }
        assert_eq!(compare("a", "a", Letters::Last), Ordering::Equal);
    }

    #[test]
    fn zeros_count_inside_numbers_only() {
        assert_eq!(compare("a01", "a1", Letters::Last), Ordering::Greater);
        assert_eq!(compare("a100", "a11", Letters::Last), Ordering::Greater);
        assert_eq!(compare("a1", "a10", Letters::Last), Ordering::Less);
    }
}
