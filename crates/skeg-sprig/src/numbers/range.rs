//! Ranges of whole numbers.

use skeg_go::{CallError, GoList, GoType, GoValue, IntType};

use crate::arguments::int;

/// As many numbers as a range may have. Go has no such limit but its memory.
const MOST_NUMBERS: usize = 1 << 26;

/// `until STOP`
pub(super) fn until(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let stop = int(arguments, 0);
    ints(range(0, stop, if stop < 0 { -1 } else { 1 }))
}

/// `untilStep START STOP STEP`
pub(super) fn until_step(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    ints(range(int(arguments, 0), int(arguments, 1), int(arguments, 2)))
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
    let stop = end.wrapping_add(direction);
    let mut out = Vec::new();
    for number in limited(range(start, stop, step))? {
        if !out.is_empty() {
            out.push(b' ');
        }
        out.extend_from_slice(number.to_string().as_bytes());
    }
    Ok(GoValue::from(out))
}

/// The numbers from `start` on, each `step` from the one before; `stop` is not among them.
fn range(start: i64, stop: i64, step: i64) -> impl Iterator<Item = i64> {
    let goes_down = stop < start;
    let is_before_stop = move |number: &i64| if goes_down { *number > stop } else { *number < stop };
    let goes_there = if goes_down { step < 0 } else { step > 0 };
    let first = Some(start).filter(|_| goes_there);
    std::iter::successors(first, move |number| number.checked_add(step)).take_while(is_before_stop)
}

fn limited(numbers: impl Iterator<Item = i64>) -> Result<Vec<i64>, CallError> {
    let numbers: Vec<i64> = numbers.take(MOST_NUMBERS + 1).collect();
    if numbers.len() > MOST_NUMBERS {
        return Err(CallError::new("runtime error: makeslice: len out of range"));
    }
    Ok(numbers)
}

fn ints(numbers: impl Iterator<Item = i64>) -> Result<GoValue, CallError> {
    let items = limited(numbers)?.into_iter().map(GoValue::int).collect();
    Ok(GoValue::List(GoList::typed(GoType::Int(IntType::Int), items)))
}
