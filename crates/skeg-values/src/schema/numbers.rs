//! Numbers as Go's `golang.org/x/text/message` prints them in English.

use skeg_go::number::format_f64;

/// A count, with commas between groups of three digits.
pub(super) fn count(number: usize) -> String {
    grouped(&number.to_string())
}

/// A float64: `70,000`, `0.35`, `1.5×10⁰⁷`.
pub(super) fn float(number: f64) -> String {
    let text = format_f64(number);
    match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let exponent: String = exponent.chars().filter_map(superscript).collect();
            format!("{mantissa}×10{exponent}")
        }
        None => match text.split_once('.') {
            Some((whole, fraction)) => format!("{}.{fraction}", grouped(whole)),
            None => grouped(&text),
        },
    }
}

fn grouped(whole: &str) -> String {
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut out = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn superscript(character: char) -> Option<char> {
    Some(match character {
        '-' => '⁻',
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => return None,
    })
}

/// Whether `number` is a whole multiple of the decimal number `step`, computed exactly. What is too large for
/// that is none.
pub(super) fn is_multiple(number: f64, step: &str) -> bool {
    let (Some(number), Some(step)) = (Decimal::parse(&format_f64(number)), Decimal::parse(step)) else {
        return false;
    };
    let exponent = number.exponent.min(step.exponent);
    match (number.scaled_to(exponent), step.scaled_to(exponent)) {
        (Some(number), Some(step)) => step != 0 && number % step == 0,
        _ => false,
    }
}

/// A decimal number: digits × 10 to the power of the exponent.
struct Decimal {
    digits: i128,
    exponent: i32,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.trim().split_once(['e', 'E']).unwrap_or((text.trim(), "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let places = i32::try_from(fraction.len()).ok()?;
        Some(Self {
            digits: format!("{whole}{fraction}").parse().ok()?,
            exponent: exponent.parse::<i32>().ok()?.checked_sub(places)?,
        })
    }

    fn scaled_to(&self, exponent: i32) -> Option<i128> {
        let power = u32::try_from(self.exponent.checked_sub(exponent)?).ok()?;
        self.digits.checked_mul(10_i128.checked_pow(power)?)
    }
}
