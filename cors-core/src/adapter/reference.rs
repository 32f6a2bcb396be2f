//! Which policy applies, by its owner and by when it becomes known.

use std::fmt;
use std::sync::Arc;

use super::candidate::Pair;
use super::select::{Select, Selection, Selector};
use crate::declaration::violation::Violations;
use crate::policy::Policy;
use crate::policy::cell::PolicyCell;
use crate::policy::snapshot::Snapshot;
use crate::protocol::request::RequestHead;

/// Which policy applies to what an adapter puts it on.
///
/// What layers, middlewares and registrations take: a `&'static Policy` or `&'static PolicyCell`
/// from `policy!`, a [`Policy`] from [`Policy::builder`], an `Arc` of either that several share, a
/// function that [chooses](PolicyRef::select) for each request, or none
/// ([`PolicyRef::delegated`]). A policy that is to come may be beside it
/// ([`PolicyRef::with_candidate`]). Cloning copies a pointer.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use cors_core::{Policy, PolicyRef};
///
/// let policy = Arc::new(Policy::builder().origins(["*"]).build()?);
/// let handle = PolicyRef::from(Arc::clone(&policy));
/// assert!(handle.current().is_some_and(|policy| policy.is_public()));
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug, Clone)]
pub struct PolicyRef(Source);

