//! Actual requests: who may read the response, and whether the handler runs.

use crate::header::value::{ValueRef, Wire};
use crate::origin::set::{NO_ORIGINS, Origins};
use crate::policy::Policy;
use crate::policy::snapshot::Snapshot;
use crate::protocol::cross_origin::{is_cross_origin, is_embedded_elsewhere};
use crate::protocol::rejection::Rejection;
use crate::protocol::request::{RequestHead, RequestHeader};

/// Who may read a response.
#[derive(Debug, Clone)]
pub(crate) enum Reader<V> {
    /// Pages of any origin.
    Any,
    /// Pages of this origin.
    One(V),
    /// The page whose origin the request has is not allowed: its browser keeps the response
    /// from it.
    Withheld,
    /// The request has no `Origin`.
    NotCors,
    /// The handler takes no part in CORS (`#[cors(none)]`).
    Disabled,
}

impl Policy {
    /// Who may read the response to an actual request.
    ///
    /// # Errors
    ///
    /// If the policy enforces, and does not allow the request.
    #[inline]
    pub(crate) fn reader<H: RequestHead>(&self, head: &H) -> Result<Reader<H::Value>, Rejection> {
        let origins = match &self.parts().origins {
            Origins::Any => return Ok(Reader::Any),
            Origins::Disabled => return Ok(Reader::Disabled),
            Origins::These(origins) => origins,
            Origins::Missing(_) => &NO_ORIGINS,
        };
        let mut lines = head.lines(RequestHeader::Origin);
        let Some(origin) = lines.next() else {
            if self.parts().switches.enforce && is_embedded_elsewhere(head) {
                return Err(Rejection::Enforced);
            }
            return Ok(Reader::NotCors);
        };
        // Browsers never repeat `Origin`, so a repeated one is ambiguous.
        let allowed = if lines.next().is_none() { origins.admit(origin) } else { None };
        match allowed {
            Some(origin) => Ok(Reader::One(origin)),
            None if self.parts().switches.enforce && is_cross_origin(head) => {
                Err(Rejection::Enforced)
            }
            None => Ok(Reader::Withheld),
        }
    }

    /// Whether the policy allows the origin of a request, where there is no [`Reader`].
    pub(crate) fn allows_origin_of<H: RequestHead>(&self, head: &H) -> bool {
        match &self.parts().origins {
            Origins::Any => true,
            origins => origins.set().is_some_and(|origins| {
                head.line(RequestHeader::Origin).is_some_and(|it| origins.contains(it.as_bytes()))
            }),
        }
    }
}

/// What several policies agree on, for a response that belongs to none of them: a 405 on a path
/// whose methods have a policy each.
#[derive(Debug)]
pub(crate) struct Agreement<V> {
    /// One of them.
    pub(crate) policy: Snapshot,
    pub(crate) reader: Reader<V>,
    /// Whether they agree on credentials and exposed headers; else there are none.
    pub(crate) is_same: bool,
}

/// An origin may read the response if all of the policies allow it. `None` if there are no policies.
#[cold]
pub(crate) fn agree<H: RequestHead>(
    policies: impl IntoIterator<Item = Snapshot>,
    head: &H,
) -> Option<Agreement<H::Value>> {
    let mut agreed: Option<Agreement<H::Value>> = None;
    for policy in policies {
        let reader = policy.reader(head).unwrap_or(Reader::Withheld);
        agreed = Some(match agreed {
            None => Agreement { policy, reader, is_same: true },
            Some(earlier) => Agreement {
                reader: earlier.reader.and(reader),
                is_same: earlier.is_same && earlier.policy.says_the_same_as(&policy),
                policy: earlier.policy.beside(&policy),
            },
        });
    }
    agreed
}

impl Policy {
    /// Whether two policies write the same headers for an origin that they allow.
    fn says_the_same_as(&self, other: &Self) -> bool {
        self.allows_credentials() == other.allows_credentials()
            && self.exposed().map(ValueRef::as_str) == other.exposed().map(ValueRef::as_str)
    }
}

impl<V> Reader<V> {
    /// The stricter of two; both are about one request.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, reader) | (reader, Self::Any) => reader,
            // One policy varies by origin, so the response does.
            (Self::Disabled, Self::NotCors) | (Self::NotCors, Self::Disabled) => Self::NotCors,
            (Self::Disabled, Self::Disabled) => Self::Disabled,
            (Self::Disabled | Self::Withheld, _) | (_, Self::Disabled | Self::Withheld) => {
                Self::Withheld
            }
            (Self::NotCors, _) | (_, Self::NotCors) => Self::NotCors,
            (Self::One(origin), Self::One(_)) => Self::One(origin),
        }
    }
}
