//! Amounts of resources: `1`, `1000m`, `1.5Gi`, `1e3`.

/// Whether two texts are the same amount; false if one of them is none.
pub(super) fn is_same_amount(one: &str, other: &str) -> bool {
    match (nanos(one), nanos(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// An amount in billionths; none if it is no amount, or none that Kubernetes keeps exactly.
fn nanos(text: &str) -> Option<i128> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.len() + fraction.len() > 20
        || fraction.contains('.')
        || number.len() == usize::from(number.contains('.'))
    {
        return None;
    }
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let fraction = i32::try_from(fraction.len()).ok()?;
    let (twos, tens) = factor(suffix)?;
    let scaled = digits.checked_mul(1_i128.checked_shl(twos)?)?;
    let exponent = 9 + tens - fraction;
    let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
    let nanos = if exponent >= 0 {
        scaled.checked_mul(power)?
    } else if scaled % power == 0 {
        scaled / power
    } else {
        return None;
    };
    Some(sign * nanos)
}

/// The powers of two and of ten that a suffix stands for.
fn factor(suffix: &str) -> Option<(u32, i32)> {
    const TWOS: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    const TENS: [(&str, i32); 10] = [
        ("n", -9),
        ("u", -6),
        ("m", -3),
        ("", 0),
        ("k", 3),
        ("M", 6),
        ("G", 9),
        ("T", 12),
        ("P", 15),
        ("E", 18),
    ];
    if let Some((_, tens)) = TENS.iter().find(|(known, _)| *known == suffix) {
        return Some((0, *tens));
    }
    if let Some(at) = TWOS.iter().position(|known| *known == suffix) {
        return Some((10 * (u32::try_from(at).ok()? + 1), 0));
    }
    let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    (exponent.unsigned_abs() <= 18).then_some((0, exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(one: &str, other: &str, expected: bool) {
        assert_eq!(is_same_amount(one, other), expected);
        assert_eq!(is_same_amount(other, one), expected);
    }

    #[test]
    fn amounts_have_many_forms() {
        check("1", "1000m", true);
        check("0.5", "500m", true);
        check("1Gi", "1024Mi", true);
        check("1.5Gi", "1536Mi", true);
        check("1G", "1e9", true);
        check("1k", "1E3", true);
        check("-1", "-1000m", true);
        check("+1.", "1", true);
        check("100n", "0.1u", true);
        check("1G", "1Gi", false);
        check("1", "2", false);
    }

    #[test]
    fn what_is_no_amount_is_like_none() {
        for text in [
            "",
            ".",
            "1x",
            "Gi",
            "1..2",
            "--1",
            "1e99",
            "999999999999999999999",
            "0.0000000001",
        ] {
            check(text, text, false);
        }
        check("9999999999999999999Ei", "1", false);
    }
}
