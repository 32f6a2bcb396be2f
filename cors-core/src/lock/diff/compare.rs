//! One method of a route before and after.

use super::Effect;
use super::capability::{Capability, Names};
use super::pairs::Pair;
use crate::lock::language::{Extra, beyond};
use crate::lock::table::{LockedPolicy, RouteLock};
use crate::policy::Policy;

/// What is different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finding {
    /// The origins that may call, or no longer may.
    Callers {
        now: bool,
        route: RouteIs,
        by: Vec<Extra>,
        credentials: bool,
    },
    /// The route is gone, and no page could call it.
    Gone {
        enforced: bool,
    },
    /// The route is gone, and another one that allows more may answer its requests.
    TakenOver {
        by: String,
    },
    /// It is tried before another route now that matches some of the same requests.
    Overtakes {
        path: String,
    },
    /// Cookies of all that may call.
    Credentials {
        now: bool,
        by: Vec<Extra>,
    },
    /// Requests that take a preflight, of a method that does not by itself.
    Preflight {
        now: bool,
    },
    Sent {
        now: bool,
        names: Names,
    },
    Read {
        now: bool,
        names: Names,
    },
    PrivateNetwork {
        now: bool,
    },
    /// Whether requests of origins that are not allowed are rejected.
    Enforced {
        now: bool,
    },
    /// What the policy is, or was, is not known here.
    Unknown {
        now: bool,
        unknown: Unknown,
    },
    /// Where the origins come from.
    Source {
        before: Option<String>,
        now: Option<String>,
    },
    MaxAge {
        before: Option<u32>,
        now: Option<u32>,
    },
    PreflightStatus {
        before: u16,
        now: u16,
    },
}

/// Whether a route is in both tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RouteIs {
    InBoth,
    New,
    Gone {
        enforced: bool,
    },
    /// What it was is not known.
    Judged,
}

/// Why a policy is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unknown {
    Delegated,
    Selected { by: String },
}

impl Finding {
    pub(super) fn effect(&self) -> Effect {
        let effect_of = |widens| if widens { Effect::Widens } else { Effect::Narrows };
        match self {
            // Handlers without a policy run for every request, if they are still served.
            Self::Callers { route: RouteIs::Gone { enforced: true }, .. }
            | Self::Gone { enforced: true }
            | Self::TakenOver { .. }
            | Self::Overtakes { .. }
            | Self::Unknown { .. }
            | Self::Source { now: Some(_), .. } => Effect::Unknown,
            // Without a witness, whether there is any such origin is not known.
            Self::Callers { now: true, by, .. } | Self::Credentials { now: true, by }
                if by.iter().all(|extra| extra.witness.is_none()) =>
            {
                Effect::Unknown
            }
            Self::Callers { now, .. }
            | Self::Credentials { now, .. }
            | Self::Preflight { now }
            | Self::Sent { now, .. }
            | Self::Read { now, .. }
            | Self::PrivateNetwork { now } => effect_of(*now),
            Self::Enforced { now } => effect_of(!now),
            Self::Gone { .. }
            | Self::Source { .. }
            | Self::MaxAge { .. }
            | Self::PreflightStatus { .. } => Effect::Neither,
        }
    }

    pub(super) fn witness(&self) -> Option<&str> {
        match self {
            Self::Callers { by, .. } | Self::Credentials { by, .. } => {
                by.iter().find_map(|extra| extra.witness.as_deref())
            }
            _ => None,
        }
    }
}

/// What is different about one method of a route.
pub(super) fn compare(pair: &Pair<'_>) -> Vec<Finding> {
    match (pair.before, pair.after) {
        (None, None) => taken_over(None, &pair.takers, &pair.method).into_iter().collect(),
        (None, Some(after)) => appeared(after, &pair.method),
        (Some(before), None) => {
            let mut findings = vec![disappeared(before, &pair.method)];
            findings.extend(taken_over(Some(before), &pair.takers, &pair.method));
            findings
        }
        (Some(before), Some(after)) => {
            let mut findings = changed(before, after, &pair.method);
            let overtaken = pair.overtaken.map(|it| it.path.clone());
            findings.extend(overtaken.map(|path| Finding::Overtakes { path }));
            findings
        }
    }
}

fn unknown(policy: &LockedPolicy) -> Result<&Policy, Unknown> {
    match policy {
        LockedPolicy::Delegated => Err(Unknown::Delegated),
        LockedPolicy::Selected { by } => Err(Unknown::Selected { by: by.clone() }),
        LockedPolicy::Known { policy, .. } => Ok(policy),
    }
}

fn appeared(after: &RouteLock, method: &str) -> Vec<Finding> {
    match unknown(&after.policy) {
        Err(unknown) => vec![Finding::Unknown { now: true, unknown }],
        Ok(policy) => {
            let now = Capability::of(after, policy, method);
            let mut findings = differences(&Capability::default(), &now, RouteIs::New);
            findings.extend(moved(None, after.policy.source()));
            findings
        }
    }
}

fn disappeared(before: &RouteLock, method: &str) -> Finding {
    let policy = match unknown(&before.policy) {
        Err(unknown) => return Finding::Unknown { now: false, unknown },
        Ok(policy) => policy,
    };
    let enforced = policy.parts().switches.enforce;
    let capability = Capability::of(before, policy, method);
    match capability.callers {
        None => Finding::Gone { enforced },
        Some(callers) => Finding::Callers {
            now: false,
            route: RouteIs::Gone { enforced },
            by: beyond(callers, None),
            credentials: capability.credentials,
        },
    }
}

