//! A difference in words, for the reviewer of a change.

use std::fmt;

use super::Change;
use super::capability::{Any, Names};
use super::compare::{Finding, RouteIs, Unknown};
use crate::lock::language::{Element, Extra};
use crate::origin::wildcard::{Port, Wildcard};

/// How many elements are listed before the rest is counted.
const LONGEST_LIST: usize = 12;

/// How long browsers cache a preflight without `max_age` (Fetch, CORS-preflight cache).
const USUAL_SECONDS: u32 = 5;

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let route = format!("`{} {}`", self.methods.join(", "), self.path);
        match &self.finding {
            Finding::Callers { now, route: is, by, credentials } => {
                let cookies = if *credentials { " with cookies" } else { "" };
                let by = Callers(by);
                match (now, is) {
                    (true, RouteIs::InBoth) => {
                        write!(f, "{route} can now be called{cookies} by {by}")
                    }
                    (true, RouteIs::Judged) => {
                        write!(f, "{route} has a policy now, and can be called{cookies} by {by}")
                    }
                    (true, RouteIs::New | RouteIs::Gone { .. }) => {
                        write!(f, "{route} is new, and can be called{cookies} by {by}")
                    }
                    (false, RouteIs::Gone { enforced }) => {
                        write!(
                            f,
                            "{route} is gone, or has no policy any more; it could be called"
                        )?;
                        write!(f, "{cookies} by {by}{}", unenforced(*enforced))
                    }
                    (false, _) => write!(f, "{route} can no longer be called{cookies} by {by}"),
                }
            }
            Finding::Gone { enforced } => {
                write!(f, "{route} is gone, or has no policy any more; no page could call it")?;
                f.write_str(unenforced(*enforced))
            }
            Finding::TakenOver { by } => write!(
                f,
                "what was sent to {route} may now be answered by `{by}`, whose policy allows more"
            ),
            Finding::Overtakes { path } => write!(
                f,
                "{route} comes before `{path}` now, which matches some of the same requests"
            ),
            Finding::Credentials { now: true, by } => {
                write!(f, "{route} can now be called with cookies by {}", Callers(by))
            }
            Finding::Credentials { now: false, .. } => {
                write!(f, "{route} can no longer be called with cookies")
            }
            Finding::Preflight { now } => {
                let now = now_or_not(*now);
                write!(f, "requests to {route} that take a preflight are {now} allowed")
            }
            Finding::Sent { now, names } => {
                let names = Headers { kind: "request", names, now: *now };
                write!(f, "pages can {now} send {names} to {route}", now = now_or_not(*now))
            }
            Finding::Read { now, names } => {
                let names = Headers { kind: "response", names, now: *now };
                write!(f, "pages can {now} read {names} of {route}", now = now_or_not(*now))
            }
            Finding::PrivateNetwork { now } => {
                let now = now_or_not(*now);
                write!(f, "public pages can {now} call {route} on a private network")
            }
            Finding::Enforced { now: true } => {
                write!(f, "{route} now rejects requests of origins that are not allowed")
            }
            Finding::Enforced { now: false } => write!(
                f,
                "{route} now runs for requests of origins that are not allowed, whose pages cannot \
                 read the response: `enforce` is gone"
            ),
            Finding::Unknown { now: true, unknown: Unknown::Delegated } => {
                write!(f, "{route} now handles CORS itself, so what pages can do is not known here")
            }
            Finding::Unknown { now: false, unknown: Unknown::Delegated } => {
                write!(f, "{route} handled CORS itself, so what pages could do is not known here")
            }
            Finding::Unknown { now: true, unknown: Unknown::Selected { by } } => {
                write!(f, "the policy of {route} is now chosen by `{by}` for each request")
            }
            Finding::Unknown { now: false, unknown: Unknown::Selected { by } } => {
                write!(f, "the policy of {route} was chosen by `{by}` for each request")
            }
            Finding::Source { now: Some(now), .. } => write!(
                f,
                "the origins of {route} now come {now}, and are compared as they were when the \
                 lock was made",
                now = from(now)
            ),
            Finding::Source { now: None, .. } => {
                write!(f, "the origins of {route} are now part of the program")
            }
            Finding::MaxAge { before, now } => write_max_age(f, &route, *before, *now),
            Finding::PreflightStatus { before, now } => write!(
                f,
                "the response to a preflight of {route} has the status {now}, and not {before} any \
                 more"
            ),
        }
    }
}

