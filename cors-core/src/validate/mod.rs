//! From a declaration to a checked one, or to everything that is wrong with it.
//!
//! Each rule family is a file. A check reports into a sink and goes on: no violation hides
//! another, and what one check can't read, the others leave alone.

pub(crate) mod checked;
mod credentials;
mod dangers;
pub(crate) mod env;
mod expose;
mod flags;
mod headers;
pub(crate) mod known;
mod max_age;
mod methods;
pub(crate) mod names;
#[cfg(test)]
#[cfg(feature = "patterns")]
mod one_judge_tests;
mod origins;
#[cfg_attr(not(feature = "patterns"), path = "unproved.rs")]
mod patterns;
mod preflight_status;
mod shared;
mod sink;
pub(crate) mod tolerance;
mod written;

use crate::declaration::spec::PolicySpec;
use crate::declaration::violation::Violations;
use checked::Checked;
use known::Known;
use sink::Sink;

/// Applies every rule, in the order of the declaration.
pub(crate) fn validate(spec: &PolicySpec, known: &Known<'_>) -> Result<Checked, Violations> {
    let (checked, sink) = judge(spec, known);
    sink.finish(checked)
}

/// What the declaration comes to, which counts only if nothing was reported.
fn judge(spec: &PolicySpec, known: &Known<'_>) -> (Checked, Sink) {
    let mut sink = Sink::default();
    let mut origins = origins::check(spec, known, &mut sink);
    let patterns = patterns::check(spec, &mut origins, &mut sink);
    let patterns = known.proved().cloned().unwrap_or(patterns);
    let headers = headers::check(spec, &mut sink);
    let expose = expose::check(spec, &mut sink);
    let methods = methods::check(spec, &mut sink);
    let max_age = max_age::check(spec, &mut sink);
    let preflight_status = preflight_status::check(spec, &mut sink);
    flags::check(spec, &origins, &mut sink);
    dangers::check(spec, &origins, &mut sink);
    let checked = Checked {
        none: spec.none,
        any_origin: origins.any,
        exact: origins.exact,
        wildcards: origins.wildcards,
        patterns,
        open: origins.open.into_iter().next().map(|open| open.text),
        credentials: spec.credentials,
        private_network: spec.private_network,
        enforce: spec.enforce,
        methods,
        any_header: headers.any,
        headers: headers.names,
        expose,
        max_age,
        preflight_status,
    };
    (checked, sink)
}
