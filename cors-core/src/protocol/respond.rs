//! Writing a decision on a response: the only place that knows which header says what.

use crate::header::value::{Value, Wire};
use crate::policy::Policy;
use crate::protocol::decide::{Actual, Grant, GrantedHeaders, Reader, Refusal};
use crate::protocol::request::{RequestHead, RequestHeader};

/// A response header that CORS writes or reads.
///
/// # Examples
///
/// ```
/// assert_eq!(cors_core::ResponseHeader::Vary.name(), "vary");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseHeader {
    /// `Access-Control-Allow-Origin`
    AccessControlAllowOrigin,
    /// `Access-Control-Allow-Credentials`
    AccessControlAllowCredentials,
    /// `Access-Control-Expose-Headers`
    AccessControlExposeHeaders,
    /// `Access-Control-Allow-Methods`
    AccessControlAllowMethods,
    /// `Access-Control-Allow-Headers`
    AccessControlAllowHeaders,
    /// `Access-Control-Allow-Private-Network`
    AccessControlAllowPrivateNetwork,
    /// `Access-Control-Max-Age`
    AccessControlMaxAge,
    /// `Vary`
    Vary,
}

impl ResponseHeader {
    /// Every header that a policy has the last word on.
    pub const ACCESS_CONTROL: [Self; 7] = [
        Self::AccessControlAllowOrigin,
        Self::AccessControlAllowCredentials,
        Self::AccessControlExposeHeaders,
        Self::AccessControlAllowMethods,
        Self::AccessControlAllowHeaders,
        Self::AccessControlAllowPrivateNetwork,
        Self::AccessControlMaxAge,
    ];

    /// The name, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccessControlAllowOrigin => "access-control-allow-origin",
            Self::AccessControlAllowCredentials => "access-control-allow-credentials",
            Self::AccessControlExposeHeaders => "access-control-expose-headers",
            Self::AccessControlAllowMethods => "access-control-allow-methods",
            Self::AccessControlAllowHeaders => "access-control-allow-headers",
            Self::AccessControlAllowPrivateNetwork => "access-control-allow-private-network",
            Self::AccessControlMaxAge => "access-control-max-age",
            Self::Vary => "vary",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The headers of a response, as a framework holds them.
///
/// # Examples
///
/// ```
/// use cors_core::{ResponseHeader, ResponseHeaders, Value, Wire};
///
/// #[derive(Clone)]
/// struct Line(String);
/// impl Wire for Line {
///     fn from_value(value: &Value) -> Self { Self(value.as_str().to_owned()) }
///     fn as_bytes(&self) -> &[u8] { self.0.as_bytes() }
/// }
///
/// struct Headers(Vec<(String, Line)>);
/// impl ResponseHeaders for Headers {
///     type Value = Line;
///     fn each(&self, mut visit: impl FnMut(ResponseHeader, &Line)) {
///         for (name, line) in &self.0 {
///             let all = ResponseHeader::ACCESS_CONTROL.into_iter().chain([ResponseHeader::Vary]);
///             if let Some(name) = all.into_iter().find(|it| it.name() == name) {
///                 visit(name, line);
///             }
///         }
///     }
///     fn append(&mut self, name: ResponseHeader, value: Line) {
///         self.0.push((name.name().to_owned(), value));
///     }
///     fn remove(&mut self, name: ResponseHeader) {
///         self.0.retain(|(it, _)| it != name.name());
///     }
/// }
/// ```
pub trait ResponseHeaders {
    /// How the framework holds a header value.
    type Value: Wire;

    /// Calls `visit` for each line of a header that [`ResponseHeader`] knows.
    fn each(&self, visit: impl FnMut(ResponseHeader, &Self::Value));

    /// Adds a line.
    fn append(&mut self, name: ResponseHeader, value: Self::Value);

