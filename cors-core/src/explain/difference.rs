//! What a candidate would do otherwise than the policy in force, as the page that asks would see it.

use std::fmt;

use super::Explanation;
use crate::header::value::Wire;
use crate::policy::Policy;
use crate::protocol::actual::Reader;
use crate::protocol::preflight::{Grant, Served, asks_for_private_network};
use crate::protocol::rejection::Rejection;
use crate::protocol::request::{RequestHead, RequestHeader};

/// What a policy decides about a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Verdict<'a> {
    policy: &'a Policy,
    /// Why the page gets nothing, if it does.
    rejection: Option<Reason>,
    /// Whether the handler of an actual request runs.
    runs: bool,
    /// Whether the page may use credentials.
    credentials: bool,
}

/// Why a page gets nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    Rejection(Rejection),
    /// The request has cookies, and the response does not allow credentials.
    Credentials,
    /// The preflight asks for a private network, and the response does not allow it.
    PrivateNetwork,
}

impl Reason {
    /// A stable word for logs and counters.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Rejection(rejection) => rejection.as_str(),
            Self::Credentials => "credentials-not-allowed",
            Self::PrivateNetwork => "private-network-not-allowed",
        }
    }
}

/// What would change with the candidate in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effect {
    Reject,
    Allow,
    /// No page reads the response before or after.
    NotRun,
    Run,
    WithholdCredentials,
    AllowCredentials,
}

impl Effect {
    /// A stable word for logs and counters.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Reject => "would_reject",
            Self::Allow => "would_allow",
            Self::NotRun => "would_not_run",
            Self::Run => "would_run",
            Self::WithholdCredentials => "would_withhold_credentials",
            Self::AllowCredentials => "would_allow_credentials",
        }
    }

    /// Whether the candidate is the one that allows less, so that the reason is its own.
    pub(crate) const fn is_narrower(self) -> bool {
        matches!(self, Self::Reject | Self::NotRun | Self::WithholdCredentials)
    }
}

/// For the log, in front of the reason.
impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reject => "the policy in force allows this, the candidate would reject it",
            Self::Allow => "the policy in force rejects this, the candidate would allow it",
            Self::NotRun => {
                "the policy in force lets this reach the handler, the candidate would reject it \
                 before that"
            }
            Self::Run => {
                "the policy in force rejects this before its handler runs, the candidate would not"
            }
            Self::WithholdCredentials => {
                "the policy in force allows this with credentials, the candidate would allow it \
                 without"
            }
            Self::AllowCredentials => {
                "the policy in force allows this without credentials, the candidate would allow it \
                 with them"
            }
        })
    }
}

/// A difference between the policy in force and a candidate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Difference<'a> {
    pub(crate) effect: Effect,
    pub(crate) reason: Reason,
    /// The policy that allows less.
    narrower: &'a Policy,
}

impl<'a> Verdict<'a> {
    /// Of a decision about an actual request from another origin.
    pub(crate) fn of_actual<H: RequestHead>(
        policy: &'a Policy,
        decided: &Result<Reader<H::Value>, Rejection>,
        head: &H,
    ) -> Self {
        let (rejection, runs) = match decided {
            Err(rejection) => (Some(*rejection), false),
            // Without `Origin` the page reads nothing: only the effects of the handler matter.
            _ if head.lines(RequestHeader::Origin).next().is_none() => (None, true),
            Ok(Reader::Any | Reader::One(_)) => (None, true),
            Ok(Reader::Withheld | Reader::NotCors | Reader::Disabled) => {
                (Some(Rejection::Withheld), true)
            }
        };
        let is_one = matches!(decided, Ok(Reader::One(_)));
        let credentials = is_one && policy.allows_credentials();
        let is_read = matches!(decided, Ok(Reader::Any | Reader::One(_)));
        // Browsers send cookies to another origin only if the page asks for credentials, and then keep
        // a response from it that does not allow them. An `Authorization` does not show that:
        // scripts set it without asking for credentials.
        let rejection = match rejection {
            None if is_read && !credentials && has_cookies(head) => Some(Reason::Credentials),
            rejection => rejection.map(Reason::Rejection),
        };
        Self { policy, rejection, runs, credentials }
    }

    /// Of a decision about a preflight.
    pub(crate) fn of_preflight<H: RequestHead>(
        policy: &'a Policy,
        decided: &Result<Grant<H::Value>, Rejection>,
        head: &H,
    ) -> Self {
        let (rejection, credentials) = match decided {
            Err(rejection) => (Some(Reason::Rejection(*rejection)), false),
            Ok(grant) if !grant.private_network && asks_for_private_network(head) => {
                (Some(Reason::PrivateNetwork), grant.credentials)
            }
            Ok(grant) => (None, grant.credentials),
        };
        // No handler runs, whatever is decided.
        Self { policy, rejection, runs: false, credentials }
    }

    /// What the candidate would do otherwise.
    pub(crate) fn difference(&self, candidate: &Verdict<'a>) -> Option<Difference<'a>> {
        let (effect, reason) = match (self.rejection, candidate.rejection) {
            (None, Some(reason)) => (Effect::Reject, reason),
            (Some(reason), None) => (Effect::Allow, reason),
            (Some(_), Some(reason)) if self.runs && !candidate.runs => (Effect::NotRun, reason),
            (Some(reason), Some(_)) if !self.runs && candidate.runs => (Effect::Run, reason),
            (None, None) if self.credentials && !candidate.credentials => {
                (Effect::WithholdCredentials, Reason::Credentials)
            }
            (None, None) if !self.credentials && candidate.credentials => {
                (Effect::AllowCredentials, Reason::Credentials)
            }
            _ => return None,
        };
        let narrower = if effect.is_narrower() { candidate.policy } else { self.policy };
        Some(Difference { effect, reason, narrower })
    }
}

impl Difference<'_> {
    /// Whether the candidate is the one that allows less.
    pub(crate) const fn is_of_candidate(&self) -> bool {
        self.effect.is_narrower()
    }

    /// Why the policy that allows less does so, where that is about more than a switch.
    pub(crate) fn explain<H: RequestHead>(
        &self,
        head: &H,
        served: Served<'_>,
    ) -> Option<Explanation> {
        let Reason::Rejection(rejection) = self.reason else { return None };
        let why = self.narrower.explain_rejection(rejection, head, served);
        if self.effect.is_narrower() {
            return Some(why);
        }
        // What to change has been changed in the candidate.
        Some(Explanation { nearest: None, advice: None, ..why })
    }
}

fn has_cookies<H: RequestHead>(head: &H) -> bool {
    head.lines(RequestHeader::Cookie).any(|it| !it.as_bytes().is_empty())
}
