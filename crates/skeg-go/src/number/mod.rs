//! Floating-point numbers as Go's `strconv` and `encoding/json` print them.

/// Formats as `strconv.FormatFloat(value, 'g', -1, 64)`: the shortest digits that read back, with an
/// exponent below -4 and from 6 on (`1e+06`, `1e-05`), `+Inf`, `-Inf`, `NaN`.
pub fn format_f64(value: f64) -> String {
    let mut out = Vec::with_capacity(24);
    write_f64(&mut out, value);
    into_text(out)
}

/// Appends what [`format_f64`] returns.
pub fn write_f64(out: &mut Vec<u8>, value: f64) {
    match special(value) {
        Some(name) => out.extend_from_slice(name.as_bytes()),
        None => shortest(value, |decimal| decimal.write_general(out, None)),
    }
}

/// Formats as `strconv.FormatFloat(value, 'g', -1, 32)`, which rounds to 32 bits first.
///
/// sigs.k8s.io/yaml 1.6.0 does so wherever a number becomes a string: `1.20` to `1.2`, `16777217.0` to
/// `1.6777216e+07`.
#[expect(
    clippy::cast_possible_truncation,
    reason = "Go rounds to 32 bits here, to infinity where it must"
)]
pub fn format_f32(value: f64) -> String {
    let narrow = value as f32;
    if let Some(name) = special(f64::from(narrow)) {
        return name.to_owned();
    }
    let mut out = Vec::with_capacity(24);
    shortest_narrow(narrow, |decimal| decimal.write_general(&mut out, None));
    into_text(out)
}

/// Formats as `encoding/json` does: plain digits from 1e-6 to below 1e21, else an exponent without a
/// leading zero (`1e-7`, `1e+21`). `None` for infinities and NaN, which JSON does not have.
pub fn format_json(value: f64) -> Option<String> {
    let mut out = Vec::with_capacity(24);
    write_json(&mut out, value).then(|| into_text(out))
}

/// Appends what [`format_json`] returns; `false`, and nothing is written, where that is `None`.
pub fn write_json(out: &mut Vec<u8>, value: f64) -> bool {
    if !value.is_finite() {
        return false;
    }
    shortest(value, |decimal| {
        if decimal.is_zero() || (-6..21).contains(&decimal.exponent) {
            return decimal.write_plain(out, decimal.fraction_digits());
        }
        decimal.write_mantissa(out, decimal.digits.len() - 1);
        let sign = if decimal.exponent < 0 { '-' } else { '+' };
        push(out, format_args!("e{sign}{}", decimal.exponent.unsigned_abs()));
    });
    true
}

/// How a number is laid out: the format letters of `strconv.FormatFloat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatFormat {
    /// `'e'`: `1.5e+00`
    Exponent,
    /// `'f'`: `1.5`
    Plain,
    /// `'g'`: the exponent for large and small numbers only.
    General,
    /// `'b'`: the binary mantissa and exponent, `6755399441055744p-52`.
    Binary,
    /// `'x'`: `0x1.8p+00`
    Hexadecimal,
}

/// Formats as `strconv.FormatFloat(value, format, precision, 64)`; without a precision the shortest text that
/// reads back.
pub fn format_float(value: f64, format: FloatFormat, precision: Option<usize>) -> String {
    let mut out = Vec::with_capacity(24);
    write_float(&mut out, value, format, precision);
    into_text(out)
}

/// Appends what [`format_float`] returns.
pub fn write_float(out: &mut Vec<u8>, value: f64, format: FloatFormat, precision: Option<usize>) {
    if let Some(name) = special(value) {
        return out.extend_from_slice(name.as_bytes());
    }
    match (format, precision) {
        (FloatFormat::Binary, _) => binary::write_binary(out, value),
        (FloatFormat::Hexadecimal, _) => binary::write_hexadecimal(out, value, precision),
        (_, None) => shortest(value, |decimal| decimal.write(out, format, None)),
        (_, Some(precision)) => exact(value, format, precision, |decimal| {
            decimal.write(out, format, Some(precision));
        }),
    }
}

