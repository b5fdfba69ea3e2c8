//! Runtime values as text that tells their types, as the recorded tables have them.
//!
//! `n`, `t` and `f` are nil and the booleans; `I1;` is an `int`, `i1;` an `int64`, `u1;` a `uint64`, `d` a float64
//! by its bits; `s3:abc` is text and `b3:abc` bytes; `[2:` begins a slice, `S2:` one of strings, `{2:` a map.

use skeg_go::{GoList, GoMap, GoType, GoValue, IntType, UintType};

/// Reads one value.
pub(crate) fn parse(text: &str) -> GoValue {
    let mut reader = Reader { text };
    let value = reader.value();
    assert_eq!(reader.text, "");
    value
}

struct Reader<'text> {
    text: &'text str,
}

impl<'text> Reader<'text> {
    fn until(&mut self, end: char) -> &'text str {
        let (part, rest) = self.text.split_once(end).expect("because tables are well-formed");
        self.text = rest;
        part
    }

    fn counted(&mut self) -> &'text str {
        let length: usize = self.until(':').parse().expect("because tables are well-formed");
        let (part, rest) = self.text.split_at(length);
        self.text = rest;
        part
    }

    fn items(&mut self) -> Vec<GoValue> {
        let length: usize = self.until(':').parse().expect("because tables are well-formed");
        (0..length).map(|_| self.value()).collect()
    }

    fn value(&mut self) -> GoValue {
        let tag = self.text.chars().next().expect("because tables are well-formed");
        self.text = &self.text[1..];
        match tag {
            'n' => GoValue::Nil,
            't' | 'f' => (tag == 't').into(),
            'I' => GoValue::int(self.until(';').parse().expect("because tables are well-formed")),
            'i' => GoValue::int64(self.until(';').parse().expect("because tables are well-formed")),
            'u' => GoValue::Uint(
                UintType::Uint64,
                self.until(';').parse().expect("because tables are well-formed"),
            ),
            'd' => f64::from_bits(
                u64::from_str_radix(self.until(';'), 16).expect("because tables are well-formed"),
            )
            .into(),
            's' => self.counted().into(),
            'b' => GoList::bytes(self.counted()).into(),
            '[' => GoValue::list(self.items()),
            'S' => GoList::typed(GoType::String, self.items()).into(),
            '{' => {
                let map = GoMap::new();
                for _ in 0..self.until(':').parse().expect("because tables are well-formed") {
                    let key = self.value();
                    map.insert(
                        key.as_string().expect("because tables are well-formed").clone(),
                        self.value(),
                    );
                }
                map.into()
            }
            other => panic!("{other}"),
        }
    }
}

/// Writes one value.
pub(crate) fn print(value: &GoValue) -> String {
    match value {
        GoValue::Nil => "n".to_owned(),
        GoValue::Bool(value) => if *value { "t" } else { "f" }.to_owned(),
        GoValue::Int(IntType::Int64, value) => format!("i{value};"),
        GoValue::Int(_, value) => format!("I{value};"),
        GoValue::Uint(_, value) => format!("u{value};"),
        GoValue::Float(value) => format!("d{:016x};", value.to_bits()),
        GoValue::String(text) => format!("s{}:{}", text.len(), text.to_lossy()),
        GoValue::List(list) => {
            let items: Vec<String> = list.iter().map(print).collect();
            format!("[{}:{}", list.len(), items.concat())
        }
        GoValue::Map(map) => {
            let entry = |(key, value)| print(&GoValue::String(key)) + &print(&value);
            let entries: Vec<String> = map.snapshot().into_iter().map(entry).collect();
            format!("{{{}:{}", map.len(), entries.concat())
        }
        GoValue::Object(object) => panic!("{object:?}"),
    }
}
