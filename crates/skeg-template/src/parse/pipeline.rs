//! Expressions: pipelines, commands, operands.

use skeg_go::quote;

use super::grammar::{Parser, Result, index, run};
use super::number::parse_number;
use super::token::{Keyword, Kind, Token};
use crate::ast::{Callee, Chain, Command, FunctionUse, Operand, Pipe, Run, Shape, Span, Text, Variable};
use crate::builtin::Builtin;
use crate::print::operand_text;
use crate::suggest::similar;

/// How many parentheses Go allows within each other.
const MAX_PARENTHESES: usize = 10_000;

impl Parser<'_> {
    /// Declarations or an assignment, if any, and commands up to a token of kind `end`.
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Result<u32> {
        if self.stack.is_used_up() {
            return Err(self.too_deep());
        }
        let position = self.peek_word().span.start;
        let (variables, is_assignment) = self.declarations(context)?;
        let start = self.open_commands.len();
        loop {
            let token = self.next_word();
            match token.kind {
                kind if kind == end => break,
                Kind::Bool
                | Kind::CharacterConstant
                | Kind::Complex
                | Kind::Keyword(Keyword::Dot | Keyword::Nil)
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::RawQuoted
                | Kind::Quoted
                | Kind::Variable
                | Kind::LeftParenthesis => {
                    self.back();
                    let command = self.command()?;
                    self.open_commands.push(command);
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
        self.check_commands(start, context)?;
        let first = self.code.commands.len();
        self.code.commands.extend(self.open_commands.drain(start..));
        let commands = run(first, self.code.commands.len());
        let pipe = Pipe {
            position,
            is_assignment,
            shape: if variables.is_empty() {
                self.shape(commands)
            } else {
                Shape::Any
            },
            variables,
            commands,
        };
        if !is_assignment {
            for variable in variables.of(&self.code.variables) {
                self.scope.live.push(variable.id);
            }
        }
        self.code.pipes.push(pipe);
        Ok(index(self.code.pipes.len() - 1))
    }

    fn shape(&self, commands: Run) -> Shape {
        let [command] = commands.of(&self.code.commands) else {
            return Shape::Any;
        };
        match command.operands.of(&self.code.operands) {
            [Operand::Field { fields, .. }] => Shape::Fields(*fields),
            [Operand::Variable(variable)] => Shape::Variable(*variable),
            _ => Shape::Any,
        }
    }

    fn check_commands(&self, start: usize, context: &str) -> Result<()> {
        let commands = &self.open_commands[start..];
        if commands.is_empty() {
            return Err(self.error(format!("missing value for {context}")));
        }
        for (place, command) in commands.iter().enumerate().skip(1) {
            let first = command.operands.of(&self.code.operands).first();
            if first.is_some_and(|operand| is_constant(*operand)) {
                let stage = place + 1;
                let message = format!("non executable command in pipeline stage {stage}");
                return Err(self.error(message));
            }
        }
        Ok(())
    }

    /// `$x :=`, `$x =`, and in a range `$x, $y :=`; they are there only if an operator follows.
    fn declarations(&mut self, context: &str) -> Result<(Run, bool)> {
        let start = self.code.variables.len();
        let mut count = 0;
        loop {
            let name = self.peek_word();
            if name.kind != Kind::Variable {
                break;
            }
            self.next();
            let after = self.peek();
            let next = self.peek_word();
            match next.kind {
                Kind::Assign | Kind::Declare => {
                    self.next_word();
                    self.declare(name);
                    let variables = run(start, self.code.variables.len());
                    return Ok((variables, next.kind == Kind::Assign));
                }
                Kind::Character if next.span.of(self.text) == b"," => {
                    self.next_word();
                    self.declare(name);
                    count += 1;
                    self.check_comma(context, count)?;
                }
                _ => {
                    if after.kind == Kind::Space {
                        self.back_three(name, after);
                    } else {
                        self.back_two(name);
                    }
                    break;
                }
            }
        }
        // Variables without an operator are declared all the same.
        Ok((run(start, self.code.variables.len()), false))
    }

    fn check_comma(&mut self, context: &str, count: usize) -> Result<()> {
        if context != "range" || count >= 2 {
            return Err(self.error(format!("too many declarations in {context}")));
        }
        match self.peek_word().kind {
            Kind::Variable | Kind::RightDelimiter | Kind::RightParenthesis => Ok(()),
            _ => Err(self.error("range can only initialize variables")),
        }
    }

    fn declare(&mut self, name: Token) {
        let variable = self.variable(name.span, name.span.start, Run::default());
        self.scope.declared.push(variable.id);
        self.code.variables.push(variable);
    }

    fn variable(&mut self, name: Span, position: u32, fields: Run) -> Variable {
        let word = name.of(self.text);
        let known = self.variable_names.iter().position(|known| *known == word);
        let place = known.unwrap_or_else(|| {
            self.variable_names.push(word);
            self.variable_names.len() - 1
        });
        let id = index(place);
        let slot = self.scope.live.iter().rposition(|live| *live == id);
        Variable {
            position,
            name,
            id,
            slot: slot.map_or(u32::MAX, index),
            fields,
        }
    }

    fn command(&mut self) -> Result<Command> {
        let position = self.peek_word().span.start;
        let start = self.open_operands.len();
        loop {
            self.peek_word();
            if let Some(operand) = self.operand()? {
                self.open_operands.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => {}
                Kind::RightDelimiter | Kind::RightParenthesis => {
                    self.back();
                    break;
                }
                Kind::Pipe => break,
                _ => return Err(self.unexpected(token, "operand")),
            }
        }
        if self.open_operands.len() == start {
            return Err(self.error("empty command"));
        }
        let first = self.code.operands.len();
        self.code.operands.extend(self.open_operands.drain(start..));
        Ok(Command {
            position,
            operands: run(first, self.code.operands.len()),
        })
    }

    /// A term and the fields that follow it.
    fn operand(&mut self) -> Result<Option<Operand>> {
        let Some(term) = self.term()? else {
            return Ok(None);
        };
        let next = self.peek();
        if next.kind != Kind::Field {
            return Ok(Some(term));
        }
        let position = next.span.start;
        let start = self.code.fields.len();
        if let Operand::Field { fields, .. } = term {
            self.code
                .fields
                .extend_from_within(fields.start as usize..fields.end as usize);
        }
        while self.peek().kind == Kind::Field {
            let field = self.next().span;
            self.code.fields.push(without_dot(field));
        }
        let fields = run(start, self.code.fields.len());
        match term {
            Operand::Field { .. } => Ok(Some(Operand::Field { position, fields })),
            Operand::Variable(place) => {
                let variable = &mut self.code.variables[place as usize];
                variable.position = position;
                variable.fields = fields;
                Ok(Some(term))
            }
            Operand::Pipe(_) | Operand::Function(_) => {
                self.code.operands.push(term);
                self.code.chains.push(Chain {
                    position,
                    base: index(self.code.operands.len() - 1),
                    fields,
                });
                Ok(Some(Operand::Chain(index(self.code.chains.len() - 1))))
            }
            _ => {
                let term = operand_text(&self.code, self.text, term);
                let term = quote::quote_bytes(&term);
                Err(self.error(format!("unexpected . after term {term}")))
            }
        }
    }

    fn term(&mut self) -> Result<Option<Operand>> {
        let token = self.next_word();
        let position = token.span.start;
        Ok(Some(match token.kind {
            Kind::Identifier => self.function(token)?,
            Kind::Keyword(Keyword::Dot) => Operand::Dot { position },
            Kind::Keyword(Keyword::Nil) => Operand::Nil { position },
            Kind::Variable => self.use_variable(token)?,
            Kind::Field => {
                let start = self.code.fields.len();
                self.code.fields.push(without_dot(token.span));
                let fields = run(start, start + 1);
                Operand::Field { position, fields }
            }
            Kind::Bool => Operand::Bool {
                position,
                value: token.span.of(self.text) == b"true",
            },
            Kind::CharacterConstant | Kind::Complex | Kind::Number => {
                let number = parse_number(token.span.of(self.text), token.span, token.kind);
                let number = number.map_err(|message| self.error(message))?;
                self.code.numbers.push(number);
                Operand::Number(index(self.code.numbers.len() - 1))
            }
            Kind::LeftParenthesis => {
                if self.scope.parentheses >= MAX_PARENTHESES {
                    return Err(self.error("max expression depth exceeded"));
                }
                self.scope.parentheses += 1;
                let pipe = self.pipeline("parenthesized pipeline", Kind::RightParenthesis)?;
                self.scope.parentheses -= 1;
                Operand::Pipe(pipe)
            }
            Kind::Quoted | Kind::RawQuoted => {
                let value = self.unquoted(token)?;
                let span = token.span;
                self.code.strings.push(Text { span, value });
                Operand::Text(index(self.code.strings.len() - 1))
            }
            _ => {
                self.back();
                return Ok(None);
            }
        }))
    }

    fn function(&mut self, token: Token) -> Result<Operand> {
        let word = token.span.of(self.text);
        let name = std::str::from_utf8(word).unwrap_or_default();
        let callee = match self.functions.get(name) {
            Some(function) => Callee::Function(function.clone()),
            None => match Builtin::find(name) {
                Some(builtin) => Callee::Builtin(builtin),
                None => return Err(self.unknown_function(name)),
            },
        };
        let name = token.span;
        self.code.functions.push(FunctionUse { name, callee });
        Ok(Operand::Function(index(self.code.functions.len() - 1)))
    }

    fn unknown_function(&self, name: &str) -> crate::ParseError {
        let known = self.functions.names().chain(Builtin::names());
        let message = format!("function {} not defined", quote::quote(name));
        self.error(message).with_function(name, similar(name, known))
    }

    fn use_variable(&mut self, token: Token) -> Result<Operand> {
        let variable = self.variable(token.span, token.span.start, Run::default());
        if !self.scope.declared.contains(&variable.id) {
            let name = quote::quote_bytes(token.span.of(self.text));
            return Err(self.error(format!("undefined variable {name}")));
        }
        self.code.variables.push(variable);
        Ok(Operand::Variable(index(self.code.variables.len() - 1)))
    }
}

fn is_constant(operand: Operand) -> bool {
    matches!(
        operand,
        Operand::Bool { .. }
            | Operand::Dot { .. }
            | Operand::Nil { .. }
            | Operand::Number(_)
            | Operand::Text(_)
    )
}

/// A field without the dot before it.
fn without_dot(field: Span) -> Span {
    Span {
        start: field.start + 1,
        end: field.end,
    }
}
