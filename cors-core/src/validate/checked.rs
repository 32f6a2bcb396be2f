//! A declaration that has passed every rule.

use crate::origin::patterns::Patterns;
use crate::origin::wildcard::Wildcard;

/// What a policy is made of, in the form in which requests are compared with it.
#[derive(Debug)]
pub(crate) struct Checked {
    /// Whether the policy takes no part in CORS; then nothing else counts.
    pub(crate) none: bool,
    /// Whether any origin may read the response; then there are no other origins.
    pub(crate) any_origin: bool,
    /// Origins as browsers send them, `null` among them where it is allowed.
    pub(crate) exact: Vec<String>,
    /// Origins with any subdomain, any port, or both.
    pub(crate) wildcards: Vec<Wildcard>,
    pub(crate) patterns: Patterns,
    /// The first element that anyone can be.
    pub(crate) open: Option<String>,
    pub(crate) credentials: bool,
    pub(crate) private_network: bool,
    pub(crate) enforce: bool,
    /// `None` stands for what the route serves.
    pub(crate) methods: Option<Vec<String>>,
    /// `*` among the headers.
    pub(crate) any_header: bool,
    /// In lower case; beside `*`, nothing but `authorization`.
    pub(crate) headers: Vec<String>,
    /// As written; `*` alone for any.
    pub(crate) expose: Vec<String>,
    /// In seconds.
    pub(crate) max_age: Option<u32>,
    pub(crate) preflight_status: u16,
}
