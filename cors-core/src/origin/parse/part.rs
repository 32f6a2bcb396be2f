//! A piece of a literal that knows where it stands in it.

use std::ops::Range;

/// A piece of a literal, and the byte where it starts there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) text: &'a str,
    pub(crate) start: usize,
}

impl<'a> Part<'a> {
    pub(crate) const fn whole(text: &'a str) -> Self {
        Self { text, start: 0 }
    }

    pub(crate) const fn range(self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.text.is_empty()
    }

    /// The pieces before and from byte `at` on; an `at` out of reach stands for the end.
    pub(crate) fn split_at(self, at: usize) -> (Self, Self) {
        let at = if self.text.is_char_boundary(at) { at } else { self.text.len() };
        let (before, after) = self.text.split_at(at);
        (Self { text: before, start: self.start }, Self { text: after, start: self.start + at })
    }

    /// The pieces before and from the first character of `any` on.
    pub(crate) fn split_before(self, any: &[char]) -> (Self, Self) {
        self.split_at(self.text.find(any).unwrap_or(self.text.len()))
    }

    /// The pieces before and after the first `mark`.
    pub(crate) fn split_once(self, mark: &str) -> Option<(Self, Self)> {
        let (before, rest) = self.split_at(self.text.find(mark)?);
        Some((before, rest.split_at(mark.len()).1))
    }

    /// What follows `prefix`, if the piece starts with it.
    pub(crate) fn strip_prefix(self, prefix: &str) -> Option<Self> {
        self.text.starts_with(prefix).then(|| self.split_at(prefix.len()).1)
    }

    /// The range of the first and all following characters that `wanted` accepts.
    pub(crate) fn first_run(self, wanted: impl Fn(char) -> bool) -> Option<Range<usize>> {
        let (_, rest) = self.split_at(self.text.find(&wanted)?);
        let end = rest.text.find(|c| !wanted(c)).unwrap_or(rest.text.len());
        Some(rest.split_at(end).0.range())
    }

    /// The labels of a host.
    pub(crate) fn labels(self) -> impl Iterator<Item = Self> {
        let mut start = self.start;
        self.text.split('.').map(move |text| {
            let label = Self { text, start };
            start += text.len() + 1;
            label
        })
    }
}

/// Whether a character is white space, or one that prints nothing.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}
