//! What may be left out of a declaration with a warning.

use std::collections::HashSet;

use super::judge;
use super::known::Known;
use super::max_age::LONGEST;
use super::sink::Harmless;
use crate::declaration::rule::Rule;
use crate::declaration::spec::{MaxAge, PolicySpec};
use crate::declaration::violation::{Field, Violations};

/// Applies every rule, and takes out what was reported if all of it is harmless: the rest, and the
/// warnings; `None` if nothing was reported.
///
/// The rest is still to be judged, so that a rule that is called harmless by mistake makes no unsafe
/// policy. Twice is enough: each element was judged in the first round, so that only what is about a
/// whole field can come up in the second.
pub(crate) fn tolerate(spec: &PolicySpec) -> Result<Option<(PolicySpec, Violations)>, Violations> {
    let (_, sink) = judge(spec, &Known::All);
    let harmless = sink.harmless();
    let Err(warnings) = sink.finish(()) else { return Ok(None) };
    match harmless {
        Some(harmless) => Ok(Some((without(spec, &harmless), warnings))),
        None => Err(warnings),
    }
}

/// The declaration without what is harmless.
fn without(spec: &PolicySpec, harmless: &[Harmless]) -> PolicySpec {
    let mut rest = spec.clone();
    let mut elements = HashSet::new();
    for &Harmless { rule, field, element } in harmless {
        match rule {
            // As long as a browser keeps it, which is what was meant.
            Rule::MaxAgeTooLong => rest.max_age = Some(MaxAge::Seconds(LONGEST)),
            Rule::MaxAgeNegative => rest.max_age = Some(MaxAge::Seconds(0)),
            Rule::SiteUnneeded => rest.sites.clear(),
            _ => elements.extend(element.map(|index| (field, index))),
        }
    }
    let lists = [
        (Field::Origins, Some(&mut rest.origins)),
        (Field::DebugOrigins, Some(&mut rest.debug_origins)),
        (Field::OriginPatterns, Some(&mut rest.origin_patterns)),
        (Field::Sites, Some(&mut rest.sites)),
        (Field::Headers, Some(&mut rest.headers)),
        (Field::ExposeHeaders, Some(&mut rest.expose_headers)),
        (Field::Methods, rest.methods.as_mut()),
    ];
    for (field, list) in lists {
        if let Some(list) = list {
            leave_out(list, field, &elements);
        }
    }
    leave_out(&mut rest.dangerously_allow, Field::DangerouslyAllow, &elements);
    rest
}

fn leave_out<T>(list: &mut Vec<T>, field: Field, elements: &HashSet<(Field, usize)>) {
    let mut indices = 0..;
    list.retain(|_| indices.next().is_none_or(|index| !elements.contains(&(field, index))));
}
