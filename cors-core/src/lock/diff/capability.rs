//! What a policy lets the pages do that it allows, on one method of a route.

use std::collections::BTreeSet;

use crate::lock::document::exposed_names;
use crate::lock::language::allows_some;
use crate::lock::table::RouteLock;
use crate::policy::{AllowedHeaders, Policy};
use crate::protocol::preflight::is_safelisted_method;

/// What the pages that a policy allows can do.
#[derive(Debug, Default)]
pub(super) struct Capability<'a> {
    /// The policy, if some page may call the method: without a preflight, or with one.
    pub(super) callers: Option<&'a Policy>,
    pub(super) credentials: bool,
    /// Whether a request that takes a preflight is allowed.
    pub(super) preflight: bool,
    pub(super) private_network: bool,
    pub(super) sent: Names,
    pub(super) read: Names,
}

/// Names of headers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// In lower case; those that `any` covers are left out.
    pub(super) named: BTreeSet<String>,
    pub(super) any: Option<Any>,
}

/// All names, or all but one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Any {
    /// Which browsers leave out of `*`.
    ButAuthorization,
    All,
}

impl<'a> Capability<'a> {
    /// On a method of a route, whose policy it is.
    pub(super) fn of(route: &RouteLock, policy: &'a Policy, method: &str) -> Self {
        let preflight = policy.allows_method(method.as_bytes(), route.served.served());
        // Origins that are not part of the program may be there where it runs.
        let has_callers = allows_some(policy) || route.policy.source().is_some();
        if !has_callers || !(preflight || is_safelisted_method(method.as_bytes())) {
            return Self::default();
        }
        Self {
            callers: Some(policy),
            credentials: policy.parts().switches.credentials,
            preflight,
            private_network: preflight && policy.parts().switches.private_network,
            sent: if preflight { Names::sent(policy) } else { Names::default() },
            read: Names::read(policy),
        }
    }
}

impl Names {
    fn sent(policy: &Policy) -> Self {
        match &policy.parts().headers {
            AllowedHeaders::These(list) => {
                let named = list.iter().map(str::to_ascii_lowercase).collect();
                Self { named, any: None }
            }
            AllowedHeaders::Any => Self { any: Some(Any::ButAuthorization), ..Self::default() },
            AllowedHeaders::AnyAndAuthorization => Self { any: Some(Any::All), ..Self::default() },
        }
    }

    fn read(policy: &Policy) -> Self {
        let named: BTreeSet<String> = exposed_names(policy).map(str::to_ascii_lowercase).collect();
        if named.contains("*") {
            return Self { any: Some(Any::All), ..Self::default() };
        }
        Self { named, any: None }
    }

    fn has(&self, name: &str) -> bool {
        self.named.contains(name)
            || match self.any {
                Some(Any::All) => true,
                Some(Any::ButAuthorization) => name != AUTHORIZATION,
                None => false,
            }
    }

    /// The names that are none of the others.
    pub(super) fn without(&self, others: &Self) -> Self {
        let mut named: BTreeSet<String> =
            self.named.iter().filter(|name| !others.has(name)).cloned().collect();
        let any = match (self.any, others.any) {
            // One name is left.
            (Some(Any::All), Some(Any::ButAuthorization)) => {
                if !others.has(AUTHORIZATION) {
                    named.insert(AUTHORIZATION.to_owned());
                }
                None
            }
            (Some(Any::All), None) if others.has(AUTHORIZATION) => Some(Any::ButAuthorization),
            (any, None) => any,
            _ => None,
        };
        Self { named, any }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.named.is_empty() && self.any.is_none()
    }
}

const AUTHORIZATION: &str = "authorization";
