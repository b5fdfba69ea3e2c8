//! Nodes as text, the way error messages show where they happened.

use skeg_go::quote;

use crate::ast::{Code, Operand, Run, Variable};

/// A place that an error can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Start,
    Invocation(u32),
    Pipe(u32),
    Command(u32),
    Operand(u32),
}

/// Where a place is in the text.
pub(crate) fn position(code: &Code, place: Place) -> u32 {
    match place {
        Place::Start => 0,
        Place::Invocation(index) => code.invocations[index as usize].position,
        Place::Pipe(index) => code.pipes[index as usize].position,
        Place::Command(index) => code.commands[index as usize].position,
        Place::Operand(index) => operand_position(code, code.operands[index as usize]),
    }
}

fn operand_position(code: &Code, operand: Operand) -> u32 {
    match operand {
        Operand::Dot { position }
        | Operand::Nil { position }
        | Operand::Bool { position, .. }
        | Operand::Field { position, .. } => position,
        Operand::Number(index) => code.numbers[index as usize].span.start,
        Operand::Text(index) => code.strings[index as usize].span.start,
        Operand::Variable(index) => code.variables[index as usize].position,
        Operand::Function(index) => code.functions[index as usize].name.start,
        Operand::Pipe(index) => code.pipes[index as usize].position,
        Operand::Chain(index) => code.chains[index as usize].position,
    }
}

/// The node at a place as text.
pub(crate) fn place_text(code: &Code, text: &[u8], place: Place) -> Vec<u8> {
    let mut printer = Printer::new(code, text);
    match place {
        Place::Start => {}
        Place::Invocation(index) => printer.invocation(index),
        Place::Pipe(index) => printer.pipe(index),
        Place::Command(index) => printer.command(index),
        Place::Operand(index) => printer.operand(code.operands[index as usize]),
    }
    printer.out
}

pub(crate) fn operand_text(code: &Code, text: &[u8], operand: Operand) -> Vec<u8> {
    let mut printer = Printer::new(code, text);
    printer.operand(operand);
    printer.out
}

/// The fields of a field, variable or chain.
pub(crate) fn fields(code: &Code, place: Place) -> Run {
    let Place::Operand(index) = place else {
        return Run::default();
    };
    match code.operands[index as usize] {
        Operand::Field { fields, .. } => fields,
        Operand::Variable(index) => code.variables[index as usize].fields,
        Operand::Chain(index) => code.chains[index as usize].fields,
        _ => Run::default(),
    }
}

/// The first byte of the node in the source text, which is not the position that messages give for fields.
pub(crate) fn start(code: &Code, place: Place) -> u32 {
    let Place::Operand(index) = place else {
        return position(code, place);
    };
    match code.operands[index as usize] {
        Operand::Field { fields, .. } => code.fields[fields.start as usize].start - 1,
        Operand::Variable(index) => code.variables[index as usize].name.start,
        Operand::Chain(index) => match code.chains[index as usize].base {
            base if matches!(code.operands[base as usize], Operand::Pipe(_)) => {
                start(code, Place::Operand(base)).saturating_sub(1)
            }
            base => start(code, Place::Operand(base)),
        },
        _ => position(code, place),
    }
}

/// The last byte of the node in the source text, as far as its own tokens go.
pub(crate) fn end(code: &Code, place: Place) -> u32 {
    match place {
        Place::Start => 0,
        Place::Invocation(index) => {
            let invocation = &code.invocations[index as usize];
            invocation
                .pipe
                .map_or(invocation.position, |pipe| end(code, Place::Pipe(pipe)))
        }
        Place::Pipe(index) => last_command_end(code, code.pipes[index as usize].commands),
        Place::Command(index) => {
            let operands = code.commands[index as usize].operands;
            operands
                .of(&code.operands)
                .last()
                .map_or(0, |operand| operand_end(code, *operand))
        }
        Place::Operand(index) => operand_end(code, code.operands[index as usize]),
    }
}

fn last_command_end(code: &Code, commands: Run) -> u32 {
    if commands.is_empty() {
        0
    } else {
        end(code, Place::Command(commands.end - 1))
    }
}

