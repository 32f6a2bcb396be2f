//! What operators see of decisions: a log line for a refusal, a count for everything.

use crate::policy::Policy;
use crate::protocol::decide::{Actual, Decision, Reader, Refusal, is_cross_origin};
use crate::protocol::request::RequestHead;

/// Where a decision is made: at a handler, or in front of many.
///
/// # Examples
///
/// ```
/// use cors_core::Site;
///
/// let site = Site { handler: Some("api::users::update"), served: Some(&["PUT"]) };
/// assert!(Site::default().handler.is_none());
/// # let _ = site;
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Site<'a> {
    /// The handler, by its path in the program.
    pub handler: Option<&'static str>,
    /// The methods that the route serves, where that is known.
    pub served: Option<&'a [&'a str]>,
}

/// What operators will be told once it is clear that a decision counts.
///
/// A policy that stands around others decides before it knows whether one of them has the
/// better answer; made by [`Policy::observe_later`].
///
/// # Examples
///
/// A report that is dropped tells nobody anything.
#[derive(Debug)]
#[must_use = "a report tells nothing until it is sent"]
pub struct Report {
    #[cfg(feature = "metrics")]
    count: (Outcome, Option<&'static str>),
    #[cfg(feature = "tracing")]
    line: Option<log::Line>,
}

impl Report {
    /// Tells the operators.
    pub fn send(self) {
        #[cfg(feature = "metrics")]
        count(self.count.0, self.count.1);
        #[cfg(feature = "tracing")]
        if let Some(line) = self.line
            && let Some(suppressed) = log::admit()
        {
            line.write(suppressed);
        }
    }
}

impl Policy {
    /// Tells the operators about a decision that [`Policy::decide`] made.
    ///
    /// With the feature `tracing`, a refusal is an event of the target `cors`, at most ten
    /// a second: a flood of refusals is no flood of lines. Its `method` is the one that is
    /// meant, in a preflight the requested one. With the feature `metrics`, every
    /// decision about a page's request counts in `cors_requests_total`, by `outcome`,
    /// `reason` and `handler`.
    #[inline]
    pub fn observe<H: RequestHead>(
        &self,
        decision: &Decision<H::Value>,
        head: &H,
        site: &Site<'_>,
    ) {
        if is_worth_telling(decision) && is_observed() {
            self.tell(decision, head, site);
        }
    }

    #[cfg_attr(
        not(feature = "tracing"),
        expect(clippy::unused_self, reason = "only the log names what a policy allows")
    )]
    #[cold]
    fn tell<H: RequestHead>(&self, decision: &Decision<H::Value>, head: &H, site: &Site<'_>) {
        let Some(outcome) = Outcome::of(decision, head) else { return };
        #[cfg(feature = "metrics")]
        count(outcome, site.handler);
        #[cfg(feature = "tracing")]
        if let Outcome::Refused(refusal) = outcome
            && log::is_read()
            && let Some(suppressed) = log::admit()
        {
            log::Line::new(self, refusal, head, site).write(suppressed);
        }
        // Without either feature nobody listens.
        #[cfg(not(any(feature = "tracing", feature = "metrics")))]
        let _ = (outcome, site);
    }

    /// The same for a policy that stands around others: what to tell if the decision turns
    /// out to count, `None` if nobody listens.
    #[inline]
    pub fn observe_later<H: RequestHead>(
        &self,
        decision: &Decision<H::Value>,
        head: &H,
        site: &Site<'_>,
    ) -> Option<Box<Report>> {
        if is_worth_telling(decision) && is_observed() {
            return self.report(decision, head, site);
        }
        None
    }

    #[cfg_attr(
        not(feature = "tracing"),
        expect(clippy::unused_self, reason = "only the log names what a policy allows")
    )]
    #[cold]
    fn report<H: RequestHead>(
        &self,
        decision: &Decision<H::Value>,
        head: &H,
        site: &Site<'_>,
    ) -> Option<Box<Report>> {
        let outcome = Outcome::of(decision, head)?;
        #[cfg(feature = "tracing")]
        let line = match outcome {
            Outcome::Refused(refusal) if log::is_read() => {
                Some(log::Line::new(self, refusal, head, site))
            }
            _ => None,
        };
        // Without either feature nobody listens.
        #[cfg(not(any(feature = "tracing", feature = "metrics")))]
        let _ = (outcome, site);
        Some(Box::new(Report {
            #[cfg(feature = "metrics")]
            count: (outcome, site.handler),
            #[cfg(feature = "tracing")]
            line,
        }))
    }
}

/// What a decision means for the page that asks.
#[cfg_attr(
    not(any(feature = "tracing", feature = "metrics")),
    expect(dead_code, reason = "without a feature, nobody listens")
)]
#[derive(Debug, Clone, Copy)]
enum Outcome {
    Allowed,
    Refused(Refusal),
}

