//! The rules about flags that depend on the origins.

use super::origins::Origins;
use super::sink::{Sink, quote};
use crate::declaration::rule::Rule;
use crate::declaration::spec::PolicySpec;
use crate::declaration::violation::{Field, Location};

/// Applies the rules about `private_network` and `enforce`.
///
/// An origin that anyone can have is as good as `*`, unless its danger is named.
pub(crate) fn check(spec: &PolicySpec, origins: &Origins, sink: &mut Sink) {
    let is_named = |danger| spec.dangerously_allow.contains(danger);
    let open = origins.open.iter().find(|open| !is_named(&open.danger));
    let (who, way_out) = match open {
        _ if origins.any => ("the origin `*`".to_owned(), String::new()),
        Some(open) => (
            format!("{}, which anyone can be", quote(&open.text)),
            format!(", or accept the danger by name: `dangerously_allow({})`", open.danger),
        ),
        None => return,
    };
    if spec.private_network {
        sink.report(
            Rule::PrivateNetworkAnyOrigin,
            Location::field(Field::PrivateNetwork),
            "",
            format!("`private_network` cannot be used with {who}"),
            format!("list the origins that may reach the private network{way_out}"),
        );
    }
    if spec.enforce {
        sink.report(
            Rule::EnforceAnyOrigin,
            Location::field(Field::Enforce),
            "",
            format!("`enforce` rejects nothing with {who}"),
            format!("remove `enforce`, or list the origins that are allowed{way_out}"),
        );
    }
}
