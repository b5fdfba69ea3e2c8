//! Texts as times by Go's layouts.

use std::rc::Rc;

use super::civil;
use super::error::{ParseTimeError, ParseTimeErrorKind};
use super::instant::Time;
use super::layout::{Element, OffsetForm, Pad, next};
use super::names::{MONTHS, WEEKDAYS};
use super::zone::Location;

impl Time {
    /// `time.ParseInLocation`: reads a text that has the form of `layout`. A time without a zone is one of
    /// `location`.
    pub fn parse_in(layout: &[u8], value: &[u8], location: &Location) -> Result<Self, ParseTimeError> {
        let error = |kind| ParseTimeError {
            value: value.to_vec(),
            kind,
        };
        let mismatch = |element: &[u8], part: &[u8]| {
            error(ParseTimeErrorKind::Mismatch {
                layout: layout.to_vec(),
                element: element.to_vec(),
                part: part.to_vec(),
            })
        };
        let mut fields = Fields::default();
        let (mut rest, mut layout_rest) = (value, layout);
        loop {
            let step = next(layout_rest);
            rest = skip(rest, step.before).map_err(|part| mismatch(step.before, part))?;
            let Some(element) = step.element else { break };
            layout_rest = step.rest;
            rest = match fields.read(element, rest, layout_rest) {
                Ok(rest) => rest,
                Err(Problem::Mismatch) => return Err(mismatch(step.text, rest)),
                Err(Problem::OutOfRange(what)) => {
                    return Err(error(ParseTimeErrorKind::Other(format!("{what} out of range"))));
                }
            };
        }
        if !rest.is_empty() {
            return Err(error(ParseTimeErrorKind::Extra(rest.to_vec())));
        }
        let other = |message: &str| error(ParseTimeErrorKind::Other(message.to_owned()));
        fields.into_time(location).map_err(other)
    }
}

/// Why an element cannot be read.
enum Problem {
    Mismatch,
    OutOfRange(&'static str),
}

type Read<'v, T> = Result<(T, &'v [u8]), Problem>;

/// What has been read.
#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i64,
    is_before_noon: bool,
    is_after_noon: bool,
    is_utc: bool,
    offset: Option<i32>,
    zone_name: Option<Rc<str>>,
}

