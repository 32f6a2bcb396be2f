//! The rules, which are the core's: at compile time a policy is judged by the same code
//! as at run time.

use cors_core::{Field, Policy, PolicySpec};

use crate::lower::Spans;
use crate::report::Report;

/// A policy, or every reason why there is none.
pub(crate) fn check(spec: &PolicySpec, spans: &Spans, report: &mut Report) -> Option<Policy> {
    let is_whole = report.is_empty();
    match spec.build() {
        Ok(policy) => Some(policy),
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
