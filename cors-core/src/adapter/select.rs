//! A policy for each request: tenants.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use crate::header::value::Wire;
use crate::policy::snapshot::Snapshot;
use crate::protocol::cross_origin::requested_host;
use crate::protocol::preflight::Preflight;
use crate::protocol::request::RequestHead;
use crate::validate::names::token::is_token;

/// How a function chooses that the attribute names.
pub(crate) type Select = fn(&Selection<'_>) -> Option<Snapshot>;

/// What a function that the attribute names may return.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the function that `select` names returns `{Self}`, and no policy",
    label = "a selector returns a policy or none",
    note = "write `fn by_tenant(request: &Selection<'_>) -> Option<Arc<Policy>>`; the \
            function does not decide about an origin; the policy that it returns does"
)]
pub trait Chosen {
    /// The policy, if one was chosen.
    fn chosen(self) -> Option<Snapshot>;
}

impl<T: Into<Snapshot>> Chosen for Option<T> {
    fn chosen(self) -> Option<Snapshot> {
        self.map(Into::into)
    }
}

/// How a closure chooses.
pub type Closure = dyn Fn(&Selection<'_>) -> Option<Snapshot> + Send + Sync;

/// A function that chooses, with its name.
#[derive(Clone)]
pub(super) enum Selector {
    /// By its path in the program.
    Program(&'static str, Select),
    /// Made at run time.
    Shared(&'static str, Arc<Closure>),
}

impl Selector {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Program(name, _) | Self::Shared(name, _) => name,
        }
    }

    /// The policy of a request.
    #[cold]
    pub(crate) fn choose<H: RequestHead>(&self, head: &H) -> Snapshot {
        let preflight = Preflight::of(head);
        let method = preflight.as_ref().and_then(|it| std::str::from_utf8(it.method()).ok());
        let header = |name: &str| head.header(name).map(Wire::as_bytes);
        let selection = Selection {
            method: method.unwrap_or_else(|| head.method()),
            path: head.path(),
            host: requested_host(head).and_then(|it| std::str::from_utf8(it).ok()),
            header: &header,
            read: RefCell::default(),
        };
        let chosen = match self {
            Self::Program(_, select) => select(&selection),
            Self::Shared(_, select) => select(&selection),
        };
        chosen.unwrap_or(Snapshot::NOT_SELECTED).selected_by(&selection.read.into_inner())
    }
}

impl fmt::Debug for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Selector").field(&self.name()).finish()
    }
}

/// What a policy is chosen by: the head of a request.
///
/// # Examples
///
/// ```
/// use cors_core::{Policy, Selection};
///
/// static ADA: std::sync::LazyLock<Option<Policy>> = std::sync::LazyLock::new(|| {
///     Policy::builder().origins(["https://ada.example.net"]).build().ok()
/// });
///
/// fn by_tenant(request: &Selection<'_>) -> Option<&'static Policy> {
///     match request.host()?.strip_suffix(".api.example.com")? {
///         "ada" => ADA.as_ref(),
///         _ => None,
///     }
/// }
/// ```
pub struct Selection<'a> {
    method: &'a str,
    path: &'a str,
    host: Option<&'a str>,
    header: &'a dyn Fn(&str) -> Option<&'a [u8]>,
    /// The names of the headers that the selector has read.
    read: RefCell<Vec<String>>,
}

impl Selection<'_> {
    /// The method; of a preflight, that of the request that is meant.
    #[must_use]
    pub const fn method(&self) -> &str {
        self.method
    }

    /// The path, as the framework shows it to what the policy is on: inside of a nested router that
    /// takes a prefix away, without the prefix.
    #[must_use]
    pub const fn path(&self) -> &str {
        self.path
    }

    /// Host and port that the request was sent to, as in `Host`; the authority of the URI where
    /// there is no such header (HTTP/2).
    ///
    /// The sender chooses it. Behind a proxy that rewrites it, it is the proxy's word.
    #[must_use]
    pub const fn host(&self) -> Option<&str> {
        self.host
    }

    /// The first line of a header, if it is text. Every response then names the header in `Vary`,
    /// because caches must not mix up what is chosen by it.
    ///
    /// Preflights carry no headers of the page's own: what is chosen by such a header is chosen
    /// without it when the preflight is answered.
    ///
    /// `None` for `Origin` and `Referer`: a policy that is chosen by who asks would allow everyone who
    /// asks. The policy decides about origins.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        // No request has a header of another name.
        if !is_token(name) {
            return None;
        }
        let name = name.to_ascii_lowercase();
        if ["origin", "referer"].contains(&name.as_str()) {
            return None;
        }
        let value = (self.header)(&name).and_then(|it| std::str::from_utf8(it).ok());
        let mut read = self.read.borrow_mut();
        if !read.contains(&name) {
            read.push(name);
        }
        value
    }
}

impl fmt::Debug for Selection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Selection")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}