/// The first route of another path that may answer the requests, and may allow more.
fn taken_over(before: Option<&RouteLock>, takers: &[&RouteLock], method: &str) -> Option<Finding> {
    let had = match before {
        Some(before) => before.policy.known().map(|policy| Capability::of(before, policy, method)),
        None => Some(Capability::default()),
    };
    let allows_more = |taker: &&&RouteLock| {
        let has = taker.policy.known().map(|policy| Capability::of(taker, policy, method));
        let (Some(had), Some(has)) = (&had, has) else { return true };
        let findings = differences(had, &has, RouteIs::InBoth);
        findings.iter().any(|it| matches!(it.effect(), Effect::Widens | Effect::Unknown))
    };
    let by = takers.iter().find(allows_more)?.path.clone();
    Some(Finding::TakenOver { by })
}

fn changed(before: &RouteLock, after: &RouteLock, method: &str) -> Vec<Finding> {
    let (was, is) = match (unknown(&before.policy), unknown(&after.policy)) {
        (Ok(was), Ok(is)) => (was, is),
        (Err(was), Err(is)) if was == is => return Vec::new(),
        (_, Err(unknown)) => return vec![Finding::Unknown { now: true, unknown }],
        (Err(unknown), Ok(is)) => {
            let mut findings = vec![Finding::Unknown { now: false, unknown }];
            let now = Capability::of(after, is, method);
            findings.extend(differences(&Capability::default(), &now, RouteIs::Judged));
            return findings;
        }
    };
    let (had, has) = (Capability::of(before, was, method), Capability::of(after, is, method));
    let mut findings = differences(&had, &has, RouteIs::InBoth);
    if was.parts().switches.enforce != is.parts().switches.enforce {
        findings.push(Finding::Enforced { now: is.parts().switches.enforce });
    }
    findings.extend(moved(before.policy.source(), after.policy.source()));
    if had.preflight && has.preflight {
        let (before, now) = (seconds(was), seconds(is));
        if before != now {
            findings.push(Finding::MaxAge { before, now });
        }
        let (before, now) = (was.parts().preflight_status, is.parts().preflight_status);
        if before != now {
            findings.push(Finding::PreflightStatus { before, now });
        }
    }
    findings
}

/// Where the origins come from, if that is another place than before.
fn moved(before: Option<&str>, now: Option<&str>) -> Option<Finding> {
    let (before, now) = (before.map(str::to_owned), now.map(str::to_owned));
    (before != now).then_some(Finding::Source { before, now })
}

fn seconds(policy: &Policy) -> Option<u32> {
    policy.parts().max_age.as_ref().and_then(|it| it.as_str().parse().ok())
}

/// What can be done now and could not be before, and the other way round.
fn differences(had: &Capability<'_>, has: &Capability<'_>, route: RouteIs) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(callers) = has.callers {
        let by = beyond(callers, had.callers);
        // Then the sentence about cookies names all that may use them.
        let gets_cookies = has.credentials
            && !had.credentials
            && had.callers.is_some_and(|before| !is_apart(callers, before, &by));
        // Without an element: the origins are not known here.
        if !by.is_empty() || had.callers.is_none() {
            let credentials = has.credentials && !gets_cookies;
            findings.push(Finding::Callers { now: true, route, by, credentials });
        }
        if gets_cookies {
            findings.push(Finding::Credentials { now: true, by: beyond(callers, None) });
        }
    }
    if let Some(callers) = had.callers {
        let by = beyond(callers, has.callers);
        if !by.is_empty() || has.callers.is_none() {
            let credentials = had.credentials;
            findings.push(Finding::Callers { now: false, route, by, credentials });
        }
        if had.credentials && !has.credentials && has.callers.is_some() {
            findings.push(Finding::Credentials { now: false, by: beyond(callers, None) });
        }
    }
    let mut switch = |had: bool, has: bool, finding: fn(bool) -> Finding| {
        if had != has {
            findings.push(finding(has));
        }
    };
    // A method that always takes a preflight has callers or not.
    if had.callers.is_some() && has.callers.is_some() {
        switch(had.preflight, has.preflight, |now| Finding::Preflight { now });
    }
    switch(had.private_network, has.private_network, |now| Finding::PrivateNetwork { now });
    let is_still_called = has.callers.is_some();
    let mut names = |had: &Names, has: &Names, finding: fn(bool, Names) -> Finding| {
        for (now, names) in [(true, has.without(had)), (false, had.without(has))] {
            if !names.is_empty() && (now || is_still_called) {
                findings.push(finding(now, names));
            }
        }
    };
    names(&had.sent, &has.sent, |now, names| Finding::Sent { now, names });
    names(&had.read, &has.read, |now, names| Finding::Read { now, names });
    findings
}

/// Whether a policy allows no origin that another did, when all that it allows is new.
fn is_apart(callers: &Policy, before: &Policy, by: &[Extra]) -> bool {
    !by.is_empty()
        && by.len() == beyond(callers, None).len()
        && by.iter().all(|extra| !extra.is_part)
        && !before.is_public()
}