mod binary;

/// Decimal digits of a finite number, `d.ddd` times ten to `exponent`, without zeros at the end.
struct Decimal<'a> {
    negative: bool,
    digits: &'a [u8],
    exponent: i32,
}

/// No double has more digits after its first one, nor more digits after the point.
const MOST_DIGITS: usize = 1_100;

/// Calls `then` with the shortest digits that read back as `value`.
///
/// Go and Rust agree but for ties: where two candidates are equally near, Go takes the one with the even
/// digit, as does Rust when told the number of digits.
fn shortest(value: f64, then: impl FnOnce(Decimal<'_>)) {
    if let Some(integer) = small_integer(value) {
        return of_integer(value.is_sign_negative(), integer, then);
    }
    let mut text = Buffer::default();
    push(&mut text, format_args!("{value:e}"));
    let decimal = Decimal::parse(&mut text.bytes[..text.len]);
    if may_be_tie(value, &decimal) {
        let mut rounded = Buffer::default();
        push(
            &mut rounded,
            format_args!("{value:.*e}", decimal.digits.len() - 1),
        );
        let reads_back = std::str::from_utf8(&rounded.bytes[..rounded.len]).map(str::parse) == Ok(Ok(value));
        if reads_back {
            return then(Decimal::parse(&mut rounded.bytes[..rounded.len]));
        }
    }
    then(decimal);
}

/// Calls `then` with the shortest digits that read back as `value` in 32 bits.
fn shortest_narrow(value: f32, then: impl FnOnce(Decimal<'_>)) {
    let mut text = Buffer::default();
    push(&mut text, format_args!("{value:e}"));
    let decimal = Decimal::parse(&mut text.bytes[..text.len]);
    let mut rounded = Buffer::default();
    push(
        &mut rounded,
        format_args!("{value:.*e}", decimal.digits.len() - 1),
    );
    let reads_back = std::str::from_utf8(&rounded.bytes[..rounded.len]).map(str::parse) == Ok(Ok(value));
    then(if reads_back {
        Decimal::parse(&mut rounded.bytes[..rounded.len])
    } else {
        decimal
    });
}

/// Calls `then` with the digits that `format` shows with `precision`, rounded half to even.
fn exact(value: f64, format: FloatFormat, precision: usize, then: impl FnOnce(Decimal<'_>)) {
    let mut text = Vec::with_capacity(precision.min(MOST_DIGITS) + 8);
    let precision = precision.min(MOST_DIGITS);
    match format {
        FloatFormat::General => push(&mut text, format_args!("{value:.*e}", precision.max(1) - 1)),
        FloatFormat::Plain => {
            push(&mut text, format_args!("{value:.precision$}"));
            return then(Decimal::parse_plain(&mut text));
        }
        _ => push(&mut text, format_args!("{value:.precision$e}")),
    }
    then(Decimal::parse(&mut text));
}

/// The magnitude, if it is an integer whose digits are the shortest that read back.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "the conversion is exact below 2^53, and compared to see that it was"
)]
fn small_integer(value: f64) -> Option<u64> {
    let magnitude = value.abs();
    let integer = magnitude as u64;
    (integer < 1 << 53 && integer as f64 == magnitude).then_some(integer)
}

fn of_integer(negative: bool, mut integer: u64, then: impl FnOnce(Decimal<'_>)) {
    let mut buffer = [b'0'; 20];
    let mut start = buffer.len();
    loop {
        start -= 1;
        buffer[start] = b'0' + (integer % 10) as u8;
        integer /= 10;
        if integer == 0 {
            break;
        }
    }
    then(Decimal {
        negative,
        digits: without_zeros(&buffer[start..]),
        exponent: signed(buffer.len() - start) - 1,
    });
}

/// Whether the number could lie in the middle between two decimals of as many digits: its own digits end
/// one place further.
fn may_be_tie(value: f64, shortest: &Decimal<'_>) -> bool {
    let bits = value.to_bits();
    let mantissa = (bits & ((1 << 52) - 1)) | (1 << 52);
    let binary_places = 1075 - ((bits >> 52) & 0x7ff) as i32 - mantissa.trailing_zeros().cast_signed();
    binary_places <= 0 || binary_places == signed(shortest.fraction_digits()) + 1
}

impl<'a> Decimal<'a> {
    /// Takes Rust's `{:e}` apart.
    fn parse(text: &'a mut [u8]) -> Self {
        let at = text
            .iter()
            .position(|byte| *byte == b'e')
            .expect("because `{:e}` writes an exponent");
        let exponent = std::str::from_utf8(&text[at + 1..])
            .ok()
            .and_then(|text| text.parse().ok());
        let exponent = exponent.expect("because `{:e}` writes a small integer");
        let negative = text[0] == b'-';
        let digits = without_point(&mut text[usize::from(negative)..at]);
        Self {
            negative,
            digits: without_zeros(digits),
            exponent,
        }
    }

    /// Takes digits with a point apart.
    fn parse_plain(text: &'a mut [u8]) -> Self {
        let negative = text[0] == b'-';
        let text = &mut text[usize::from(negative)..];
        let integral = text.iter().position(|byte| *byte == b'.').unwrap_or(text.len());
        let digits = without_point(text);
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        let zeros = zeros.min(digits.len() - 1);
        Self {
            negative,
            digits: without_zeros(&digits[zeros..]),
            exponent: signed(integral) - 1 - signed(zeros),
        }
    }

    fn is_zero(&self) -> bool {
        self.digits == b"0"
    }

    /// The number of digits after the point, written without an exponent.
    fn fraction_digits(&self) -> usize {
        usize::try_from(signed(self.digits.len()) - 1 - self.exponent).unwrap_or(0)
    }

    fn write(&self, out: &mut Vec<u8>, format: FloatFormat, precision: Option<usize>) {
        match format {
            FloatFormat::Exponent => self.write_exponent(out, precision.unwrap_or(self.digits.len() - 1)),
            FloatFormat::Plain => self.write_plain(out, precision.unwrap_or(self.fraction_digits())),
            _ => self.write_general(out, precision),
        }
    }

    fn write_general(&self, out: &mut Vec<u8>, precision: Option<usize>) {
        let digits = signed(self.digits.len());
        let limit = match precision {
            None => 6,
            Some(precision) => {
                let precision = signed(precision.max(1));
                if precision > digits && digits > self.exponent {
                    digits
                } else {
                    precision
                }
            }
        };
        if self.is_zero() || (-4..limit).contains(&self.exponent) {
            self.write_plain(out, self.fraction_digits());
        } else {
            self.write_exponent(out, self.digits.len() - 1);
        }
    }

    fn write_exponent(&self, out: &mut Vec<u8>, places: usize) {
        self.write_mantissa(out, places);
        let exponent = if self.is_zero() { 0 } else { self.exponent };
        let sign = if exponent < 0 { '-' } else { '+' };
        push(out, format_args!("e{sign}{:02}", exponent.unsigned_abs()));
    }

    fn write_mantissa(&self, out: &mut Vec<u8>, places: usize) {
        if self.negative {
            out.push(b'-');
        }
        out.push(self.digits[0]);
        if places > 0 {
            out.push(b'.');
            push_padded(out, &self.digits[1..], places);
        }
    }

    /// Without an exponent and with `places` digits after the point, no fewer than there are.
    fn write_plain(&self, out: &mut Vec<u8>, places: usize) {
        if self.negative {
            out.push(b'-');
        }
        let integral = usize::try_from(self.exponent + 1).unwrap_or(0);
        let split = integral.min(self.digits.len());
        if integral == 0 {
            out.push(b'0');
        } else {
            push_padded(out, &self.digits[..split], integral);
        }
        if places > 0 {
            out.push(b'.');
            let zeros = usize::try_from(-1 - self.exponent).unwrap_or(0).min(places);
            out.resize(out.len() + zeros, b'0');
            push_padded(out, &self.digits[split..], places - zeros);
        }
    }
}

/// A number of digits as one that exponents can be taken from.
fn signed(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Appends `digits`, then zeros up to `length`.
fn push_padded(out: &mut Vec<u8>, digits: &[u8], length: usize) {
    let digits = &digits[..digits.len().min(length)];
    out.extend_from_slice(digits);
    out.resize(out.len() + length - digits.len(), b'0');
}

/// Closes the gap that the point leaves.
fn without_point(digits: &mut [u8]) -> &[u8] {
    match digits.iter().position(|byte| *byte == b'.') {
        None => digits,
        Some(point) => {
            digits.copy_within(point + 1.., point);
            &digits[..digits.len() - 1]
        }
    }
}

/// Without the zeros at the end, except for a first digit.
fn without_zeros(digits: &[u8]) -> &[u8] {
    let last = digits.iter().rposition(|digit| *digit != b'0').unwrap_or(0);
    &digits[..=last]
}

fn special(value: f64) -> Option<&'static str> {
    if value.is_finite() {
        None
    } else if value.is_nan() {
        Some("NaN")
    } else if value > 0.0 {
        Some("+Inf")
    } else {
        Some("-Inf")
    }
}

/// Room for the shortest digits of a number, on the stack.
#[derive(Default)]
struct Buffer {
    bytes: [u8; 32],
    len: usize,
}

impl std::io::Write for Buffer {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        let room = &mut self.bytes[self.len..];
        let written = text.len().min(room.len());
        room[..written].copy_from_slice(&text[..written]);
        self.len += written;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn push(out: &mut impl std::io::Write, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("because there is room for a number");
}

fn into_text(out: Vec<u8>) -> String {
    String::from_utf8(out).expect("because digits are ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, general: &str, narrow: &str, json: Option<&str>) {
        assert_eq!(format_f64(value), general, "'g', 64 bits");
        assert_eq!(format_f32(value), narrow, "'g', 32 bits");
        assert_eq!(format_json(value).as_deref(), json, "json");
    }

    // Every expectation was printed by Go 1.26.8.
    #[test]
    fn formats_as_go() {
        check(0.0, "0", "0", Some("0"));
        check(-0.0, "-0", "-0", Some("-0"));
        check(1.2, "1.2", "1.2", Some("1.2"));
        check(100_000.0, "100000", "100000", Some("100000"));
        check(1e6, "1e+06", "1e+06", Some("1000000"));
        check(1_234_567.5, "1.2345675e+06", "1.2345675e+06", Some("1234567.5"));
        check(16_777_217.0, "1.6777217e+07", "1.6777216e+07", Some("16777217"));
        check(0.0001, "0.0001", "0.0001", Some("0.0001"));
        check(1e-5, "1e-05", "1e-05", Some("0.00001"));
        check(1e-6, "1e-06", "1e-06", Some("0.000001"));
        check(1e-7, "1e-07", "1e-07", Some("1e-7"));
        check(-2.5e-7, "-2.5e-07", "-2.5e-07", Some("-2.5e-7"));
        check(1e20, "1e+20", "1e+20", Some("100000000000000000000"));
        check(1e21, "1e+21", "1e+21", Some("1e+21"));
        check(1.5e300, "1.5e+300", "+Inf", Some("1.5e+300"));
        check(
            2_019_328.25,
            "2.01932825e+06",
            "2.0193282e+06",
            Some("2019328.25"),
        );
        check(
            2.144_219_356_180_386_2e15,
            "2.1442193561803862e+15",
            "2.1442193e+15",
            Some("2144219356180386.2"),
        );
        check(f64::NAN, "NaN", "NaN", None);
        check(f64::INFINITY, "+Inf", "+Inf", None);
        check(f64::NEG_INFINITY, "-Inf", "-Inf", None);
    }
}
