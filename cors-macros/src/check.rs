//! The rules, which are the core's: at compile time a policy is judged by the same code
//! as at run time.

use cors_core::{Field, Policy, PolicySpec, Violation};
use proc_macro2::Span;

use crate::lower::Spans;
use crate::report::Report;

/// A policy, or every reason why there is none.
pub(crate) fn check(spec: &PolicySpec, spans: &Spans, report: &mut Report) -> Option<Policy> {
    let is_whole = report.is_empty();
    match spec.build() {
        Ok(policy) => Some(policy),
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
    // Nobody can tell what a danger is for when a part could not be read.
    let is_known = is_whole || location.field != Field::DangerouslyAllow;
    spans.at(location).filter(|_| is_known)
}
