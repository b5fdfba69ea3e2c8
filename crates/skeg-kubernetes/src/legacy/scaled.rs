//! Numbers that may be percentages of another.

use serde_json::Value;

/// The number at hand, or the percentage (`25%`) of `total`, rounded `up` or down; none if it is neither.
pub(super) fn scaled(value: &Value, total: i64, up: bool) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => {
            let percent = i128::from(text.strip_suffix('%')?.parse::<i32>().ok()?);
            let product = percent * i128::from(total);
            let rest = i128::from(up && product.rem_euclid(100) != 0);
            i64::try_from(product.div_euclid(100) + rest).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: &Value, total: i64, expected_up: Option<i64>, expected_down: Option<i64>) {
        assert_eq!(scaled(value, total, true), expected_up);
        assert_eq!(scaled(value, total, false), expected_down);
    }

    #[test]
    fn percentages_are_rounded() {
        check(&json!(3), 10, Some(3), Some(3));
        check(&json!("25%"), 10, Some(3), Some(2));
        check(&json!("50%"), 10, Some(5), Some(5));
        check(&json!("-10%"), 5, Some(0), Some(-1));
        check(&json!("100%"), 0, Some(0), Some(0));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for value in [
            json!("5"),
            json!("x%"),
            json!("%"),
            json!(null),
            json!(1.5),
            json!([]),
        ] {
            check(&value, 10, None, None);
        }
    }
}
