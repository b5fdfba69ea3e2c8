//! Floating-point numbers as Go's `strconv` and `encoding/json` print them.

use std::fmt::Write as _;

/// Formats as `strconv.FormatFloat(value, 'g', -1, 64)`: the shortest digits that read back, with an
/// exponent below -4 and from 6 on (`1e+06`, `1e-05`), `+Inf`, `-Inf`, `NaN`.
pub fn format_f64(value: f64) -> String {
    match special(value) {
        Some(name) => name.to_owned(),
        None => general(&Digits::shortest(value)),
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
    match special(f64::from(narrow)) {
        Some(name) => name.to_owned(),
        None => general(&Digits::shortest_narrow(narrow)),
    }
}

/// Formats as `encoding/json` does: plain digits from 1e-6 to below 1e21, else an exponent without a
/// leading zero (`1e-7`, `1e+21`). `None` for infinities and NaN, which JSON does not have.
pub fn format_json(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let digits = Digits::shortest(value);
    if digits.significand == "0" || (-6..21).contains(&digits.exponent) {
        return Some(plain(&digits));
    }
    let sign = if digits.exponent < 0 { '-' } else { '+' };
    Some(format!(
        "{}e{sign}{}",
        mantissa(&digits),
        digits.exponent.unsigned_abs()
    ))
}

/// The shortest decimal digits of a number, `d.ddd` times ten to `exponent`.
struct Digits {
    negative: bool,
    significand: String,
    exponent: i32,
}

impl Digits {
    /// The shortest digits that read back as `value`.
    ///
    /// Go and Rust agree but for ties: where two candidates are equally near, Go takes the one with the even
    /// digit, as does Rust when told the number of digits.
    fn shortest(value: f64) -> Self {
        let shortest = format!("{value:e}");
        let rounded = format!("{value:.*e}", fraction_digits(&shortest));
        let reads_back = rounded.parse() == Ok(value);
        Self::parse(if reads_back { &rounded } else { &shortest })
    }

    /// The shortest digits that read back as `value` in 32 bits.
    fn shortest_narrow(value: f32) -> Self {
        let shortest = format!("{value:e}");
        let rounded = format!("{value:.*e}", fraction_digits(&shortest));
        let reads_back = rounded.parse() == Ok(value);
        Self::parse(if reads_back { &rounded } else { &shortest })
    }

    /// Takes Rust's `{:e}` apart.
    fn parse(scientific: &str) -> Self {
        let (mantissa, exponent) = scientific
            .split_once('e')
            .expect("because `{:e}` writes an exponent");
        Self {
            negative: mantissa.starts_with('-'),
            significand: mantissa.chars().filter(char::is_ascii_digit).collect(),
            exponent: exponent.parse().expect("because `{:e}` writes a small integer"),
        }
    }
}

/// The number of digits after the point.
fn fraction_digits(scientific: &str) -> usize {
    let mantissa = scientific.split('e').next().unwrap_or_default();
    mantissa.split_once('.').map_or(0, |(_, digits)| digits.len())
}

fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value == f64::INFINITY {
        Some("+Inf")
    } else if value == f64::NEG_INFINITY {
        Some("-Inf")
    } else {
        None
    }
}

fn general(digits: &Digits) -> String {
    if (-4..6).contains(&digits.exponent) {
        return plain(digits);
    }
    let mut text = mantissa(digits);
    let sign = if digits.exponent < 0 { '-' } else { '+' };
    write!(text, "e{sign}{:02}", digits.exponent.unsigned_abs()).expect("because a string takes any text");
    text
}

fn mantissa(digits: &Digits) -> String {
    let (first, rest) = digits.significand.split_at(1);
    let sign = if digits.negative { "-" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{point}{rest}")
}

fn plain(digits: &Digits) -> String {
    let mut text = String::from(if digits.negative { "-" } else { "" });
    let Ok(exponent) = usize::try_from(digits.exponent) else {
        text.push_str("0.");
        let zeros = digits.exponent.unsigned_abs() as usize - 1;
        text.extend(std::iter::repeat_n('0', zeros));
        text.push_str(&digits.significand);
        return text;
    };
    let integral = exponent + 1;
    if digits.significand.len() <= integral {
        text.push_str(&digits.significand);
        text.extend(std::iter::repeat_n('0', integral - digits.significand.len()));
    } else {
        let (whole, fraction) = digits.significand.split_at(integral);
        text.push_str(whole);
        text.push('.');
        text.push_str(fraction);
    }
    text
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
