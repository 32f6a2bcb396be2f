//! The rule that keeps escape hatches from staying behind.

use super::origins::Origins;
use super::sink::Sink;
use crate::declaration::rule::Rule;
use crate::declaration::spec::{Danger, PolicySpec};
use crate::declaration::violation::{Field, Location};

/// Applies the rule about `dangerously_allow`.
///
/// A literal that nobody can read may be the one that a danger is named for, so that then
/// only duplicates are reported.
pub(crate) fn check(spec: &PolicySpec, origins: &Origins, sink: &mut Sink) {
    for (index, danger) in spec.dangerously_allow.iter().enumerate() {
        let name = danger.as_str();
        let at = Location::element(Field::DangerouslyAllow, index);
        let before = spec.dangerously_allow.get(..index).unwrap_or_default();
        if before.contains(danger) {
            let message = format!("danger `{name}` is named twice");
            sink.report(Rule::DangerUnneeded, at, name, message, "remove one of them");
        } else if !origins.dangers.contains(danger) && !origins.has_riddles {
            let message = format!("danger `{name}` is named, but {}", absence(spec, *danger));
            sink.report(Rule::DangerUnneeded, at, name, message, format!("remove `{name}`"));
        }
    }
}

/// Why nothing needs a danger.
fn absence(spec: &PolicySpec, danger: Danger) -> &'static str {
    match danger {
        Danger::NullOrigin => "`null` is not among the origins",
        _ if !spec.credentials => "only a policy with credentials can need it",
        Danger::InsecureOrigins => "no origin is insecure",
        Danger::PublicSuffixSubdomains => "no origin covers the subdomains of a public suffix",
    }
}
