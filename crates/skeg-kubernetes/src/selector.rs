//! Label selectors as the text that a list request carries.

use serde_json::Value;

use crate::field::{FieldError, text_or};

/// The text of a selector with `matchLabels` and `matchExpressions`, such as `app=web,tier in (a,b),!old`; empty if it
/// selects everything.
///
/// Requirements are sorted by key and values within a requirement too, as apimachinery does it. Keys and values are not
/// validated: they come from objects that a server has accepted.
///
/// ```
/// use serde_json::json;
/// use skeg_kubernetes::label_selector;
///
/// let selector = json!({
///     "matchLabels": {"app": "web"},
///     "matchExpressions": [{"key": "tier", "operator": "In", "values": ["b", "a"]}],
/// });
/// assert_eq!(label_selector(&selector)?, "app=web,tier in (a,b)");
/// # Ok::<(), skeg_kubernetes::FieldError>(())
/// ```
pub fn label_selector(selector: &Value) -> Result<String, FieldError> {
    let mut requirements = labels(selector.get("matchLabels"))?;
    let expressions = selector.get("matchExpressions").and_then(Value::as_array);
    for expression in expressions.into_iter().flatten() {
        let key = text_or(expression, &["key"], "");
        requirements.push((key.to_owned(), requirement(key, expression)?));
    }
    Ok(join(requirements))
}

/// The text of a selector that is a map of labels, as `ReplicationControllers` and Services have it.
pub fn label_set(labels_selected: &Value) -> Result<String, FieldError> {
    labels(Some(labels_selected)).map(join)
}

fn labels(labels: Option<&Value>) -> Result<Vec<(String, String)>, FieldError> {
    let labels = labels.and_then(Value::as_object).into_iter().flatten();
    labels
        .map(|(key, value)| match value {
            Value::String(value) => Ok((key.clone(), format!("{key}={value}"))),
            _ => Err(FieldError::new(&["matchLabels", key], "a string")),
        })
        .collect()
}

fn requirement(key: &str, expression: &Value) -> Result<String, FieldError> {
    let values = expression.get("values").and_then(Value::as_array);
    let mut values: Vec<&str> = values.into_iter().flatten().filter_map(Value::as_str).collect();
    values.sort_unstable();
    let values = values.join(",");
    match text_or(expression, &["operator"], "") {
        "In" => Ok(format!("{key} in ({values})")),
        "NotIn" => Ok(format!("{key} notin ({values})")),
        "Exists" => Ok(key.to_owned()),
        "DoesNotExist" => Ok(format!("!{key}")),
        _ => Err(FieldError::new(
            &["matchExpressions[]", "operator"],
            "an operator of label selectors",
        )),
    }
}

fn join(mut requirements: Vec<(String, String)>) -> String {
    requirements.sort_by(|(one, _), (other, _)| one.cmp(other));
    let texts: Vec<String> = requirements.into_iter().map(|(_, text)| text).collect();
    texts.join(",")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(selector: &Value, expected: Result<&str, &str>) {
        let text = label_selector(selector).map_err(|error| error.to_string());
        assert_eq!(text.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn requirements_are_sorted_by_key() {
        check(&json!({"matchLabels": {"b": "2", "a": "1"}}), Ok("a=1,b=2"));
        check(
            &json!({"matchLabels": {"b": ""}, "matchExpressions": [
                {"key": "a", "operator": "NotIn", "values": ["z", "x"]},
                {"key": "c", "operator": "Exists"},
                {"key": "d", "operator": "DoesNotExist"},
            ]}),
            Ok("a notin (x,z),b=,c,!d"),
        );
        check(&json!({}), Ok(""));
        check(&Value::Null, Ok(""));
    }

    #[test]
    fn nonsense_is_refused() {
        check(
            &json!({"matchLabels": {"a": 1}}),
            Err("`matchLabels.a` is not a string"),
        );
        check(
            &json!({"matchExpressions": [{"key": "a", "operator": "Gt", "values": ["1"]}]}),
            Err("`matchExpressions[].operator` is not an operator of label selectors"),
        );
    }

    #[test]
    fn sets_are_equalities() {
        assert_eq!(label_set(&json!({"b": "2", "a": "1"})).as_deref(), Ok("a=1,b=2"));
    }
}
