//! What an adapter does with a request, and then with its response.

use crate::explain::observe::Report;
use crate::header::value::{Value, Wire};
use crate::policy::Policy;
use crate::policy::snapshot::Snapshot;
use crate::protocol::actual::{Agreement, Reader};
use crate::protocol::nested::{EndpointId, Outer};
use crate::protocol::partial::Partial;
use crate::protocol::preflight::Grant;
use crate::protocol::response::ResponseHeaders;
use crate::protocol::write::{Vary, write_reader, write_vary, write_vary_origin};

/// What to do with a request.
///
/// # Examples
///
/// See [the module](crate::adapter).
#[derive(Debug)]
pub enum Step<V> {
    /// Send this; nothing else runs.
    Respond(Reply<V>),
    /// Run what is inside, then call [`Pending::on_response`].
    Forward(Pending<V>),
    /// No policy of ours applies.
    PassThrough,
}

/// A response that no handler makes.
///
/// # Examples
///
/// See [the module](crate::adapter).
#[derive(Debug)]
// Boxed, because what is moved around on the way to a handler costs every request by its size.
pub struct Reply<V>(Box<Parts<V>>);

#[derive(Debug)]
struct Parts<V> {
    status: u16,
    head: ReplyHead<V>,
    /// What the policy was chosen by.
    selected_by: Option<Value>,
    body: Option<String>,
    is_marked: bool,
}

#[derive(Debug)]
enum ReplyHead<V> {
    Granted {
        grant: Grant<V>,
        vary: Vary,
    },
    Rejected {
        partial: Option<Partial<V>>,
        vary: Vary,
    },
    /// To an `OPTIONS` that is no preflight.
    Options {
        allow: Value,
        agreement: Option<Agreement<V>>,
    },
}

impl<V: Wire> Reply<V> {
    #[cold]
    pub(crate) fn granted(policy: &Snapshot, grant: Grant<V>, is_marked: bool) -> Self {
        let (status, selected_by) = (grant.status, policy.vary().cloned());
        let head = ReplyHead::Granted { grant, vary: Vary::of_preflight(policy) };
        Self(Box::new(Parts { status, head, selected_by, body: None, is_marked }))
    }

    #[cold]
    pub(crate) fn rejected(
        vary: Vary,
        selected_by: Option<Value>,
        partial: Option<Partial<V>>,
        body: Option<String>,
        is_marked: bool,
    ) -> Self {
        let status = if partial.is_some() { 200 } else { 403 };
        let head = ReplyHead::Rejected { partial, vary };
        Self(Box::new(Parts { status, head, selected_by, body, is_marked }))
    }

    pub(crate) fn options(allow: Value, agreement: Option<Agreement<V>>) -> Self {
        let selected_by = agreement.as_ref().and_then(|it| it.policy.vary().cloned());
        let head = ReplyHead::Options { allow, agreement };
        Self(Box::new(Parts { status: 204, head, selected_by, body: None, is_marked: false }))
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.0.status
    }

    /// The value of the header `Allow`, where it has one.
    #[must_use]
    pub fn allow(&self) -> Option<V> {
        match &self.0.head {
            ReplyHead::Options { allow, .. } => Some(V::from_value(allow)),
            ReplyHead::Granted { .. } | ReplyHead::Rejected { .. } => None,
        }
    }

    /// How many headers [`Reply::write`] writes, to make room for.
    #[must_use]
    pub fn count_headers(&self) -> usize {
        match &self.0.head {
            ReplyHead::Granted { grant, .. } => {
                grant.count_headers() + usize::from(self.0.selected_by.is_some())
            }
            ReplyHead::Rejected { partial: None, .. } => 1,
            ReplyHead::Rejected { partial: Some(_), .. } | ReplyHead::Options { .. } => 5,
        }
    }

    /// Writes the status, the headers of CORS and the mark on a response without any of these, and
    /// returns the text of the body, if it has one.
    #[must_use = "the body says why a request is rejected, where a program explains that"]
    pub fn write<R: ResponseHead<Value = V>>(self, response: &mut R) -> Option<String> {
        let Parts { status, head, selected_by, body, is_marked } = *self.0;
        response.set_status(status);
        if is_marked {
            response.set_mark(true);
        }
        match head {
            ReplyHead::Granted { grant, vary } => grant.write(vary, response),
            ReplyHead::Rejected { partial, vary } => {
                if let Some(partial) = partial {
                    partial.write(response);
                }
                vary.put(response);
            }
            ReplyHead::Options { agreement, .. } => {
                if let Some(agreement) = agreement {
                    agreement.write(response);
                }
            }
        }
        if let Some(selected_by) = &selected_by {
            write_vary(selected_by, response);
        }
        body
    }
}

