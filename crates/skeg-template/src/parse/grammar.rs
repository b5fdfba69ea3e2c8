//! The parser and the outermost level of the grammar: texts, definitions, lists of nodes.

use skeg_go::{GoString, quote};

use super::lexer::Lexer;
use super::token::{Keyword, Kind, Token};
use crate::FunctionTable;
use crate::ast::{Code, Command, Node, Operand, Parsed, Run, Span, Tree};
use crate::error::ParseError;
use crate::stack::Stack;

pub(super) type Result<T> = std::result::Result<T, ParseError>;

/// What a list of nodes ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    End,
    Else,
}

impl Ending {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::End => "{{end}}",
            Self::Else => "{{else}}",
        }
    }
}

/// A node, or what ends the list that it would be in.
pub(super) enum Item {
    Node(Node),
    Ending(Ending),
}

pub(super) struct Parser<'a> {
    pub(super) name: &'a GoString,
    pub(super) text: &'a [u8],
    pub(super) functions: &'a FunctionTable,
    pub(super) stack: Stack,
    pub(super) lexer: Lexer<'a>,
    /// The last token, and up to two before it that are to be read again.
    tokens: [Token; 3],
    pending: usize,
    pub(super) code: Code,
    trees: Vec<Tree>,
    /// Nodes, commands and operands whose lists are not complete yet.
    pub(super) open_nodes: Vec<Node>,
    pub(super) open_commands: Vec<Command>,
    pub(super) open_operands: Vec<Operand>,
    /// The names of all variables of the text; their places are their numbers.
    pub(super) variable_names: Vec<&'a [u8]>,
    pub(super) scope: Scope,
}

/// What is known within one template.
#[derive(Debug)]
pub(super) struct Scope {
    /// The variables that may be used, by their numbers.
    pub(super) declared: Vec<u32>,
    /// The variables as the evaluator will have them.
    pub(super) live: Vec<u32>,
    pub(super) ranges: usize,
    pub(super) parentheses: usize,
    /// Where the action starts that is being read.
    pub(super) action: Option<u32>,
}

impl Scope {
    fn new() -> Self {
        Self {
            declared: vec![0],
            live: vec![0],
            ranges: 0,
            parentheses: 0,
            action: None,
        }
    }
}

/// Parses a text.
pub(crate) fn parse(
    name: &GoString,
    text: &GoString,
    functions: &FunctionTable,
    stack: Stack,
) -> Result<Parsed> {
    if u32::try_from(text.len()).is_err() {
        return Err(ParseError::new(name, 1, "text is larger than 4 GiB".to_owned()));
    }
    let mut parser = Parser::new(name, text, functions, stack);
    parser.main()?;
    Ok(Parsed {
        name: name.clone(),
        text: text.clone(),
        code: parser.code,
        trees: parser.trees,
    })
}

impl<'a> Parser<'a> {
    fn new(name: &'a GoString, text: &'a [u8], functions: &'a FunctionTable, stack: Stack) -> Self {
        let mut lexer = Lexer::new(text);
        lexer.has_break = functions.get("break").is_none();
        lexer.has_continue = functions.get("continue").is_none();
        let nothing = Token {
            kind: Kind::EndOfText,
            span: Span::default(),
        };
        Self {
            name,
            text,
            functions,
            stack,
            lexer,
            tokens: [nothing; 3],
            pending: 0,
            code: Code::default(),
            trees: Vec::new(),
            open_nodes: Vec::new(),
            open_commands: Vec::new(),
            open_operands: Vec::new(),
            variable_names: vec![b"$"],
            scope: Scope::new(),
        }
    }

    // Tokens.

    pub(super) fn next(&mut self) -> Token {
        if self.pending > 0 {
            self.pending -= 1;
        } else {
            self.tokens[0] = self.lexer.next();
        }
        self.tokens[self.pending]
    }

    pub(super) fn peek(&mut self) -> Token {
        let token = self.next();
        self.pending += 1;
        token
    }

