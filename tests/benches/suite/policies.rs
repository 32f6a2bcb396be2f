//! The policies: ten exact origins, and what they are compared with.

use std::sync::Arc;

use cors_core::{Policy, PolicyBuilder, PolicyCell};

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

    /// The same, set while the program runs.
    pub(crate) static CELL = {
        origins = runtime,
        credentials,
        methods = ["GET", "POST", "PUT", "DELETE"],
        headers = ["authorization", "content-type", "x-requested-with"],
        expose_headers = ["x-request-id", "x-total-count"],
        max_age = 3600,
    }

    /// The same, from the environment.
    pub(crate) static ENVIRONMENT = {
        origins = env("ORIGINS"),
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

/// The cell with the ten origins, which have replaced others.
pub(crate) fn cell() -> &'static PolicyCell {
    for count in [1, 10] {
        CELL.set_origins((0..count).map(origin)).expect("the origins are sound");
    }
    &CELL
}

/// The cell with the ten origins, as the environment gives them.
pub(crate) fn of_environment() -> &'static PolicyCell {
    let origins: Vec<String> = (0..10).map(origin).collect();
    ENVIRONMENT.load_from(|_| Some(origins.join(","))).expect("the origins are sound");
    &ENVIRONMENT
}

/// The same for any number of origins, at run time.
pub(crate) fn of(count: usize) -> Policy {
    settings().origins((0..count).map(origin)).build().expect("the policy is sound")
}

/// The same in a cell.
pub(crate) fn cell_of(count: usize) -> Arc<PolicyCell> {
    let cell = settings().build_cell([]).expect("the policy is sound");
    cell.set_origins((0..count).map(origin)).expect("the origins are sound");
    Arc::new(cell)
}

fn settings() -> PolicyBuilder {
    Policy::builder()
        .credentials()
        .methods(["GET", "POST", "PUT", "DELETE"])
        .headers(["authorization", "content-type", "x-requested-with"])
        .expose_headers(["x-request-id", "x-total-count"])
        .max_age(3600)
}
