//! One value with one verb.

use std::rc::Rc;

use super::directive::Spec;
use super::{MAX_DEPTH, MAX_TEXT, plain};
use crate::{GoList, GoMap, GoObject, GoType, GoValue, Kind, UintType};

/// Prints values with the flags of the directive at hand.
pub(super) struct Printer<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) spec: Spec,
    /// Whether a value is printed to complain about its verb: raw, without its `String` method.
    complaining: bool,
    /// Whether a value was nested too deep; nothing is written any more.
    too_deep: bool,
}

impl<'a> Printer<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self {
            out,
            spec: Spec::default(),
            complaining: false,
            too_deep: false,
        }
    }

    /// `%!` and the verb and a parenthesis, and what is wrong.
    pub(super) fn complain(&mut self, verb: char, text: &str) {
        self.out.extend_from_slice(b"%!");
        self.out
            .extend_from_slice(verb.encode_utf8(&mut [0; 4]).as_bytes());
        self.out.push(b'(');
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Prints an argument.
    pub(super) fn print(&mut self, value: &GoValue, verb: char) {
        match (value, verb) {
            (GoValue::Nil, 'T' | 'v') => self.pad(b"<nil>"),
            (GoValue::Nil, _) => self.complain(verb, "<nil>)"),
            (_, 'T') => self.string(value.type_name().as_bytes()),
            (_, 'p') => self.pointer(value, verb),
            (GoValue::List(list), 'v' | 'd') if self.spec.go_syntax && is_bytes(list) => {
                self.items("[]byte{", list, verb, 0);
            }
            (GoValue::List(list), 'w') if is_bytes(list) => self.list(list, verb, 0),
            _ => self.nested(value, verb, 0),
        }
    }

    /// Prints a value inside of others, `depth` levels down.
    fn nested(&mut self, value: &GoValue, verb: char, depth: usize) {
        let known = match value {
            GoValue::Nil => self.nil(),
            GoValue::Bool(value) => self.bool(*value, verb),
            GoValue::Int(_, number) => self.integer(*number < 0, number.unsigned_abs(), true, verb),
            GoValue::Uint(_, number) => self.integer(false, *number, false, verb),
            GoValue::Float(number) => self.float(*number, verb),
            GoValue::String(text) => self.text(text, verb),
            GoValue::List(_) | GoValue::Map(_) if verb == 'w' && !self.complaining => false,
            GoValue::List(list) => {
                self.list(list, verb, depth);
                true
            }
            GoValue::Map(map) => {
                self.map(map, verb, depth);
                true
            }
            GoValue::Object(object) => self.object(object, verb, depth),
        };
        if !known {
            self.bad_verb(value, verb, depth);
        }
    }

    /// `%!d(string=hi)`
    fn bad_verb(&mut self, value: &GoValue, verb: char, depth: usize) {
        self.complain(verb, &value.type_name());
        self.out.push(b'=');
        let was_complaining = std::mem::replace(&mut self.complaining, true);
        self.nested(value, 'v', depth);
        self.complaining = was_complaining;
        self.out.push(b')');
    }

    /// `nil` in a list or map of interfaces.
    fn nil(&mut self) -> bool {
        self.out.extend_from_slice(if self.spec.go_syntax {
            b"interface {}(nil)"
        } else {
            b"<nil>"
        });
        true
    }

    fn bool(&mut self, value: bool, verb: char) -> bool {
        let known = matches!(verb, 't' | 'v');
        if known {
            self.pad(if value { b"true" } else { b"false" });
        }
        known
    }

    fn text(&mut self, text: &[u8], verb: char) -> bool {
        match verb {
            'v' if self.spec.go_syntax => self.quoted(text),
            'v' | 's' => self.string(text),
            'q' => self.quoted(text),
            'x' | 'X' => self.hexadecimal_text(text, verb),
            _ => return false,
        }
        true
    }

    fn list(&mut self, list: &GoList, verb: char, depth: usize) {
        if matches!(verb, 's' | 'q' | 'x' | 'X')
            && let Some(bytes) = list.to_bytes()
        {
            self.text(&bytes, verb);
        } else if self.spec.go_syntax && list.is_nil() {
            self.out.extend_from_slice(list.type_name().as_bytes());
            self.out.extend_from_slice(b"(nil)");
        } else if self.spec.go_syntax {
            self.items(&format!("{}{{", list.type_name()), list, verb, depth);
        } else {
            self.items("[", list, verb, depth);
        }
    }

    fn items(&mut self, open: &str, items: &[GoValue], verb: char, depth: usize) {
        self.out.extend_from_slice(open.as_bytes());
        for (index, item) in items.iter().enumerate() {
            if self.too_deep {
                return;
            }
            self.separate(index);
            self.deeper(item, verb, depth);
        }
        self.close(b']');
    }

    fn map(&mut self, map: &GoMap, verb: char, depth: usize) {
        if self.spec.go_syntax {
            self.out.extend_from_slice(map.type_name().as_bytes());
            if map.is_nil() {
                return self.out.extend_from_slice(b"(nil)");
            }
            self.out.push(b'{');
        } else {
            self.out.extend_from_slice(b"map[");
        }
        for (index, (key, value)) in map.entries().iter().enumerate() {
            if self.too_deep {
                return;
            }
            self.separate(index);
            self.nested(&GoValue::String(key.clone()), verb, depth);
            self.out.push(b':');
            self.deeper(value, verb, depth);
        }
        self.close(b']');
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.out
                .extend_from_slice(if self.spec.go_syntax { b", " } else { b" " });
        }
    }

    fn close(&mut self, bracket: u8) {
        self.out.push(if self.spec.go_syntax { b'}' } else { bracket });
    }

    fn deeper(&mut self, value: &GoValue, verb: char, depth: usize) {
        if depth >= MAX_DEPTH || self.out.len() > MAX_TEXT {
            self.too_deep = true;
        }
        if !self.too_deep {
            self.nested(value, verb, depth + 1);
        }
    }

    fn object(&mut self, object: &Rc<dyn GoObject>, verb: char, depth: usize) -> bool {
        let fields = object.fields();
        if !self.complaining {
            match verb {
                'w' => return false,
                'v' | 's' | 'x' | 'X' | 'q' if fields.is_none() && !self.spec.go_syntax => {
                    return self.text(object.to_text().as_bytes(), verb);
                }
                _ => {}
            }
        }
        if let Some(number) = object.as_i64() {
            return self.integer(number < 0, number.unsigned_abs(), true, verb);
        }
        let is_pointer = object.kind() == Kind::Pointer;
        match fields {
            Some(_) if is_pointer && depth > 0 => self.pointer(&GoValue::Object(Rc::clone(object)), verb),
            Some(fields) => {
                let name = object.type_name();
                if is_pointer {
                    self.out.push(b'&');
                }
                self.fields(name.strip_prefix('*').unwrap_or(name), &fields, verb, depth);
            }
            None => return self.text(object.to_text().as_bytes(), 's'),
        }
        true
    }

    fn fields(&mut self, type_name: &str, fields: &[(&'static str, GoValue)], verb: char, depth: usize) {
        if self.spec.go_syntax {
            self.out.extend_from_slice(type_name.as_bytes());
        }
        self.out.push(b'{');
        for (index, (name, value)) in fields.iter().enumerate() {
            if self.too_deep {
                return;
            }
            self.separate(index);
            if self.spec.named_fields || self.spec.go_syntax {
                self.out.extend_from_slice(name.as_bytes());
                self.out.push(b':');
            }
            self.deeper(value, verb, depth);
        }
        self.close(b'}');
    }

    /// `%p`, and pointers inside of other values.
    fn pointer(&mut self, value: &GoValue, verb: char) {
        let points = matches!(value.kind(), Kind::Slice | Kind::Map | Kind::Pointer | Kind::Func);
        match verb {
            _ if !points => self.bad_verb(value, verb, 0),
            'v' if self.spec.go_syntax => {
                let name = value.type_name();
                self.out.extend_from_slice(format!("({name})(").as_bytes());
                self.hexadecimal_syntax(plain::ADDRESS, true);
                self.out.push(b')');
            }
            'v' | 'p' => self.hexadecimal_syntax(plain::ADDRESS, !self.spec.sharp),
            'b' | 'o' | 'd' | 'x' | 'X' => {
                self.integer(false, plain::ADDRESS, false, verb);
            }
            _ => {
                self.complain(verb, &value.type_name());
                self.out.push(b'=');
                self.hexadecimal_syntax(plain::ADDRESS, true);
                self.out.push(b')');
            }
        }
    }
}

fn is_bytes(list: &GoList) -> bool {
    *list.element() == GoType::Uint(UintType::Uint8) && list.named_type().is_none()
}