impl Fields {
    fn read<'v>(
        &mut self,
        element: Element,
        value: &'v [u8],
        layout_rest: &[u8],
    ) -> Result<&'v [u8], Problem> {
        let rest;
        match element {
            Element::YearOfCentury | Element::Year => rest = self.read_year(element, value)?,
            Element::MonthAbbreviation => rest = self.read_month_name(value, 3)?,
            Element::MonthName => rest = self.read_month_name(value, usize::MAX)?,
            Element::Month(pad) => {
                let month;
                (month, rest) = two_digits(value, pad == Pad::Zero)?;
                in_range("month", month, 1, 12)?;
                self.month = Some(month);
            }
            Element::WeekdayAbbreviation => (_, rest) = name(&WEEKDAYS, value, 3)?,
            Element::WeekdayName => (_, rest) = name(&WEEKDAYS, value, usize::MAX)?,
            Element::Day(pad) => {
                let day;
                let blanks = usize::from(pad == Pad::Space);
                (day, rest) = two_digits(skip_blanks(value, blanks), pad == Pad::Zero)?;
                self.day = Some(day);
            }
            Element::YearDay(pad) => {
                let year_day;
                let blanks = if pad == Pad::Space { 2 } else { 0 };
                (year_day, rest) = three_digits(skip_blanks(value, blanks), pad == Pad::Zero)?;
                self.year_day = Some(year_day);
            }
            Element::Hour => {
                (self.hour, rest) = two_digits(value, false)?;
                in_range("hour", self.hour, 0, 23)?;
            }
            Element::HalfDayHour(pad) => {
                (self.hour, rest) = two_digits(value, pad == Pad::Zero)?;
                in_range("hour", self.hour, 0, 12)?;
            }
            Element::Minute(pad) => {
                (self.minute, rest) = two_digits(value, pad == Pad::Zero)?;
                in_range("minute", self.minute, 0, 59)?;
            }
            Element::Second(pad) => rest = self.read_second(value, pad, layout_rest)?,
            Element::UpperHalf => rest = self.read_half(value, b"AM", b"PM")?,
            Element::LowerHalf => rest = self.read_half(value, b"am", b"pm")?,
            Element::ZoneName => rest = self.read_zone_name(value)?,
            Element::Offset { zero_is_z, form } => rest = self.read_offset(value, zero_is_z, form)?,
            Element::Fraction { digits, trimmed, .. } => {
                rest = self.read_fraction(value, digits, trimmed)?;
            }
        }
        Ok(rest)
    }

    fn read_year<'v>(&mut self, element: Element, value: &'v [u8]) -> Result<&'v [u8], Problem> {
        let is_short = element == Element::YearOfCentury;
        let (digits, rest) = split(value, if is_short { 2 } else { 4 })?;
        if !is_short && !digits[0].is_ascii_digit() {
            return Err(Problem::Mismatch);
        }
        self.year = match signed_number(digits)? {
            year if !is_short => year,
            year if year >= 69 => year + 1900,
            year => year + 2000,
        };
        Ok(rest)
    }

    fn read_month_name<'v>(&mut self, value: &'v [u8], length: usize) -> Result<&'v [u8], Problem> {
        let (index, rest) = name(&MONTHS, value, length)?;
        self.month = Some(index + 1);
        Ok(rest)
    }

    /// Seconds may have a fraction that the layout does not mention.
    fn read_second<'v>(
        &mut self,
        value: &'v [u8],
        pad: Pad,
        layout_rest: &[u8],
    ) -> Result<&'v [u8], Problem> {
        let (second, rest) = two_digits(value, pad == Pad::Zero)?;
        in_range("second", second, 0, 59)?;
        self.second = second;
        match next(layout_rest).element {
            Some(Element::Fraction { .. }) => Ok(rest),
            _ => self.read_fraction(rest, 0, true),
        }
    }

    fn read_half<'v>(
        &mut self,
        value: &'v [u8],
        morning: &[u8],
        evening: &[u8],
    ) -> Result<&'v [u8], Problem> {
        let (half, rest) = split(value, 2)?;
        self.is_before_noon |= half == morning;
        self.is_after_noon |= half == evening;
        if half != morning && half != evening {
            return Err(Problem::Mismatch);
        }
        Ok(rest)
    }

    fn read_zone_name<'v>(&mut self, value: &'v [u8]) -> Result<&'v [u8], Problem> {
        if let Some(rest) = value.strip_prefix(b"UTC") {
            self.is_utc = true;
            return Ok(rest);
        }
        let (name, rest) = value.split_at(zone_name_length(value).ok_or(Problem::Mismatch)?);
        self.zone_name = Some(Rc::from(String::from_utf8_lossy(name)));
        Ok(rest)
    }

    fn read_offset<'v>(
        &mut self,
        value: &'v [u8],
        zero_is_z: bool,
        form: OffsetForm,
    ) -> Result<&'v [u8], Problem> {
        if zero_is_z && let Some(rest) = value.strip_prefix(b"Z") {
            self.is_utc = true;
            return Ok(rest);
        }
        let (length, places): (usize, &[usize]) = match form {
            OffsetForm::Hours => (3, &[1]),
            OffsetForm::Minutes => (5, &[1, 3]),
            OffsetForm::ColonMinutes => (6, &[1, 4]),
            OffsetForm::Seconds => (7, &[1, 3, 5]),
            OffsetForm::ColonSeconds => (9, &[1, 4, 7]),
        };
        let (text, rest) = split(value, length)?;
        let is_colon = |place: &usize| text[place - 1] == b':';
        let has_colons = matches!(form, OffsetForm::ColonMinutes | OffsetForm::ColonSeconds);
        if has_colons && !places[1..].iter().all(is_colon) {
            return Err(Problem::Mismatch);
        }
        let mut parts = [0; 3];
        let mut are_numbers = true;
        for (part, place) in parts.iter_mut().zip(places) {
            match two_digits(&text[*place..place + 2], true) {
                Ok((number, _)) if are_numbers => *part = number,
                _ => are_numbers = false,
            }
        }
        in_range("time zone offset second", parts[2], 0, 60)?;
        in_range("time zone offset minute", parts[1], 0, 60)?;
        in_range("time zone offset hour", parts[0], 0, 24)?;
        let offset = (parts[0] * 60 + parts[1]) * 60 + parts[2];
        let offset = match text[0] {
            b'+' if are_numbers => offset,
            b'-' if are_numbers => -offset,
            _ => return Err(Problem::Mismatch),
        };
        // Go takes this one for none at all.
        self.offset = i32::try_from(offset).ok().filter(|offset| *offset != -1);
        Ok(rest)
    }

    fn read_fraction<'v>(
        &mut self,
        value: &'v [u8],
        digits: usize,
        trimmed: bool,
    ) -> Result<&'v [u8], Problem> {
        let is_mark = value.first().is_some_and(|byte| matches!(byte, b'.' | b','));
        let found = value
            .iter()
            .skip(1)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if trimmed && (!is_mark || found == 0) {
            return Ok(value);
        }
        let (fraction, rest) = split(value, 1 + if trimmed { found } else { digits })?;
        if !is_mark {
            return Err(Problem::Mismatch);
        }
        let fraction = &fraction[1..fraction.len().min(10)];
        let number = signed_number(fraction)?;
        if number < 0 {
            return Err(Problem::OutOfRange("fractional second"));
        }
        let missing = u32::try_from(9 - fraction.len()).unwrap_or(0);
        self.nanosecond = number * 10_i64.pow(missing);
        Ok(rest)
    }

    fn into_time(self, location: &Location) -> Result<Time, &'static str> {
        let (month, day) = self.date()?;
        if day < 1 || day > civil::days_in(month, self.year) {
            return Err("day out of range");
        }
        let hour = match self.hour {
            hour if hour < 12 && self.is_after_noon => hour + 12,
            12 if self.is_before_noon => 0,
            hour => hour,
        };
        let second_of_day = (hour * 60 + self.minute) * 60 + self.second;
        let wall = civil::to_seconds(self.year, month, day, second_of_day);
        let nanosecond = u32::try_from(self.nanosecond).unwrap_or(0);
        let at = |location: Location| Time::from_wall(wall, nanosecond, location);
        let fixed = |name: Rc<str>, offset: i32| Location::Fixed { name, offset };
        if self.is_utc {
            return Ok(at(Location::Utc));
        }
        let name = self.zone_name;
        if let Some(offset) = self.offset {
            let time = at(fixed(name.clone().unwrap_or_default(), offset));
            let zone = location.zone_at(time.unix());
            let is_local = zone.offset == offset && name.is_none_or(|name| name == zone.name);
            return Ok(if is_local {
                time.in_location(location.clone())
            } else {
                time
            });
        }
        let Some(name) = name else {
            return Ok(at(location.clone()));
        };
        let unix = at(Location::Utc).unix();
        if let Some(offset) = location.offset_of(&name, unix) {
            return Ok(at(fixed(name, offset)).in_location(location.clone()));
        }
        let hours = name
            .strip_prefix("GMT")
            .and_then(|hours| hours.parse::<i32>().ok());
        let offset = hours.unwrap_or(0) * 3_600;
        // The offset is only what is shown: the instant is that of UTC.
        Ok(at(Location::Utc).in_location(fixed(name, offset)))
    }

    /// The month and the day, out of the day of the year if that was given.
    fn date(&self) -> Result<(i64, i64), &'static str> {
        let Some(year_day) = self.year_day else {
            return Ok((self.month.unwrap_or(1), self.day.unwrap_or(1)));
        };
        let mut day = year_day;
        let mut month = 1;
        while month < 12 && day > civil::days_in(month, self.year) {
            day -= civil::days_in(month, self.year);
            month += 1;
        }
        if year_day < 1 || day > 31 {
            return Err("day-of-year out of range");
        }
        if self.month.is_some_and(|own| own != month) {
            return Err("day-of-year does not match month");
        }
        if self.day.is_some_and(|own| own != day) {
            return Err("day-of-year does not match day");
        }
        Ok((month, day))
    }
}

