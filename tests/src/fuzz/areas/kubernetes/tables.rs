//! Tables as kubectl prints them.

use std::time::SystemTime;

use serde_json::{Value, json};
use skeg_kubernetes::TablePrinter;

use super::answer;
use crate::fuzz::random::Random;
use crate::fuzz::{Area, none};

pub(super) const AREA: Area = Area {
    name: "table",
    generate,
    answer: print,
    known: none,
};

const CELLS: &[&str] = &[
    "",
    "a",
    "web-6f8c",
    "<none>",
    "10.0.0.1",
    "a long cell with words",
    "first line\nsecond",
    "\r",
    "é日本",
    "\u{1b}[31mred",
    "a\tb",
    "x\u{c}y",
];

fn cell(random: &mut Random) -> Value {
    match random.below(12) {
        0 => Value::Null,
        1 => json!(random.below(2000)),
        2 => json!(random.once_in(2)),
        3 => json!(2.5),
        _ => Value::from(random.pick(CELLS)),
    }
}

fn table(random: &mut Random, columns: usize, variant: usize) -> Value {
    let definitions: Value = (0..columns)
        .map(|at| {
            let name = ["Name", "Data", "Age", "Ready-é", "x"][(at + variant) % 5];
            let priority = usize::from((at + variant) % 4 == 3);
            json!({"name": name, "type": "string", "format": "", "description": "", "priority": priority})
        })
        .collect();
    let rows = match random.below(10) {
        0 => 0,
        1 => 99 + random.below(150),
        _ => 1 + random.below(4),
    };
    let row = |random: &mut Random| {
        let count = if random.once_in(30) {
            random.below(columns + 2)
        } else {
            columns
        };
        let cells: Value = (0..count).map(|_| cell(random)).collect();
        json!({"cells": cells})
    };
    let rows: Value = (0..rows).map(|_| row(random)).collect();
    let definitions = if random.once_in(12) {
        json!([])
    } else {
        definitions
    };
    json!({
        "apiVersion": "meta.k8s.io/v1", "kind": "Table", "metadata": {},
        "columnDefinitions": definitions, "rows": rows,
    })
}

fn generate(random: &mut Random) -> Value {
    let columns = 1 + random.below(5);
    let count = 1 + random.below(4);
    let tables: Value = (0..count)
        .map(|_| {
            let variant = usize::from(random.once_in(3));
            table(random, columns, variant)
        })
        .collect();
    json!({ "tables": tables })
}

fn print(request: &Value) -> Value {
    let mut printer = TablePrinter::default();
    let tables = request["tables"].as_array().into_iter().flatten();
    let text: String = tables
        .map(|table| printer.print(table, SystemTime::UNIX_EPOCH))
        .collect();
    answer(Ok::<_, ()>(text))
}
