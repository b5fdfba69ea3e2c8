//! The text of a scalar while it is read: a piece of the input as long as that is all.

use std::borrow::Cow;

use crate::text::Input;

/// The text of a scalar: a piece of the input, or an own text as soon as something differs from it.
pub(super) struct Content {
    start: usize,
    end: usize,
    own: Option<String>,
}

impl Content {
    /// Begins with nothing at an offset of the input.
    pub(super) fn new(start: usize) -> Self {
        Self {
            start,
            end: start,
            own: None,
        }
    }

    /// Adds what stands in the input between two offsets.
    pub(super) fn add_piece(&mut self, input: &Input<'_>, start: usize, end: usize) {
        if start == end {
            return;
        }
        if self.own.is_none() && start == self.end {
            self.end = end;
            return;
        }
        self.own(input).push_str(input.slice(start, end));
    }

    /// Adds something else. (What is empty makes a text an own one as well.)
    pub(super) fn add(&mut self, input: &Input<'_>, text: &str) {
        self.own(input).push_str(text);
    }

    pub(super) fn finish<'text>(self, input: &Input<'text>) -> Cow<'text, str> {
        match self.own {
            Some(text) => Cow::Owned(text),
            None => Cow::Borrowed(input.slice(self.start, self.end)),
        }
    }

    fn own(&mut self, input: &Input<'_>) -> &mut String {
        self.own
            .get_or_insert_with(|| input.slice(self.start, self.end).to_owned())
    }
}

/// Line breaks within a scalar, which may become a space.
#[derive(Default)]
pub(super) struct Breaks {
    /// The first, which becomes a space if it is a line feed and the only one.
    pub(super) first: Option<&'static str>,
    /// The others.
    pub(super) others: String,
}

impl Breaks {
    /// Adds the break where the input is.
    pub(super) fn take(&mut self, input: &mut Input<'_>) {
        let taken = input.take_break();
        if self.first.is_none() {
            self.first = taken;
        } else {
            self.others.push_str(taken.unwrap_or_default());
        }
    }

    /// What the breaks become between two words. Afterwards there are none.
    pub(super) fn fold(&mut self, input: &Input<'_>, content: &mut Content) {
        match self.first.take() {
            Some("\n") if self.others.is_empty() => content.add(input, " "),
            Some("\n") | None => content.add(input, &self.others),
            Some(first) => {
                content.add(input, first);
                content.add(input, &self.others);
            }
        }
        self.others.clear();
    }
}
