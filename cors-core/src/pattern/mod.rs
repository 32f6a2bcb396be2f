//! Origin patterns: regular expressions that are accepted only when proved safe.
//!
//! A pattern is judged as what it admits *among the origins that a browser can send*, and that same
//! intersection is the [`Automaton`] that a policy carries: the proof is about what runs. `judge` goes
//! through these stages, one file each:
//!
//! 1. `compile` reads the text, `nfa` and `search` turn it into an automaton, which `compile` intersects
//!    with the language of `origins`;
//! 2. `judge` sees to the anchors, and `findings` looks at what is admitted: schemes, addresses, `null`;
//! 3. `sites` finds the owners of all hosts that are reached;
//! 4. `witness` looks for an origin that an attacker could own, to show it;
//! 5. `mend` tries `edits` until the pattern passes;
//! 6. `minimize` writes out the table.
//!
//! The tables of all patterns of a policy become one in `union`, which is what requests read.
//!
//! Every exit that is not a proof is a refusal, and neither the witness nor the edit has a say in it.
//!
//! What is proved is *who owns* the hosts. Whether each host below a site deserves trust, and each
//! port of it, is not. The public suffix list is a snapshot, of [`crate::origin::suffix::DATE`].

mod compile;
mod dfa;
mod edits;
mod findings;
mod judge;
#[cfg(test)]
mod judge_tests;
mod mend;
mod minimize;
mod nfa;
mod objection;
mod only_text;
mod origins;
mod search;
mod sites;
mod slip;
mod union;
mod witness;

pub use self::{
    judge::{Proof, Question, judge},
    objection::{Objection, ObjectionKind, site_objection},
    only_text::only_text,
};

#[cfg(any(test, feature = "lock"))]
use crate::origin::automaton::Automaton as Table;

/// What a pattern matches among the origins of browsers, without a verdict on it; `None` if it
/// cannot be read, or matches none of them.
#[cfg(any(test, feature = "lock"))]
pub(crate) fn table(pattern: &str) -> Option<Table> {
    let admitted = compile::Pattern::new(pattern).ok()?.admitted().ok()?;
    if admitted.is_empty() { None } else { minimize::table(&admitted) }
}

#[cfg(test)]
pub(crate) use self::origins::is_origin;
pub(crate) use self::union::together;
#[cfg(doc)]
use crate::origin::automaton::Automaton;
