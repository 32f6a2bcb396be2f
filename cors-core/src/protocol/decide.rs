//! The engine: a policy and a request head in, a decision out.
//!
//! The branches follow the [CORS protocol][1] of the Fetch standard. Nothing here
//! allocates, and what a request can make it do is bounded by the policy.
//!
//! [1]: https://fetch.spec.whatwg.org/#http-cors-protocol

use std::borrow::Cow;

use crate::header::value::{Value, Wire};
use crate::origin::set::Origins;
use crate::policy::{AllowedHeaders, Policy};
use crate::protocol::request::{RequestHead, RequestHeader};

/// The methods that a policy allows where neither it nor a route says which.
pub(crate) const USUAL_METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// Empty elements that a list of header names may hold before it is refused: proxies that
/// merge lines leave a few behind, thousands are an attack.
const EMPTY_ELEMENTS: usize = 16;

/// The longest list of header names that is read where any name is allowed, in bytes.
const LONGEST_ANY_LIST: usize = 1024;

/// What to do with a request.
///
/// # Examples
///
/// ```
/// use cors_core::{Decision, Policy};
/// # use cors_core::{RequestHead, RequestHeader, Value, Wire};
/// # #[derive(Clone)]
/// # struct Line(String);
/// # impl Wire for Line {
/// #     fn from_value(value: &Value) -> Self { Self(value.as_str().to_owned()) }
/// #     fn as_bytes(&self) -> &[u8] { self.0.as_bytes() }
/// # }
/// # struct Head(&'static str, Vec<(&'static str, Line)>);
/// # impl RequestHead for Head {
/// #     type Value = Line;
/// #     fn method(&self) -> &str { self.0 }
/// #     fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &Line> {
/// #         self.1.iter().filter(move |(n, _)| *n == name.name()).map(|(_, line)| line)
/// #     }
/// # }
///
/// let policy = Policy::builder().origins(["https://app.example.com"]).build()?;
/// let head = Head("OPTIONS", vec![
///     ("origin", Line("https://app.example.com".into())),
///     ("access-control-request-method", Line("PUT".into())),
/// ]);
/// assert!(matches!(policy.decide(&head, Some(&["PUT"])), Decision::Granted(_)));
/// assert!(matches!(policy.decide(&head, Some(&["GET"])), Decision::Refused(_)));
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug)]
pub enum Decision<V> {
    /// A preflight that is allowed: answer it now, with status 204.
    Granted(Grant<V>),
    /// A preflight that is not, or a cross-origin request that the policy enforces against:
    /// answer it now, with status 403.
    Refused(Refusal),
    /// Call the handler, then write this on its response.
    Actual(Actual<V>),
}

/// A preflight that is allowed.
#[derive(Debug)]
pub struct Grant<V> {
    /// `None` where everybody is allowed.
    pub(crate) origin: Option<V>,
    /// The requested method.
    pub(crate) method: V,
    pub(crate) headers: GrantedHeaders<V>,
    pub(crate) private_network: bool,
}

/// How the answer to a preflight names the request headers.
#[derive(Debug)]
pub(crate) enum GrantedHeaders<V> {
    /// None were asked for.
    None,
    /// The ones that were asked for, in the request's own words.
    Requested(V),
    /// The same, in the request's own lines.
    RequestedLines,
    /// `*`
    Any,
    /// `*,authorization`
    AnyAndAuthorization,
}

/// Who may read the response to an actual request.
#[derive(Debug, Clone)]
pub struct Actual<V> {
    pub(crate) reader: Reader<V>,
    /// Whether several policies decided that differ in what else they say: then neither
    /// credentials nor exposed names are granted.
    pub(crate) differs: bool,
}

