//! Writing a decision on a response: the only place where decisions become headers.

use crate::header::value::{Value, ValueRef, Wire};
use crate::policy::Policy;
use crate::protocol::actual::{Agreement, Reader};
use crate::protocol::partial::Partial;
use crate::protocol::preflight::Grant;
use crate::protocol::requested_headers::GrantedHeaders;
use crate::protocol::response::{ResponseHeader, ResponseHeaders, put};

static VARY_ORIGIN: Value = Value::from_static("Origin");
static VARY_PREFLIGHT: Value =
    Value::from_static("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
static VARY_PREFLIGHT_PRIVATE_NETWORK: Value = Value::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, \
     Access-Control-Request-Private-Network",
);
static STAR: Value = Value::from_static("*");
static STAR_AND_AUTHORIZATION: Value = Value::from_static("*,authorization");
static TRUE: Value = Value::from_static("true");

/// What the response to a preflight depends on, for caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vary {
    Origin,
    Preflight,
    PreflightAndPrivateNetwork,
}

impl Vary {
    pub(crate) fn of_preflight(policy: &Policy) -> Self {
        if policy.parts().switches.private_network {
            Self::PreflightAndPrivateNetwork
        } else {
            Self::Preflight
        }
    }

    pub(crate) fn put<R: ResponseHeaders>(self, headers: &mut R) {
        let value = match self {
            Self::Origin => &VARY_ORIGIN,
            Self::Preflight => &VARY_PREFLIGHT,
            Self::PreflightAndPrivateNetwork => &VARY_PREFLIGHT_PRIVATE_NETWORK,
        };
        put(headers, ResponseHeader::Vary, value);
    }
}

/// Writes on a response which origin may read it, for a response of any status and any source. An
/// `Access-Control-*` header that is there is replaced; `Vary` is merged.
#[inline]
pub(crate) fn write_reader<R: ResponseHeaders>(
    reader: Reader<R::Value>,
    credentials: bool,
    expose: Option<&ValueRef>,
    headers: &mut R,
) {
    let found = scan(headers);
    if found.access_control != 0 {
        remove_found(headers, found.access_control);
    }
    let (origin, varies) = match reader {
        Reader::Any => (Some(R::Value::from_value(&STAR)), false),
        Reader::One(origin) => (Some(origin), true),
        Reader::Withheld | Reader::NotCors => (None, true),
        Reader::Disabled => (None, false),
    };
    if let Some(origin) = origin {
        headers.append(ResponseHeader::AccessControlAllowOrigin, origin);
        // With `*` no policy has credentials.
        if varies && credentials {
            put(headers, ResponseHeader::AccessControlAllowCredentials, &TRUE);
        }
        if let Some(expose) = expose {
            headers.append(ResponseHeader::AccessControlExposeHeaders, expose.to_wire());
        }
    }
    if varies && !found.varies_by_origin {
        Vary::Origin.put(headers);
    }
}

impl<V: Wire> Agreement<V> {
    pub(crate) fn write<R: ResponseHeaders<Value = V>>(self, headers: &mut R) {
        let credentials = self.is_same && self.policy.allows_credentials();
        let expose = self.policy.exposed().filter(|_| self.is_same);
        write_reader(self.reader, credentials, expose, headers);
    }
}

/// Adds names to `Vary`.
#[cold]
pub(crate) fn write_vary<R: ResponseHeaders>(names: &Value, headers: &mut R) {
    put(headers, ResponseHeader::Vary, names);
}

/// Adds `Origin` to `Vary`, unless it is there.
#[cold]
pub(crate) fn write_vary_origin<R: ResponseHeaders>(headers: &mut R) {
    if !scan(headers).varies_by_origin {
        Vary::Origin.put(headers);
    }
}

