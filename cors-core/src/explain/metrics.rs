//! Decisions, counted through the `metrics` facade.

use std::borrow::Cow;

use super::observe::{Outcome, Site};

/// One decision about a page's request.
#[derive(Debug)]
pub(super) struct Count {
    outcome: &'static str,
    reason: &'static str,
    handler: Cow<'static, str>,
}

impl Count {
    pub(super) fn new(outcome: Outcome, site: Site<'_>) -> Self {
        let (outcome, reason) = match outcome {
            Outcome::Allowed => ("allowed", ""),
            Outcome::Rejected(rejection) => ("rejected", rejection.as_str()),
        };
        let handler = site.handler.cloned().unwrap_or(Cow::Borrowed("layer"));
        Self { outcome, reason, handler }
    }

    pub(super) fn send(self) {
        let Self { outcome, reason, handler } = self;
        metrics::counter!(
            "cors_requests_total",
            "outcome" => outcome,
            "reason" => reason,
            "handler" => handler,
        )
        .increment(1);
    }
}