impl<V> Actual<V> {
    /// Takes the decision out of the place where it waits for its response, and leaves there
    /// that nobody may read. Moves only what a decision of its kind has.
    #[must_use]
    #[inline]
    pub fn take(&mut self) -> Self {
        let reader = std::mem::replace(&mut self.reader, Reader::Nobody);
        Self { reader, differs: self.differs }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Reader<V> {
    Everybody,
    One(V),
    /// A page asks that the policy does not allow: its browser keeps the response from it.
    Withheld,
    /// No page asks.
    Nobody,
    /// The handler takes no part in CORS, whoever asks.
    Outside,
}

/// Why a request is refused.
///
/// # Examples
///
/// ```
/// assert_eq!(cors_core::Refusal::Origin.reason(), "origin-not-allowed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// A preflight from an origin that the policy does not allow.
    Origin,
    /// A preflight for a method that the policy, or the route, does not allow.
    Method,
    /// A preflight for a header that the policy does not allow.
    Header,
    /// An actual request from an origin that the policy does not allow, and enforces against.
    Enforced,
    /// An actual request that the policy would have refused in its preflight, which a policy
    /// further out answered in its place.
    Unasked,
    /// An actual request from an origin that the policy does not allow: the handler ran, and
    /// the browser keeps its response from the page.
    Withheld,
}

impl Refusal {
    /// A stable word for logs and counters.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Origin => "origin-not-allowed",
            Self::Method => "method-not-allowed",
            Self::Header => "header-not-allowed",
            Self::Enforced => "origin-enforced",
            Self::Unasked => "preflight-not-asked",
            Self::Withheld => "response-withheld",
        }
    }
}

/// Whether a request is a preflight: `OPTIONS` with `Origin` and
/// `Access-Control-Request-Method` ([Fetch, CORS-preflight request][1]).
///
/// [1]: https://fetch.spec.whatwg.org/#cors-preflight-request
///
/// # Examples
///
/// ```
/// # use cors_core::{RequestHead, RequestHeader, Value, Wire};
/// # #[derive(Clone)]
/// # struct Line(String);
/// # impl Wire for Line {
/// #     fn from_value(value: &Value) -> Self { Self(value.as_str().to_owned()) }
/// #     fn as_bytes(&self) -> &[u8] { self.0.as_bytes() }
/// # }
/// # struct Head(&'static str, Vec<(&'static str, Line)>);
/// # impl RequestHead for Head {
/// #     type Value = Line;
/// #     fn method(&self) -> &str { self.0 }
/// #     fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &Line> {
/// #         self.1.iter().filter(move |(n, _)| *n == name.name()).map(|(_, line)| line)
/// #     }
/// # }
/// // Somebody asks what a resource can do; that is no preflight.
/// let head = Head("OPTIONS", vec![("origin", Line("https://app.example.com".into()))]);
/// assert!(!cors_core::is_preflight(&head));
/// ```
#[inline]
pub fn is_preflight(head: &impl RequestHead) -> bool {
    Preflight::of(head).is_some()
}

/// What makes a request a preflight, looked up once.
///
/// # Examples
///
/// ```
/// use cors_core::Preflight;
/// # use cors_core::{RequestHead, RequestHeader, Value, Wire};
/// # #[derive(Clone)]
/// # struct Line(String);
/// # impl Wire for Line {
/// #     fn from_value(value: &Value) -> Self { Self(value.as_str().to_owned()) }
/// #     fn as_bytes(&self) -> &[u8] { self.0.as_bytes() }
/// # }
/// # struct Head(&'static str, Vec<(&'static str, Line)>);
/// # impl RequestHead for Head {
/// #     type Value = Line;
/// #     fn method(&self) -> &str { self.0 }
/// #     fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &Line> {
/// #         self.1.iter().filter(move |(n, _)| *n == name.name()).map(|(_, line)| line)
/// #     }
/// # }
///
/// let head = Head("OPTIONS", vec![
///     ("origin", Line("https://app.example.com".into())),
///     ("access-control-request-method", Line("PUT".into())),
/// ]);
/// assert_eq!(Preflight::of(&head).unwrap().method().as_bytes(), b"PUT");
/// ```
#[derive(Debug)]
pub struct Preflight<'a, V> {
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

    /// The only line: no browser repeats these, so which one would count is nobody's right
    /// to say.
    #[inline]
    fn only(&self) -> Option<&'a V> {
        (!self.is_repeated).then_some(self.first)
    }
}

