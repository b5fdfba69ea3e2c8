//! A command line that is still being typed: which command it is, what was given, and what the last word is to be.

use clap::{Arg, Command};

/// A command line that is still being typed.
pub(super) struct Line<'line> {
    pub(super) command: &'line Command,
    /// The flags so far by their long names, with their values.
    pub(super) flags: Vec<(String, String)>,
    pub(super) arguments: Vec<String>,
    pub(super) wanted: Wanted<'line>,
}

/// What the last word is to be. Each has what is typed of it.
pub(super) enum Wanted<'line> {
    FlagName(String),
    FlagValue {
        flag: &'line Arg,
        /// What stands before the value in the same word: `--output=`.
        lead: String,
        prefix: String,
    },
    /// A subcommand or an argument.
    Argument(String),
}

impl<'line> Line<'line> {
    pub(super) fn parse(root: &'line Command, words: &[String]) -> Self {
        let (last, before) = match words.split_last() {
            Some((last, before)) => (last.clone(), before),
            None => (String::new(), words),
        };
        let mut line = Self {
            command: root,
            flags: Vec::new(),
            arguments: Vec::new(),
            wanted: Wanted::Argument(String::new()),
        };
        let mut is_escaped = false;
        let mut open: Option<&'line Arg> = None;
        for word in before {
            if let Some(flag) = open.take() {
                line.flag(flag, word);
            } else if is_escaped || word == "-" || !word.starts_with('-') {
                line.word(word, is_escaped);
            } else if word == "--" {
                is_escaped = true;
            } else {
                open = line.typed_flag(word);
            }
        }
        line.wanted = match (open, is_escaped) {
            (Some(flag), _) => Wanted::FlagValue {
                flag,
                lead: String::new(),
                prefix: last,
            },
            (None, true) => Wanted::Argument(last),
            (None, false) => line.last(last),
        };
        line
    }

    /// What is typed of the last word.
    pub(super) fn prefix(&self) -> String {
        match &self.wanted {
            Wanted::FlagName(prefix) | Wanted::Argument(prefix) => prefix.clone(),
            Wanted::FlagValue { lead, prefix, .. } => format!("{lead}{prefix}"),
        }
    }

    /// The first argument that is a reference.
    pub(super) fn reference(&self) -> Option<&str> {
        self.arguments
            .iter()
            .map(String::as_str)
            .find(|text| text.contains("://"))
    }

    /// The value of a flag, if it was given.
    pub(super) fn value(&self, long: &str) -> Option<&str> {
        let mut flags = self.flags.iter().rev();
        flags
            .find(|(name, _)| name == long)
            .map(|(_, value)| value.as_str())
    }

    /// Which argument of the command the last word is.
    pub(super) fn definition(&self) -> Option<&'line Arg> {
        let mut positionals = self.command.get_positionals();
        let at = self.arguments.len();
        positionals.nth(at).or_else(|| {
            let last = self.command.get_positionals().last()?;
            last.get_action()
                .takes_values()
                .then_some(last)
                .filter(|last| is_list(last))
        })
    }

    fn last(&self, word: String) -> Wanted<'line> {
        if !word.starts_with('-') {
            return Wanted::Argument(word);
        }
        let with_value = word.split_once('=').and_then(|(name, value)| {
            let flag = self.find(name)?;
            Some(Wanted::FlagValue {
                flag,
                lead: format!("{name}="),
                prefix: value.to_owned(),
            })
        });
        with_value.unwrap_or(Wanted::FlagName(word))
    }

    fn word(&mut self, word: &str, is_escaped: bool) {
        let subcommand = self.command.find_subcommand(word);
        match subcommand.filter(|_| !is_escaped && self.arguments.is_empty()) {
            Some(command) => self.command = command,
            None => self.arguments.push(word.to_owned()),
        }
    }

    /// Takes a flag; returns it if its value is the next word.
    fn typed_flag(&mut self, word: &str) -> Option<&'line Arg> {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
        let flag = self.find(name)?;
        if let Some(value) = value {
            self.flag(flag, value);
            return None;
        }
        if flag.get_action().takes_values() {
            return Some(flag);
        }
        self.flag(flag, "true");
        None
    }

    fn flag(&mut self, flag: &Arg, value: &str) {
        if let Some(long) = flag.get_long() {
            self.flags.push((long.to_owned(), value.to_owned()));
        }
    }

    fn find(&self, name: &str) -> Option<&'line Arg> {
        self.command
            .get_arguments()
            .find(|flag| match name.strip_prefix("--") {
                Some(long) => flag
                    .get_long_and_visible_aliases()
                    .is_some_and(|names| names.contains(&long)),
                None => name.strip_prefix('-').is_some_and(|short| {
                    let mut letters = short.chars();
                    letters.next() == flag.get_short()
                        && flag.get_short().is_some()
                        && letters.next().is_none()
                }),
            })
    }
}

/// Tells whether an argument may be given any number of times.
fn is_list(argument: &Arg) -> bool {
    matches!(argument.get_action(), clap::ArgAction::Append)
}
