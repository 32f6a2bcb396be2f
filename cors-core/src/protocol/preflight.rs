//! Preflights: what a page may do, decided before it does it.

use std::borrow::Cow;

use crate::header::value::{ValueRef, Wire};
use crate::origin::set::{Missing, Origins};
use crate::policy::Policy;
use crate::protocol::rejection::Rejection;
use crate::protocol::request::{RequestHead, RequestHeader};
use crate::protocol::requested_headers::GrantedHeaders;

/// The methods that a policy allows where neither it nor a route declares any.
pub(crate) const USUAL_METHODS: [Cow<'static, str>; 6] = [
    Cow::Borrowed("GET"),
    Cow::Borrowed("HEAD"),
    Cow::Borrowed("POST"),
    Cow::Borrowed("PUT"),
    Cow::Borrowed("PATCH"),
    Cow::Borrowed("DELETE"),
];

/// The methods that a route serves; `None` where that is not known, or where it serves all.
pub(crate) type Served<'a> = Option<&'a [Cow<'static, str>]>;

/// What makes a request a preflight, looked up once: `OPTIONS` with `Origin` and
/// `Access-Control-Request-Method` ([Fetch, CORS-preflight request][1]).
///
/// [1]: https://fetch.spec.whatwg.org/#cors-preflight-request
#[derive(Debug)]
pub(crate) struct Preflight<'a, V> {
    origin: Asked<'a, V>,
    method: Asked<'a, V>,
}

/// A header that is there.
#[derive(Debug)]
struct Asked<'a, V> {
    first: &'a V,
    is_repeated: bool,
}

impl<'a, V> Asked<'a, V> {
    #[inline]
    fn of<H: RequestHead<Value = V>>(head: &'a H, name: RequestHeader) -> Option<Self> {
        let mut lines = head.lines(name);
        let first = lines.next()?;
        Some(Self { first, is_repeated: lines.next().is_some() })
    }

    /// The only line; `None` if the header is repeated: browsers never repeat it, so its value
    /// is ambiguous.
    #[inline]
    fn only(&self) -> Option<&'a V> {
        (!self.is_repeated).then_some(self.first)
    }
}

impl<'a, V: Wire> Preflight<'a, V> {
    /// The preflight that a request is; `None` if it is none.
    #[inline]
    pub(crate) fn of<H: RequestHead<Value = V>>(head: &'a H) -> Option<Self> {
        if !head.is_options() {
            return None;
        }
        let method = Asked::of(head, RequestHeader::AccessControlRequestMethod)?;
        Some(Self { origin: Asked::of(head, RequestHeader::Origin)?, method })
    }

    /// The requested method. Where the header is repeated, its first line: every policy
    /// rejects that.
    pub(crate) fn method(&self) -> &'a [u8] {
        self.method.first.as_bytes()
    }
}

/// A preflight that is allowed.
#[derive(Debug)]
pub(crate) struct Grant<V> {
    /// `None` where any origin is allowed.
    pub(crate) origin: Option<V>,
    /// The requested method.
    pub(crate) method: V,
    pub(crate) headers: GrantedHeaders<V>,
    pub(crate) credentials: bool,
    pub(crate) private_network: bool,
    pub(crate) max_age: Option<ValueRef>,
    pub(crate) status: u16,
}

impl<V> Grant<V> {
    /// What two policies allow that each allow the same preflight.
    pub(crate) fn and(self, other: Self) -> Self {
        // Without the header, browsers keep a response for five seconds.
        let seconds =
            |it: &Option<ValueRef>| it.as_ref().map_or(Ok(5), |it| it.as_str().parse::<u32>());
        let is_first = seconds(&self.max_age).unwrap_or(0) <= seconds(&other.max_age).unwrap_or(0);
        let max_age = if is_first { self.max_age } else { other.max_age };
        // `*` covers what a list names, and means nothing where another policy has credentials.
        let is_narrower = match self.headers {
            GrantedHeaders::AnyAndAuthorization => false,
            GrantedHeaders::Any => matches!(other.headers, GrantedHeaders::AnyAndAuthorization),
            _ => true,
        };
        let headers = if is_narrower { self.headers } else { other.headers };
        Self {
            origin: self.origin.or(other.origin),
            method: self.method,
            headers,
            credentials: self.credentials && other.credentials,
            private_network: self.private_network && other.private_network,
            max_age,
            // Who declares another status than the usual 204 has a client that needs a lower one.
            status: self.status.min(other.status),
        }
    }
}

