//! What an origin must be before it may use cookies.

use super::origins::Origins;
use super::shared::Suffix;
use super::sink::{Sink, quote};
use super::written::Written;
use crate::declaration::rule::Rule;
use crate::declaration::spec::Danger;
use crate::origin::parse::tuple::{Port, Tuple, without_root};
use crate::origin::suffix;

/// Applies the rules about one origin of a policy with credentials.
pub(crate) fn check(written: Written<'_>, origin: &Tuple, origins: &mut Origins, sink: &mut Sink) {
    let suffix = origins.suffix_within(origin);
    if origin.is_insecure() {
        origins.dangers.insert(Danger::InsecureOrigins);
        if !origins.is_named(Danger::InsecureOrigins) {
            report_insecure(written, origin, suffix.is_some(), sink);
        }
    }
    if let Some(suffix) = suffix {
        origins.dangers.insert(Danger::PublicSuffixSubdomains);
        if !origins.is_named(Danger::PublicSuffixSubdomains) {
            report_public_suffix(written, origin, &suffix, sink);
        }
    }
}

/// Without TLS, any attacker on the network path can be the origin.
fn report_insecure(written: Written<'_>, origin: &Tuple, has_own_remedy: bool, sink: &mut Sink) {
    let secure = Tuple { scheme: "https".to_owned(), ..origin.clone() };
    let instead = if has_own_remedy || matches!(origin.port, Port::Number(_)) {
        "serve the page with TLS and write its `https://` origin".to_owned()
    } else {
        format!("write {}", written.instead(&secure.to_string()))
    };
    sink.report(
        Rule::OriginInsecureWithCredentials,
        written.location(),
        written.text,
        written.says("cannot be used with credentials without TLS"),
        format!("{instead}, or accept the danger by name: `dangerously_allow(insecure_origins)`"),
    );
}

/// Below a public suffix anyone may have a name.
fn report_public_suffix(written: Written<'_>, origin: &Tuple, suffix: &Suffix, sink: &mut Sink) {
    let host = quote(&origin.host);
    let Suffix { name: suffix, is_listed } = suffix;
    let (relation, means) = if suffix != without_root(&origin.host) {
        (format!("there are public suffixes below {host}"), "anyone can register")
    } else if *is_listed {
        (format!("{host} is a public suffix"), "anyone can register")
    } else {
        (format!("{host} is no known domain"), "the owner of that network can set up")
    };
    let own = Tuple { host: format!("example.{suffix}"), ..origin.clone() };
    sink.report(
        Rule::WildcardPublicSuffix,
        written.location(),
        written.text,
        written.says(&format!(
            "cannot be used with credentials because {relation} (list of {})",
            suffix::DATE,
        )),
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
