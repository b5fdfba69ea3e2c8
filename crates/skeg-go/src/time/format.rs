//! Times by Go's layouts.

use std::io::Write as _;

use super::civil::Civil;
use super::instant::Time;
use super::layout::{Element, OffsetForm, Pad, next};
use super::names::{MONTHS, WEEKDAYS};
use super::zone::Zone;

impl Time {
    /// The time in the form of `layout`.
    pub fn format(&self, layout: &[u8]) -> Vec<u8> {
        let zone = self.zone();
        let shown = Shown {
            civil: self.civil_in(&zone),
            zone,
            nanosecond: self.nanosecond(),
        };
        let mut output = Vec::with_capacity(layout.len() + 10);
        let mut layout = layout;
        loop {
            let step = next(layout);
            output.extend_from_slice(step.before);
            let Some(element) = step.element else { break };
            shown.write(&mut output, element);
            layout = step.rest;
        }
        output
    }
}

struct Shown {
    civil: Civil,
    zone: Zone,
    nanosecond: u32,
}

impl Shown {
    fn write(&self, output: &mut Vec<u8>, element: Element) {
        let civil = &self.civil;
        let hour = match civil.hour % 12 {
            0 => 12,
            hour => hour,
        };
        let month = MONTHS[usize::from(civil.month) - 1];
        let weekday = WEEKDAYS[usize::from(civil.weekday)];
        let half = |morning, evening| if civil.hour < 12 { morning } else { evening };
        match element {
            Element::YearOfCentury => number(output, civil.year.unsigned_abs() % 100, 2, Pad::Zero),
            Element::Year => {
                if civil.year < 0 {
                    output.push(b'-');
                }
                number(output, civil.year.unsigned_abs(), 4, Pad::Zero);
            }
            Element::MonthAbbreviation => output.extend_from_slice(&month.as_bytes()[..3]),
            Element::MonthName => output.extend_from_slice(month.as_bytes()),
            Element::Month(pad) => number(output, civil.month.into(), 2, pad),
            Element::WeekdayAbbreviation => output.extend_from_slice(&weekday.as_bytes()[..3]),
            Element::WeekdayName => output.extend_from_slice(weekday.as_bytes()),
            Element::Day(pad) => number(output, civil.day.into(), 2, pad),
            Element::YearDay(pad) => number(output, civil.year_day.into(), 3, pad),
            Element::Hour => number(output, civil.hour.into(), 2, Pad::Zero),
            Element::HalfDayHour(pad) => number(output, hour.into(), 2, pad),
            Element::Minute(pad) => number(output, civil.minute.into(), 2, pad),
            Element::Second(pad) => number(output, civil.second.into(), 2, pad),
            Element::UpperHalf => output.extend_from_slice(half(b"AM", b"PM")),
            Element::LowerHalf => output.extend_from_slice(half(b"am", b"pm")),
            Element::ZoneName if self.zone.name.is_empty() => self.offset(output, OffsetForm::Minutes),
            Element::ZoneName => output.extend_from_slice(self.zone.name.as_bytes()),
            Element::Offset { zero_is_z: true, .. } if self.zone.offset == 0 => output.push(b'Z'),
            Element::Offset { form, .. } => self.offset(output, form),
            Element::Fraction {
                digits,
                trimmed,
                mark,
            } => self.fraction(output, digits, trimmed, mark),
        }
    }

    /// The sign is that of the minutes: less than a minute is never negative.
    fn offset(&self, output: &mut Vec<u8>, form: OffsetForm) {
        let seconds = u64::from(self.zone.offset.unsigned_abs());
        let minutes = seconds / 60;
        let is_negative = self.zone.offset <= -60;
        output.push(if is_negative { b'-' } else { b'+' });
        let has_colons = matches!(form, OffsetForm::ColonMinutes | OffsetForm::ColonSeconds);
        number(output, minutes / 60, 2, Pad::Zero);
        if form == OffsetForm::Hours {
            return;
        }
        let colon: &[u8] = if has_colons { b":" } else { b"" };
        output.extend_from_slice(colon);
        number(output, minutes % 60, 2, Pad::Zero);
        if matches!(form, OffsetForm::Seconds | OffsetForm::ColonSeconds) {
            output.extend_from_slice(colon);
            number(output, seconds % 60, 2, Pad::Zero);
        }
    }

    fn fraction(&self, output: &mut Vec<u8>, digits: usize, trimmed: bool, mark: u8) {
        if trimmed && (digits == 0 || self.nanosecond == 0) {
            return;
        }
        let start = output.len();
        output.push(mark);
        number(output, self.nanosecond.into(), 9, Pad::Zero);
        output.truncate(start + 1 + digits.min(9));
        if trimmed {
            while output.last() == Some(&b'0') {
                output.pop();
            }
            if output.len() == start + 1 {
                output.pop();
            }
        }
    }
}

fn number(output: &mut Vec<u8>, number: u64, width: usize, pad: Pad) {
    match pad {
        Pad::None => write!(output, "{number}"),
        Pad::Space => write!(output, "{number:width$}"),
        Pad::Zero => write!(output, "{number:0width$}"),
    }
    .expect("because a vector takes any bytes");
}