impl<'a, V: Wire> Preflight<'a, V> {
    /// The preflight that a request is; `None` where it is none.
    #[inline]
    pub fn of<H: RequestHead<Value = V>>(head: &'a H) -> Option<Self> {
        if !head.is_options() {
            return None;
        }
        let method = Asked::of(head, RequestHeader::AccessControlRequestMethod)?;
        Some(Self { origin: Asked::of(head, RequestHeader::Origin)?, method })
    }

    /// The method that it asks for, whose handler's policy is the one to ask. Where the header
    /// is repeated, its first line: every policy refuses that.
    #[must_use]
    pub const fn method(&self) -> &'a V {
        self.method.first
    }
}

impl Policy {
    /// Decides about a request to a route that serves the methods `served`, or to one of
    /// which that is not known.
    #[inline]
    pub fn decide<H: RequestHead>(&self, head: &H, served: Option<&[&str]>) -> Decision<H::Value> {
        if let Some(preflight) = Preflight::of(head) {
            return self.decide_preflight(&preflight, head, served);
        }
        match self.decide_actual(head) {
            Ok(reader) => Decision::Actual(Actual { reader, differs: false }),
            Err(refusal) => Decision::Refused(refusal),
        }
    }

    /// The same for what is known to be a preflight: that of the request `head`.
    // Cold, so that what every request goes through stays small enough to be inlined.
    #[cold]
    pub fn decide_preflight<H: RequestHead>(
        &self,
        preflight: &Preflight<'_, H::Value>,
        head: &H,
        served: Option<&[&str]>,
    ) -> Decision<H::Value> {
        match self.grant(preflight, head, served) {
            Ok(grant) => Decision::Granted(grant),
            Err(refusal) => Decision::Refused(refusal),
        }
    }

    /// Who may read the response to an actual request; `Err` where the policy enforces.
    #[inline]
    fn decide_actual<H: RequestHead>(&self, head: &H) -> Result<Reader<H::Value>, Refusal> {
        let origins = match &self.origins {
            Origins::Any => return Ok(Reader::Everybody),
            Origins::Nobody => return Ok(Reader::Outside),
            Origins::These(origins) => origins,
        };
        let Some(origin) = Asked::of(head, RequestHeader::Origin) else {
            return Ok(Reader::Nobody);
        };
        match origin.only().and_then(|origin| origins.admit(origin)) {
            Some(origin) => Ok(Reader::One(origin)),
            None if self.switches.enforce && is_cross_origin(head) => Err(Refusal::Enforced),
            None => Ok(Reader::Withheld),
        }
    }

