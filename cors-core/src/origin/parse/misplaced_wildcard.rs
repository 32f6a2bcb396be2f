//! Wildcards anywhere but at the front of a host: which origins they would allow.

use super::domain::{Host, domain};
use super::findings::{Certainty, Findings};
use super::part::Part;
use super::scheme::Scheme;
use super::tuple::without_root;
use crate::declaration::rule::Rule;
use crate::origin::suffix;

/// Reports a host with a `*` that isn't the `*.` at its front, and returns the host that
/// was probably meant.
pub(crate) fn report(host: Part<'_>, scheme: &Scheme, findings: &mut Findings) -> Option<Host> {
    if host.text.chars().all(|c| matches!(c, '*' | '.')) {
        findings.add(Rule::WildcardEveryHost, host.range(), "has no host but a wildcard");
        return None;
    }

    let (rule, says) = classify(host);
    let stars = host.first_run(|c| c == '*').unwrap_or(host.range());
    let range = if rule == Rule::WildcardNotLeftmost { later_star(host) } else { None };
    findings.add(rule, range.unwrap_or(stars), says);
    findings.note(attack(host.text, scheme.for_example()));

    findings.guessed(Certainty::Subdomains);
    // Where the rest of the name belongs to everybody, no wildcard is worth proposing.
    let base = meant(host)?;
    let name = domain(base, true, findings)?;
    let owned = without_root(&name);
    let has_owner = owned.contains('.') && suffix::registrable_domain(owned).is_some();
    if !has_owner {
        findings.help("list the hosts, each as an origin of its own");
        return None;
    }
    Some(Host { name, subdomains: true })
}

fn classify(host: Part<'_>) -> (Rule, &'static str) {
    let first = host.labels().next().map_or("", |label| label.text);
    if first.contains('*') && first != "*" {
        (Rule::WildcardPartialLabel, "has a wildcard in a part of a label")
    } else {
        (Rule::WildcardNotLeftmost, "has a wildcard behind the first label")
    }
}

/// The first `*` behind the first label.
fn later_star(host: Part<'_>) -> Option<std::ops::Range<usize>> {
    host.labels().skip(1).find_map(|label| label.first_run(|c| c == '*'))
}

/// The host below which everything was probably meant: what stands behind the last `*`.
fn meant(host: Part<'_>) -> Option<Part<'_>> {
    let (_, behind) = host.split_at(host.text.rfind('*')? + 1);
    if let Some(base) = behind.strip_prefix(".") {
        return Some(base).filter(|base| !base.is_empty());
    }
    // `*example.com` was meant to be `*.example.com`, and `*-app.example.com` below its dot.
    if behind.text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Some(behind);
    }
    let (_, base) = behind.split_once(".")?;
    Some(base).filter(|base| !base.is_empty())
}

/// What a host with stars would match, in a sentence with an origin to look at.
fn attack(host: &str, scheme: &str) -> String {
    let mut evil = String::new();
    let mut rest = host;
    while let Some((before, after)) = rest.split_once('*') {
        evil.push_str(before);
        rest = after.trim_start_matches('*');
        let left = evil.chars().next_back();
        if left.is_some_and(|c| c.is_ascii_alphanumeric()) {
            evil.push('-');
        }
        evil.push_str("evil");
        match rest.chars().next() {
            None if left == Some('.') => evil.push_str(".com"),
            Some(c) if c.is_ascii_alphanumeric() => evil.push('-'),
            _ => {}
        }
    }
    evil.push_str(rest);
    let domain = suffix::registrable_domain(without_root(&evil));
    let is_for_sale = domain.is_some_and(|domain| domain.contains("evil"));
    if is_for_sale {
        format!("it would match `{scheme}://{evil}`, which anyone can register")
    } else {
        format!(
            "it would match `{scheme}://{evil}` and more; what can be told from a name is who owns \
             its end, so a wildcard is `*.` at the front, for one or more whole labels"
        )
    }
}
