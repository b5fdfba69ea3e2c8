//! Pipelines, commands and operands.

use skeg_go::GoValue;

use super::machine::{Datum, Machine, Result, Variable};
use crate::ast::{Operand, Pipe, Run};
use crate::error::Detail;
use crate::print::{Place, place_text};

/// Where something is evaluated, and what it is called with if it is a function or method.
pub(super) struct Site<'d> {
    /// What `.` stands for.
    pub(super) dot: &'d Datum,
    /// Where a call is said to fail if it does.
    pub(super) place: Place,
    pub(super) arguments: Arguments,
}

impl<'d> Site<'d> {
    pub(super) fn plain(dot: &'d Datum, place: Place) -> Self {
        let arguments = Arguments::default();
        Self {
            dot,
            place,
            arguments,
        }
    }
}

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
        let commands = pipe.commands;
        let mut value = self.command(dot, commands.start, None)?;
        for command in commands.start + 1..commands.end {
            value = self.command(dot, command, Some(value))?;
        }
        if !pipe.variables.is_empty() {
            self.set_variables(pipe, &value)?;
        }
        Ok(value)
    }

    fn set_variables(&mut self, pipe: &Pipe, value: &GoValue) -> Result<()> {
        for variable in pipe.variables.start..pipe.variables.end {
            let value = Datum::concrete(value.clone());
            if pipe.is_assignment {
                self.assign(variable, value)?;
            } else {
                let id = self.code.variables[variable as usize].id;
                self.session.variables.push(Variable { id, value });
            }
        }
        Ok(())
    }

    fn command(&mut self, dot: &Datum, index: u32, last: Option<GoValue>) -> Result<GoValue> {
        let operands = self.code.commands[index as usize].operands;
        let first = operands.start;
        let mut site = Site {
            dot,
            place: Place::Operand(first),
            arguments: Arguments {
                operands: operands.tail(),
                last,
            },
        };
        let value = match self.code.operands[first as usize] {
            Operand::Function(function) => {
                self.at = site.place;
                site.place = Place::Command(index);
                return self.function(function, &site);
            }
            Operand::Field { fields, .. } => {
                self.at = site.place;
                self.fields(dot, fields, &site)?
            }
            Operand::Variable(variable) => self.variable(variable, &site)?,
            Operand::Chain(chain) => self.chain(chain, &site)?,
            Operand::Pipe(pipe) => {
                self.refuse_arguments(&site)?;
                return self.nested(dot, pipe);
            }
            operand => {
                self.at = site.place;
                self.refuse_arguments(&site)?;
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

    fn refuse_arguments(&self, site: &Site<'_>) -> Result<()> {
        if site.arguments.is_empty() {
            return Ok(());
        }
        let shown = place_text(self.code, self.text, site.place);
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
                if let Some(value) = &number.ideal {
                    return Ok(value.clone());
                }
                let shown = String::from_utf8_lossy(number.span.of(self.text));
                self.fail(format!("{shown} overflows int"))
            }
            _ => Ok(GoValue::Nil),
        }
    }

    /// An operand whose value may be of any type.
    pub(super) fn operand(&mut self, dot: &Datum, index: u32) -> Result<Datum> {
        let place = Place::Operand(index);
        self.at = place;
        match self.code.operands[index as usize] {
            Operand::Dot { .. } => Ok(dot.clone()),
            Operand::Nil { .. } => Ok(Datum::default()),
            Operand::Field { fields, .. } => self.fields(dot, fields, &Site::plain(dot, place)),
            Operand::Variable(variable) => self.variable(variable, &Site::plain(dot, place)),
            Operand::Pipe(pipe) => self.nested(dot, pipe).map(Datum::concrete),
            Operand::Function(function) => {
                let value = self.function(function, &Site::plain(dot, place))?;
                Ok(Datum::returned(value))
            }
            Operand::Chain(chain) => self.chain(chain, &Site::plain(dot, place)),
            constant => self.constant(constant).map(Datum::concrete),
        }
    }

    fn chain(&mut self, index: u32, site: &Site<'_>) -> Result<Datum> {
        self.at = site.place;
        let chain = &self.code.chains[index as usize];
        let receiver = self.operand(site.dot, chain.base)?;
        self.fields(&receiver, chain.fields, site)
    }

    fn variable(&mut self, index: u32, site: &Site<'_>) -> Result<Datum> {
        self.at = site.place;
        let slot = self.find_variable(index)?;
        let fields = self.code.variables[index as usize].fields;
        let receiver = self.session.variables[slot].value.clone();
        if fields.is_empty() {
            self.refuse_arguments(site)?;
            return Ok(receiver);
        }
        self.fields(&receiver, fields, site)
    }

    pub(super) fn assign(&mut self, index: u32, value: Datum) -> Result<()> {
        let slot = self.find_variable(index)?;
        self.session.variables[slot].value = value;
        Ok(())
    }

    fn find_variable(&self, index: u32) -> Result<usize> {
        if let Some(slot) = self.find_slot(index) {
            return Ok(slot);
        }
        let wanted = &self.code.variables[index as usize];
        let name = String::from_utf8_lossy(wanted.name.of(self.text));
        self.fail(format!("undefined variable: {name}"))
    }

    /// The place of the variable that was declared last under the name.
    pub(super) fn find_slot(&self, index: u32) -> Option<usize> {
        let wanted = &self.code.variables[index as usize];
        let own = &self.session.variables[self.base..];
        let slot = wanted.slot as usize;
        if own.get(slot).is_some_and(|variable| variable.id == wanted.id) {
            return Some(self.base + slot);
        }
        let slot = own.iter().rposition(|variable| variable.id == wanted.id)?;
        Some(self.base + slot)
    }
}