    /// Whether two policies say the same beyond who may read.
    fn grants_the_same_as<'p>(&'p self, other: &'p Self) -> bool {
        let exposed = |policy: &'p Self| policy.expose.as_ref().map(Value::as_str);
        self.switches.credentials == other.switches.credentials && exposed(self) == exposed(other)
    }

    pub(crate) fn grant<H: RequestHead>(
        &self,
        preflight: &Preflight<'_, H::Value>,
        head: &H,
        served: Option<&[&str]>,
    ) -> Result<Grant<H::Value>, Refusal> {
        let origin = match &self.origins {
            Origins::Any => None,
            Origins::Nobody => return Err(Refusal::Origin),
            Origins::These(origins) => {
                let origin = preflight.origin.only().and_then(|it| origins.admit(it));
                Some(origin.ok_or(Refusal::Origin)?)
            }
        };
        let method = preflight
            .method
            .only()
            .filter(|method| self.admits_method(method.as_bytes(), served))
            .cloned()
            .ok_or(Refusal::Method)?;
        let headers = self.admit_headers(head).ok_or(Refusal::Header)?;
        let private_network = self.switches.private_network
            && head
                .line(RequestHeader::AccessControlRequestPrivateNetwork)
                .is_some_and(|value| value.as_bytes() == b"true");
        Ok(Grant { origin, method, headers, private_network })
    }

    /// Whether both the policy and the route allow a method; case counts, as browsers send
    /// `patch` as `patch`.
    pub(crate) fn admits_method(&self, method: &[u8], served: Option<&[&str]>) -> bool {
        let is = |allowed: &str| allowed.as_bytes() == method;
        let declared = self.methods.as_deref();
        match (declared, served) {
            (None, None) => USUAL_METHODS.into_iter().any(is),
            (None, Some(served)) => served.iter().any(|it| is(it)),
            (Some(declared), None) => declared.iter().any(|it| is(it)),
            (Some(declared), Some(served)) => {
                declared.iter().any(|it| is(it)) && served.iter().any(|it| is(it))
            }
        }
    }

    /// Whether all requested headers are allowed, and how to say so.
    fn admit_headers<H: RequestHead>(&self, head: &H) -> Option<GrantedHeaders<H::Value>> {
        let mut lines = head.lines(RequestHeader::AccessControlRequestHeaders);
        let first = lines.next();
        match &self.headers {
            AllowedHeaders::These(names) => {
                let Some(first) = first else { return Some(GrantedHeaders::None) };
                let mut list = NameList::of_known(names);
                list.admit_lines(first, lines, |name| {
                    names.iter().any(|it| it.as_bytes().eq_ignore_ascii_case(name))
                })
            }
            any => {
                let authorization = matches!(any, AllowedHeaders::AnyAndAuthorization);
                // With credentials, browsers read `*` as a header of that name.
                let granted = match (self.switches.credentials, authorization) {
                    (true, _) => None,
                    (false, false) => Some(GrantedHeaders::Any),
                    (false, true) => Some(GrantedHeaders::AnyAndAuthorization),
                };
                let Some(first) = first else {
                    return Some(granted.unwrap_or(GrantedHeaders::None));
                };
                let mut list = NameList::of_any();
                let requested = list.admit_lines(first, lines, |name| {
                    is_token(name)
                        && (authorization || !name.eq_ignore_ascii_case(b"authorization"))
                })?;
                Some(granted.unwrap_or(requested))
            }
        }
    }
}

/// Decides about a response that belongs to several policies at once, such as a 405 on a
/// path whose methods have a policy each: whoever all of them allow may read it, with
/// credentials and exposed names only if all of them say so alike.
///
/// Returns the policy to write it with; `None` where there are no policies.
///
/// # Examples
///
/// ```
/// # use cors_core::{RequestHead, RequestHeader, Value, Wire};
/// # #[derive(Clone)]
/// # struct Line(String);
/// # impl Wire for Line {
/// #     fn from_value(value: &Value) -> Self { Self(value.as_str().to_owned()) }
/// #     fn as_bytes(&self) -> &[u8] { self.0.as_bytes() }
/// # }
/// # struct Head(&'static str, Vec<(&'static str, Line)>);
/// # impl RequestHead for Head {
/// #     type Value = Line;
/// #     fn method(&self) -> &str { self.0 }
/// #     fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &Line> {
/// #         self.1.iter().filter(move |(n, _)| *n == name.name()).map(|(_, line)| line)
/// #     }
/// # }
/// use cors_core::{Policy, decide_shared};
///
/// let everybody = Policy::builder().origins(["*"]).build()?;
/// let admins = Policy::builder().origins(["https://admin.example.com"]).build()?;
/// let head = Head("POST", vec![("origin", Line("https://app.example.com".into()))]);
/// let (policy, _nobody) = decide_shared([&everybody, &admins], &head).unwrap();
/// assert!(!policy.is_public());
/// # Ok::<(), cors_core::Violations>(())
/// ```
pub fn decide_shared<'p, H: RequestHead>(
    policies: impl IntoIterator<Item = &'p Policy>,
    head: &H,
) -> Option<(&'p Policy, Actual<H::Value>)> {
    let mut agreed: Option<(&Policy, Actual<H::Value>)> = None;
    for policy in policies {
        let reader = policy.decide_actual(head).unwrap_or(Reader::Withheld);
        if let Reader::Nobody | Reader::Withheld | Reader::Outside = reader {
            return Some((policy, Actual { reader, differs: false }));
        }
        agreed = Some(match agreed {
            None => (policy, Actual { reader, differs: false }),
            Some((earlier, agreed)) => {
                let differs = agreed.differs || !earlier.grants_the_same_as(policy);
                // The stricter of the two: an origin by name.
                match reader {
                    Reader::Everybody => (earlier, Actual { differs, ..agreed }),
                    reader => (policy, Actual { reader, differs }),
                }
            }
        });
    }
    agreed
}

