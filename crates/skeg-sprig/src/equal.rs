//! Stand-in for `skeg_go::equal`.

use skeg_go::GoValue;

pub(crate) fn deep_equal(a: &GoValue, b: &GoValue) -> bool {
    match (a, b) {
        (GoValue::Nil, GoValue::Nil) => true,
        (GoValue::Bool(a), GoValue::Bool(b)) => a == b,
        (GoValue::Int(t, a), GoValue::Int(u, b)) => t == u && a == b,
        (GoValue::Uint(t, a), GoValue::Uint(u, b)) => t == u && a == b,
        (GoValue::Float(a), GoValue::Float(b)) => a == b,
        (GoValue::String(a), GoValue::String(b)) => a == b,
        (GoValue::List(a), GoValue::List(b)) => {
            a.type_name() == b.type_name()
                && a.is_nil() == b.is_nil()
                && a.len() == b.len()
                && a.iter().zip(b.iter()).all(|(a, b)| deep_equal(a, b))
        }
        (GoValue::Map(a), GoValue::Map(b)) => {
            a.type_name() == b.type_name()
                && (a.is_same(b)
                    || (a.len() == b.len()
                        && a.snapshot()
                            .iter()
                            .zip(b.snapshot().iter())
                            .all(|((k, a), (l, b))| k == l && deep_equal(a, b))))
        }
        (GoValue::Object(a), GoValue::Object(b)) => a.is_equal(b.as_ref()),
        _ => false,
    }
}
