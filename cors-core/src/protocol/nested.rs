//! A policy inside of another: what the outer one decides about a request, and what the inner one
//! makes of it.
//!
//! An outer policy without a list of routes answers preflights in place of the inner
//! one, and writes its own headers on a response on which it finds no mark. So the inner policy
//! is strict: what it does not allow does not run. A middleware between the two may then lose the
//! mark, or build the response anew, and no page reads a response that the inner policy withholds.

use std::any::TypeId;
use std::hash::{BuildHasher, RandomState};

use crate::header::value::Wire;
use crate::policy::Policy;
use crate::protocol::actual::Reader;
use crate::protocol::cross_origin::is_cross_origin;
use crate::protocol::preflight::is_safelisted_method;
use crate::protocol::rejection::Rejection;
use crate::protocol::request::{RequestHead, RequestHeader};

/// Which handler a policy belongs to.
///
/// # Examples
///
/// ```
/// use cors_core::adapter::EndpointId;
///
/// struct GetUser;
/// assert_eq!(EndpointId::of::<GetUser>(), EndpointId::of::<GetUser>());
/// assert_ne!(EndpointId::unique(), EndpointId::unique());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndpointId(Id);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Id {
    /// The type that the attribute makes of a handler.
    Annotated(TypeId),
    /// A number that no other registration has.
    Registered(u64),
}

impl EndpointId {
    /// Of a handler whose attribute makes a type of it.
    #[must_use]
    #[inline]
    pub fn of<E: 'static>() -> Self {
        Self(Id::Annotated(TypeId::of::<E>()))
    }

    /// Of a handler that is registered now. The number is drawn at random, out of 2^64.
    #[must_use]
    pub fn unique() -> Self {
        Self(Id::Registered(RandomState::new().hash_one("endpoint")))
    }
}

/// What a policy outside has decided about a request. It travels in the extensions of the request,
/// from the policy that decided first to the ones inside of it.
///
/// # Examples
///
/// See [`Pending::outer`](crate::adapter::Pending::outer).
#[derive(Debug, Clone, Copy)]
pub struct Outer {
    decided: Decided,
    /// Whether it lets scripts read responses to requests with credentials.
    credentials: bool,
}

/// Whose policy it has decided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decided {
    /// Its own.
    Own,
    /// That of this handler, because the outer layer has the list of routes.
    Handler(EndpointId),
    /// None yet: it has the list of routes, and leaves the decision to the handler that will run.
    Undecided,
}

impl Outer {
    #[inline]
    pub(crate) fn new(endpoint: Option<EndpointId>, credentials: bool) -> Self {
        let decided = endpoint.map_or(Decided::Own, Decided::Handler);
        Self { decided, credentials }
    }

    /// Of a middleware that has the routes and leaves the decision to the handler that runs. The
    /// handler decides as if it were alone, and marks its response.
    #[must_use]
    pub const fn undecided() -> Self {
        Self { decided: Decided::Undecided, credentials: false }
    }

    /// Whether it leaves the decision to the handler that runs.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.decided == Decided::Undecided
    }

    /// Whether it has decided by the policy of this handler, and will write it.
    #[inline]
    pub(crate) fn is_of(&self, endpoint: EndpointId) -> bool {
        self.decided == Decided::Handler(endpoint)
    }

    /// Whether it lets scripts read responses to requests with credentials.
    #[inline]
    pub(crate) const fn credentials(&self) -> bool {
        self.credentials
    }

    /// Whether it has decided by its own policy, and so answers the preflights of what is inside.
    pub(crate) fn is_own(&self) -> bool {
        self.decided == Decided::Own
    }
}

impl Policy {
    /// Who may read the response, inside of another policy.
    ///
    /// Rejected is what comes from another origin and is not allowed: the origin; a method that
    /// takes a preflight, which the outer policy answered; cookies that the outer policy allows
    /// and this one does not. Which of its headers the page has set, a request does not show.
    ///
    /// # Errors
    ///
    /// The rejection.
    #[cold]
    pub(crate) fn nested_reader<H: RequestHead>(
        &self,
        head: &H,
        outer: Outer,
    ) -> Result<Reader<H::Value>, Rejection> {
        let reader = self.reader(head)?;
        if outer.is_undecided() {
            return Ok(reader);
        }
        if head.lines(RequestHeader::Origin).next().is_none() || !is_cross_origin(head) {
            return Ok(reader);
        }
        let method = head.method().as_bytes();
        let is_method_allowed = is_safelisted_method(method) || self.declares_method(method);
        let is_cookie_allowed = self.parts().switches.credentials
            || !outer.credentials
            || head.lines(RequestHeader::Cookie).all(|it| it.as_bytes().is_empty());
        match reader {
            Reader::Any | Reader::One(_) if is_method_allowed && is_cookie_allowed => Ok(reader),
            _ => Err(Rejection::Nested),
        }
    }
}

#[cfg(all(test, feature = "http1"))]
mod tests {
    use super::{EndpointId, Outer};
    use crate::adapter::Pending;

    /// A policy that is nested in the handler's is as strict about cookies as one that is nested in the
    /// layer alone.
    #[test]
    fn a_handler_that_was_decided_for_passes_on_what_was_decided() {
        let id = EndpointId::unique();
        for credentials in [false, true] {
            let outer = Outer::new(Some(id), credentials);
            let passed_on = Pending::<http::HeaderValue>::of_decided(id, outer).outer();
            assert!(passed_on.is_of(id));
            assert_eq!(passed_on.credentials, credentials);
        }
    }
}