/// A comma-separated list of names, which may span lines, while it is read: what is left of
/// what an honest one may hold.
struct NameList<'p> {
    /// Names that are allowed, in lower case.
    known: &'p [Cow<'static, str>],
    bytes: usize,
    names: usize,
    empty: usize,
}

impl<'p> NameList<'p> {
    /// A browser names each header once, so no honest list is longer than all the allowed
    /// names with generous white space.
    fn of_known(known: &'p [Cow<'static, str>]) -> Self {
        let longest: usize = known.iter().map(|name| name.len() + 8).sum();
        Self { known, bytes: longest + EMPTY_ELEMENTS, names: known.len(), empty: EMPTY_ELEMENTS }
    }

    fn of_any() -> Self {
        Self { known: &[], bytes: LONGEST_ANY_LIST, names: LONGEST_ANY_LIST, empty: EMPTY_ELEMENTS }
    }

    /// Whether every name of all lines is known, or one that `is_allowed`: the lines, granted.
    fn admit_lines<'a, V: Wire + 'a>(
        &mut self,
        first: &V,
        mut rest: impl Iterator<Item = &'a V>,
        is_allowed: impl Fn(&[u8]) -> bool,
    ) -> Option<GrantedHeaders<V>> {
        self.admit(first.as_bytes(), &is_allowed)?;
        let Some(second) = rest.next() else {
            return Some(GrantedHeaders::Requested(first.clone()));
        };
        self.admit(second.as_bytes(), &is_allowed)?;
        rest.try_for_each(|line| self.admit(line.as_bytes(), &is_allowed))?;
        Some(GrantedHeaders::RequestedLines)
    }

    fn admit(&mut self, line: &[u8], is_allowed: impl Fn(&[u8]) -> bool) -> Option<()> {
        self.bytes = self.bytes.checked_sub(line.len())?;
        let mut left = Some(line);
        while let Some(line) = left {
            // Browsers write names in lower case with nothing but commas between them: what
            // starts with a known name need not be searched for its end.
            if let Some(rest) = self.known.iter().find_map(|name| strip_name(line, name)) {
                self.names = self.names.checked_sub(1)?;
                left = rest.get(1..);
                continue;
            }
            let mut elements = line.splitn(2, |byte| *byte == b',');
            let name = elements.next().unwrap_or_default().trim_ascii();
            left = elements.next();
            let count = if name.is_empty() { &mut self.empty } else { &mut self.names };
            *count = count.checked_sub(1)?;
            if !name.is_empty() && !is_allowed(name) {
                return None;
            }
        }
        Some(())
    }
}

/// What follows a name that stands first: nothing, or a comma and more.
#[inline]
fn strip_name<'a>(line: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let (start, rest) = line.split_at_checked(name.len())?;
    (matches!(rest, [] | [b',', ..]) && start == name.as_bytes()).then_some(rest)
}

/// Whether a name can be a header's ([RFC 9110, tokens][1]).
///
/// [1]: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
fn is_token(name: &[u8]) -> bool {
    name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

/// Whether a request with `Origin` comes from another origin, as far as its browser says.
/// Pages send `Origin` to their own server too, on every `POST`; the browser vouches for
/// those in [`Sec-Fetch-Site`][1], which no page can set.
///
/// [1]: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
pub(crate) fn is_cross_origin(head: &impl RequestHead) -> bool {
    head.line(RequestHeader::SecFetchSite).is_none_or(|site| site.as_bytes() != b"same-origin")
}