impl Outcome {
    /// `None` where no page of another origin asks.
    #[inline]
    fn of<H: RequestHead>(decision: &Decision<H::Value>, head: &H) -> Option<Self> {
        match decision {
            Decision::Granted(_) | Decision::Actual(Actual { reader: Reader::One(_), .. }) => {
                Some(Self::Allowed)
            }
            Decision::Refused(refusal) => Some(Self::Refused(*refusal)),
            // Pages send `Origin` to their own server too; nobody withholds that.
            Decision::Actual(Actual { reader: Reader::Withheld, .. }) if is_cross_origin(head) => {
                Some(Self::Refused(Refusal::Withheld))
            }
            Decision::Actual(_) => None,
        }
    }
}

/// Whether operators care about a decision at all, before anybody asks whether they listen:
/// the log is about refusals, and what no page asks for is not even counted.
#[inline]
const fn is_worth_telling<V>(decision: &Decision<V>) -> bool {
    match decision {
        Decision::Granted(_) | Decision::Actual(Actual { reader: Reader::One(_), .. }) => {
            cfg!(feature = "metrics")
        }
        Decision::Refused(_) | Decision::Actual(Actual { reader: Reader::Withheld, .. }) => true,
        Decision::Actual(_) => false,
    }
}

/// Whether decisions are counted, or anybody reads the log.
#[inline]
fn is_observed() -> bool {
    #[cfg(feature = "tracing")]
    let is_read = log::is_read();
    #[cfg(not(feature = "tracing"))]
    let is_read = false;
    cfg!(feature = "metrics") || is_read
}

#[cfg(feature = "metrics")]
fn count(outcome: Outcome, handler: Option<&'static str>) {
    let (outcome, reason) = match outcome {
        Outcome::Allowed => ("allowed", ""),
        Outcome::Refused(refusal) => ("refused", refusal.reason()),
    };
    let handler = handler.unwrap_or("layer");
    metrics::counter!(
        "cors_requests_total",
        "outcome" => outcome,
        "reason" => reason,
        "handler" => handler,
    )
    .increment(1);
}

/// Lines of the log, and how many there may be.
#[cfg(feature = "tracing")]
mod log {
    use std::sync::{Mutex, PoisonError};
    use std::time::{Duration, Instant};

    use super::Site;
    use crate::explain::{Explanation, Nearest, quote, sent};
    use crate::policy::Policy;
    use crate::protocol::decide::{Refusal, is_preflight};
    use crate::protocol::request::{RequestHead, RequestHeader};

    const LINES: u32 = 10;
    const WINDOW: Duration = Duration::from_secs(1);

    struct Window {
        start: Option<Instant>,
        lines: u32,
        suppressed: u64,
    }

    static NOW: Mutex<Window> = Mutex::new(Window { start: None, lines: 0, suppressed: 0 });

    /// Whether anybody reads refusals.
    #[inline]
    pub(super) fn is_read() -> bool {
        tracing::enabled!(target: "cors", tracing::Level::INFO)
    }

    /// Whether a line may be written now, and how many were not before it: a flood of
    /// refusals must not become a flood of lines.
    pub(super) fn admit() -> Option<u64> {
        let mut window = NOW.lock().unwrap_or_else(PoisonError::into_inner);
        if window.start.is_none_or(|start| start.elapsed() >= WINDOW) {
            window.start = Some(Instant::now());
            window.lines = 0;
        }
        if window.lines == LINES {
            window.suppressed += 1;
            return None;
        }
        window.lines += 1;
        Some(std::mem::take(&mut window.suppressed))
    }

    /// A refusal, as it will stand in the log.
    #[derive(Debug)]
    pub(super) struct Line {
        refusal: Refusal,
        why: Explanation,
        origin: String,
        preflight: bool,
        method: String,
        path: Option<String>,
        handler: Option<&'static str>,
    }

    impl Line {
        pub(super) fn new<H: RequestHead>(
            policy: &Policy,
            refusal: Refusal,
            head: &H,
            site: &Site<'_>,
        ) -> Self {
            let preflight = is_preflight(head);
            Self {
                refusal,
                why: policy.explain_refusal(refusal, head, site.served),
                origin: sent(head, RequestHeader::Origin).0,
                preflight,
                method: if preflight {
                    sent(head, RequestHeader::AccessControlRequestMethod).0
                } else {
                    quote(head.method().as_bytes())
                },
                path: head.path().map(|path| quote(path.as_bytes())),
                handler: site.handler,
            }
        }

        pub(super) fn write(self, suppressed: u64) {
            let Self { refusal, why, origin, preflight, method, path, handler } = self;
            tracing::event!(
                target: "cors",
                tracing::Level::INFO,
                reason = refusal.reason(),
                origin,
                preflight,
                method,
                path,
                handler,
                nearest = why.nearest().map(Nearest::origin),
                suppressed,
                "{why}"
            );
        }
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn a_flood_is_counted_not_written() {
            let lines = (0..1000).filter(|_| super::admit().is_some()).count();
            assert!((10..=30).contains(&lines), "{lines} lines");
        }
    }
}
