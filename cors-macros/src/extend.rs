//! Policies that extend others of the same `policy!`: `static ADMIN = { ..BASE, credentials }`.
//!
//! Each policy has its own keys and those of its base that it does not replace, and is judged by
//! all rules as a whole. A mistake of a base is reported once, at the base.

use cors_core::{Field, Violation};
use proc_macro2::{Ident, Span};

use crate::args::{Base, Entry};
use crate::check::{Checked, place};
use crate::lower::{Spans, lower};
use crate::report::Report;
use cors_core::__private::meant::nearest;

/// A policy of the block, with what is wrong with it so far.
pub(crate) struct Declared {
    pub(crate) name: Ident,
    /// Missing if nothing can be made of them.
    pub(crate) entries: Option<Vec<Entry>>,
    pub(crate) base: Option<Base>,
    pub(crate) report: Report,
}

/// What a policy of the block extends.
#[derive(Clone, Copy, PartialEq)]
enum Link {
    Nothing,
    /// The policy at an index.
    Policy(usize),
    /// It is not known what, which has been reported.
    Unknown,
}

/// A policy, or every reason why there is none.
struct Judged {
    policy: Option<Checked>,
    violations: Vec<Violation>,
    spans: Spans,
    /// The policies whose keys it has: itself, its base, and so on.
    chain: Vec<usize>,
    /// Whether everything that it is made of could be read.
    is_whole: bool,
}

/// What the block makes of a policy.
pub(crate) struct Extended {
    pub(crate) policy: Option<Checked>,
    /// The name of its base, as it was written.
    pub(crate) base: Option<Ident>,
    pub(crate) report: Report,
}

/// Judges every policy of a block, in the order of the declaration.
pub(crate) fn judge(mut block: Vec<Declared>) -> Vec<Extended> {
    let links = link(&mut block);
    let judged: Vec<Option<Judged>> =
        (0..block.len()).map(|index| judge_one(index, &block, &links)).collect();
    let reports: Vec<Report> =
        judged.iter().map(|it| report(it.as_ref(), &judged, &block)).collect();
    let results = block.into_iter().zip(links).zip(judged).zip(reports);
    let results = results.map(|(((mut declared, link), judged), violations)| {
        declared.report.append(violations);
        let base = declared.base.filter(|_| matches!(link, Link::Policy(_)));
        Extended {
            policy: judged.and_then(|judged| judged.policy),
            base: base.and_then(|base| base.name),
            report: declared.report,
        }
    });
    results.collect()
}

/// Finds the base of each policy.
fn link(block: &mut [Declared]) -> Vec<Link> {
    let names: Vec<Ident> = block.iter().map(|declared| declared.name.clone()).collect();
    let mut links: Vec<Link> = block
        .iter_mut()
        .map(|declared| match &declared.base {
            None => Link::Nothing,
            Some(base) => find(base, &declared.name, &names, &mut declared.report),
        })
        .collect();
    for start in 0..links.len() {
        let circle = circle(start, &links);
        let Some(declared) = block.get_mut(start).filter(|_| !circle.is_empty()) else { continue };
        let others: Vec<String> = circle
            .iter()
            .skip(1)
            .filter_map(|index| names.get(*index))
            .map(|name| format!("`{name}`"))
            .collect();
        let (way, help) = if others.is_empty() {
            (String::new(), "remove the base, and write all keys")
        } else {
            let way = format!(" by way of {}", others.join(" and "));
            (way, "declare one of them without a base, with all of its keys")
        };
        declared.report.error_over(
            declared.base.as_ref().map(|base| &base.tokens),
            &format!("`{}` extends itself{way}", declared.name),
            help,
        );
        for index in circle {
            if let Some(link) = links.get_mut(index) {
                *link = Link::Unknown;
            }
        }
    }
    links
}

fn find(base: &Base, own: &Ident, names: &[Ident], report: &mut Report) -> Link {
    let Some(name) = &base.name else { return Link::Unknown };
    let mut found = names.iter().enumerate().filter(|(_, known)| *known == name);
    match (found.next(), found.next()) {
        (Some((index, _)), None) => Link::Policy(index),
        (Some(_), Some(_)) => {
            report.error_over(
                &base.tokens,
                &format!("`{name}` is declared more than once in this `policy!`"),
                "a base is chosen before `#[cfg]` is: give each of them a name of its own, and a \
                 policy that extends it",
            );
            Link::Unknown
        }
        _ => {
            let others: Vec<String> =
                names.iter().filter(|known| *known != own).map(ToString::to_string).collect();
            let lower: Vec<String> = others.iter().map(|name| name.to_ascii_lowercase()).collect();
            let pairs = lower.iter().map(String::as_str).zip(&others);
            let help = match nearest(&name.to_string(), pairs) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None if others.is_empty() => {
                    "a base is declared in the same `policy!`, and there is no other policy".into()
                }
                None => format!(
                    "a base is declared in the same `policy!`, where the others are `{}`",
                    others.join("`, `")
                ),
            };
            let message = format!("there is no policy `{name}` in this `policy!`");
            report.error_over(&base.tokens, &message, &help);
            Link::Unknown
        }
    }
}

