//! What an origin must be before it may use cookies.

use super::literal::tuple::{Port, Tuple};
use super::origins::{Literal, Origins};
use super::sink::{Sink, quote};
use crate::declaration::rule::Rule;
use crate::declaration::spec::{Danger, PolicySpec};
use crate::origin::suffix::{self, Node};

/// Applies the rules about one origin of a policy with credentials.
pub(crate) fn check(
    spec: &PolicySpec,
    literal: Literal<'_>,
    origin: &Tuple,
    origins: &mut Origins,
    sink: &mut Sink,
) {
    let suffix = known_suffix_within(origin, origins);
    if origin.is_insecure() {
        origins.dangers.push(Danger::InsecureOrigins);
        if !spec.dangerously_allow.contains(&Danger::InsecureOrigins) {
            report_insecure(literal, origin, suffix.is_some(), sink);
        }
    }
    if let Some(suffix) = suffix {
        origins.dangers.push(Danger::PublicSuffixSubdomains);
        if !spec.dangerously_allow.contains(&Danger::PublicSuffixSubdomains) {
            report_public_suffix(literal, origin, &suffix, sink);
        }
    }
}

/// Without TLS, whoever sits on the network path is the origin.
fn report_insecure(literal: Literal<'_>, origin: &Tuple, has_own_remedy: bool, sink: &mut Sink) {
    let secure = Tuple { scheme: "https".to_owned(), ..origin.clone() };
    let instead = if has_own_remedy || matches!(origin.port, Port::Number(_)) {
        "serve the page with TLS and write its `https://` origin".to_owned()
    } else {
        format!("write {}", quote(&secure.to_string()))
    };
    sink.report(
        Rule::OriginInsecureWithCredentials,
        literal.location(),
        literal.text,
        format!("origin {} cannot be used with credentials without TLS", quote(literal.text)),
        format!("{instead}, or accept the danger by name: `dangerously_allow(insecure_origins)`"),
    );
}

/// Below a public suffix anybody may have a name.
fn report_public_suffix(literal: Literal<'_>, origin: &Tuple, suffix: &str, sink: &mut Sink) {
    let host = quote(&origin.host);
    let is_listed = origin.host.contains('.') || Node::root().step(&origin.host).is_some();
    let (relation, means) = if suffix != origin.host {
        (format!("there are public suffixes below {host}"), "anybody can register")
    } else if is_listed {
        (format!("{host} is a public suffix"), "anybody can register")
    } else {
        (format!("{host} is no known domain"), "whoever names hosts there can set up")
    };
    let own = Tuple { host: format!("example.{suffix}"), ..origin.clone() };
    sink.report(
        Rule::WildcardPublicSuffix,
        literal.location(),
        literal.text,
        format!(
            "origin {} cannot be used with credentials because {relation} (list of {})",
            quote(literal.text),
            suffix::DATE,
        ),
        format!(
            "write the domain that is yours, such as {}, or accept the danger by name: \
             `dangerously_allow(public_suffix_subdomains)`",
            quote(&own.to_string()),
        ),
    );
    sink.note(Some(format!(
        "{means} {} and read the responses with the cookies of your users",
        quote(&format!("{}://evil.{suffix}", origin.scheme)),
    )));
}

/// The same as [`suffix_within`], which takes a walk over much of the list, once for each host:
/// the same host may be there with every port.
fn known_suffix_within(origin: &Tuple, origins: &mut Origins) -> Option<String> {
    if !origin.subdomains {
        return None;
    }
    if let Some(known) = origins.suffixes.get(&origin.host) {
        return known.clone();
    }
    let suffix = suffix_within(origin);
    origins.suffixes.insert(origin.host.clone(), suffix.clone());
    suffix
}

/// A public suffix whose subdomains a wildcard lets in.
fn suffix_within(origin: &Tuple) -> Option<String> {
    let host = &origin.host;
    if !origin.subdomains || host == "localhost" || host.ends_with(".localhost") {
        return None;
    }
    if suffix::is_public_suffix(host) {
        return Some(host.clone());
    }
    let node = host.rsplit('.').try_fold(Node::root(), Node::step)?;
    suffix_below(node, host)
}

/// The shortest public suffix below a name, which is the easiest to recognise.
fn suffix_below(node: Node, name: &str) -> Option<String> {
    let any = node.has_wildcard().then(|| format!("a.{name}"));
    let below = node.children().filter_map(|(label, child)| {
        let name = format!("{label}.{name}");
        if child.is_rule() { Some(name) } else { suffix_below(child, &name) }
    });
    any.into_iter().chain(below).min_by_key(String::len)
}
