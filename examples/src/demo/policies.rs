//! Who may read what.
//!
//! Both APIs annotate their handlers with these. A policy belongs to no framework, so it does
//! not matter which adapter's `policy!` declares it.
//!
//! The pages' port is chosen when the demo starts and policies are checked when it is
//! compiled, hence `:*` (any port). Plain `http` is accepted beside `credentials` because
//! `*.localhost` never leaves the machine.

use cors_axum::policy;

policy! {
    /// All origins may read, none of them with cookies.
    pub(super) static PUBLIC = {
        origins = "*",
        expose_headers = ["x-request-id"],
    }

    /// One front end, which signs its users in.
    pub(super) static APP_SESSION = {
        origins = ["http://app.localhost:*"],
        credentials,
        headers = ["content-type"],
    }

    /// Both front ends may read.
    pub(super) static FRONT_ENDS = {
        origins = ["http://app.localhost:*", "http://admin.localhost:*"],
    }

    /// Only the admin front end may write.
    pub(super) static ADMIN_WRITES = {
        origins = ["http://admin.localhost:*"],
        credentials,
        headers = ["content-type"],
    }

    /// What other pages send never reaches the handler.
    pub(super) static APP_ENFORCED = {
        origins = ["http://app.localhost:*"],
        enforce,
    }

    /// Other pages cannot read the response, but what they send arrives.
    pub(super) static APP_ONLY = {
        origins = ["http://app.localhost:*"],
    }

    /// Any request header but `authorization`, which browsers leave out of `*`.
    pub(super) static ANY_HEADER = {
        origins = ["http://app.localhost:*", "http://admin.localhost:*"],
        headers = "*",
    }

    /// Any request header at all.
    pub(super) static ANY_HEADER_AND_AUTHORIZATION = {
        origins = ["http://app.localhost:*", "http://admin.localhost:*"],
        headers = ["*", "authorization"],
    }

    /// Browsers may keep the response to a preflight for a while.
    pub(super) static CACHED = {
        origins = ["http://app.localhost:*"],
        max_age = "10m",
    }

    /// Browsers ask before each request.
    pub(super) static UNCACHED = {
        origins = ["http://app.localhost:*"],
        max_age = "0",
    }

    /// The subdomains of a front end, and not the front end itself.
    pub(super) static SUBDOMAINS = {
        origins = ["http://*.app.localhost:*"],
    }

    /// Two front ends on ports of four or five digits, in one pattern.
    pub(super) static PATTERN = {
        origin_patterns = [r"^http://(app|admin)\.localhost:[0-9]{4,5}$"],
        sites = ["localhost"],
    }

    /// Sandboxed frames, which any page can make.
    pub(super) static FRAMES = {
        origins = ["null"],
        dangerously_allow(null_origin),
    }
}
