//! What operators see of decisions: an event for a rejection, a count for everything.

use std::borrow::Cow;

use super::difference::{Difference, Reason};
use crate::policy::Policy;
use crate::protocol::actual::Reader;
use crate::protocol::cross_origin::is_cross_origin;
use crate::protocol::preflight::Served;
use crate::protocol::rejection::Rejection;
use crate::protocol::request::RequestHead;

/// Where a decision is made: at a handler, or in front of many.
#[cfg_attr(
    not(any(feature = "tracing", feature = "metrics")),
    allow(dead_code, reason = "without a feature, nothing is logged or counted")
)]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'a> {
    /// The handler, by its path in the program.
    pub(crate) handler: Option<&'a Cow<'static, str>>,
    /// The methods that the route serves, where that is known.
    pub(crate) served: Served<'a>,
}

impl Site<'_> {
    pub(crate) const LAYER: Self = Self { handler: None, served: None };
}

/// What a decision means for the page.
#[cfg_attr(
    not(any(feature = "tracing", feature = "metrics")),
    allow(dead_code, reason = "without a feature, nothing is logged or counted")
)]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    Allowed,
    Rejected(Rejection),
}

impl Outcome {
    /// `None` if the request is not of a page of another origin.
    fn of_reader<H: RequestHead>(reader: &Reader<H::Value>, head: &H) -> Option<Self> {
        match reader {
            Reader::One(_) => Some(Self::Allowed),
            // Pages send `Origin` to their own server too, and read its response.
            Reader::Withheld if is_cross_origin(head) => Some(Self::Rejected(Rejection::Withheld)),
            Reader::Withheld | Reader::Any | Reader::NotCors | Reader::Disabled => None,
        }
    }
}

/// Whether a decision can produce an event or a count at all.
#[inline]
const fn can_be_observed<V>(reader: &Reader<V>) -> bool {
    match reader {
        Reader::One(_) => cfg!(feature = "metrics"),
        Reader::Withheld => true,
        Reader::Any | Reader::NotCors | Reader::Disabled => false,
    }
}

/// Whether decisions are counted, or a subscriber takes the events.
#[inline]
pub(crate) fn is_observed() -> bool {
    #[cfg(feature = "tracing")]
    let is_logged = super::log::is_enabled();
    #[cfg(not(feature = "tracing"))]
    let is_logged = false;
    cfg!(feature = "metrics") || is_logged
}

/// Logs and counts who may read the response to an actual request.
#[inline]
#[expect(clippy::ptr_arg, reason = "an event keeps the name, which costs nothing for a `static`")]
pub(crate) fn observe_reader<H: RequestHead>(
    policy: &Policy,
    reader: &Reader<H::Value>,
    head: &H,
    handler: &Cow<'static, str>,
) {
    if can_be_observed(reader)
        && is_observed()
        && let Some(outcome) = Outcome::of_reader(reader, head)
    {
        observe(policy, outcome, head, Site { handler: Some(handler), served: None });
    }
}

/// The same for a policy around others: what is logged and counted if the decision turns out to
/// count; `None` if it is neither logged nor counted.
#[inline]
pub(crate) fn observe_later<H: RequestHead>(
    policy: &Policy,
    reader: &Reader<H::Value>,
    head: &H,
    handler: Option<&Cow<'static, str>>,
) -> Option<Box<Report>> {
    if can_be_observed(reader)
        && is_observed()
        && let Some(outcome) = Outcome::of_reader(reader, head)
    {
        return Some(Report::new(policy, outcome, head, Site { handler, served: None }));
    }
    None
}

/// Logs and counts a decision.
#[cold]
#[cfg_attr(
    not(feature = "tracing"),
    allow(unused_variables, reason = "only the log reads all of them")
)]
pub(crate) fn observe<H: RequestHead>(policy: &Policy, outcome: Outcome, head: &H, site: Site<'_>) {
    #[cfg(feature = "metrics")]
    super::metrics::Count::new(outcome, site).send();
    #[cfg(feature = "tracing")]
    if let Outcome::Rejected(rejection) = outcome
        && super::log::is_enabled()
    {
        super::log::log(super::log::Finding::Rejected(policy, rejection), head, site);
    }
}

/// Says that a policy outside answers the preflights of this handler.
#[cold]
#[cfg_attr(not(feature = "tracing"), allow(unused_variables, reason = "only the log says it"))]
pub(crate) fn warn_of_nesting(handler: &str) {
    #[cfg(feature = "tracing")]
    super::log::warn_of_nesting(handler);
}

