//! Lists of texts: in the program, or made at run time.

use std::sync::Arc;

/// The texts of a policy: names of headers, methods, origins.
///
/// In a program they are plain data, which the compiler neither evaluates nor drops. Cloning copies
/// a pointer.
#[derive(Debug, Clone)]
pub enum Texts {
    /// Of the program.
    Program(&'static [&'static str]),
    /// Made at run time.
    Shared(Arc<[Box<str>]>),
}

impl Texts {
    pub(crate) const NONE: Self = Self::Program(&[]);

    /// How many there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Program(texts) => texts.len(),
            Self::Shared(texts) => texts.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text at `index`.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&str> {
        match self {
            Self::Program(texts) => texts.get(index).copied(),
            Self::Shared(texts) => texts.get(index).map(|it| &**it),
        }
    }

    /// All of them, in the order of the declaration.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|index| self.get(index).unwrap_or_default())
    }
}

impl From<Vec<String>> for Texts {
    fn from(texts: Vec<String>) -> Self {
        Self::Shared(texts.into_iter().map(Into::into).collect())
    }
}
