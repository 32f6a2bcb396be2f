//! What is found in a literal while it is read: its meaning, and everything that is wrong with how
//! it says it.

use std::ops::Range;

use super::tuple::Tuple;
use crate::declaration::rule::Rule;

/// What a literal says, and what is wrong with how it says it.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// In the order of the text; empty if and only if the literal may stay as it is.
    pub(crate) problems: Vec<Problem>,
    /// What the literal certainly means, if that is certain, be it written well or not.
    pub(crate) meaning: Option<Meaning>,
    /// What to write instead, where that can be told.
    pub(crate) proposal: Option<Proposal>,
}

/// What a literal stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// `*`
    Any,
    /// `null`
    Null,
    /// `file://`
    LocalFiles,
    /// A scheme, a host and a port.
    Tuple(Tuple),
}

/// One thing that is wrong with a literal.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) rule: Rule,
    pub(crate) range: Range<usize>,
    /// What it is, as a predicate to the literal.
    pub(crate) says: String,
    /// What to do where there is no proposal; else the rule's own fix.
    pub(crate) help: Option<String>,
    /// What would happen, if that can be said closer than the rule says it.
    pub(crate) note: Option<String>,
}

/// A literal to write instead, and how sure that is.
#[derive(Debug)]
pub(crate) struct Proposal {
    pub(crate) text: String,
    pub(crate) certainty: Certainty,
}

/// How much of a proposal was not in the literal.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// Nothing: a browser reads the literal so.
    #[default]
    Exact,
    /// The scheme.
    Scheme,
    /// The wildcard in the port.
    AnyPort,
    /// The place of the subdomain wildcard.
    Subdomains,
    /// The encoding of a Unicode host.
    Unicode,
}

/// Collects problems while a literal is read.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    problems: Vec<Problem>,
    certainty: Certainty,
}

impl Findings {
    pub(crate) fn add(&mut self, rule: Rule, range: Range<usize>, says: impl Into<String>) {
        self.problems.push(Problem { rule, range, says: says.into(), help: None, note: None });
    }

    /// Gives the last problem its own help.
    pub(crate) fn help(&mut self, help: impl Into<String>) {
        if let Some(problem) = self.problems.last_mut() {
            problem.help = Some(help.into());
        }
    }

    /// Gives the last problem its own note.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        if let Some(problem) = self.problems.last_mut() {
            problem.note = Some(note.into());
        }
    }

    /// Remembers that a part of the meaning is only a guess.
    pub(crate) fn guessed(&mut self, what: Certainty) {
        self.certainty = self.certainty.max(what);
    }

    pub(super) fn finish(mut self, meaning: Option<Meaning>) -> Parsed {
        self.problems.sort_by_key(|problem| problem.range.start);
        let proposal = match &meaning {
            Some(meaning) if !self.problems.is_empty() => {
                Some(Proposal { text: meaning.text(), certainty: self.certainty })
            }
            _ => None,
        };
        let meaning = meaning.filter(|_| self.certainty == Certainty::Exact);
        Parsed { problems: self.problems, meaning, proposal }
    }
}

impl Meaning {
    /// The literal that says so.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Any => "*".to_owned(),
            Self::Null => "null".to_owned(),
            Self::LocalFiles => "file://".to_owned(),
            Self::Tuple(tuple) => tuple.to_string(),
        }
    }
}
