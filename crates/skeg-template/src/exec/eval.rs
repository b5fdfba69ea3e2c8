//! Pipelines, commands and operands.

use skeg_go::GoValue;

use super::machine::{Datum, Machine, Result, Variable};
use crate::ast::{Operand, Run};
use crate::error::Detail;
use crate::print::{Place, operand_text};

/// What a function or method is called with.
#[derive(Default)]
pub(super) struct Arguments {
    /// The operands after the function.
    pub(super) operands: Run,
    /// The value of the command before in the pipeline.
    pub(super) last: Option<GoValue>,
}

impl Arguments {
    pub(super) fn is_empty(&self) -> bool {
        self.operands.is_empty() && self.last.is_none()
    }
}

impl Machine<'_> {
    /// The value of a pipeline; nil if there is none.
    pub(super) fn pipe(&mut self, dot: &Datum, index: u32) -> Result<GoValue> {
        self.at = Place::Pipe(index);
        let pipe = &self.code.pipes[index as usize];
        let mut last = None;
        for command in pipe.commands.start..pipe.commands.end {
            last = Some(self.command(dot, command, last)?);
        }
        let value = last.unwrap_or_default();
        for variable in pipe.variables.start..pipe.variables.end {
            let value = Datum::concrete(value.clone());
            if pipe.is_assignment {
                self.assign(variable, value)?;
            } else {
                let id = self.code.variables[variable as usize].id;
                self.session.variables.push(Variable { id, value });
            }
        }
        Ok(value)
    }

    fn command(&mut self, dot: &Datum, index: u32, last: Option<GoValue>) -> Result<GoValue> {
        let operands = self.code.commands[index as usize].operands;
        let first = operands.start;
        let arguments = Arguments {
            operands: operands.tail(),
            last,
        };
        let value = match self.code.operands[first as usize] {
            Operand::Function(function) => {
                self.at = Place::Operand(first);
                return self.function(dot, function, Place::Command(index), arguments);
            }
            Operand::Field { fields, .. } => {
                self.at = Place::Operand(first);
                self.fields(dot, dot, fields, arguments, Place::Operand(first))?
            }
            Operand::Variable(variable) => self.variable(dot, first, variable, arguments)?,
            Operand::Chain(chain) => self.chain(dot, first, chain, arguments)?,
            Operand::Pipe(pipe) => {
                self.refuse_arguments(first, &arguments)?;
                return self.nested(dot, pipe);
            }
            operand => {
                self.at = Place::Operand(first);
                self.refuse_arguments(first, &arguments)?;
                match operand {
                    Operand::Dot { .. } => return Ok(dot.value.clone()),
                    Operand::Nil { .. } => return self.fail("nil is not a command"),
                    _ => return self.constant(operand),
                }
            }
        };
        Ok(value.value)
    }

    /// A pipeline in parentheses.
    pub(super) fn nested(&mut self, dot: &Datum, pipe: u32) -> Result<GoValue> {
        if self.session.stack.is_used_up() {
            return Err(self.fail_with("nested too deeply for the stack", Detail::Limit));
        }
        self.pipe(dot, pipe)
    }

    fn refuse_arguments(&self, operand: u32, arguments: &Arguments) -> Result<()> {
        if arguments.is_empty() {
            return Ok(());
        }
        let shown = operand_text(self.code, self.text, self.code.operands[operand as usize]);
        let shown = String::from_utf8_lossy(&shown);
        self.fail(format!("can't give argument to non-function {shown}"))
    }

    /// The value of a constant whose type is not asked for.
    pub(super) fn constant(&self, operand: Operand) -> Result<GoValue> {
        match operand {
            Operand::Bool { value, .. } => Ok(GoValue::Bool(value)),
            Operand::Text(index) => Ok(GoValue::String(self.code.strings[index as usize].value.clone())),
            Operand::Number(index) => {
                let number = &self.code.numbers[index as usize];
                match &number.ideal {
                    Some(value) => Ok(value.clone()),
                    None => {
                        let shown = String::from_utf8_lossy(number.span.of(self.text));
                        self.fail(format!("{shown} overflows int"))
                    }
                }
            }
            _ => Ok(GoValue::Nil),
        }
    }

    /// An operand whose value may be of any type.
    pub(super) fn operand(&mut self, dot: &Datum, index: u32) -> Result<Datum> {
        self.at = Place::Operand(index);
        match self.code.operands[index as usize] {
            Operand::Dot { .. } => Ok(dot.clone()),
            Operand::Nil { .. } => Ok(Datum::default()),
            Operand::Field { fields, .. } => {
                self.fields(dot, dot, fields, Arguments::default(), Place::Operand(index))
            }
            Operand::Variable(variable) => self.variable(dot, index, variable, Arguments::default()),
            Operand::Pipe(pipe) => self.nested(dot, pipe).map(Datum::concrete),
            Operand::Function(function) => {
                let place = Place::Operand(index);
                let value = self.function(dot, function, place, Arguments::default())?;
                Ok(Datum::returned(value))
            }
            Operand::Chain(chain) => self.chain(dot, index, chain, Arguments::default()),
            constant => self.constant(constant).map(Datum::concrete),
        }
    }

    fn chain(&mut self, dot: &Datum, place: u32, index: u32, arguments: Arguments) -> Result<Datum> {
        self.at = Place::Operand(place);
        let chain = &self.code.chains[index as usize];
        let receiver = self.operand(dot, chain.base)?;
        self.fields(dot, &receiver, chain.fields, arguments, Place::Operand(place))
    }

    fn variable(&mut self, dot: &Datum, place: u32, index: u32, arguments: Arguments) -> Result<Datum> {
        self.at = Place::Operand(place);
        let slot = self.find_variable(index)?;
        let fields = self.code.variables[index as usize].fields;
        let value = &self.session.variables[slot].value;
        if fields.is_empty() {
            let value = value.clone();
            self.refuse_arguments(place, &arguments)?;
            return Ok(value);
        }
        let receiver = value.clone();
        self.fields(dot, &receiver, fields, arguments, Place::Operand(place))
    }

    pub(super) fn assign(&mut self, index: u32, value: Datum) -> Result<()> {
        let slot = self.find_variable(index)?;
        self.session.variables[slot].value = value;
        Ok(())
    }

    /// The place of the variable that was declared last under the name.
    fn find_variable(&self, index: u32) -> Result<usize> {
        let wanted = &self.code.variables[index as usize];
        let own = &self.session.variables[self.base..];
        if own
            .get(wanted.slot as usize)
            .is_some_and(|variable| variable.id == wanted.id)
        {
            return Ok(self.base + wanted.slot as usize);
        }
        match own.iter().rposition(|variable| variable.id == wanted.id) {
            Some(slot) => Ok(self.base + slot),
            None => {
                let name = String::from_utf8_lossy(wanted.name.of(self.text));
                self.fail(format!("undefined variable: {name}"))
            }
        }
    }
}
