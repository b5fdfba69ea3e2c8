//! From text to [`Parsed`](crate::ast::Parsed): tokens, literals, grammar.

mod control;
mod grammar;
mod lexer;
mod literal;
mod number;
mod pipeline;
mod token;

pub(crate) use grammar::parse;
