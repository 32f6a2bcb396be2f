//! What the macro's expansion is made of. Not public: anything here may change in any
//! release, and calling it by hand skips every rule.

pub use self::literal::*;
#[cfg(feature = "engine")]
pub use crate::adapter::{
    annotation::{Annotation, Kept},
    endpoint::Endpoint,
    reference::PolicyRef,
    select::{Chosen, Closure},
};
pub use crate::data::{Mounted, Writer};
#[cfg(feature = "suggestions")]
pub use crate::declaration::meant;
pub use crate::origin::suffix;
#[cfg(feature = "patterns")]
pub use crate::pattern;
pub use crate::policy::cell::PolicyCell;
pub use std::borrow::Cow;

/// The names of a policy that is written as a literal. The code that holds one imports all of them, so
/// that each is one token.
pub mod literal {
    pub use super::cell;
    pub use crate::declaration::spec::Danger;
    pub use crate::declaration::variable::Variable;
    pub use crate::header::texts::Texts;
    pub use crate::header::value::{Value, ValueRef};
    pub use crate::origin::automaton::{Automaton, Rows};
    pub use crate::origin::exact::ExactSet;
    pub use crate::origin::keys::Keys;
    pub use crate::origin::patterns::{Pattern, Patterns};
    pub use crate::origin::set::{Missing, OriginSet, Origins};
    pub use crate::origin::wildcard::{Port, Wildcard};
    pub use crate::origin::wildcards::{Marker, WildcardTable, Wildcards};
    pub use crate::policy::cell::Declared;
    pub use crate::policy::{AllowedHeaders, Parts, Policy, Sealed, Switches};
    pub use core::option::Option::{None, Some};
    pub use std::borrow::Cow::Borrowed;
}

use crate::declaration::spec::PolicySpec;
use crate::declaration::violation::Violations;

/// A cell whose parts the macro has validated.
#[must_use]
pub const fn cell(base: Policy, declared: Declared, variables: &'static [Variable]) -> PolicyCell {
    PolicyCell::from_parts(base, declared, Cow::Borrowed(variables))
}

/// The policy of a build with debug assertions, or of any other.
///
/// # Errors
///
/// All violations, of both.
pub fn build(spec: &PolicySpec, debug: bool) -> Result<Policy, Violations> {
    spec.build_for(debug)
}

/// A policy whose origins come later, of a build with debug assertions, or of any other.
///
/// # Errors
///
/// All violations. The names of variables stand behind the origins of the list.
pub fn build_cell(
    spec: &PolicySpec,
    variables: &[Variable],
    debug: bool,
) -> Result<PolicyCell, Violations> {
    spec.build_cell(variables.to_vec().into(), debug)
}

/// A validated cell, taken apart for the macro to write down.
#[derive(Debug)]
pub struct CellParts<'a> {
    /// See [`PolicyCell`].
    pub base: &'a Policy,
    /// See [`PolicyCell`].
    pub declared: &'a Declared,
    /// See [`PolicyCell`].
    pub variables: &'a [Variable],
}

impl<'a> From<&'a PolicyCell> for CellParts<'a> {
    fn from(cell: &'a PolicyCell) -> Self {
        let (base, declared, variables) = cell.parts();
        Self { base, declared, variables }
    }
}
