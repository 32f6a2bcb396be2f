//! The rules about flags that need to know whom they are for.

use super::origins::Origins;
use super::sink::Sink;
use crate::declaration::rule::Rule;
use crate::declaration::spec::PolicySpec;
use crate::declaration::violation::{Field, Location};

/// Applies the rules about `private_network` and `enforce`.
pub(crate) fn check(spec: &PolicySpec, origins: &Origins, sink: &mut Sink) {
    if !origins.any {
        return;
    }
    if spec.private_network {
        sink.report(
            Rule::PrivateNetworkAnyOrigin,
            Location::field(Field::PrivateNetwork),
            "",
            "`private_network` cannot be used with the origin `*`",
            "list the origins that may reach the private network",
        );
    }
    if spec.enforce {
        sink.report(
            Rule::EnforceAnyOrigin,
            Location::field(Field::Enforce),
            "",
            "`enforce` has nothing to refuse with the origin `*`",
            "remove `enforce`, or list the origins that are allowed",
        );
    }
}
