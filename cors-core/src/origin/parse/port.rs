//! The port of an origin.

use super::findings::{Certainty, Findings};
use super::part::Part;
use super::scheme::Scheme;
use super::tuple::Port;
use crate::declaration::rule::Rule;
use crate::origin::wildcard::default_port;

/// Reads what comes behind the host: nothing, or a colon and a port.
pub(crate) fn read(after_host: Part<'_>, scheme: &Scheme, findings: &mut Findings) -> Option<Port> {
    let Some(port) = after_host.strip_prefix(":") else {
        return Some(Port::Default);
    };
    let digits = port.text.trim_start_matches('0');
    match port.text {
        "" => {
            findings.add(Rule::OriginPort, after_host.range(), "has a colon without a port");
            Some(Port::Default)
        }
        "*" if scheme.is_web() => Some(Port::Any),
        text if text.contains('*') && !scheme.is_web() => {
            let says = format!("has a wildcard behind the scheme `{}`", scheme.for_example());
            findings.add(Rule::WildcardScheme, port.range(), says);
            None
        }
        text if text.contains('*') => {
            let says = format!("has the port `{text}`, with `*` beside something");
            findings.add(Rule::WildcardPort, port.range(), says);
            findings.guessed(Certainty::AnyPort);
            Some(Port::Any)
        }
        text if !text.bytes().all(|b| b.is_ascii_digit()) => {
            let says = format!("has the port `{text}`, which is not a number");
            findings.add(Rule::OriginPort, port.range(), says);
            None
        }
        text => {
            let Ok(number) = format!("0{digits}").parse::<u16>() else {
                let says = format!("has the port `{text}`, and ports end at 65535");
                findings.add(Rule::OriginPort, port.range(), says);
                return None;
            };
            if number == 0 {
                findings.add(Rule::OriginPort, port.range(), "has the port 0");
                return None;
            }
            if digits != text {
                let says = format!("has the port `{text}` with a leading zero");
                findings.add(Rule::OriginPort, port.range(), says);
            } else if scheme.name.as_deref().and_then(default_port) == Some(number) {
                let says = format!("spells out the default port of `{}`", scheme.for_example());
                findings.add(Rule::OriginDefaultPort, after_host.range(), says);
            }
            Some(Port::Number(number))
        }
    }
}
