//! The elements of Go's layouts, such as `2006-01-02T15:04:05Z07:00`.

/// How a number is filled up to its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pad {
    None,
    Space,
    Zero,
}

/// The forms of offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OffsetForm {
    /// `-07`
    Hours,
    /// `-0700`
    Minutes,
    /// `-07:00`
    ColonMinutes,
    /// `-070000`
    Seconds,
    /// `-07:00:00`
    ColonSeconds,
}

/// What a layout shows in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// `06`
    YearOfCentury,
    /// `2006`
    Year,
    /// `Jan`
    MonthAbbreviation,
    /// `January`
    MonthName,
    /// `1`, `01`
    Month(Pad),
    /// `Mon`
    WeekdayAbbreviation,
    /// `Monday`
    WeekdayName,
    /// `2`, `_2`, `02`
    Day(Pad),
    /// `__2`, `002`
    YearDay(Pad),
    /// `15`
    Hour,
    /// `3`, `03`
    HalfDayHour(Pad),
    /// `4`, `04`
    Minute(Pad),
    /// `5`, `05`
    Second(Pad),
    /// `PM`
    UpperHalf,
    /// `pm`
    LowerHalf,
    /// `MST`
    ZoneName,
    /// `-07`, or `Z07` if zero is `Z`.
    Offset { zero_is_z: bool, form: OffsetForm },
    /// `.000`, or `.999` without zeros at the end; the comma instead of the point is remembered.
    Fraction { digits: usize, trimmed: bool, mark: u8 },
}

/// A layout up to and including its next element.
pub(super) struct Step<'l> {
    /// What stands before the element.
    pub(super) before: &'l [u8],
    pub(super) element: Option<Element>,
    /// The element as it is written.
    pub(super) text: &'l [u8],
    pub(super) rest: &'l [u8],
}

/// Finds the next element; without one, all of the layout is `before`.
pub(super) fn next(layout: &[u8]) -> Step<'_> {
    for start in 0..layout.len() {
        let Some((skipped, length, element)) = element_at(&layout[start..]) else {
            continue;
        };
        let (before, rest) = layout.split_at(start + skipped);
        let (text, rest) = rest.split_at(length);
        let element = Some(element);
        return Step {
            before,
            element,
            text,
            rest,
        };
    }
    Step {
        before: layout,
        element: None,
        text: &[],
        rest: &[],
    }
}

/// The element that `text` begins with, after bytes to skip, and its length.
fn element_at(text: &[u8]) -> Option<(usize, usize, Element)> {
    use Element as E;
    let second = text.get(1).copied();
    let found = match text[0] {
        b'J' if text.starts_with(b"January") => (7, E::MonthName),
        b'J' if is_abbreviation(text, b"Jan") => (3, E::MonthAbbreviation),
        b'M' if text.starts_with(b"Monday") => (6, E::WeekdayName),
        b'M' if is_abbreviation(text, b"Mon") => (3, E::WeekdayAbbreviation),
        b'M' if text.starts_with(b"MST") => (3, E::ZoneName),
        b'0' => zero_element(text, second)?,
        b'1' if second == Some(b'5') => (2, E::Hour),
        b'1' => (1, E::Month(Pad::None)),
        b'2' if text.starts_with(b"2006") => (4, E::Year),
        b'2' => (1, E::Day(Pad::None)),
        b'_' if text.starts_with(b"_2006") => return Some((1, 4, E::Year)),
        b'_' if second == Some(b'2') => (2, E::Day(Pad::Space)),
        b'_' if text.starts_with(b"__2") => (3, E::YearDay(Pad::Space)),
        b'3' => (1, E::HalfDayHour(Pad::None)),
        b'4' => (1, E::Minute(Pad::None)),
        b'5' => (1, E::Second(Pad::None)),
        b'P' if second == Some(b'M') => (2, E::UpperHalf),
        b'p' if second == Some(b'm') => (2, E::LowerHalf),
        b'-' | b'Z' => offset_element(text)?,
        b'.' | b',' => fraction_element(text, second)?,
        _ => return None,
    };
    Some((0, found.0, found.1))
}

fn is_abbreviation(text: &[u8], name: &[u8]) -> bool {
    let rest = text.strip_prefix(name);
    rest.is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_lowercase))
}

fn zero_element(text: &[u8], second: Option<u8>) -> Option<(usize, Element)> {
    let element = match second? {
        b'1' => Element::Month(Pad::Zero),
        b'2' => Element::Day(Pad::Zero),
        b'3' => Element::HalfDayHour(Pad::Zero),
        b'4' => Element::Minute(Pad::Zero),
        b'5' => Element::Second(Pad::Zero),
        b'6' => Element::YearOfCentury,
        b'0' if text.get(2) == Some(&b'2') => return Some((3, Element::YearDay(Pad::Zero))),
        _ => return None,
    };
    Some((2, element))
}

fn offset_element(text: &[u8]) -> Option<(usize, Element)> {
    const FORMS: [(&[u8], OffsetForm); 5] = [
        (b"070000", OffsetForm::Seconds),
        (b"07:00:00", OffsetForm::ColonSeconds),
        (b"0700", OffsetForm::Minutes),
        (b"07:00", OffsetForm::ColonMinutes),
        (b"07", OffsetForm::Hours),
    ];
    let (written, form) = FORMS.iter().find(|(written, _)| text[1..].starts_with(written))?;
    let element = Element::Offset {
        zero_is_z: text[0] == b'Z',
        form: *form,
    };
    Some((1 + written.len(), element))
}

fn fraction_element(text: &[u8], second: Option<u8>) -> Option<(usize, Element)> {
    let digit = second.filter(|digit| matches!(digit, b'0' | b'9'))?;
    let digits = text[1..].iter().take_while(|byte| **byte == digit).count();
    if text.get(1 + digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let element = Element::Fraction {
        digits: digits & 0xFFF,
        trimmed: digit == b'9',
        mark: text[0],
    };
    Some((1 + digits, element))
}
