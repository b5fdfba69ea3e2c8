//! What the lexer finds in a text.

use skeg_go::quote;

use crate::ast::Span;

/// The kinds of tokens. The text of the token tells the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something that is no token; the lexer has the message.
    Error,
    EndOfText,
    Text,
    LeftDelimiter,
    RightDelimiter,
    Space,
    LeftParenthesis,
    RightParenthesis,
    Pipe,
    Assign,
    Declare,
    /// A printable ASCII character of no other kind, the comma among them.
    Character,
    Bool,
    CharacterConstant,
    Complex,
    Number,
    Quoted,
    RawQuoted,
    Field,
    Identifier,
    Variable,
    /// `.` and the words with a meaning of their own.
    Keyword(Keyword),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Block,
    Break,
    Continue,
    Define,
    Dot,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

impl Keyword {
    pub(crate) fn parse(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"block" => Self::Block,
            b"break" => Self::Break,
            b"continue" => Self::Continue,
            b"define" => Self::Define,
            b"else" => Self::Else,
            b"end" => Self::End,
            b"if" => Self::If,
            b"nil" => Self::Nil,
            b"range" => Self::Range,
            b"template" => Self::Template,
            b"with" => Self::With,
            _ => return None,
        })
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

impl Token {
    /// The token as messages show it.
    pub(crate) fn describe(self, text: &[u8]) -> String {
        let word = self.span.of(text);
        match self.kind {
            Kind::EndOfText => "EOF".to_owned(),
            Kind::Keyword(_) => format!("<{}>", String::from_utf8_lossy(word)),
            _ if word.len() > 10 => format!("{}...", quote::quote_bytes(first_characters(word, 10))),
            _ => quote::quote_bytes(word),
        }
    }
}

/// The first `count` characters; bytes that are not UTF-8 are one each.
fn first_characters(bytes: &[u8], count: usize) -> &[u8] {
    let mut end = 0;
    for _ in 0..count {
        match super::lexer::decode(&bytes[end..]) {
            Some((_, size)) => end += size,
            None => break,
        }
    }
    &bytes[..end]
}