impl Policy {
    /// Decides about a preflight to a route that serves the methods `served`.
    // Cold, so that what every request goes through stays small enough to be inlined.
    #[cold]
    pub(crate) fn grant<H: RequestHead>(
        &self,
        preflight: &Preflight<'_, H::Value>,
        head: &H,
        served: Served<'_>,
    ) -> Result<Grant<H::Value>, Rejection> {
        let origin = match &self.parts().origins {
            Origins::Any => None,
            Origins::Disabled => return Err(Rejection::Origin),
            Origins::Missing(Missing::NotLoaded) => return Err(Rejection::NotLoaded),
            Origins::Missing(Missing::NotSelected) => return Err(Rejection::NotSelected),
            Origins::These(origins) => {
                let origin = preflight.origin.only().and_then(|it| origins.admit(it));
                Some(origin.ok_or(Rejection::Origin)?)
            }
        };
        let method = preflight
            .method
            .only()
            .filter(|method| self.allows_method(method.as_bytes(), served))
            .cloned()
            .ok_or(Rejection::Method)?;
        let credentials = self.parts().switches.credentials;
        let headers = self.parts().headers.grant(head, credentials).ok_or(Rejection::Header)?;
        let private_network =
            self.parts().switches.private_network && asks_for_private_network(head);
        let (max_age, status) = (self.parts().max_age.clone(), self.parts().preflight_status);
        Ok(Grant { origin, method, headers, credentials, private_network, max_age, status })
    }

    /// Whether both the policy and the route allow a method; case counts, as browsers send
    /// `patch` as `patch`.
    pub(crate) fn allows_method(&self, method: &[u8], served: Served<'_>) -> bool {
        let is = |allowed: &Cow<'static, str>| allowed.as_bytes() == method;
        match (&self.parts().methods, served) {
            (None, None) => USUAL_METHODS.iter().any(is),
            (_, served) => {
                self.declares_method(method) && served.is_none_or(|it| it.iter().any(is))
            }
        }
    }

    /// Whether a method is one of those that the policy declares, or it declares none.
    pub(crate) fn declares_method(&self, method: &[u8]) -> bool {
        self.parts().methods.as_ref().is_none_or(|it| it.iter().any(|it| it.as_bytes() == method))
    }
}

/// Whether a preflight is about a server on a private network.
pub(crate) fn asks_for_private_network<H: RequestHead>(head: &H) -> bool {
    let asked = head.line(RequestHeader::AccessControlRequestPrivateNetwork);
    asked.is_some_and(|it| it.as_bytes() == b"true")
}

/// Whether a page may send a method [without a preflight][1].
///
/// [1]: https://fetch.spec.whatwg.org/#cors-safelisted-method
pub(crate) fn is_safelisted_method(method: &[u8]) -> bool {
    matches!(method, b"GET" | b"HEAD" | b"POST")
}

#[cfg(test)]
mod tests {
    use super::{Grant, GrantedHeaders};

    fn grant(headers: GrantedHeaders<&'static str>, flag: bool) -> Grant<&'static str> {
        Grant {
            origin: None,
            method: "PUT",
            headers,
            credentials: flag,
            private_network: flag,
            max_age: None,
            status: if flag { 200 } else { 204 },
        }
    }

    #[test]
    fn two_grants_allow_what_each_of_them_allows() {
        // From the narrowest to the widest.
        let kinds = ["Requested", "Any", "AnyAndAuthorization"];
        let headers = |kind: usize| match kind {
            0 => GrantedHeaders::Requested("x-a"),
            1 => GrantedHeaders::Any,
            _ => GrantedHeaders::AnyAndAuthorization,
        };
        for one in 0..kinds.len() {
            for other in 0..kinds.len() {
                let both = grant(headers(one), true).and(grant(headers(other), true));
                let shown = format!("{:?}", both.headers);
                assert_eq!(shown.split('(').next(), Some(kinds[one.min(other)]));
            }
        }
    }

    #[test]
    fn two_grants_have_the_flags_that_both_have() {
        for (one, other) in [(false, false), (false, true), (true, false), (true, true)] {
            let none = || GrantedHeaders::None;
            let both = grant(none(), one).and(grant(none(), other));
            assert_eq!(both.credentials, one && other);
            assert_eq!(both.private_network, one && other);
            assert_eq!(both.status, if one || other { 200 } else { 204 });
        }
    }
}
