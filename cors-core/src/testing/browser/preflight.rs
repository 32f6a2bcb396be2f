//! What a response to a preflight allows
//! ([Fetch, CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch)).

use std::fmt;
use std::time::Duration;

use super::cors_check::{CheckFailure, check};
use super::list_values::ListValues;
use super::redirect::is_redirect;
use super::request::Credentials;
use super::wire::Incoming;
use crate::protocol::preflight::is_safelisted_method;

/// How long Chromium caches a response without `Access-Control-Max-Age`.
const DEFAULT_AGE: Duration = Duration::from_secs(5);
/// How long Chromium remembers a response at most.
const LONGEST_AGE: Duration = Duration::from_secs(2 * 60 * 60);

/// What a preflight requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) method: String,
    /// The names that need permission, in lower case, each once, as the script has set them.
    pub(super) headers: Vec<String>,
    pub(super) credentials: Credentials,
    pub(super) to_private_network: bool,
}

impl Question {
    /// Whether a browser sends a preflight ([Fetch, main fetch, 12](https://fetch.spec.whatwg.org/#main-fetch)).
    pub(super) fn needs_preflight(&self) -> bool {
        !is_safelisted_method(self.method.as_bytes())
            || !self.headers.is_empty()
            || self.to_private_network
    }
}

/// What a response to a preflight allows, and for how long it is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Permission {
    methods: Vec<String>,
    /// In lower case.
    headers: Vec<String>,
    has_credentials: bool,
    pub(super) age: Duration,
}

/// Why a preflight fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PreflightFailure {
    Check(CheckFailure),
    Status(u16),
    Redirect,
    MethodsMalformed,
    HeadersMalformed,
    Method(String),
    Header(String),
    PrivateNetwork(Option<String>),
}

/// Judges the response to a preflight (steps 6 to 8).
pub(super) fn judge(
    question: &Question,
    origin: &str,
    response: &Incoming,
) -> Result<Permission, PreflightFailure> {
    let Incoming { status, headers, .. } = response;
    if is_redirect(*status) && headers.contains("location") {
        return Err(PreflightFailure::Redirect);
    }
    check(origin, question.credentials, headers).map_err(PreflightFailure::Check)?;
    if !(200..300).contains(status) {
        return Err(PreflightFailure::Status(*status));
    }
    if question.to_private_network {
        let value = headers.get("access-control-allow-private-network");
        if value.as_deref() != Some("true") {
            return Err(PreflightFailure::PrivateNetwork(value));
        }
    }
    let permission = Permission::read(response, question.credentials)?;
    permission.covers(question).map(|()| permission)
}

impl Permission {
    fn read(response: &Incoming, credentials: Credentials) -> Result<Self, PreflightFailure> {
        let list = |name| ListValues::of(&response.headers, name).parsed();
        let methods = list("access-control-allow-methods");
        let methods = methods.ok_or(PreflightFailure::MethodsMalformed)?;
        let headers = list("access-control-allow-headers");
        let headers = headers.ok_or(PreflightFailure::HeadersMalformed)?;
        Ok(Self {
            methods,
            headers: headers.iter().map(|it| it.to_ascii_lowercase()).collect(),
            has_credentials: credentials == Credentials::Include,
            age: age(response.headers.get("access-control-max-age").as_deref()),
        })
    }

    /// Whether it allows the call of a page; else what it does not allow.
    pub(super) fn covers(&self, question: &Question) -> Result<(), PreflightFailure> {
        let Question { method, headers, .. } = question;
        // `*` is a name like any other where there are credentials.
        let any = |names: &[String]| !self.has_credentials && names.iter().any(|it| it == "*");
        let is_method = is_safelisted_method(method.as_bytes())
            || self.methods.contains(method)
            || any(&self.methods);
        if !is_method {
            return Err(PreflightFailure::Method(method.clone()));
        }
        // The standard leaves `authorization` out of `*` (step 7.6); Chromium does not.
        if any(&self.headers) {
            return Ok(());
        }
        let refused = headers.iter().find(|name| !self.headers.contains(name));
        refused.map_or(Ok(()), |name| Err(PreflightFailure::Header(name.clone())))
    }

    /// Whether it applies to calls with these credentials.
    pub(super) fn is_about(&self, credentials: Credentials) -> bool {
        self.has_credentials || credentials != Credentials::Include
    }
}

fn age(value: Option<&str>) -> Duration {
    let seconds = value.and_then(|it| it.parse::<i64>().ok());
    let age = seconds.map(|it| Duration::from_secs(it.max(0).unsigned_abs()));
    age.unwrap_or(DEFAULT_AGE).min(LONGEST_AGE)
}

