//! What the macro's expansion is made of. Not public: anything here may change in any
//! release, and calling it by hand skips every rule.

#[cfg(feature = "suggestions")]
pub use crate::declaration::meant;
pub use crate::header::value::Value;
pub use crate::origin::automaton::{Automaton, Rows};
pub use crate::origin::exact::ExactSet;
pub use crate::origin::set::{OriginSet, Origins, Pattern};
pub use crate::origin::suffix;
pub use crate::origin::wildcard::{Port, Wildcard};
pub use crate::origin::wildcards::Wildcards;
#[cfg(feature = "patterns")]
pub use crate::pattern;
pub use crate::policy::{AllowedHeaders, Switches};
pub use std::borrow::Cow;

use crate::policy::Policy;

/// A policy whose parts the macro has validated.
#[must_use]
pub const fn policy(
    origins: Origins,
    switches: Switches,
    methods: Option<Cow<'static, [Cow<'static, str>]>>,
    headers: AllowedHeaders,
    expose: Option<Value>,
    max_age: Option<Value>,
    preflight_status: u16,
) -> Policy {
    Policy::from_parts(origins, switches, methods, headers, expose, max_age, preflight_status)
}

/// A validated policy, taken apart for the macro to write down.
#[derive(Debug)]
pub struct Parts<'a> {
    /// See [`Policy`].
    pub origins: &'a Origins,
    /// See [`Policy`].
    pub switches: Switches,
    /// See [`Policy`].
    pub methods: Option<&'a [Cow<'static, str>]>,
    /// See [`Policy`].
    pub headers: &'a AllowedHeaders,
    /// See [`Policy`].
    pub expose: Option<&'a Value>,
    /// See [`Policy`].
    pub max_age: Option<&'a Value>,
    /// See [`Policy`].
    pub preflight_status: u16,
}

impl<'a> From<&'a Policy> for Parts<'a> {
    fn from(policy: &'a Policy) -> Self {
        Self {
            origins: &policy.origins,
            switches: policy.switches,
            methods: policy.methods.as_deref(),
            headers: &policy.headers,
            expose: policy.expose.as_ref(),
            max_age: policy.max_age.as_ref(),
            preflight_status: policy.preflight_status,
        }
    }
}
