//! The rules, which are the core's: at compile time a policy is judged by the same code
//! as at run time.

use cors_core::__private::{build, build_cell};
use cors_core::{Field, Policy, PolicyCell, Violation, Violations};
use proc_macro2::Span;

use crate::lower::{Lowered, Spans};
use crate::report::Report;

/// A declaration that passed every rule.
pub(crate) enum Checked {
    Policy(Builds<Policy>),
    /// More origins come later.
    Cell(Builds<PolicyCell>),
}

/// The same for a build with debug assertions, and for any other where that differs.
pub(crate) struct Builds<T> {
    pub(crate) debug: Box<T>,
    pub(crate) release: Option<Box<T>>,
}

impl<T> Builds<T> {
    pub(crate) fn alike(all: T) -> Self {
        Self { debug: Box::new(all), release: None }
    }

    fn new(
        differ: bool,
        build: impl Fn(bool) -> Result<T, Violations>,
    ) -> Result<Self, Violations> {
        let build = |debug| build(debug).map(Box::new);
        let debug = build(true)?;
        Ok(Self { debug, release: differ.then(|| build(false)).transpose()? })
    }
}

impl Lowered {
    /// Judges the declaration by every rule.
    pub(crate) fn check(&self) -> Result<Checked, Violations> {
        let Self { spec, later } = self;
        let differ = !spec.debug_origins.is_empty();
        match later {
            None => Builds::new(differ, |debug| build(spec, debug)).map(Checked::Policy),
            Some(variables) => {
                let build = |debug| build_cell(spec, variables, debug);
                Builds::new(differ, build).map(Checked::Cell)
            }
        }
    }
}

/// A policy, or every reason why there is none.
pub(crate) fn check(lowered: &Lowered, spans: &Spans, report: &mut Report) -> Option<Checked> {
    let is_whole = report.is_empty();
    match lowered.check() {
        Ok(checked) => Some(checked),
        Err(violations) => {
            for violation in &violations {
                if let Some(span) = place(violation, spans, is_whole) {
                    report.violation(span, violation, None);
                }
            }
            None
        }
    }
}

/// Where a violation is reported; nowhere if it is about what could not be read.
pub(crate) fn place(violation: &Violation, spans: &Spans, is_whole: bool) -> Option<Span> {
    let location = violation.location();
    // What a danger is for is unknown where a part could not be read.
    let is_known = is_whole || location.field != Field::DangerouslyAllow;
    spans.at(location).filter(|_| is_known)
}