fn in_range(what: &'static str, number: i64, low: i64, high: i64) -> Result<(), Problem> {
    if (low..=high).contains(&number) {
        return Ok(());
    }
    Err(Problem::OutOfRange(what))
}

/// Takes away what stands before an element; any number of blanks are as good as one. What is left where they
/// differ is the error.
fn skip<'v>(mut value: &'v [u8], mut before: &[u8]) -> Result<&'v [u8], &'v [u8]> {
    while let Some(&byte) = before.first() {
        if byte == b' ' {
            if value.first().is_some_and(|byte| *byte != b' ') {
                return Err(value);
            }
            before = skip_blanks(before, usize::MAX);
            value = skip_blanks(value, usize::MAX);
            continue;
        }
        if value.first() != Some(&byte) {
            return Err(value);
        }
        before = &before[1..];
        value = &value[1..];
    }
    Ok(value)
}

fn skip_blanks(text: &[u8], limit: usize) -> &[u8] {
    let count = text.iter().take(limit).take_while(|byte| **byte == b' ').count();
    &text[count..]
}

fn split(value: &[u8], length: usize) -> Read<'_, &[u8]> {
    value.split_at_checked(length).ok_or(Problem::Mismatch)
}

fn two_digits(value: &[u8], exact: bool) -> Read<'_, i64> {
    digits(value, 2, exact)
}

