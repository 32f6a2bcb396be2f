//! The rule about the status of the answer to a preflight.

use super::sink::Sink;
use crate::declaration::rule::Rule;
use crate::declaration::spec::PolicySpec;
use crate::declaration::violation::{Field, Location};

const USUAL: u16 = 204;

/// Applies the rule about `preflight_status`, and returns the status to send.
pub(crate) fn check(spec: &PolicySpec, sink: &mut Sink) -> u16 {
    match spec.preflight_status {
        None => USUAL,
        Some(status @ 200..=299) => status,
        Some(status) => {
            sink.report(
                Rule::PreflightStatus,
                Location::field(Field::PreflightStatus),
                &status.to_string(),
                format!("preflight_status `{status}` is not from 200 to 299"),
                "write `200`, which every client and proxy accepts, or leave it out for `204`",
            );
            USUAL
        }
    }
}
