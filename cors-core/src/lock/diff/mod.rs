//! What pages can do after a change of a route table that they could not do before.

mod capability;
mod compare;
mod pairs;
mod words;

use std::fmt;

use self::compare::Finding;
use super::table::TableLock;

/// What a change of a route table lets pages do that they could not do before, and what it no longer
/// lets them do.
///
/// Compared is what policies *mean*: which origin may call which method of which route, with cookies
/// or not, send which request headers, and read which response headers. Origins are compared as
/// languages, with the automata of wildcards, ports and patterns; a pattern that means the same as a
/// list is no change, and nor is the name of a path's parameter or of a handler. Routes are compared
/// by their path and method. Which of two routes answers a request that both match is for the
/// framework to say; so where a route is gone, and another that allows more may answer its requests, what
/// pages can do is not known.
///
/// # Examples
///
/// ```
/// use cors_core::{Effect, TableDiff, TableLock};
///
/// let before: TableLock = toml::from_str(
///     r#"
///     version = 1
///     [[routes]]
///     path = "/users/{id}"
///     methods = ["GET"]
///     handler = "app::get_user"
///     policy = { origins = ["https://a.example.com", "https://b.example.com"], max_age = 60 }
///     "#,
/// )?;
/// let after: TableLock = toml::from_str(
///     r#"
///     version = 1
///     [[routes]]
///     path = "/users/{id}"
///     methods = ["GET"]
///     handler = "app::get_user"
///     policy = { origin_patterns = ['^https://a\.example\.com$'] }
///     "#,
/// )?;
/// let diff = TableDiff::between(&before, &after);
/// assert!(diff.only_narrows());
/// assert_eq!(
///     diff.to_string(),
///     "This change only narrows what pages can do.
///
/// Narrower:
/// - `GET /users/{id}` can no longer be called by `https://b.example.com`
///
/// Neither:
/// - browsers keep the response to a preflight of `GET /users/{id}` for 5 seconds, the usual time, \
///   and not for 60 any more
/// ",
/// );
/// assert_eq!(diff.changes()[0].effect(), Effect::Narrows);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct TableDiff {
    changes: Vec<Change>,
}

/// What a change does to what pages can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Effect {
    /// A page can do what it could not do before.
    Widens,
    /// The locks do not determine what pages can do: a function chooses the policy, the handler
    /// handles CORS itself, the origins come from the environment, or another route may answer.
    Unknown,
    /// A page can no longer do what it could do before.
    Narrows,
    /// Neither: how long browsers keep the response to a preflight, and its status.
    Neither,
}

/// One difference between two route tables; displays as a sentence.
///
/// # Examples
///
/// See [`TableDiff`].
#[derive(Debug, Clone)]
pub struct Change {
    path: String,
    methods: Vec<String>,
    finding: Finding,
}

impl TableDiff {
    /// The difference between two route tables.
    ///
    /// # Examples
    ///
    /// See [`TableDiff`].
    #[must_use]
    pub fn between(before: &TableLock, after: &TableLock) -> Self {
        let mut changes: Vec<Change> = Vec::new();
        for pair in pairs::of(before, after) {
            for finding in compare::compare(&pair) {
                let same =
                    changes.iter_mut().find(|it| it.path == pair.path && it.finding == finding);
                match same {
                    Some(change) if change.methods.contains(&pair.method) => {}
                    Some(change) => change.methods.push(pair.method.clone()),
                    None => {
                        let (path, methods) = (pair.path.clone(), vec![pair.method.clone()]);
                        changes.push(Change { path, methods, finding });
                    }
                }
            }
        }
        changes.sort_by_key(Change::effect);
        Self { changes }
    }

    /// All differences: what widens first, then what is not known, what narrows, and the rest.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether no page can do anything that it could not do before. `false` where that is not known;
    /// what a [selecting](crate::PolicyRef::select) function chooses is not seen, if both tables name
    /// the same one.
    ///
    /// # Examples
    ///
    /// See [`TableDiff`].
    #[must_use]
    pub fn only_narrows(&self) -> bool {
        self.changes.iter().all(|it| matches!(it.effect(), Effect::Narrows | Effect::Neither))
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

impl Change {
    /// What it does.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.finding.effect()
    }

    /// The path of the route.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The methods that it is about.
    #[must_use]
    pub fn methods(&self) -> &[String] {
        &self.methods
    }

    /// An origin for which it makes a difference, where it is about origins: one whose pages can do
    /// what they could not, or can no longer do what they could.
    ///
    /// # Examples
    ///
    /// See [`TableDiff`].
    #[must_use]
    pub fn witness(&self) -> Option<&str> {
        self.finding.witness()
    }
}

impl fmt::Display for TableDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widens = self.changes.iter().any(|it| it.effect() == Effect::Widens);
        f.write_str(match (self.is_empty(), widens, self.only_narrows()) {
            (true, ..) => "Nothing changes for pages.\n",
            (_, true, _) => "After this change pages can do what they could not do before.\n",
            (_, _, true) => "This change only narrows what pages can do.\n",
            (..) => "Whether pages can do more after this change is not known.\n",
        })?;
        for group in self.changes.chunk_by(|one, other| one.effect() == other.effect()) {
            let title = match group.first().map(Change::effect) {
                Some(Effect::Widens) => "Wider",
                Some(Effect::Unknown) => "Not known",
                Some(Effect::Narrows) => "Narrower",
                Some(Effect::Neither) | None => "Neither",
            };
            writeln!(f, "\n{title}:")?;
            for change in group {
                writeln!(f, "- {change}")?;
            }
        }
        Ok(())
    }
}