    /// Removes all lines of a header.
    fn remove(&mut self, name: ResponseHeader);
}

/// Every `Vary` that the engine writes is a prefix of this text, and so starts at an
/// address that nothing else in the program has: the mark of our own hand.
static VARY: [u8; 109] =
    *b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers, \
Access-Control-Request-Private-Network";
static VARY_ORIGIN: Value = Value::from_static(prefix(&VARY, 6));
static VARY_PREFLIGHT: Value = Value::from_static(prefix(&VARY, 69));
static VARY_PREFLIGHT_PRIVATE_NETWORK: Value = Value::from_static(prefix(&VARY, 109));

/// The same for the answers to everybody.
static ANY: [u8; 15] = *b"*,authorization";
pub(crate) static STAR: Value = Value::from_static(prefix(&ANY, 1));
static STAR_AND_AUTHORIZATION: Value = Value::from_static(prefix(&ANY, 15));

pub(crate) static TRUE: Value = Value::from_static("true");

const fn prefix(text: &'static [u8], length: usize) -> &'static str {
    match str::from_utf8(text.split_at(length).0) {
        Ok(text) => text,
        Err(_) => "",
    }
}

/// Whether a response bears the mark of a policy that was written on it before.
///
/// The innermost policy decides: what stands further out leaves its responses alone. The
/// mark is where in memory our constant texts stand. It costs nothing, and is lost when
/// something in between writes `Vary` anew; adapters leave a better one where they know that
/// an outer policy will look for it.
#[must_use = "whether the response bears our mark decides who may write on it"]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A policy further in has decided before; nothing was written.
    Earlier,
    /// The headers show that a policy has decided; an outer one will see it.
    Borne,
    /// No header shows it, because the handler's own `Vary` already said what ours would,
    /// or because the framework's values are copies: the adapter must leave another mark for
    /// an outer policy.
    Missing,
}

impl Mark {
    /// Whether a value stands where our text does, and so shows whose it is.
    fn on<V: Wire>(value: &V, text: &'static [u8]) -> Self {
        if value.as_bytes().as_ptr() == text.as_ptr() { Self::Borne } else { Self::Missing }
    }
}

impl Policy {
    /// Writes the decision about an actual request on its response, whatever its status
    /// and whoever made it.
    ///
    /// The policy's word is final: an `Access-Control-*` header that the handler set is
    /// replaced. `Vary` is merged with what the handler set. A response that an inner
    /// policy has decided about is left as it is.
    #[inline]
    pub fn write<R: ResponseHeaders>(&self, actual: Actual<R::Value>, headers: &mut R) -> Mark {
        let found = scan(headers);
        if found.marked {
            return Mark::Earlier;
        }
        if found.access_control != 0 {
            remove_found(headers, found.access_control);
        }
        let Actual { reader, differs } = actual;
        match reader {
            Reader::Everybody => {
                let star = R::Value::from_value(&STAR);
                let mark = Mark::on(&star, &ANY);
                headers.append(ResponseHeader::AccessControlAllowOrigin, star);
                if !differs {
                    self.put_exposed(headers);
                }
                return mark;
            }
            Reader::One(origin) => {
                headers.append(ResponseHeader::AccessControlAllowOrigin, origin);
                if !differs {
                    if self.switches.credentials {
                        put(headers, ResponseHeader::AccessControlAllowCredentials, &TRUE);
                    }
                    self.put_exposed(headers);
                }
            }
            Reader::Withheld | Reader::Nobody => {}
            Reader::Outside => return Mark::Missing,
        }
        if found.varies_by_origin {
            return Mark::Missing;
        }
        let vary = R::Value::from_value(&VARY_ORIGIN);
        let mark = Mark::on(&vary, &VARY);
        headers.append(ResponseHeader::Vary, vary);
        mark
    }

    /// How many headers [`Policy::write_grant`] writes: a map that has room for them need
    /// not grow, which costs more than all that is written into it.
    #[must_use]
    pub fn count_headers<V>(&self, grant: &Grant<V>) -> usize {
        let optional = [
            self.switches.credentials,
            !matches!(grant.headers, GrantedHeaders::None),
            grant.private_network,
            self.max_age.is_some(),
        ];
        // The origin, the method, `Vary`.
        3 + optional.into_iter().filter(|it| *it).count()
    }

