//! Origin patterns in a build that can't prove them.

use super::origins::Origins;
use super::sink::Sink;
use crate::declaration::rule::Rule;
use crate::declaration::spec::PolicySpec;
use crate::declaration::violation::{Field, Location};
use crate::origin::patterns::Patterns;

/// Reports patterns and sites as violations, with the feature that checks them.
pub(crate) fn check(spec: &PolicySpec, origins: &mut Origins, sink: &mut Sink) -> Patterns {
    let lists = [
        (Field::OriginPatterns, Rule::PatternTooComplex, &spec.origin_patterns),
        (Field::Sites, Rule::SiteUnneeded, &spec.sites),
    ];
    for (field, rule, list) in lists {
        if !list.is_empty() {
            // What a pattern would have needed can't be told.
            origins.has_riddles = true;
            let key = field.key();
            sink.report(
                rule,
                Location::field(field),
                "",
                format!("`{key}` is declared, and this build proves no origin patterns"),
                "enable the feature `patterns` of the crate `cors-policy-core`",
            );
            sink.note(Some(
                "patterns are proved safe only in builds with the feature `patterns`".to_owned(),
            ));
        }
    }
    Patterns::None
}