fn three_digits(value: &[u8], exact: bool) -> Read<'_, i64> {
    digits(value, 3, exact)
}

fn digits(value: &[u8], most: usize, exact: bool) -> Read<'_, i64> {
    let count = value
        .iter()
        .take(most)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if count == 0 || exact && count < most {
        return Err(Problem::Mismatch);
    }
    let (digits, rest) = value.split_at(count);
    Ok((number(digits), rest))
}

fn number(digits: &[u8]) -> i64 {
    let add = |number: i64, digit: &u8| number * 10 + i64::from(digit - b'0');
    digits.iter().fold(0, add)
}

/// A few digits that may have a sign; none are zero.
fn signed_number(text: &[u8]) -> Result<i64, Problem> {
    let (sign, digits) = match text.split_first() {
        Some((b'-', digits)) => (-1, digits),
        Some((b'+', digits)) => (1, digits),
        _ => (1, text),
    };
    if digits.iter().all(u8::is_ascii_digit) {
        return Ok(sign * number(digits));
    }
    Err(Problem::Mismatch)
}

/// The index of the name that the value begins with in any case, as far as it is written.
fn name<'v>(names: &[&str], value: &'v [u8], length: usize) -> Read<'v, i64> {
    for (index, name) in (0..).zip(names) {
        let name = &name.as_bytes()[..name.len().min(length)];
        if let Some((head, rest)) = value.split_at_checked(name.len())
            && head.eq_ignore_ascii_case(name)
        {
            return Ok((index, rest));
        }
    }
    Err(Problem::Mismatch)
}

/// How long the abbreviation of a zone is that the value begins with.
fn zone_name_length(value: &[u8]) -> Option<usize> {
    if value.len() < 3 {
        return None;
    }
    if value.starts_with(b"ChST") || value.starts_with(b"MeST") {
        return Some(4);
    }
    if value.starts_with(b"GMT") {
        return Some(3 + signed_hours_length(&value[3..]));
    }
    if matches!(value[0], b'+' | b'-') {
        return Some(signed_hours_length(value)).filter(|length| *length > 0);
    }
    let letters = value
        .iter()
        .take(6)
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    let is_name = match letters {
        3 => true,
        4 => value[3] == b'T' || value.starts_with(b"WITA"),
        5 => value[4] == b'T',
        _ => false,
    };
    is_name.then_some(letters)
}

/// How long a sign with hours up to 23 is, 0 if there is none.
fn signed_hours_length(value: &[u8]) -> usize {
    let Some((b'+' | b'-', digits)) = value.split_first() else {
        return 0;
    };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let zeros = digits[..count].iter().take_while(|byte| **byte == b'0').count();
    let is_hours = count > 0 && count - zeros <= 2 && number(&digits[zeros..count]) <= 23;
    if is_hours { 1 + count } else { 0 }
}
