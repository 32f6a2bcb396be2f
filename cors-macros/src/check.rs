//! The rules, which are the core's: at compile time a policy is judged by the same code
//! as at run time.

use cors_core::__private::{build, build_cell};
use cors_core::{Field, Policy, PolicyCell, Violations};

use crate::lower::{Declaration, Spans};
use crate::report::Report;

/// A declaration that passed every rule.
pub(crate) enum Judged {
    Policy(Builds<Policy>),
    /// More origins come later.
    Cell(Builds<PolicyCell>),
}

/// The same for a build with debug assertions, and for any other where that differs.
pub(crate) struct Builds<T> {
    pub(crate) debug: T,
    pub(crate) release: Option<T>,
}

impl<T> Builds<T> {
    fn new(
        differ: bool,
        build: impl Fn(bool) -> Result<T, Violations>,
    ) -> Result<Self, Violations> {
        let debug = build(true)?;
        Ok(Self { debug, release: differ.then(|| build(false)).transpose()? })
    }
}

/// A policy, or every reason why there is none.
pub(crate) fn check(
    declaration: &Declaration,
    spans: &Spans,
    report: &mut Report,
) -> Option<Judged> {
    let is_whole = report.is_empty();
    let Declaration { spec, later } = declaration;
    let differ = !spec.debug_origins.is_empty();
    let judged = match later {
        None => Builds::new(differ, |debug| build(spec, debug)).map(Judged::Policy),
        Some(variables) => {
            Builds::new(differ, |debug| build_cell(spec, variables, debug)).map(Judged::Cell)
        }
    };
    match judged {
        Ok(judged) => Some(judged),
        Err(violations) => {
            for violation in &violations {
                let location = violation.location();
                // Nobody can tell what a danger is for when a part could not be read.
                let is_known = is_whole || location.field != Field::DangerouslyAllow;
                if let Some(span) = spans.at(location).filter(|_| is_known) {
                    report.violation(span, violation);
                }
            }
            None
        }
    }
}