/// The mark in the extensions of a response on which a policy inside of another has written.
///
/// # Examples
///
/// See [`ResponseHead`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked;

/// The head of a response, as a framework holds it.
///
/// Implemented for `http::Response`, and for the parts of a framework's own response,
/// `(&mut StatusCode, &mut HeaderMap, &mut Extensions)`, of `http` 1 (feature `http1`) and 0.2
/// (feature `http02`).
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "http1")] {
/// use cors_core::adapter::ResponseHead;
///
/// let mut response = http::Response::new(());
/// response.set_mark(true);
/// assert!(response.is_marked());
/// # }
/// ```
pub trait ResponseHead: ResponseHeaders {
    /// The status.
    fn status(&self) -> u16;

    /// Replaces the status.
    fn set_status(&mut self, status: u16);

    /// Whether [`Marked`] is in the extensions.
    fn is_marked(&self) -> bool;

    /// Puts [`Marked`] into the extensions, or takes it out.
    fn set_mark(&mut self, is_marked: bool);
}

/// A decision that waits for its response.
///
/// # Examples
///
/// See [the module](crate::adapter).
#[derive(Debug)]
#[must_use = "the response must be given to `on_response`"]
pub struct Pending<V> {
    policy: Snapshot,
    reader: Reader<V>,
    place: Place,
    /// Whether an outer policy will look for a mark.
    is_nested: bool,
    /// Whether the layer that has decided lets scripts read responses to requests with credentials.
    decided_credentials: bool,
    /// What is logged and counted if no policy inside has decided.
    report: Option<Box<Report>>,
}

/// Where a policy is.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Around one handler, whose responses it writes on.
    Handler(EndpointId),
    /// Around one handler, where a layer outside has decided by this very policy and will
    /// write it.
    Decided(EndpointId),
    /// Around everything that is inside.
    Layer,
    /// Around one handler that handles CORS itself.
    Delegated(EndpointId),
    /// Around what is between it and the handler that the framework will run.
    Route(EndpointId),
    /// Around a path of several handlers, none of which serves the method: it is about responses
    /// that say so.
    Unserved {
        /// Whether the policies of the path agree on credentials and exposed headers.
        is_same: bool,
        /// The statuses that say so; `None` where it is known that no handler is inside.
        statuses: Option<&'static [u16]>,
    },
}

impl<V: Wire> Pending<V> {
    #[inline]
    fn new(
        policy: Snapshot,
        reader: Reader<V>,
        place: Place,
        is_nested: bool,
        report: Option<Box<Report>>,
    ) -> Self {
        Self { policy, reader, place, is_nested, decided_credentials: false, report }
    }

    #[inline]
    pub(crate) fn of_handler(
        policy: Snapshot,
        id: EndpointId,
        reader: Reader<V>,
        is_nested: bool,
    ) -> Self {
        Self::new(policy, reader, Place::Handler(id), is_nested, None)
    }

    pub(crate) fn of_decided(id: EndpointId, outer: Outer) -> Self {
        let place = Place::Decided(id);
        let decided = Self::new(Snapshot::NOT_SELECTED, Reader::Withheld, place, true, None);
        Self { decided_credentials: outer.credentials(), ..decided }
    }

    /// Inside of another policy, which is to leave the response alone.
    pub(crate) fn of_delegated(id: EndpointId) -> Self {
        Self::new(Snapshot::NOT_SELECTED, Reader::Disabled, Place::Delegated(id), true, None)
    }

    #[inline]
    pub(crate) fn of_layer(
        policy: Snapshot,
        reader: Reader<V>,
        is_nested: bool,
        report: Option<Box<Report>>,
    ) -> Self {
        Self::new(policy, reader, Place::Layer, is_nested, report)
    }

    #[inline]
    pub(crate) fn of_route(
        policy: Snapshot,
        id: EndpointId,
        reader: Reader<V>,
        is_nested: bool,
        report: Option<Box<Report>>,
    ) -> Self {
        Self::new(policy, reader, Place::Route(id), is_nested, report)
    }

