//! The host of an origin.

use super::address::{canonical_ipv4, canonical_ipv6, ends_in_number};
use super::domain::{Host, domain};
use super::findings::Findings;
use super::misplaced_wildcard;
use super::part::Part;
use super::scheme::Scheme;
use crate::declaration::rule::Rule;

/// Cuts an authority into a host and what follows it: nothing, or a colon and more.
///
/// The host is `None` where brackets don't fit together; that is reported here.
pub(crate) fn split<'a>(
    authority: Part<'a>,
    findings: &mut Findings,
) -> (Option<Part<'a>>, Part<'a>) {
    let nothing = authority.split_at(usize::MAX).1;
    let bare = authority.strip_prefix("*.").unwrap_or(authority);
    if bare.text.starts_with('[')
        && let Some(close) = authority.text.find(']')
    {
        let (host, after) = authority.split_at(close + 1);
        if after.is_empty() || after.text.starts_with(':') {
            return (Some(host), after);
        }
        findings.add(Rule::OriginIpv6, after.range(), "has something between `]` and the port");
        return (None, nothing);
    }
    if authority.text.contains(['[', ']']) {
        findings.add(Rule::OriginIpv6, authority.range(), "has a bracket without its other half");
        return (None, nothing);
    }
    if authority.text.matches(':').count() > 1
        && authority.text.chars().all(|c| c.is_ascii_hexdigit() || c == ':' || c == '.')
    {
        findings.add(Rule::OriginIpv6, authority.range(), "has an IPv6 address without brackets");
        let address = canonical_ipv6(authority.text).unwrap_or_else(|| "::1".to_owned());
        findings.help(format!("write the address in brackets: `[{address}]`"));
        return (None, nothing);
    }
    let (host, after) = authority.split_before(&[':']);
    (Some(host), after)
}

/// Reads a host: a domain, an address, or a domain behind `*.`.
pub(crate) fn read(host: Part<'_>, scheme: &Scheme, findings: &mut Findings) -> Option<Host> {
    if host.is_empty() {
        findings.add(Rule::OriginHostMissing, host.range(), "has no host");
        return None;
    }
    if host.text.contains('*') && !scheme.is_web() {
        let says = format!("has a wildcard behind the scheme `{}`", scheme.for_example());
        findings.add(Rule::WildcardScheme, host.range(), says);
        return None;
    }
    let base = host.strip_prefix("*.").filter(|base| !base.is_empty()).unwrap_or(host);
    let subdomains = base.start != host.start;
    if let Some(inner) = base.text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        on_address(host, base, subdomains, findings);
        return ipv6(base, inner, findings);
    }
    if base.text.contains('*') {
        return misplaced_wildcard::report(host, scheme, findings);
    }
    if scheme.is_web() && ends_in_number(base.text) {
        on_address(host, base, subdomains, findings);
        return ipv4(base, findings);
    }
    let name = domain(base, scheme.is_web(), findings)?;
    Some(Host { name, subdomains })
}

/// An address has no subdomains.
fn on_address(host: Part<'_>, base: Part<'_>, subdomains: bool, findings: &mut Findings) {
    if subdomains {
        let says = "has a wildcard in front of an address";
        findings.add(Rule::WildcardOnAddress, host.start..base.start, says);
    }
}

fn ipv6(host: Part<'_>, inner: &str, findings: &mut Findings) -> Option<Host> {
    let Some(canonical) = canonical_ipv6(inner) else {
        findings.add(Rule::OriginIpv6, host.range(), "has brackets around what is no IPv6 address");
        return None;
    };
    if canonical != inner {
        let says = format!("has an IPv6 address that browsers write `[{canonical}]`");
        findings.add(Rule::OriginIpv6, host.range(), says);
    }
    Some(Host::exact(format!("[{canonical}]")))
}

fn ipv4(host: Part<'_>, findings: &mut Findings) -> Option<Host> {
    let Some(canonical) = canonical_ipv4(host.text) else {
        let says = "has a host that ends in a number and is no IPv4 address";
        findings.add(Rule::OriginIpv4, host.range(), says);
        return None;
    };
    if canonical != host.text {
        let says = format!("has an IPv4 address that browsers write `{canonical}`");
        findings.add(Rule::OriginIpv4, host.range(), says);
    }
    Some(Host::exact(canonical))
}
