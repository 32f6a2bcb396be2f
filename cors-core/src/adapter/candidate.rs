//! A policy that is to come, beside the one in force: nothing of it is enforced, and what it would
//! decide otherwise is logged and counted.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::reference::PolicyRef;
use crate::explain::difference::{Difference, Verdict};
use crate::explain::observe::{Report, Site, is_observed};
use crate::policy::Policy;
use crate::policy::snapshot::Snapshot;
use crate::protocol::cross_origin::is_from_other_origin;
use crate::protocol::preflight::{Grant, Preflight};
use crate::protocol::rejection::Rejection;
use crate::protocol::request::RequestHead;

/// The policy in force, and the one that is to come. Neither is a pair, nor delegated.
#[derive(Debug)]
pub(super) struct Pair {
    /// What decides.
    pub in_force: PolicyRef,
    /// What is compared with it.
    pub candidate: PolicyRef,
}

/// Which of the two a decision is made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    InForce,
    /// The candidates of the policies that have one, and the other policies.
    Candidate,
}

impl Pair {
    /// Both.
    pub(super) const fn policies(&self) -> [&PolicyRef; 2] {
        [&self.in_force, &self.candidate]
    }

    // Cold, so that what has no candidate stays as small as it is.
    #[cold]
    pub(super) fn resolve<H: RequestHead>(&self, head: &H) -> Option<Snapshot> {
        self.in_force.resolve_alone(head)
    }
}

impl PolicyRef {
    /// The policy of a request.
    pub(super) fn resolve_on<H: RequestHead>(&self, side: Side, head: &H) -> Option<Snapshot> {
        match (side, self.candidate()) {
            (Side::Candidate, Some(candidate)) => candidate.resolve_quietly(head),
            (Side::Candidate, None) | (Side::InForce, _) => self.resolve(head),
        }
    }

    /// The policy of a request, of which no response may depend: a selector that panics chooses none.
    fn resolve_quietly<H: RequestHead>(&self, head: &H) -> Option<Snapshot> {
        // What the selector leaves behind is its own, and the head is only read.
        let resolved = catch_unwind(AssertUnwindSafe(|| self.resolve(head)));
        resolved.unwrap_or(Some(Snapshot::NOT_SELECTED))
    }

    /// Logs and counts what the candidate, if there is one, would decide otherwise about an actual
    /// request than the policy in force.
    #[inline]
    pub(super) fn compare<H: RequestHead>(&self, policy: &Policy, head: &H, site: Site<'_>) {
        if let Some(candidate) = self.candidate() {
            candidate.differ(policy, head, |difference| difference.observe(head, site));
        }
    }

    /// The same for a policy around others: what is logged and counted if no policy inside decides.
    #[inline]
    pub(super) fn compare_later<H: RequestHead>(
        &self,
        report: Option<Box<Report>>,
        policy: &Policy,
        head: &H,
        site: Site<'_>,
    ) -> Option<Box<Report>> {
        let Some(candidate) = self.candidate() else { return report };
        match candidate.differ(policy, head, |difference| difference.later(head, site)) {
            Some(difference) => Some(Report::with(report, difference)),
            None => report,
        }
    }

    /// Decides about an actual request by this candidate, and again by the policy in force: to hand
    /// over what that has decided would cost each request that has no candidate.
    #[cold]
    fn differ<H: RequestHead, T>(
        &self,
        policy: &Policy,
        head: &H,
        then: impl FnOnce(Difference<'_>) -> T,
    ) -> Option<T> {
        if !is_observed() || !is_from_other_origin(head) {
            return None;
        }
        let candidate = self.resolve_quietly(head)?;
        verdict(policy, head).difference(&verdict(&candidate, head)).map(then)
    }

    /// Logs and counts what the candidate, if there is one, would decide otherwise about a preflight.
    #[inline]
    pub(super) fn compare_preflight<H: RequestHead>(
        &self,
        policy: &Policy,
        decided: &Result<Grant<H::Value>, Rejection>,
        preflight: &Preflight<'_, H::Value>,
        head: &H,
    ) {
        if let Some(candidate) = self.candidate().filter(|_| is_observed())
            && let Some(candidate) = candidate.resolve_quietly(head)
        {
            let other = candidate.grant(preflight, head, None);
            compare_grants((policy, decided, Site::LAYER), (&candidate, &other, Site::LAYER), head);
        }
    }
}

/// What a policy decides about an actual request, where it is.
fn verdict<'a, H: RequestHead>(policy: &'a Policy, head: &H) -> Verdict<'a> {
    let decided = match head.outer() {
        None => policy.reader(head),
        Some(outer) => policy.nested_reader(head, outer),
    };
    Verdict::of_actual(policy, &decided, head)
}

/// A decision about a preflight: by which policy, and where.
pub(super) type Granted<'a, V> = (&'a Policy, &'a Result<Grant<V>, Rejection>, Site<'a>);

/// Logs and counts a difference between two decisions about a preflight, by the policies in force and
/// by the candidates.
#[cold]
pub(super) fn compare_grants<H: RequestHead>(
    (policy, decided, site): Granted<'_, H::Value>,
    (candidate, other, others_site): Granted<'_, H::Value>,
    head: &H,
) {
    let other = Verdict::of_preflight(candidate, other, head);
    let verdict = Verdict::of_preflight(policy, decided, head);
    if let Some(difference) = verdict.difference(&other) {
        let site = if difference.is_of_candidate() { others_site } else { site };
        difference.observe(head, site);
    }
}
