//! Candidates beside the policies of a case, of which no answer may depend.

use cors_core::{Policy, PolicyRef, Selection, Snapshot};

cors_axum::policy! {
    static EVERYBODY = {
        origins = "*",
        headers = ["*", "authorization"],
        methods = ["GET", "PUT", "DELETE"],
        preflight_status = 200,
    }
    static NOBODY = {
        origins = ["https://nobody.example.org"],
        credentials,
        enforce,
        private_network,
        expose_headers = ["etag"],
        max_age = 1,
    }
    static NEVER_SET = { origins = runtime, credentials, enforce }
}

/// What is put beside each policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// No candidate.
    Nothing,
    /// One that allows what can be allowed to everybody.
    Everybody,
    /// One that allows no origin of the table, and enforces that.
    Nobody,
    /// One whose origins are not known.
    NeverSet,
    /// One that is chosen by headers.
    ByHeaders,
    /// One that is never chosen, because its selector panics.
    Panics,
}

impl Beside {
    /// Every candidate.
    pub const CANDIDATES: [Self; 5] =
        [Self::Everybody, Self::Nobody, Self::NeverSet, Self::ByHeaders, Self::Panics];

    pub(crate) fn put(self, policy: Policy) -> PolicyRef {
        let policy = PolicyRef::from(policy);
        match self {
            Self::Nothing => policy,
            Self::Everybody => policy.with_candidate(&EVERYBODY),
            Self::Nobody => policy.with_candidate(&NOBODY),
            Self::NeverSet => policy.with_candidate(&NEVER_SET),
            Self::ByHeaders => policy.with_candidate(PolicyRef::select(by_headers)),
            Self::Panics => policy.with_candidate(PolicyRef::select(panics)),
        }
    }
}

fn by_headers(request: &Selection<'_>) -> Option<Snapshot> {
    let is_long = |name| request.header(name).is_some_and(|it| it.len() > 20);
    let names = ["x-tenant", "origin", "cookie", "access-control-request-headers"];
    // All of them are read.
    let long = names.iter().filter(|name| is_long(name)).count();
    // Only pages have an origin.
    request.header("origin")?;
    Some(Snapshot::from(if long > 0 { &EVERYBODY } else { &NOBODY }))
}

fn panics(_: &Selection<'_>) -> Option<Snapshot> {
    // Without the message of the hook for each of thousands.
    std::panic::resume_unwind(Box::new("the selector of a candidate"))
}