/// Whose policy it is.
#[derive(Debug, Clone)]
enum Source {
    /// The program's.
    Program(&'static Policy),
    /// Made at run time.
    Shared(Arc<Policy>),
    /// The program's, with origins that come later.
    Cell(&'static PolicyCell),
    /// Made at run time, with origins that come later.
    SharedCell(Arc<PolicyCell>),
    /// Chosen for each request.
    Select(Selector),
    /// The handler handles CORS itself.
    Delegated,
    /// With the policy that is to come.
    Pair(Arc<Pair>),
}

impl PolicyRef {
    /// A policy that lives as long as the program.
    #[must_use]
    pub const fn from_static(policy: &'static Policy) -> Self {
        Self(Source::Program(policy))
    }

    /// A cell that lives as long as the program.
    #[must_use]
    pub const fn from_cell(cell: &'static PolicyCell) -> Self {
        Self(Source::Cell(cell))
    }

    /// A function that chooses, by its path in the program.
    #[doc(hidden)]
    #[must_use]
    pub const fn from_fn(name: &'static str, select: Select) -> Self {
        Self(Source::Select(Selector::Program(name, select)))
    }

    /// A function from the head of a request to a validated policy, or to none: then no page may
    /// read the response.
    ///
    /// It is asked for each request, and for a preflight with the method of the request that is
    /// meant. It never says yes or no to an origin: which origins are allowed is the policy's to
    /// say. Where it reads a header, `Vary` names that header; see [`Selection::header`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use std::sync::Arc;
    /// use cors_core::{Policy, PolicyRef, Selection};
    ///
    /// let tenants: HashMap<String, Arc<Policy>> = HashMap::new(); // read at start
    /// let by_tenant = PolicyRef::select(move |request: &Selection<'_>| {
    ///     tenants.get(request.host()?).cloned()
    /// });
    /// ```
    pub fn select<F, T>(select: F) -> Self
    where
        F: Fn(&Selection<'_>) -> Option<T> + Send + Sync + 'static,
        T: Into<Snapshot>,
    {
        let name = std::any::type_name::<F>();
        let select = Arc::new(move |request: &Selection<'_>| select(request).map(Into::into));
        Self(Source::Select(Selector::Shared(name, select)))
    }

    /// No policy: the handler, or what it proxies, handles CORS itself. Nothing is answered, added or
    /// removed, not even of preflights, which the handler must serve (`OPTIONS`).
    ///
    /// Unlike a policy that [is none](Policy::is_none), which rejects preflights and removes the
    /// `Access-Control-*` headers of the handler.
    #[must_use]
    pub const fn delegated() -> Self {
        Self(Source::Delegated)
    }

    /// Whether the handler handles CORS itself.
    #[must_use]
    pub const fn is_delegated(&self) -> bool {
        // A pair never is.
        matches!(self.0, Source::Delegated)
    }

    /// The same with another policy beside it, the candidate: the one that is to come. Nothing of the
    /// candidate is enforced, and no response is changed by it; the log and the counters say where it
    /// would decide otherwise, and why.
    ///
    /// A cross-origin request that the policy has decided about is decided by the candidate too, where
    /// the log or the counters are read. A difference is an event of the target `cors` with the field
    /// `difference` (feature `tracing`), at most ten a second for each handler and kind of difference,
    /// and is counted in `cors_candidate_total` (feature `metrics`):
    ///
    /// | difference | what the candidate would do |
    /// | --- | --- |
    /// | `would_reject` | reject a preflight, or withhold a response, that is allowed |
    /// | `would_allow` | allow what is rejected or withheld |
    /// | `would_not_run` | reject a request before its handler runs, whose response no page reads |
    /// | `would_run` | run the handler of a request that is rejected, and withhold the response |
    /// | `would_withhold_credentials` | allow it without credentials |
    /// | `would_allow_credentials` | allow it with credentials |
    ///
    /// Not compared are exposed headers, `max_age` and `preflight_status`: no request shows whether
    /// a page needs them. Where a candidate is a [selector](Self::select), `Vary` does not name what it
    /// reads, and if it panics (where panics unwind), it has chosen no policy. A second candidate
    /// replaces the first, and a candidate that itself has one is compared without it.
    ///
    /// # Panics
    ///
    /// If one of the two is [delegated](Self::delegated): what the handler will answer is not known, so
    /// there is nothing to compare.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Policy, PolicyRef};
    ///
    /// let everybody = Policy::builder().origins(["*"]).build()?;
    /// let front_end = Policy::builder().origins(["https://app.example.com"]).build()?;
    /// let policy = PolicyRef::from(everybody).with_candidate(front_end);
    /// assert!(policy.current().is_some_and(|it| it.is_public()));
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn with_candidate(self, candidate: impl Into<Self>) -> Self {
        let (in_force, candidate) = (self.into_in_force(), candidate.into().into_in_force());
        assert!(
            !in_force.is_delegated() && !candidate.is_delegated(),
            "a candidate is compared with the policy in force, and a handler that handles CORS \
             itself has none\nhelp: leave `with_candidate` or `delegated` out"
        );
        Self(Source::Pair(Arc::new(Pair { in_force, candidate })))
    }

    /// The policy that is to come, if there is one beside this one.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Policy, PolicyRef};
    ///
    /// let everybody = PolicyRef::from(Policy::builder().origins(["*"]).build()?);
    /// assert!(everybody.candidate().is_none());
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn candidate(&self) -> Option<&Self> {
        self.pair().map(|pair| &pair.candidate)
    }

    #[inline]
    fn pair(&self) -> Option<&Pair> {
        match &self.0 {
            Source::Pair(pair) => Some(pair),
            _ => None,
        }
    }

    fn into_in_force(self) -> Self {
        match self.pair() {
            Some(pair) => pair.in_force.clone(),
            None => self,
        }
    }

    /// The policy as it is now; `None` where a function chooses, or the handler handles CORS itself.
    #[must_use]
    pub fn current(&self) -> Option<Snapshot> {
        match &self.0 {
            Source::Program(policy) => Some(Snapshot::of_program(policy)),
            Source::Shared(policy) => Some(Arc::clone(policy).into()),
            Source::Cell(cell) => Some(Snapshot::from(*cell)),
            Source::SharedCell(cell) => Some(Snapshot::from(cell)),
            Source::Select(_) | Source::Delegated => None,
            Source::Pair(pair) => pair.in_force.current(),
        }
    }

    /// Where the origins come from, if they are not part of the program.
    pub(crate) fn source(&self) -> Option<String> {
        match &self.0 {
            Source::Program(_) | Source::Shared(_) | Source::Delegated => None,
            Source::Cell(cell) => Some(cell.source()),
            Source::SharedCell(cell) => Some(cell.source()),
            Source::Select(selector) => Some(format!("chosen by {}", selector.name())),
            Source::Pair(pair) => pair.in_force.source(),
        }
    }

    /// The function that chooses, by its path in the program.
    #[cfg(any(feature = "gateway", feature = "lock"))]
    pub(crate) fn selector(&self) -> Option<&'static str> {
        match &self.0 {
            Source::Select(selector) => Some(selector.name()),
            Source::Pair(pair) => pair.in_force.selector(),
            _ => None,
        }
    }

    /// Reads the origins that come from the environment, unless they were read before, those of a
    /// candidate too.
    ///
    /// Adapters call it when something is registered.
    ///
    /// # Errors
    ///
    /// See [`PolicyCell::load`].
    pub fn load(&self) -> Result<(), Violations> {
        match &self.0 {
            Source::Cell(cell) => cell.load(),
            Source::SharedCell(cell) => cell.load(),
            Source::Program(_) | Source::Shared(_) | Source::Select(_) | Source::Delegated => {
                Ok(())
            }
            Source::Pair(pair) => load(pair.policies()),
        }
    }

    /// The policy of a request, where there is nothing more to know: `None` beside a candidate, and if
    /// the handler handles CORS itself.
    #[inline]
    pub(super) fn resolve_alone<H: RequestHead>(&self, head: &H) -> Option<Snapshot> {
        match &self.0 {
            Source::Program(policy) => Some(Snapshot::of_program(policy)),
            Source::Cell(cell) => Some(Snapshot::from(*cell)),
            Source::Select(selector) => Some(selector.choose(head)),
            Source::Shared(_) | Source::SharedCell(_) => self.current(),
            Source::Pair(_) | Source::Delegated => None,
        }
    }

    /// The policy of a request, the one in force; `None` if the handler handles CORS itself.
    #[inline]
    pub(crate) fn resolve<H: RequestHead>(&self, head: &H) -> Option<Snapshot> {
        self.resolve_alone(head).or_else(|| self.pair()?.resolve(head))
    }
}

impl Policy {
    /// For the attribute: as a reference to any policy.
    #[doc(hidden)]
    #[must_use]
    pub const fn as_policy_ref(&'static self) -> PolicyRef {
        PolicyRef::from_static(self)
    }
}

impl PolicyCell {
    /// For the attribute: as a reference to any policy.
    #[doc(hidden)]
    #[must_use]
    pub const fn as_policy_ref(&'static self) -> PolicyRef {
        PolicyRef::from_cell(self)
    }
}

/// Reads the origins that come from the environment, of everything that is registered together.
///
/// # Panics
///
/// If there are violations: with all of them.
#[track_caller]
#[expect(clippy::panic, reason = "a mistake in the deployment, found at the start of the program")]
pub(super) fn load_or_panic<'p>(policies: impl IntoIterator<Item = &'p PolicyRef>) {
    if let Err(violations) = load(policies) {
        panic!("{}", NotLoaded(&violations));
    }
}

/// The same, with the violations returned.
pub(crate) fn load<'p>(
    policies: impl IntoIterator<Item = &'p PolicyRef>,
) -> Result<(), Violations> {
    let failed = policies.into_iter().filter_map(|policy| policy.load().err());
    failed.reduce(Violations::and).map_or(Ok(()), Err)
}

/// What a program says that cannot start.
struct NotLoaded<'a>(&'a Violations);

impl fmt::Display for NotLoaded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = self.0.len();
        let mistakes = if many == 1 { "mistake" } else { "mistakes" };
        write!(f, "the origins of CORS policies have {many} {mistakes}:\n\n{}", self.0)
    }
}

impl From<&'static Policy> for PolicyRef {
    fn from(policy: &'static Policy) -> Self {
        Self::from_static(policy)
    }
}

impl From<Policy> for PolicyRef {
    fn from(policy: Policy) -> Self {
        Self(Source::Shared(Arc::new(policy)))
    }
}

impl From<Arc<Policy>> for PolicyRef {
    fn from(policy: Arc<Policy>) -> Self {
        Self(Source::Shared(policy))
    }
}

impl From<&'static PolicyCell> for PolicyRef {
    fn from(cell: &'static PolicyCell) -> Self {
        Self::from_cell(cell)
    }
}

impl From<Arc<PolicyCell>> for PolicyRef {
    fn from(cell: Arc<PolicyCell>) -> Self {
        Self(Source::SharedCell(cell))
    }
}