impl fmt::Display for PreflightFailure {
    /// The words of Chromium's console.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PREFIX: &str = "Response to preflight request doesn't pass access control check: ";
        match self {
            Self::Check(failure) => write!(f, "{PREFIX}{failure}"),
            Self::Status(_) => write!(f, "{PREFIX}It does not have HTTP ok status."),
            Self::Redirect => {
                write!(f, "{PREFIX}Redirect is not allowed for a preflight request.")
            }
            Self::MethodsMalformed => f.write_str(
                "Cannot parse Access-Control-Allow-Methods response header field in preflight \
                 response.",
            ),
            Self::HeadersMalformed => f.write_str(
                "Cannot parse Access-Control-Allow-Headers response header field in preflight \
                 response.",
            ),
            Self::Method(method) => write!(
                f,
                "Method {method} is not allowed by Access-Control-Allow-Methods in preflight \
                 response.",
            ),
            Self::Header(name) => write!(
                f,
                "Request header field {name} is not allowed by Access-Control-Allow-Headers in \
                 preflight response.",
            ),
            Self::PrivateNetwork(None) => f.write_str(
                "No 'Access-Control-Allow-Private-Network' header was present in the preflight \
                 response for this private network request targeting the `private` address space.",
            ),
            Self::PrivateNetwork(Some(value)) => write!(
                f,
                "The 'Access-Control-Allow-Private-Network' header in the preflight response for \
                 this private network request targeting the `private` address space had a value \
                 of '{value}', which is not \"true\".",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: &str = "https://app.example.com";

    fn question(method: &str, headers: &[&str], credentials: Credentials) -> Question {
        let headers = headers.iter().map(|it| (*it).to_owned()).collect();
        Question { method: method.into(), headers, credentials, to_private_network: false }
    }

    fn response(status: u16, lines: &[(&str, &str)]) -> Incoming {
        let response = Incoming::new(status)
            .header("access-control-allow-origin", APP)
            .header("access-control-allow-credentials", "true");
        lines
            .iter()
            .fold(response, |it, (name, value)| it.header(&format!("access-control-{name}"), value))
    }

    #[test]
    fn stars_are_literal_with_credentials() {
        let stars = response(204, &[("allow-methods", "*"), ("allow-headers", "*")]);
        let omit = question("PUT", &["x-a"], Credentials::Omit);
        assert!(judge(&omit, APP, &stars).is_ok());
        let include = question("PUT", &["x-a"], Credentials::Include);
        assert_eq!(judge(&include, APP, &stars), Err(PreflightFailure::Method("PUT".into())));
        let authorization = question("PUT", &["authorization"], Credentials::Omit);
        assert!(judge(&authorization, APP, &stars).is_ok());
    }

    #[test]
    fn methods_have_a_case_and_headers_have_none() {
        let allowed = response(200, &[("allow-methods", "PATCH"), ("allow-headers", "X-A")]);
        let ask = |method, headers: &[&str]| {
            judge(&question(method, headers, Credentials::Omit), APP, &allowed).map(drop)
        };
        assert_eq!(ask("PATCH", &["x-a"]), Ok(()));
        assert_eq!(ask("POST", &["x-a"]), Ok(()));
        assert_eq!(ask("patch", &[]), Err(PreflightFailure::Method("patch".into())));
    }

    #[test]
    fn status_and_redirects() {
        let ask = question("PUT", &[], Credentials::Omit);
        assert_eq!(judge(&ask, APP, &response(403, &[])), Err(PreflightFailure::Status(403)));
        let moved = response(307, &[]).header("location", "/");
        assert_eq!(judge(&ask, APP, &moved), Err(PreflightFailure::Redirect));
    }

    #[test]
    fn private_networks_have_a_word_of_their_own() {
        let ask = Question { to_private_network: true, ..question("GET", &[], Credentials::Omit) };
        let refused = PreflightFailure::PrivateNetwork(None);
        assert_eq!(judge(&ask, APP, &response(204, &[])), Err(refused));
        assert!(judge(&ask, APP, &response(204, &[("allow-private-network", "true")])).is_ok());
    }

    #[test]
    fn ages() {
        for (value, seconds) in [
            (None, 5),
            (Some("ten"), 5),
            (Some("1, 2"), 5),
            (Some("-1"), 0),
            (Some("600"), 600),
            (Some("86400"), 7200),
        ] {
            assert_eq!(age(value), Duration::from_secs(seconds), "{value:?}");
        }
    }
}
