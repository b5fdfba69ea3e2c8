//! Patterns of `.Files.Glob`, as `gobwas/glob` 0.2.3 has them with `/` between the segments of a path.
//!
//! `*` and `?` stop at `/`, `**` does not; `[abc]`, `[!a-z]`, `{a,b}`, and `\` before anything.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

const SEPARATOR: char = '/';

/// A pattern, as a machine whose threads wait at steps.
#[derive(Debug)]
pub(crate) struct Glob {
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    /// One character of this kind.
    One(Class),
    /// Goes on at both.
    Fork(usize, usize),
    /// Goes on there.
    Jump(usize),
    /// The end of the pattern.
    End,
}

#[derive(Clone, Debug)]
enum Class {
    Character(char),
    Any,
    InSegment,
    Range { low: char, high: char, negated: bool },
    List { characters: String, negated: bool },
}

impl Glob {
    /// Reads a pattern; `None` if it is malformed.
    pub(crate) fn parse(pattern: &str) -> Option<Self> {
        let mut compiler = Compiler {
            rest: pattern.chars().peekable(),
            steps: Vec::new(),
        };
        compiler.sequence(false)?;
        compiler.steps.push(Step::End);
        Some(Self {
            steps: compiler.steps,
        })
    }

    /// Whether the pattern matches the whole of `path`.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let mut threads = BTreeSet::new();
        self.enter(0, &mut threads);
        for c in path.chars() {
            let mut next = BTreeSet::new();
            for &at in &threads {
                if let Step::One(class) = &self.steps[at]
                    && class.contains(c)
                {
                    self.enter(at + 1, &mut next);
                }
            }
            threads = next;
        }
        threads.iter().any(|&at| matches!(self.steps[at], Step::End))
    }

    /// Adds the threads that are at `start` without another character.
    fn enter(&self, start: usize, threads: &mut BTreeSet<usize>) {
        let mut pending = vec![start];
        while let Some(at) = pending.pop() {
            if !threads.insert(at) {
                continue;
            }
            match self.steps[at] {
                Step::Fork(left, right) => pending.extend([left, right]),
                Step::Jump(to) => pending.push(to),
                Step::One(_) | Step::End => {}
            }
        }
    }
}

impl Class {
    fn contains(&self, c: char) -> bool {
        match self {
            Self::Character(own) => *own == c,
            Self::Any => true,
            Self::InSegment => c != SEPARATOR,
            Self::Range { low, high, negated } => (*low..=*high).contains(&c) != *negated,
            Self::List { characters, negated } => characters.contains(c) != *negated,
        }
    }
}

struct Compiler<'pattern> {
    rest: Peekable<Chars<'pattern>>,
    steps: Vec<Step>,
}

/// What ended a sequence.
enum End {
    Comma,
    Brace,
    Pattern,
}

impl Compiler<'_> {
    /// Compiles up to the end of the pattern, or of an alternative.
    fn sequence(&mut self, in_braces: bool) -> Option<End> {
        while let Some(c) = self.rest.next() {
            match c {
                ',' if in_braces => return Some(End::Comma),
                '}' if in_braces => return Some(End::Brace),
                '{' => self.alternatives()?,
                '[' => self.class()?,
                '?' => self.steps.push(Step::One(Class::InSegment)),
                '*' if self.rest.next_if_eq(&'*').is_some() => self.repeat(Class::Any),
                '*' => self.repeat(Class::InSegment),
                '\\' => {
                    let escaped = self.rest.next().map(Class::Character);
                    self.steps.extend(escaped.map(Step::One));
                }
                '\0' | char::REPLACEMENT_CHARACTER => return None,
                c => self.steps.push(Step::One(Class::Character(c))),
            }
        }
        Some(End::Pattern)
    }

    fn repeat(&mut self, class: Class) {
        let start = self.steps.len();
        self.steps.push(Step::Fork(start + 1, start + 3));
        self.steps.push(Step::One(class));
        self.steps.push(Step::Jump(start));
    }

    /// Compiles `a,b}`; the closing brace may be missing.
    fn alternatives(&mut self) -> Option<()> {
        let mut jumps = Vec::new();
        loop {
            let fork = self.steps.len();
            self.steps.push(Step::Fork(fork + 1, fork + 1));
            let end = self.sequence(true)?;
            jumps.push(self.steps.len());
            self.steps.push(Step::Jump(0));
            if !matches!(end, End::Comma) {
                break;
            }
            self.steps[fork] = Step::Fork(fork + 1, self.steps.len());
        }
        let after = self.steps.len();
        for jump in jumps {
            self.steps[jump] = Step::Jump(after);
        }
        Some(())
    }

    /// Compiles what follows `[`: one range, or characters.
    fn class(&mut self) -> Option<()> {
        let negated = self.rest.next_if_eq(&'!').is_some();
        let first = self.rest.next()?;
        let class = if self.rest.next_if_eq(&'-').is_some() {
            let (low, high) = (first, self.rest.next()?);
            if self.rest.next()? != ']' || high < low {
                return None;
            }
            Class::Range { low, high, negated }
        } else {
            let characters = self.class_text(first)?;
            Class::List { characters, negated }
        };
        self.steps.push(Step::One(class));
        Some(())
    }

    /// The characters up to `]`, of which there is at least one.
    fn class_text(&mut self, first: char) -> Option<String> {
        let mut characters = String::new();
        let mut next = Some(first);
        loop {
            match next? {
                ']' => break,
                '\\' => characters.push(self.rest.next()?),
                c => characters.push(c),
            }
            next = self.rest.next();
        }
        (!characters.is_empty()).then_some(characters)
    }
}
