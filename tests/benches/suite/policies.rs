//! The policies: ten exact origins, and what they are compared with.

use cors_core::Policy;

use super::ask::origin;

cors_axum::policy! {
    /// Ten origins, of which the requests name the last.
    pub(crate) static TEN = {
        origins = [
            "https://t0000000.example.com",
            "https://t0000001.example.com",
            "https://t0000002.example.com",
            "https://t0000003.example.com",
            "https://t0000004.example.com",
            "https://t0000005.example.com",
            "https://t0000006.example.com",
            "https://t0000007.example.com",
            "https://t0000008.example.com",
            "https://t0000009.example.com",
        ],
        credentials,
        methods = ["GET", "POST", "PUT", "DELETE"],
        headers = ["authorization", "content-type", "x-requested-with"],
        expose_headers = ["x-request-id", "x-total-count"],
        max_age = 3600,
    }

    /// The same for every subdomain.
    pub(crate) static SUBDOMAINS = {
        origins = ["https://*.example.com"],
        credentials,
        methods = ["GET", "POST", "PUT", "DELETE"],
        headers = ["authorization", "content-type", "x-requested-with"],
        expose_headers = ["x-request-id", "x-total-count"],
        max_age = 3600,
    }

    /// The same for what a regular expression names.
    pub(crate) static PATTERN = {
        origin_patterns = [r"^https://t[0-9]+\.example\.com$"],
        credentials,
        methods = ["GET", "POST", "PUT", "DELETE"],
        headers = ["authorization", "content-type", "x-requested-with"],
        expose_headers = ["x-request-id", "x-total-count"],
        max_age = 3600,
    }
}

/// The same for any number of origins, at run time.
pub(crate) fn of(count: usize) -> Policy {
    Policy::builder()
        .origins((0..count).map(origin))
        .credentials()
        .methods(["GET", "POST", "PUT", "DELETE"])
        .headers(["authorization", "content-type", "x-requested-with"])
        .expose_headers(["x-request-id", "x-total-count"])
        .max_age(3600)
        .build()
        .expect("the policy is sound")
}
