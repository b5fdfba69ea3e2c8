//! Actions: `if`, `with`, `range`, `template`, `block` and the rest.

use skeg_go::GoString;

use super::grammar::{Ending, Item, Parser, Result, index};
use super::token::{Keyword, Kind, Token};
use crate::ast::{Branch, BranchKind, Invocation, Node, Otherwise, Run};

impl BranchKind {
    fn word(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
        }
    }
}

impl Parser<'_> {
    /// An action whose left delimiter has been read.
    pub(super) fn action(&mut self) -> Result<Item> {
        let token = self.next_word();
        let node = match token.kind {
            Kind::Keyword(Keyword::Block) => self.block()?,
            Kind::Keyword(Keyword::Break) => self.leave_range(Node::Break, "{{break}}")?,
            Kind::Keyword(Keyword::Continue) => self.leave_range(Node::Continue, "{{continue}}")?,
            Kind::Keyword(Keyword::If) => self.branch(BranchKind::If)?,
            Kind::Keyword(Keyword::Range) => self.branch(BranchKind::Range)?,
            Kind::Keyword(Keyword::With) => self.branch(BranchKind::With)?,
            Kind::Keyword(Keyword::Template) => self.invocation()?,
            Kind::Keyword(Keyword::End) => {
                self.expect(Kind::RightDelimiter, "end")?;
                return Ok(Item::Ending(Ending::End));
            }
            Kind::Keyword(Keyword::Else) => {
                let next = self.peek_word().kind;
                if !matches!(next, Kind::Keyword(Keyword::If | Keyword::With)) {
                    self.expect(Kind::RightDelimiter, "else")?;
                }
                return Ok(Item::Ending(Ending::Else));
            }
            _ => {
                self.back();
                self.peek();
                Node::Action(self.pipeline("command", Kind::RightDelimiter)?)
            }
        };
        Ok(Item::Node(node))
    }

    fn leave_range(&mut self, node: Node, text: &str) -> Result<Node> {
        let token = self.next_word();
        if token.kind != Kind::RightDelimiter {
            return Err(self.unexpected(token, text));
        }
        if self.scope.ranges == 0 {
            return Err(self.error(format!("{text} outside {{{{range}}}}")));
        }
        Ok(node)
    }

    /// `if`, `with` or `range` with all that belongs to it; a chain of `else if` is read in a loop.
    fn branch(&mut self, kind: BranchKind) -> Result<Node> {
        if self.stack.is_used_up() {
            return Err(self.too_deep());
        }
        let declared = self.scope.declared.len();
        let live = self.scope.live.len();
        let mut earlier: Vec<(u32, Run)> = Vec::new();
        let (mut pipe, mut body, mut ending) = self.arm(kind)?;
        while ending == Ending::Else && self.is_chained(kind) {
            self.next();
            earlier.push((pipe, body));
            (pipe, body, ending) = self.arm(kind)?;
        }
        let otherwise = match ending {
            Ending::End => Otherwise::Nothing,
            Ending::Else => Otherwise::Body(self.last_arm()?),
        };
        self.scope.declared.truncate(declared);
        self.scope.live.truncate(live);
        let mut place = self.add_branch(kind, pipe, body, otherwise);
        for (pipe, body) in earlier.into_iter().rev() {
            place = self.add_branch(kind, pipe, body, Otherwise::Branch(place));
        }
        Ok(Node::Branch(place))
    }

    fn add_branch(&mut self, kind: BranchKind, pipe: u32, body: Run, otherwise: Otherwise) -> u32 {
        self.code.branches.push(Branch {
            kind,
            pipe,
            body,
            otherwise,
        });
        index(self.code.branches.len() - 1)
    }

    /// Whether the `else` that was just read goes on with the same word.
    fn is_chained(&mut self, kind: BranchKind) -> bool {
        match self.peek().kind {
            Kind::Keyword(Keyword::If) => kind == BranchKind::If,
            Kind::Keyword(Keyword::With) => kind == BranchKind::With,
            _ => false,
        }
    }

    fn arm(&mut self, kind: BranchKind) -> Result<(u32, Run, Ending)> {
        let pipe = self.pipeline(kind.word(), Kind::RightDelimiter)?;
        let live = self.scope.live.len();
        let is_range = kind == BranchKind::Range;
        self.scope.ranges += usize::from(is_range);
        let (body, ending) = self.list()?;
        self.scope.ranges -= usize::from(is_range);
        self.scope.live.truncate(live);
        Ok((pipe, body, ending))
    }

    fn last_arm(&mut self) -> Result<Run> {
        let (body, ending) = self.list()?;
        if ending != Ending::End {
            return Err(self.error(format!("expected end; found {}", ending.text())));
        }
        Ok(body)
    }

    fn block(&mut self) -> Result<Node> {
        const CONTEXT: &str = "block clause";
        if self.stack.is_used_up() {
            return Err(self.too_deep());
        }
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelimiter)?;
        self.block_body(&name)?;
        Ok(self.invoke(token, name, Some(pipe)))
    }

    fn invocation(&mut self) -> Result<Node> {
        const CONTEXT: &str = "template clause";
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        let mut pipe = None;
        if self.next_word().kind != Kind::RightDelimiter {
            self.back();
            pipe = Some(self.pipeline(CONTEXT, Kind::RightDelimiter)?);
        }
        Ok(self.invoke(token, name, pipe))
    }

    fn template_name(&mut self, token: Token, context: &str) -> Result<GoString> {
        match token.kind {
            Kind::Quoted | Kind::RawQuoted => self.unquoted(token),
            _ => Err(self.unexpected(token, context)),
        }
    }

    fn invoke(&mut self, token: Token, name: GoString, pipe: Option<u32>) -> Node {
        self.code.invocations.push(Invocation {
            position: token.span.start,
            name,
            pipe,
        });
        Node::Invocation(index(self.code.invocations.len() - 1))
    }
}