    pub(super) fn next_word(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    pub(super) fn peek_word(&mut self) -> Token {
        let token = self.next_word();
        self.pending += 1;
        token
    }

    pub(super) fn back(&mut self) {
        self.pending += 1;
    }

    /// Puts `first` before the last token.
    pub(super) fn back_two(&mut self, first: Token) {
        self.tokens[1] = first;
        self.pending = 2;
    }

    /// Puts `first` and `second` before the last token.
    pub(super) fn back_three(&mut self, first: Token, second: Token) {
        self.tokens[1] = second;
        self.tokens[2] = first;
        self.pending = 3;
    }

    pub(super) fn last_token(&self) -> Token {
        self.tokens[0]
    }

    pub(super) fn expect(&mut self, kind: Kind, context: &str) -> Result<Token> {
        let token = self.next_word();
        if token.kind == kind {
            Ok(token)
        } else {
            Err(self.unexpected(token, context))
        }
    }

    // Errors.

    pub(super) fn error(&self, message: impl Into<String>) -> ParseError {
        self.error_at(self.tokens[0], message)
    }

    pub(super) fn error_at(&self, token: Token, message: impl Into<String>) -> ParseError {
        ParseError::new(self.name, self.line(token.span.start), message.into())
    }

    pub(super) fn too_deep(&self) -> ParseError {
        self.error("nested too deeply for the stack")
    }

    pub(super) fn line(&self, position: u32) -> usize {
        1 + memchr::memchr_iter(b'\n', &self.text[..position as usize]).count()
    }

    pub(super) fn unexpected(&self, token: Token, context: &str) -> ParseError {
        if token.kind != Kind::Error {
            let token = token.describe(self.text);
            return self.error(format!("unexpected {token} in {context}"));
        }
        let message = self.lexer.message();
        let line = self.scope.action.map(|position| self.line(position));
        match line.filter(|line| *line != self.line(token.span.start)) {
            Some(line) => {
                let context = if message.ends_with(" action") {
                    ""
                } else {
                    " in action"
                };
                let name = self.name.to_lossy();
                self.error(format!("{message}{context} started at {name}:{line}"))
            }
            None => self.error(message),
        }
    }

    // Templates.

    fn main(&mut self) -> Result<()> {
        let start = self.open_nodes.len();
        loop {
            let token = self.peek();
            if token.kind == Kind::EndOfText {
                break;
            }
            if token.kind == Kind::LeftDelimiter {
                let delimiter = self.next();
                if self.next_word().kind == Kind::Keyword(Keyword::Define) {
                    self.definition()?;
                    continue;
                }
                self.back_two(delimiter);
            }
            match self.text_or_action()? {
                Item::Node(node) => self.open_nodes.push(node),
                Item::Ending(ending) => return Err(self.error(format!("unexpected {}", ending.text()))),
            }
        }
        let root = self.close_nodes(start);
        self.add(self.name.clone(), root)
    }

    /// `{{define "name"}} … {{end}}`, whose first two tokens have been read.
    fn definition(&mut self) -> Result<()> {
        const CONTEXT: &str = "define clause";
        let outer = std::mem::replace(&mut self.scope, Scope::new());
        let name = self.next_word();
        if !matches!(name.kind, Kind::Quoted | Kind::RawQuoted) {
            return Err(self.unexpected(name, CONTEXT));
        }
        let name = self.unquoted(name)?;
        self.expect(Kind::RightDelimiter, CONTEXT)?;
        let (root, ending) = self.list()?;
        if ending != Ending::End {
            return Err(self.error(format!("unexpected {} in {CONTEXT}", ending.text())));
        }
        self.add(name, root)?;
        self.scope = outer;
        Ok(())
    }

    /// The body of a `block`, up to its end.
    pub(super) fn block_body(&mut self, name: &GoString) -> Result<()> {
        let outer = std::mem::replace(&mut self.scope, Scope::new());
        let before = self.last_token();
        let (root, ending) = self.list()?;
        if ending != Ending::End {
            let message = format!("unexpected {} in block clause", ending.text());
            return Err(self.error_at(before, message));
        }
        self.add(name.clone(), root)?;
        self.scope = outer;
        Ok(())
    }

    /// Adds a template; an empty one does not replace another, and another replaces only an empty one.
    fn add(&mut self, name: GoString, root: Run) -> Result<()> {
        let is_empty = root.of(&self.code.nodes).iter().all(|node| match node {
            Node::Text(span) => is_blank(span.of(self.text)),
            _ => false,
        });
        let tree = Tree { name, root, is_empty };
        match self.trees.iter_mut().find(|known| known.name == tree.name) {
            None => self.trees.push(tree),
            Some(known) if known.is_empty => *known = tree,
            Some(_) if is_empty => {}
            Some(_) => {
                let name = quote::quote_bytes(&tree.name);
                return Err(self.error(format!("template: multiple definition of template {name}")));
            }
        }
        Ok(())
    }

    pub(super) fn unquoted(&self, token: Token) -> Result<GoString> {
        match quote::unquote(token.span.of(self.text)) {
            Some(value) => Ok(GoString::from(value)),
            None => Err(self.error("invalid syntax")),
        }
    }

    // Lists.

    /// Nodes up to `{{end}}` or `{{else}}`.
    pub(super) fn list(&mut self) -> Result<(Run, Ending)> {
        let start = self.open_nodes.len();
        while self.peek_word().kind != Kind::EndOfText {
            match self.text_or_action()? {
                Item::Node(node) => self.open_nodes.push(node),
                Item::Ending(ending) => return Ok((self.close_nodes(start), ending)),
            }
        }
        Err(self.error("unexpected EOF"))
    }

    fn close_nodes(&mut self, start: usize) -> Run {
        let first = self.code.nodes.len();
        self.code.nodes.extend(self.open_nodes.drain(start..));
        run(first, self.code.nodes.len())
    }

    fn text_or_action(&mut self) -> Result<Item> {
        let token = self.next_word();
        match token.kind {
            Kind::Text => Ok(Item::Node(Node::Text(token.span))),
            Kind::LeftDelimiter => {
                self.scope.action = Some(token.span.start);
                let item = self.action()?;
                self.scope.action = None;
                Ok(item)
            }
            _ => Err(self.unexpected(token, "input")),
        }
    }
}

/// The elements from `start` to `end`. There are never more of them than the text has bytes.
pub(super) fn run(start: usize, end: usize) -> Run {
    Run {
        start: index(start),
        end: index(end),
    }
}

pub(super) fn index(place: usize) -> u32 {
    u32::try_from(place).expect("because a text has fewer nodes than bytes")
}

/// Whether there is only what `bytes.TrimSpace` removes.
fn is_blank(text: &[u8]) -> bool {
    match std::str::from_utf8(text) {
        Ok(text) => text.chars().all(char::is_whitespace),
        Err(_) => false,
    }
}