    /// Writes the answer to an allowed preflight, whose status is 204.
    pub fn write_grant<H, R>(&self, grant: Grant<R::Value>, head: &H, headers: &mut R)
    where
        R: ResponseHeaders,
        H: RequestHead<Value = R::Value>,
    {
        match grant.origin {
            Some(origin) => headers.append(ResponseHeader::AccessControlAllowOrigin, origin),
            None => put(headers, ResponseHeader::AccessControlAllowOrigin, &STAR),
        }
        if self.switches.credentials {
            put(headers, ResponseHeader::AccessControlAllowCredentials, &TRUE);
        }
        headers.append(ResponseHeader::AccessControlAllowMethods, grant.method);
        let name = ResponseHeader::AccessControlAllowHeaders;
        match grant.headers {
            GrantedHeaders::None => {}
            GrantedHeaders::Any => put(headers, name, &STAR),
            GrantedHeaders::AnyAndAuthorization => put(headers, name, &STAR_AND_AUTHORIZATION),
            GrantedHeaders::Requested(line) => headers.append(name, line),
            GrantedHeaders::RequestedLines => {
                for line in head.lines(RequestHeader::AccessControlRequestHeaders) {
                    headers.append(name, line.clone());
                }
            }
        }
        if grant.private_network {
            put(headers, ResponseHeader::AccessControlAllowPrivateNetwork, &TRUE);
        }
        if let Some(max_age) = &self.max_age {
            put(headers, ResponseHeader::AccessControlMaxAge, max_age);
        }
        put(headers, ResponseHeader::Vary, self.preflight_vary());
    }

    /// Writes what a refused request gets, whose status is 403: `Vary`, and no
    /// `Access-Control-*` header at all.
    pub fn write_refusal<R: ResponseHeaders>(&self, refusal: Refusal, headers: &mut R) {
        let vary = match refusal {
            Refusal::Enforced | Refusal::Unasked | Refusal::Withheld => &VARY_ORIGIN,
            Refusal::Origin | Refusal::Method | Refusal::Header => self.preflight_vary(),
        };
        put(headers, ResponseHeader::Vary, vary);
    }

    fn put_exposed<R: ResponseHeaders>(&self, headers: &mut R) {
        if let Some(expose) = &self.expose {
            put(headers, ResponseHeader::AccessControlExposeHeaders, expose);
        }
    }

    /// A preflight's answer depends on all that it asks for, and a cache must know.
    fn preflight_vary(&self) -> &'static Value {
        if self.switches.private_network {
            &VARY_PREFLIGHT_PRIVATE_NETWORK
        } else {
            &VARY_PREFLIGHT
        }
    }
}

/// Whether an inner policy has decided about a response, as far as its headers show.
///
/// # Examples
///
/// See [`ResponseHeaders`] for how a framework's headers are read; a response that no
/// policy was written on bears no mark, whatever headers its handler set.
pub fn is_marked(headers: &impl ResponseHeaders) -> bool {
    scan(headers).marked
}

/// What one pass over a response's headers finds.
#[derive(Default)]
struct Found {
    /// A bit for each `Access-Control-*` header that is there.
    access_control: u8,
    /// Whether `Vary` names `Origin` already, or `*`, which covers it.
    varies_by_origin: bool,
    /// Whether a line was written by this engine.
    marked: bool,
}

/// One pass, because a look-up for each of the eight names costs more than all the rest.
#[inline]
fn scan<R: ResponseHeaders>(headers: &R) -> Found {
    let mut found = Found::default();
    headers.each(|name, value| {
        let bytes = value.as_bytes();
        let start = bytes.as_ptr();
        match name {
            ResponseHeader::Vary => {
                found.marked |= start == VARY.as_ptr();
                found.varies_by_origin |= names_origin(bytes);
            }
            other => {
                found.marked |= start == ANY.as_ptr();
                found.access_control |= other.bit();
            }
        }
    });
    found
}

/// Removes what a handler set and a policy has the last word on.
#[cold]
fn remove_found<R: ResponseHeaders>(headers: &mut R, access_control: u8) {
    for name in ResponseHeader::ACCESS_CONTROL {
        if access_control & name.bit() != 0 {
            headers.remove(name);
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

#[inline]
pub(crate) fn put<R: ResponseHeaders>(headers: &mut R, name: ResponseHeader, value: &Value) {
    headers.append(name, Wire::from_value(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_end_where_names_end() {
        assert_eq!(VARY_ORIGIN.as_str(), "Origin");
        assert_eq!(
            VARY_PREFLIGHT.as_str(),
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
        );
        assert!(VARY_PREFLIGHT_PRIVATE_NETWORK.as_str().ends_with("Request-Private-Network"));
        assert_eq!(STAR.as_str(), "*");
        assert_eq!(STAR_AND_AUTHORIZATION.as_str(), "*,authorization");
    }
}