    pub(crate) fn of_unserved(
        agreement: Agreement<V>,
        statuses: Option<&'static [u16]>,
        is_nested: bool,
    ) -> Self {
        let Agreement { policy, reader, is_same } = agreement;
        let place = Place::Unserved { is_same, statuses };
        Self::new(policy, reader, place, is_nested, None)
    }

    /// The policy that the request was decided by; `None` for a handler that handles CORS itself.
    #[must_use]
    pub fn policy(&self) -> Option<&Snapshot> {
        (!matches!(self.place, Place::Delegated(_))).then_some(&self.policy)
    }

    /// For the extensions of the request, where nested policies read it.
    #[must_use]
    pub fn outer(&self) -> Outer {
        let endpoint = match self.place {
            Place::Decided(id) => return Outer::new(Some(id), self.decided_credentials),
            Place::Handler(id) | Place::Delegated(id) | Place::Route(id) => Some(id),
            Place::Layer | Place::Unserved { .. } => None,
        };
        Outer::new(endpoint, self.policy.allows_credentials())
    }

    /// Writes the decision on the response, of any status, made by any handler or layer.
    ///
    /// To be called once. An `Access-Control-*` header of the response is replaced, `Vary` is
    /// merged. A layer leaves a response alone that a policy inside of it has marked.
    #[inline]
    pub fn on_response<R: ResponseHead<Value = V>>(&mut self, response: &mut R) {
        let is_same = match self.place {
            Place::Decided(_) => return Self::claim(response),
            Place::Delegated(_) => return response.set_mark(true),
            Place::Layer | Place::Unserved { .. } if response.is_marked() => {
                return self.leave_alone(response);
            }
            // A policy inside has written its headers, and what is in between may have changed them.
            Place::Route(_) if response.is_marked() => {
                self.report_nested();
                Self::claim(response);
                true
            }
            Place::Handler(_) | Place::Layer | Place::Route(_) => true,
            Place::Unserved { statuses: Some(statuses), .. }
                if !statuses.contains(&response.status()) =>
            {
                return;
            }
            Place::Unserved { is_same, .. } => is_same,
        };
        let reader = std::mem::replace(&mut self.reader, Reader::Withheld);
        let policy: &Policy = &self.policy;
        let (credentials, expose) =
            if is_same { (policy.allows_credentials(), policy.exposed()) } else { (false, None) };
        write_reader(reader, credentials, expose, response);
        if let Some(selected_by) = self.policy.vary() {
            write_vary(selected_by, response);
        }
        if let Some(report) = self.report.take() {
            report.send();
        }
        if self.is_nested {
            response.set_mark(true);
        }
    }

    /// Whether it is about routes, and not about everything that is inside.
    #[must_use]
    pub const fn is_of_routes(&self) -> bool {
        !matches!(self.place, Place::Layer)
    }

    /// Whether it is about a method that no handler of a path serves.
    #[must_use]
    pub const fn is_unserved(&self) -> bool {
        matches!(self.place, Place::Unserved { .. })
    }

    /// The same decision; the response is marked if another policy is outside.
    pub fn nested(self, is_nested: bool) -> Self {
        Self { is_nested, ..self }
    }

    /// Whether a policy outside looks for a mark on the response.
    #[must_use]
    pub const fn is_nested(&self) -> bool {
        self.is_nested
    }

    /// Removes the mark of a service that the handler called, of a layer of its list, or of a policy
    /// between the route and the layer that has decided for it: the layer outside writes the policy of the
    /// handler.
    #[inline]
    fn claim<R: ResponseHead<Value = V>>(response: &mut R) {
        if response.is_marked() {
            response.set_mark(false);
        }
    }

    /// Logs and counts what a policy inside has not.
    #[cold]
    fn report_nested(&mut self) {
        if let Some(report) = self.report.take() {
            report.send_before_others();
        }
    }

    /// A policy inside has written its headers.
    #[cold]
    fn leave_alone<R: ResponseHead<Value = V>>(&mut self, response: &mut R) {
        self.report_nested();
        // Whether there is a response at all depends on the origin.
        if self.policy.enforces() {
            write_vary_origin(response);
            if let Some(selected_by) = self.policy.vary() {
                write_vary(selected_by, response);
            }
        }
        if !self.is_nested {
            response.set_mark(false);
        }
    }
}
