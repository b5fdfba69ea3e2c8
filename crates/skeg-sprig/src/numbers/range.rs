//! Ranges of whole numbers.

use skeg_go::{CallError, GoList, GoType, GoValue, IntType};

use crate::arguments::int;

/// As many numbers as a range may have. Go has no such limit but its memory.
const MOST_NUMBERS: u64 = 1 << 26;

/// `until STOP`
pub(super) fn until(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let stop = int(arguments, 0);
    Ok(ints(range(0, stop, if stop < 0 { -1 } else { 1 })?))
}

/// `untilStep START STOP STEP`
pub(super) fn until_step(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(ints(range(
        int(arguments, 0),
        int(arguments, 1),
        int(arguments, 2),
    )?))
}

/// `seq [START [STEP]] END`: the numbers as text, with blanks between.
pub(super) fn seq(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let number = |index| int(arguments, index);
    let (start, step, end) = match arguments.len() {
        1 => (1, None, number(0)),
        2 => (number(0), None, number(1)),
        3 => (number(0), Some(number(1)), number(2)),
        _ => return Ok(GoValue::from("")),
    };
    let direction = if end < start { -1 } else { 1 };
    let step = step.unwrap_or(direction);
    let bound = end.wrapping_add(direction);
    let mut out = Vec::new();
    for number in range(start, bound, step)? {
        if !out.is_empty() {
            out.push(b' ');
        }
        out.extend_from_slice(number.to_string().as_bytes());
    }
    Ok(GoValue::from(out))
}

/// The numbers from `start` on, each `step` from the one before; `bound` is not among them.
fn range(start: i64, bound: i64, step: i64) -> Result<impl Iterator<Item = i64>, CallError> {
    let goes_there = if bound < start { step < 0 } else { step > 0 };
    let count = if goes_there {
        bound.abs_diff(start).div_ceil(step.unsigned_abs())
    } else {
        0
    };
    if count > MOST_NUMBERS {
        return Err(CallError::new(format!("more than {MOST_NUMBERS} numbers")));
    }
    let next = move |number: &i64| Some(number.wrapping_add(step));
    let numbers = std::iter::successors(Some(start), next);
    Ok(numbers.take(usize::try_from(count).unwrap_or(usize::MAX)))
}

fn ints(numbers: impl Iterator<Item = i64>) -> GoValue {
    let items = numbers.map(GoValue::int).collect();
    GoValue::List(GoList::typed(GoType::Int(IntType::Int), items))
}
