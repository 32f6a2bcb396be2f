//! Decisions, counted through the `metrics` facade.

use std::borrow::Cow;

use super::difference::Difference;
use super::observe::{Outcome, Site};

fn handler(site: Site<'_>) -> Cow<'static, str> {
    site.handler.cloned().unwrap_or(Cow::Borrowed("layer"))
}

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
        Self { outcome, reason, handler: handler(site) }
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

/// One request about which a candidate would decide otherwise.
#[derive(Debug)]
pub(super) struct DifferenceCount {
    difference: &'static str,
    reason: &'static str,
    handler: Cow<'static, str>,
}

impl DifferenceCount {
    pub(super) fn new(difference: Difference<'_>, site: Site<'_>) -> Self {
        let Difference { effect, reason, .. } = difference;
        Self { difference: effect.as_str(), reason: reason.as_str(), handler: handler(site) }
    }

    pub(super) fn send(self) {
        let Self { difference, reason, handler } = self;
        metrics::counter!(
            "cors_candidate_total",
            "difference" => difference,
            "reason" => reason,
            "handler" => handler,
        )
        .increment(1);
    }
}