fn operand_end(code: &Code, operand: Operand) -> u32 {
    let last_field = |fields: Run| fields.of(&code.fields).last().map(|field| field.end);
    match operand {
        Operand::Dot { position } => position + 1,
        Operand::Nil { position } => position + 3,
        Operand::Bool { position, value } => position + if value { 4 } else { 5 },
        Operand::Number(index) => code.numbers[index as usize].span.end,
        Operand::Text(index) => code.strings[index as usize].span.end,
        Operand::Field { position, fields } => last_field(fields).unwrap_or(position),
        Operand::Variable(index) => {
            let variable = &code.variables[index as usize];
            last_field(variable.fields).unwrap_or(variable.name.end)
        }
        Operand::Function(index) => code.functions[index as usize].name.end,
        Operand::Pipe(index) => last_command_end(code, code.pipes[index as usize].commands) + 1,
        Operand::Chain(index) => last_field(code.chains[index as usize].fields).unwrap_or_default(),
    }
}

struct Printer<'a> {
    code: &'a Code,
    text: &'a [u8],
    out: Vec<u8>,
}

impl<'a> Printer<'a> {
    fn new(code: &'a Code, text: &'a [u8]) -> Self {
        Self {
            code,
            text,
            out: Vec::new(),
        }
    }

    fn put(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
    }

    fn invocation(&mut self, index: u32) {
        let invocation = &self.code.invocations[index as usize];
        self.put(b"{{template ");
        self.put(quote::quote_bytes(&invocation.name).as_bytes());
        if let Some(pipe) = invocation.pipe {
            self.put(b" ");
            self.pipe(pipe);
        }
        self.put(b"}}");
    }

    fn pipe(&mut self, index: u32) {
        let pipe = &self.code.pipes[index as usize];
        if !pipe.variables.is_empty() {
            for (place, variable) in pipe.variables.of(&self.code.variables).iter().enumerate() {
                self.put(if place > 0 { b", " } else { b"" });
                self.variable(variable);
            }
            self.put(if pipe.is_assignment { b" = " } else { b" := " });
        }
        for (place, command) in (pipe.commands.start..pipe.commands.end).enumerate() {
            self.put(if place > 0 { b" | " } else { b"" });
            self.command(command);
        }
    }

    fn command(&mut self, index: u32) {
        let operands = self.code.commands[index as usize].operands;
        for (place, operand) in operands.of(&self.code.operands).iter().enumerate() {
            self.put(if place > 0 { b" " } else { b"" });
            self.grouped(*operand);
        }
    }

    /// An operand, in parentheses if it is a pipeline.
    fn grouped(&mut self, operand: Operand) {
        let is_pipe = matches!(operand, Operand::Pipe(_));
        self.put(if is_pipe { b"(" } else { b"" });
        self.operand(operand);
        self.put(if is_pipe { b")" } else { b"" });
    }

    fn operand(&mut self, operand: Operand) {
        match operand {
            Operand::Dot { .. } => self.put(b"."),
            Operand::Nil { .. } => self.put(b"nil"),
            Operand::Bool { value, .. } => self.put(if value { b"true" } else { b"false" }),
            Operand::Number(index) => self.put(self.code.numbers[index as usize].span.of(self.text)),
            Operand::Text(index) => self.put(self.code.strings[index as usize].span.of(self.text)),
            Operand::Field { fields, .. } => self.fields(fields),
            Operand::Variable(index) => self.variable(&self.code.variables[index as usize]),
            Operand::Function(index) => self.put(self.code.functions[index as usize].name.of(self.text)),
            Operand::Pipe(index) => self.pipe(index),
            Operand::Chain(index) => {
                let chain = &self.code.chains[index as usize];
                self.grouped(self.code.operands[chain.base as usize]);
                self.fields(chain.fields);
            }
        }
    }

    fn variable(&mut self, variable: &Variable) {
        self.put(variable.name.of(self.text));
        self.fields(variable.fields);
    }

    fn fields(&mut self, fields: Run) {
        for field in fields.of(&self.code.fields) {
            self.put(b".");
            self.put(field.of(self.text));
        }
    }
}
