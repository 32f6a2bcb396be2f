//! The rules, which are the core's: at compile time a policy is judged by the same code
//! as at run time.

use cors_core::{Policy, PolicySpec};

use crate::lower::Spans;
use crate::report::Report;

/// A policy, or every reason why there is none.
pub(crate) fn check(spec: &PolicySpec, spans: &Spans, report: &mut Report) -> Option<Policy> {
    match spec.build() {
        Ok(policy) => Some(policy),
        Err(violations) => {
            for violation in &violations {
                report.violation(spans.at(violation.location()), violation);
            }
            None
        }
    }
}