impl<V: Wire> Grant<V> {
    /// How many headers [`Grant::write`] writes: a map that has room for them need not grow,
    /// which costs more than all that is written into it.
    pub(crate) fn count_headers(&self) -> usize {
        let lines = match &self.headers {
            GrantedHeaders::None => 0,
            GrantedHeaders::RequestedLines(lines) => lines.len(),
            _ => 1,
        };
        // The origin, the method, `Vary`.
        3 + lines
            + [self.credentials, self.private_network, self.max_age.is_some()]
                .into_iter()
                .filter(|it| *it)
                .count()
    }

    /// Writes the response to an allowed preflight.
    pub(crate) fn write<R: ResponseHeaders<Value = V>>(self, vary: Vary, headers: &mut R) {
        put_origin(self.origin, headers);
        if self.credentials {
            put(headers, ResponseHeader::AccessControlAllowCredentials, &TRUE);
        }
        headers.append(ResponseHeader::AccessControlAllowMethods, self.method);
        let name = ResponseHeader::AccessControlAllowHeaders;
        match self.headers {
            GrantedHeaders::None => {}
            GrantedHeaders::Any => put(headers, name, &STAR),
            GrantedHeaders::AnyAndAuthorization => put(headers, name, &STAR_AND_AUTHORIZATION),
            GrantedHeaders::Requested(line) => headers.append(name, line),
            GrantedHeaders::RequestedLines(lines) => {
                for line in lines {
                    headers.append(name, line);
                }
            }
        }
        if self.private_network {
            put(headers, ResponseHeader::AccessControlAllowPrivateNetwork, &TRUE);
        }
        if let Some(max_age) = &self.max_age {
            headers.append(ResponseHeader::AccessControlMaxAge, max_age.to_wire());
        }
        vary.put(headers);
    }
}

impl<V: Wire> Partial<V> {
    pub(crate) fn write<R: ResponseHeaders<Value = V>>(self, headers: &mut R) {
        put_origin(self.origin, headers);
        if self.credentials {
            put(headers, ResponseHeader::AccessControlAllowCredentials, &TRUE);
        }
        if let Some((method, names)) = self.method {
            headers.append(ResponseHeader::AccessControlAllowMethods, method);
            if !names.as_str().is_empty() {
                put(headers, ResponseHeader::AccessControlAllowHeaders, &names);
            }
        }
    }
}

fn put_origin<R: ResponseHeaders>(origin: Option<R::Value>, headers: &mut R) {
    match origin {
        Some(origin) => headers.append(ResponseHeader::AccessControlAllowOrigin, origin),
        None => put(headers, ResponseHeader::AccessControlAllowOrigin, &STAR),
    }
}

/// What one pass over a response's headers finds.
#[derive(Default)]
struct Found {
    /// A bit for each `Access-Control-*` header that is there.
    access_control: u8,
    /// Whether `Vary` names `Origin` already, or `*`, which covers it.
    varies_by_origin: bool,
}

/// One pass, because a look-up for each of the eight names costs more than all the rest.
#[inline]
fn scan<R: ResponseHeaders>(headers: &R) -> Found {
    let mut found = Found::default();
    headers.each(|name, value| match name {
        ResponseHeader::Vary => found.varies_by_origin |= names_origin(value.as_bytes()),
        other => found.access_control |= other.bit(),
    });
    found
}

/// Removes what a handler set and the policy decides.
#[cold]
fn remove_found<R: ResponseHeaders>(headers: &mut R, access_control: u8) {
    for name in ResponseHeader::ALL {
        if access_control & name.bit() != 0 {
            headers.remove(*name);
        }
    }
}

/// Whether a line of `Vary` has the element `Origin` or `*` ([RFC 9110][1]).
///
/// [1]: https://www.rfc-editor.org/rfc/rfc9110#name-vary
fn names_origin(line: &[u8]) -> bool {
    line.split(|byte| *byte == b',').any(|element| {
        let element = element.trim_ascii();
        element == b"*" || element.eq_ignore_ascii_case(b"origin")
    })
}