fn write_max_age(
    f: &mut fmt::Formatter<'_>,
    route: &str,
    before: Option<u32>,
    now: Option<u32>,
) -> fmt::Result {
    write!(f, "browsers keep the response to a preflight of {route} for ")?;
    match now {
        Some(now) => write!(f, "{now} seconds, ")?,
        None => write!(f, "{USUAL_SECONDS} seconds, the usual time, ")?,
    }
    write!(f, "and not for {} any more", before.unwrap_or(USUAL_SECONDS))
}

const fn unenforced(enforced: bool) -> &'static str {
    if enforced {
        ", and rejected the requests of others: if its handler is still served, it runs for all"
    } else {
        ""
    }
}

/// Where origins come from, behind "come".
fn from(source: &str) -> String {
    match source.strip_prefix("from ") {
        Some(names) => format!("from `{names}`"),
        None => format!("from the program while it runs ({source})"),
    }
}

/// Who can, or could, call.
struct Callers<'a>(&'a [Extra]);

impl fmt::Display for Callers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("origins that are not known here");
        }
        list(f, self.0.len(), self.0.iter().map(Caller))
    }
}

struct Caller<'a>(&'a Extra);

impl fmt::Display for Caller<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Extra { element, witness, is_part } = self.0;
        match element {
            Element::Any => f.write_str("any origin")?,
            Element::Exact(origin) if origin == "null" => {
                f.write_str("the origin `null`, which any page can have in a sandboxed frame")?;
            }
            Element::Exact(origin) => write!(f, "`{origin}`")?,
            Element::Wildcard(wildcard) => write_wildcard(f, wildcard)?,
            Element::Pattern(source) => write!(f, "origins that match `{source}`")?,
        }
        match (element, witness) {
            (Element::Exact(_), _) => Ok(()),
            (_, None) => f.write_str(" (too complex to be compared with the others)"),
            (Element::Any, Some(_)) if *is_part => f.write_str(", and not only by those of a list"),
            (Element::Any, Some(_)) => Ok(()),
            (_, Some(witness)) if *is_part => {
                write!(f, " beyond those of the other policy, such as `{witness}`")
            }
            (Element::Pattern(_), Some(witness)) => write!(f, ", such as `{witness}`"),
            (Element::Wildcard(_), Some(_)) => Ok(()),
        }
    }
}

fn write_wildcard(f: &mut fmt::Formatter<'_>, wildcard: &Wildcard) -> fmt::Result {
    let host = match &*wildcard.scheme {
        "https" => wildcard.host.clone().into_owned(),
        scheme => format!("{scheme}://{}", wildcard.host),
    };
    match (wildcard.subdomains, &*wildcard.scheme) {
        (true, _) => write!(f, "every subdomain of `{host}`")?,
        (false, scheme) => write!(f, "`{scheme}://{}`", wildcard.host)?,
    }
    match wildcard.port {
        Port::Default => Ok(()),
        Port::Number(number) => write!(f, " on port {number}"),
        Port::Any => f.write_str(" on any port"),
    }
}

/// Headers that can be sent or read now, or no longer.
struct Headers<'a> {
    kind: &'static str,
    names: &'a Names,
    now: bool,
}

impl fmt::Display for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, names: Names { named, any }, now } = self;
        match (any, now) {
            // Some of them may still be named.
            (Some(_), false) => return write!(f, "{kind} headers of every name"),
            (Some(Any::ButAuthorization), true) if named.is_empty() => {
                return write!(f, "any {kind} header but `authorization`");
            }
            (Some(_), true) => return write!(f, "any {kind} header"),
            (None, _) => {}
        }
        write!(f, "the {kind} header{} ", if named.len() == 1 { "" } else { "s" })?;
        list(f, named.len(), named.iter().map(|name| format!("`{name}`")))
    }
}

const fn now_or_not(now: bool) -> &'static str {
    if now { "now" } else { "no longer" }
}

/// `a`, `b` and `c`; the rest by number.
fn list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    count: usize,
    elements: impl Iterator<Item = T>,
) -> fmt::Result {
    for (index, element) in elements.take(LONGEST_LIST).enumerate() {
        let is_last = index + 1 == count;
        f.write_str(match (index, is_last) {
            (0, _) => "",
            (_, true) => " and ",
            (_, false) => ", ",
        })?;
        write!(f, "{element}")?;
    }
    match count.saturating_sub(LONGEST_LIST) {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}
