//! Complex numbers: Go's constants can be complex, so templates can print one. Nothing else is done with them.

use std::any::Any;

use skeg_go::{GoObject, GoValue, Kind, number};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Complex {
    pub(crate) real: f64,
    pub(crate) imaginary: f64,
}

impl GoObject for Complex {
    fn type_name(&self) -> &'static str {
        "complex128"
    }

    fn kind(&self) -> Kind {
        Kind::Array
    }

    fn to_text(&self) -> String {
        let sign = if self.imaginary.is_sign_negative() && !self.imaginary.is_nan() {
            ""
        } else {
            "+"
        };
        let sign = if self.imaginary == f64::INFINITY { "" } else { sign };
        format!(
            "({}{sign}{}i)",
            number::format_f64(self.real),
            number::format_f64(self.imaginary)
        )
    }

    fn to_json(&self) -> GoValue {
        GoValue::Nil
    }

    fn is_true(&self) -> bool {
        self.real != 0.0 || self.imaginary != 0.0
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        other.as_any().downcast_ref::<Self>() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
