//! Matching a text in all ways at once: where can we be after this part of the pattern?

/// The places between the characters of a text at which a match may stand.
#[derive(Clone)]
pub(super) struct Places<'text> {
    text: &'text [char],
    reached: Vec<bool>,
}

impl<'text> Places<'text> {
    /// Only the beginning.
    pub(super) fn start(text: &'text [char]) -> Self {
        let mut reached = vec![false; text.len() + 1];
        reached[0] = true;
        Self { text, reached }
    }

    /// Whether the end of the text is reached.
    pub(super) fn at_end(&self) -> bool {
        self.reached.last().copied().unwrap_or_default()
    }

    /// One character of a set.
    pub(super) fn one(&self, is_wanted: impl Fn(char) -> bool) -> Self {
        let mut reached = vec![false; self.reached.len()];
        for (index, &character) in self.text.iter().enumerate() {
            reached[index + 1] = self.reached[index] && is_wanted(character);
        }
        self.with(reached)
    }

    /// One or more characters of a set.
    pub(super) fn some(&self, is_wanted: impl Fn(char) -> bool) -> Self {
        let mut reached = vec![false; self.reached.len()];
        for (index, &character) in self.text.iter().enumerate() {
            reached[index + 1] = (self.reached[index] || reached[index]) && is_wanted(character);
        }
        self.with(reached)
    }

    /// At least one and at most `longest` characters that are wanted together.
    pub(super) fn upto(&self, longest: usize, is_wanted: impl Fn(&[char]) -> bool) -> Self {
        let mut reached = vec![false; self.reached.len()];
        for start in (0..self.text.len()).filter(|&start| self.reached[start]) {
            let last = self.text.len().min(start + longest);
            let ends = reached.iter_mut().enumerate().take(last + 1).skip(start + 1);
            for (end, reached) in ends {
                *reached |= is_wanted(&self.text[start..end]);
            }
        }
        self.with(reached)
    }

    /// This very text.
    pub(super) fn literal(&self, literal: &str) -> Self {
        literal.chars().fold(self.clone(), |places, wanted| {
            places.one(|character| character == wanted)
        })
    }

    /// One way or the other.
    pub(super) fn or(&self, other: &Self) -> Self {
        let pairs = self.reached.iter().zip(&other.reached);
        self.with(pairs.map(|(left, right)| *left || *right).collect())
    }

    /// With a part of the pattern or without.
    pub(super) fn maybe(&self, part: impl FnOnce(&Self) -> Self) -> Self {
        self.or(&part(self))
    }

    /// A part of the pattern any number of times.
    pub(super) fn repeat(&self, part: impl Fn(&Self) -> Self) -> Self {
        let mut all = self.clone();
        loop {
            let more = all.or(&part(&all));
            if more.reached == all.reached {
                return all;
            }
            all = more;
        }
    }

    fn with(&self, reached: Vec<bool>) -> Self {
        Self {
            text: self.text,
            reached,
        }
    }
}
