//! What operators see of decisions: a log line for a refusal, a count for everything.

use crate::decide::{Actual, Decision, Reader, Refusal, is_cross_origin};
use crate::policy::Policy;
use crate::request::RequestHead;

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
    pub handler: Option<&'a str>,
    /// The methods that the route serves, where that is known.
    pub served: Option<&'a [&'a str]>,
}

impl Policy {
    /// Tells the operators about a decision that [`Policy::decide`] made.
    ///
    /// With the feature `tracing`, a refusal is an event of the target `cors`, at most ten
    /// a second: a flood of refusals is no flood of lines. With the feature `metrics`, every
    /// decision about a page's request counts in `cors_requests_total`, by `outcome`,
    /// `reason` and `handler`.
    #[inline]
    pub fn observe<H: RequestHead>(
        &self,
        decision: &Decision<H::Value>,
        head: &H,
        site: &Site<'_>,
    ) {
        let refusal = match decision {
            Decision::Refused(refusal) => *refusal,
            // Pages send `Origin` to their own server too; nobody withholds that.
            Decision::Actual(Actual(Reader::Withheld)) if is_cross_origin(head) => {
                Refusal::Withheld
            }
            Decision::Granted(_) | Decision::Actual(Actual(Reader::One(_))) => {
                #[cfg(feature = "metrics")]
                count("allowed", "", site);
                return;
            }
            Decision::Actual(_) => return,
        };
        #[cfg(feature = "metrics")]
        count("refused", refusal.reason(), site);
        #[cfg(feature = "tracing")]
        self.log(refusal, head, site);
        // Without either feature nobody listens.
        #[cfg(not(any(feature = "tracing", feature = "metrics")))]
        let _ = (refusal, site);
    }

    #[cfg(feature = "tracing")]
    fn log<H: RequestHead>(&self, refusal: Refusal, head: &H, site: &Site<'_>) {
        use tracing::Level;

        if !tracing::enabled!(target: "cors", Level::INFO) {
            return;
        }
        let Some(suppressed) = limit::admit() else { return };
        let why = self.explain_refusal(refusal, head, site.served);
        tracing::event!(
            target: "cors",
            Level::INFO,
            reason = refusal.reason(),
            got = why.got(),
            origin = crate::explain::origin_of(head),
            method = head.method(),
            handler = site.handler,
            nearest = why.nearest().map(crate::Nearest::origin),
            suppressed,
            "{why}"
        );
    }
}

#[cfg(feature = "metrics")]
fn count(outcome: &'static str, reason: &'static str, site: &Site<'_>) {
    let handler = site.handler.unwrap_or("layer").to_owned();
    metrics::counter!(
        "cors_requests_total",
        "outcome" => outcome,
        "reason" => reason,
        "handler" => handler
    )
    .increment(1);
}

/// Keeps a flood of refusals from becoming a flood of lines.
#[cfg(feature = "tracing")]
mod limit {
    use std::sync::{Mutex, PoisonError};
    use std::time::{Duration, Instant};

    const LINES: u32 = 10;
    const WINDOW: Duration = Duration::from_secs(1);

    struct Window {
        start: Option<Instant>,
        lines: u32,
        suppressed: u64,
    }

    static WINDOW_NOW: Mutex<Window> = Mutex::new(Window { start: None, lines: 0, suppressed: 0 });

    /// Whether a line may be written, and how many were not before it.
    pub(super) fn admit() -> Option<u64> {
        let mut window = WINDOW_NOW.lock().unwrap_or_else(PoisonError::into_inner);
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

    #[cfg(test)]
    mod tests {
        #[test]
        fn a_flood_is_counted_not_written() {
            let lines = (0..1000).filter(|_| super::admit().is_some()).count();
            assert!((10..=30).contains(&lines), "{lines} lines");
        }
    }
}