/// The policies on the way from one back to it; none if the way does not come back.
fn circle(start: usize, links: &[Link]) -> Vec<usize> {
    let mut way = vec![start];
    let mut last = start;
    while let Some(Link::Policy(next)) = links.get(last) {
        if *next == start {
            return way;
        }
        if way.contains(next) {
            break;
        }
        way.push(*next);
        last = *next;
    }
    Vec::new()
}

/// Nothing, if nothing could be made of its keys.
fn judge_one(index: usize, block: &[Declared], links: &[Link]) -> Option<Judged> {
    block.get(index)?.entries.as_ref()?;
    let mut chain = Vec::new();
    let mut link = Link::Policy(index);
    while let Link::Policy(index) = link {
        chain.push(index);
        link = match block.get(index).and_then(|declared| declared.entries.as_ref()) {
            Some(_) => links.get(index).copied().unwrap_or(Link::Unknown),
            None => Link::Unknown,
        };
    }
    let is_known = link == Link::Nothing;
    let (lowered, mut spans) = lower(merge(&chain, block), None, block.get(index)?.name.span());
    if !is_known {
        spans.open();
    }
    let (policy, violations) = match lowered.check() {
        Ok(policy) => (Some(policy), Vec::new()),
        Err(violations) => (None, violations.into_iter().collect()),
    };
    let is_whole = is_known
        && chain.iter().filter_map(|index| block.get(*index)).all(|it| it.report.is_empty());
    Some(Judged { policy, violations, spans, chain, is_whole })
}

/// The keys of the first, and those of the others that none before them has.
fn merge<'a>(chain: &[usize], block: &'a [Declared]) -> Vec<&'a Entry> {
    let mut merged: Vec<&Entry> = Vec::new();
    for entries in chain.iter().filter_map(|index| block.get(*index)?.entries.as_ref()) {
        for entry in entries {
            if merged.iter().all(|it| it.field != entry.field) {
                merged.push(entry);
            }
        }
    }
    merged
}

/// The violations of a policy, but for those that its base has too.
fn report(judged: Option<&Judged>, all: &[Option<Judged>], block: &[Declared]) -> Report {
    let mut report = Report::default();
    let Some(judged) = judged else { return report };
    let declared = |index: &usize| block.get(*index);
    let first = judged.chain.first();
    let Some(own) = first.and_then(declared) else { return report };
    let base = judged.chain.get(1);
    let base_violations =
        base.and_then(|base| all.get(*base)?.as_ref()).map_or(&[][..], |base| &base.violations);
    let alone = base.map(|_| violations_alone(own)).unwrap_or_default();
    for violation in &judged.violations {
        let field = violation.location().field;
        let writes = |index: &&usize| declared(index).is_some_and(|it| it.writes(field));
        let owner = judged.chain.iter().find(writes);
        let is_own = owner.is_some() && owner == first;
        if !is_own && base_violations.iter().any(|it| is_same(it, violation)) {
            continue;
        }
        let Some(span) = place(violation, &judged.spans, judged.is_whole) else { continue };
        let note = match (owner.and_then(declared), base.and_then(declared)) {
            (Some(owner), _) if !is_own => Some(format!(
                "this is about `{}`, which takes `{}` from `{}`",
                own.name,
                field.key(),
                owner.name
            )),
            (_, Some(base)) if !alone.iter().any(|it| is_same(it, violation)) => {
                Some(format!("`{}` also has the keys of `{}`", own.name, base.name))
            }
            _ => None,
        };
        report.violation(span, violation, note.as_deref());
    }
    report
}

/// What would be wrong with a policy if it had no base.
fn violations_alone(declared: &Declared) -> Vec<Violation> {
    let (lowered, _) = lower(declared.entries.iter().flatten(), None, Span::call_site());
    lowered.check().err().into_iter().flatten().collect()
}

/// Whether two violations are one mistake.
fn is_same(one: &Violation, other: &Violation) -> bool {
    one.rule() == other.rule() && one.location() == other.location()
}

impl Declared {
    fn writes(&self, field: Field) -> bool {
        self.entries.iter().flatten().any(|entry| entry.field == field)
    }
}