impl Difference<'_> {
    /// Logs and counts what a candidate would do otherwise.
    #[cold]
    #[cfg_attr(
        not(all(feature = "tracing", feature = "metrics")),
        allow(
            unused_variables,
            clippy::unused_self,
            reason = "a feature that is off does not read them"
        )
    )]
    pub(crate) fn observe<H: RequestHead>(self, head: &H, site: Site<'_>) {
        #[cfg(feature = "metrics")]
        super::metrics::DifferenceCount::new(self, site).send();
        #[cfg(feature = "tracing")]
        if super::log::is_enabled() {
            super::log::log(super::log::Finding::Differs(self), head, site);
        }
    }

    /// The same, to be logged and counted later.
    #[cold]
    #[cfg_attr(
        not(all(feature = "tracing", feature = "metrics")),
        allow(unused_variables, reason = "a feature that is off does not read them")
    )]
    pub(crate) fn later<H: RequestHead>(self, head: &H, site: Site<'_>) -> LaterDifference {
        LaterDifference {
            // Nothing inside runs, so no policy inside can decide otherwise.
            is_before_others: matches!(self.reason, Reason::Rejection(it) if it.is_before_handler()),
            #[cfg(feature = "metrics")]
            count: super::metrics::DifferenceCount::new(self, site),
            #[cfg(feature = "tracing")]
            event: super::log::is_enabled()
                .then(|| super::log::Later::new(super::log::Finding::Differs(self), head, site)),
        }
    }
}

/// What a candidate around others would do otherwise.
#[derive(Debug)]
pub(crate) struct LaterDifference {
    /// Whether it would reject a request before a policy inside decides.
    is_before_others: bool,
    #[cfg(feature = "metrics")]
    count: super::metrics::DifferenceCount,
    #[cfg(feature = "tracing")]
    event: Option<super::log::Later>,
}

impl LaterDifference {
    #[cfg_attr(
        not(any(feature = "tracing", feature = "metrics")),
        allow(clippy::unused_self, reason = "without a feature, nothing is logged or counted")
    )]
    fn send(self) {
        #[cfg(feature = "metrics")]
        self.count.send();
        #[cfg(feature = "tracing")]
        if let Some(event) = self.event {
            event.send();
        }
    }
}

/// What is logged and counted of a decision once it is known that it counts.
#[derive(Debug, Default)]
pub(crate) struct Report {
    #[cfg(feature = "metrics")]
    count: Option<super::metrics::Count>,
    #[cfg(feature = "tracing")]
    event: Option<super::log::Later>,
    difference: Option<LaterDifference>,
}

impl Report {
    #[cfg_attr(
        not(all(feature = "tracing", feature = "metrics")),
        allow(unused_variables, reason = "a feature that is off does not read them")
    )]
    #[cold]
    #[allow(clippy::unnecessary_box_returns, reason = "what waits for a response holds it boxed")]
    fn new<H: RequestHead>(
        policy: &Policy,
        outcome: Outcome,
        head: &H,
        site: Site<'_>,
    ) -> Box<Self> {
        Box::new(Self {
            #[cfg(feature = "metrics")]
            count: Some(super::metrics::Count::new(outcome, site)),
            #[cfg(feature = "tracing")]
            event: match outcome {
                Outcome::Rejected(rejection) if super::log::is_enabled() => {
                    let finding = super::log::Finding::Rejected(policy, rejection);
                    Some(super::log::Later::new(finding, head, site))
                }
                Outcome::Rejected(_) | Outcome::Allowed => None,
            },
            difference: None,
        })
    }

    /// A report, if there is one, with a difference.
    #[allow(clippy::unnecessary_box_returns, reason = "what waits for a response holds it boxed")]
    pub(crate) fn with(report: Option<Box<Self>>, difference: LaterDifference) -> Box<Self> {
        let mut report = report.unwrap_or_default();
        report.difference = Some(difference);
        report
    }

    /// Logs and counts it.
    pub(crate) fn send(self) {
        #[cfg(feature = "metrics")]
        if let Some(count) = self.count {
            count.send();
        }
        #[cfg(feature = "tracing")]
        if let Some(event) = self.event {
            event.send();
        }
        if let Some(difference) = self.difference {
            difference.send();
        }
    }

    /// The same where a policy inside has decided: what counts is that a candidate would have
    /// rejected the request before that.
    pub(crate) fn send_before_others(self) {
        if let Some(difference) = self.difference.filter(|it| it.is_before_others) {
            difference.send();
        }
    }
}
