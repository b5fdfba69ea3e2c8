//! Arguments and the types of parameters.

use skeg_go::time::Duration;
use skeg_go::{GoType, GoValue, IntType, Kind, Parameter};

use super::machine::{Datum, Machine, Result};
use crate::ast::Operand;
use crate::builtin::printed;
use crate::error::Detail;
use crate::print::{Place, operand_text};

/// The type of parameters that take numbers of nanoseconds.
const DURATION: &str = "time.Duration";

impl Machine<'_> {
    /// The value of an operand as an argument for a parameter. Constants take the type of the parameter.
    pub(super) fn argument(&mut self, dot: &Datum, index: u32, parameter: Parameter) -> Result<GoValue> {
        let operand = self.code.operands[index as usize];
        match operand {
            Operand::Nil { .. } => {
                self.at = Place::Operand(index);
                if can_be_nil(parameter) {
                    Ok(GoValue::Nil)
                } else {
                    self.fail(format!("cannot assign nil to {}", parameter.type_name()))
                }
            }
            Operand::Bool { .. } | Operand::Number(_) | Operand::Text(_) => {
                self.at = Place::Operand(index);
                self.constant_argument(operand, parameter)
            }
            _ => {
                let value = self.operand(dot, index)?;
                self.convert(value, parameter)
            }
        }
    }

    fn constant_argument(&self, operand: Operand, parameter: Parameter) -> Result<GoValue> {
        let number = match operand {
            Operand::Number(index) => Some(&self.code.numbers[index as usize]),
            _ => None,
        };
        let int = number.and_then(|number| number.int);
        let (value, expected) = match (parameter, operand) {
            (Parameter::Any, _) => return self.constant(operand),
            (Parameter::Bool, Operand::Bool { .. }) | (Parameter::String, Operand::Text(_)) => {
                return self.constant(operand);
            }
            (Parameter::Bool, _) => (None, "bool"),
            (Parameter::String, _) => (None, "string"),
            (Parameter::Int, _) => (int.map(GoValue::int), "integer"),
            (Parameter::Int64, _) => (int.map(GoValue::int64), "integer"),
            (Parameter::Float, _) => (
                number.and_then(|number| number.float).map(GoValue::Float),
                "float",
            ),
            (Parameter::Object { type_name: DURATION }, _) => (
                int.map(|nanoseconds| GoValue::object(Duration::from_nanoseconds(nanoseconds))),
                "integer",
            ),
            (Parameter::Map | Parameter::List | Parameter::Strings | Parameter::Object { .. }, _) => {
                let shown = operand_text(self.code, self.text, operand);
                let shown = String::from_utf8_lossy(&shown);
                let type_name = parameter.type_name();
                return self.fail(format!("can't handle {shown} for arg of type {type_name}"));
            }
        };
        if let Some(value) = value {
            return Ok(value);
        }
        let shown = operand_text(self.code, self.text, operand);
        let shown = String::from_utf8_lossy(&shown);
        self.fail(format!("expected {expected}; found {shown}"))
    }

    /// Checks that a value can be assigned to a parameter.
    pub(super) fn convert(&self, datum: Datum, parameter: Parameter) -> Result<GoValue> {
        let is_fine = match (parameter, &datum.value) {
            (Parameter::Any, _)
            | (Parameter::Bool, GoValue::Bool(_))
            | (Parameter::Int, GoValue::Int(IntType::Int, _))
            | (Parameter::Int64, GoValue::Int(IntType::Int64, _))
            | (Parameter::Float, GoValue::Float(_))
            | (Parameter::String, GoValue::String(_)) => true,
            (Parameter::Map, GoValue::Map(map)) if *map.element() == GoType::Interface => {
                if map.named_type().is_some() {
                    return Ok(GoValue::Map(map.converted(None)));
                }
                true
            }
            (Parameter::List, GoValue::List(list)) => *list.element() == GoType::Interface,
            (Parameter::Strings, GoValue::List(list)) => *list.element() == GoType::String,
            (Parameter::Object { type_name }, value) => {
                let found = value.type_name();
                let pointed = found.strip_prefix('*').filter(|_| value.kind() == Kind::Pointer);
                found == type_name || pointed == Some(type_name)
            }
            _ => false,
        };
        if is_fine {
            Ok(datum.value)
        } else {
            self.convert_nil(&datum, parameter)
        }
    }

    /// No value at all, where the parameter can be nil; everything else is an error.
    #[cold]
    fn convert_nil(&self, datum: &Datum, parameter: Parameter) -> Result<GoValue> {
        let expected = parameter.type_name();
        if datum.value.is_nil() && !datum.interface {
            if can_be_nil(parameter) {
                return Ok(GoValue::Nil);
            }
            return self.fail(format!("invalid value; expected {expected}"));
        }
        let found = if datum.value.is_nil() {
            "interface {}".to_owned()
        } else {
            datum.value.type_name()
        };
        let message = format!("wrong type for value; expected {expected}; got {found}");
        let detail = Detail::WrongType {
            value: String::from_utf8_lossy(&printed(&datum.value)).into_owned(),
            expected: expected.to_owned(),
            found,
        };
        Err(self.fail_with(message, detail))
    }
}

fn can_be_nil(parameter: Parameter) -> bool {
    match parameter {
        Parameter::Any | Parameter::Map | Parameter::List | Parameter::Strings => true,
        Parameter::Bool | Parameter::Int | Parameter::Int64 | Parameter::Float | Parameter::String => false,
        Parameter::Object { type_name } => {
            type_name.starts_with(['*', '['])
                || type_name.starts_with("map[")
                || type_name.starts_with("func(")
        }
    }
}
