//! The rule that keeps escape hatches from staying behind.

use std::collections::HashSet;

use super::origins::Origins;
use super::sink::Sink;
use crate::declaration::rule::Rule;
use crate::declaration::spec::{Danger, PolicySpec};
use crate::declaration::violation::{Field, Location};

/// Applies the rule about `dangerously_allow`.
///
/// A literal that cannot be read may be the one that a danger is named for, so that then
/// only duplicates are reported.
pub(crate) fn check(spec: &PolicySpec, origins: &Origins, sink: &mut Sink) {
    let mut seen = HashSet::new();
    for (index, danger) in spec.dangerously_allow.iter().enumerate() {
        let name = danger.as_str();
        let at = Location::element(Field::DangerouslyAllow, index);
        if !seen.insert(danger) {
            let message = format!("danger `{name}` is named twice");
            sink.report(Rule::DangerUnneeded, at, name, message, "remove one of them");
        } else if !origins.dangers.contains(danger) && !origins.has_riddles {
            let message = format!("danger `{name}` is named, but {}", absence(spec, *danger));
            sink.report(Rule::DangerUnneeded, at, name, message, format!("remove `{name}`"));
        }
    }
}

/// Whether a policy has a key that is void where anyone can have an origin.
fn needs_owners(spec: &PolicySpec) -> bool {
    let has_sites = !spec.sites.is_empty();
    spec.credentials || spec.private_network || spec.enforce || has_sites
}

/// Why nothing needs a danger.
fn absence(spec: &PolicySpec, danger: Danger) -> &'static str {
    match danger {
        Danger::NullOrigin => "`null` is not among the origins",
        Danger::LocalFiles => "`file://` is not among the origins",
        Danger::AnyExtension => {
            "no origin pattern leaves the host of a scheme such as `moz-extension` open"
        }
        Danger::InsecureOrigins if spec.credentials => "no origin is insecure",
        Danger::InsecureOrigins => "only a policy with credentials can need it",
        Danger::PublicSuffixSubdomains if needs_owners(spec) => {
            "no origin covers the subdomains of a public suffix"
        }
        Danger::PublicSuffixSubdomains => {
            "only a policy with `credentials`, `private_network`, `enforce` or `sites` can need it"
        }
    }
}
