//! Go's `reflect.DeepEqual`.

use std::collections::HashSet;

use crate::{GoList, GoMap, GoValue};

/// Whether two values are deeply equal: of the same types, with the same contents.
///
/// `1` is not `1.0`, `[]string` is not `[]interface {}`, NaN does not equal itself unless within the very same
/// list or map. Maps that contain themselves are equal if no difference is found on the way round.
pub fn deep_equal(left: &GoValue, right: &GoValue) -> bool {
    Comparison::default().values(left, right)
}

/// After so many pairs of maps it is remembered which have been compared: they may contain themselves, or each
/// other many times.
const UNREMEMBERED: usize = 64;

#[derive(Default)]
struct Comparison {
    compared: usize,
    remembered: HashSet<(usize, usize)>,
}

impl Comparison {
    fn values(&mut self, left: &GoValue, right: &GoValue) -> bool {
        match (left, right) {
            (GoValue::Nil, GoValue::Nil) => true,
            (GoValue::Bool(left), GoValue::Bool(right)) => left == right,
            (GoValue::Int(left_type, left), GoValue::Int(right_type, right)) => {
                left_type == right_type && left == right
            }
            (GoValue::Uint(left_type, left), GoValue::Uint(right_type, right)) => {
                left_type == right_type && left == right
            }
            #[expect(clippy::float_cmp, reason = "Go compares exactly as well")]
            (GoValue::Float(left), GoValue::Float(right)) => left == right,
            (GoValue::String(left), GoValue::String(right)) => left == right,
            (GoValue::List(left), GoValue::List(right)) => self.lists(left, right),
            (GoValue::Map(left), GoValue::Map(right)) => self.maps(left, right),
            (GoValue::Object(left), GoValue::Object(right)) => left.is_equal(&**right),
            _ => false,
        }
    }

    fn lists(&mut self, left: &GoList, right: &GoList) -> bool {
        let name = |list: &GoList| list.named_type().map(|named| named.name);
        if left.len() != right.len()
            || left.is_nil() != right.is_nil()
            || left.element() != right.element()
            || name(left) != name(right)
        {
            return false;
        }
        left.is_same(right)
            || left
                .iter()
                .zip(right.iter())
                .all(|(left, right)| self.values(left, right))
    }

    fn maps(&mut self, left: &GoMap, right: &GoMap) -> bool {
        let name = |map: &GoMap| map.named_type().map(|named| named.name);
        if left.len() != right.len()
            || left.is_nil() != right.is_nil()
            || left.element() != right.element()
            || name(left) != name(right)
        {
            return false;
        }
        self.compared += 1;
        if left.is_same(right) {
            return true;
        }
        let pair = (left.address(), right.address());
        if self.compared > UNREMEMBERED && !self.remembered.insert(pair) {
            return true;
        }
        let (left, right) = (left.entries(), right.entries());
        let mut pairs = left.iter().zip(right.iter());
        pairs.all(|(left, right)| left.0 == right.0 && self.values(left.1, right.1))
    }
}
