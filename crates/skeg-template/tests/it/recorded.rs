//! What Go printed for the cases in `tests/data/cases.jsonl`.

use serde_json::Value;
use skeg_template::TemplateSet;

use crate::{data, functions};

/// What a case prints, or its error.
pub(crate) fn run(case: &Value, shared: &Value) -> Result<Vec<u8>, String> {
    let mut set = TemplateSet::new(functions::table());
    let texts = case["t"].as_array().unwrap();
    for text in texts {
        let (name, text) = (text[0].as_str().unwrap(), text[1].as_str().unwrap());
        set.parse(name, text.as_bytes())
            .map_err(|error| error.to_string())?;
    }
    let name = case["r"]
        .as_str()
        .unwrap_or_else(|| texts[0][0].as_str().unwrap());
    let mut out = Vec::new();
    match set.execute(name, &data::decode(case.get("d").unwrap_or(shared)), &mut out) {
        Ok(()) => Ok(out),
        Err(error) => Err(error.to_string()),
    }
}

/// What Go printed, or its error.
fn expected(case: &Value) -> Result<Vec<u8>, String> {
    match (case["o"].as_str(), case["e"].as_str()) {
        (Some(out), _) => Ok(out.as_bytes().to_vec()),
        (_, Some(error)) => Err(error.to_owned()),
        _ => panic!("neither output nor error: {case}"),
    }
}

fn shown(result: &Result<Vec<u8>, String>) -> String {
    match result {
        Ok(out) => format!("prints {:?}", String::from_utf8_lossy(out)),
        Err(error) => format!("fails: {error}"),
    }
}

#[test]
fn prints_and_fails_as_go() {
    let mut rows = include_str!("../data/cases.jsonl").lines();
    let head: Value = serde_json::from_str(rows.next().unwrap()).unwrap();
    let mut differences = Vec::new();
    for (line, row) in rows.enumerate() {
        let case: Value = serde_json::from_str(row).unwrap();
        let (found, expected) = (run(&case, &head["d"]), expected(&case));
        if found != expected {
            let texts = &case["t"];
            let (expected, found) = (shown(&expected), shown(&found));
            differences.push(format!(
                "line {}: {texts}\n  Go {expected}\n  we {found}",
                line + 2
            ));
        }
    }
    let count = differences.len();
    assert!(
        differences.is_empty(),
        "{count} differences:\n{}",
        differences.join("\n")
    );
}
