//! A policy that is to come, beside each way to write the one in force.

use cors_axum::{Policy, Selection};

cors_axum::policy! {
    pub static EVERYBODY = { origins = "*" }
    pub static FRONT_END = { origins = ["https://app.example.com"], expose_headers = ["etag"] }
    pub static DEPLOYED = { origins = env("FRONT_ORIGINS", optional), credentials }
    pub static POLICY = { origins = ["https://policy.example.com"] }
}

fn by_tenant(_: &Selection<'_>) -> Option<&'static Policy> {
    Some(&EVERYBODY)
}

mod axum {
    use super::{DEPLOYED, EVERYBODY, POLICY, by_tenant};
    use cors_axum::{Routes, cors, routes};

    #[cors(policy = EVERYBODY, candidate = super::FRONT_END)]
    #[get("/named")]
    async fn named() {}

    #[cors(candidate = DEPLOYED, origins = "*")]
    #[get("/constant")]
    async fn constant() {}

    #[cors(origins = "*", expose_headers = ["etag"], candidate = POLICY)]
    #[get("/static")]
    async fn made_static() {}

    #[cors(origins = env("FRONT_ORIGINS", optional), candidate = POLICY)]
    #[get("/cell")]
    async fn cell() {}

    #[cors(select = by_tenant, candidate = POLICY)]
    #[get("/selected")]
    async fn selected() {}

    #[cors(none, candidate = POLICY)]
    #[get("/none")]
    async fn none() {}

    pub fn list() -> Routes {
        routes![named, constant, made_static, cell, selected, none]
    }
}

mod actix {
    use super::{DEPLOYED, EVERYBODY, POLICY, by_tenant};
    use actix_web::{Responder, get};
    use cors_actix::{Routes, cors, routes};

    #[cors(policy = EVERYBODY, candidate = super::FRONT_END)]
    #[get("/named")]
    async fn named() -> impl Responder {
        ""
    }

    #[cors(candidate = DEPLOYED, origins = "*")]
    #[get("/constant")]
    async fn constant() -> impl Responder {
        ""
    }

    #[cors(origins = "*", expose_headers = ["etag"], candidate = POLICY)]
    #[get("/static")]
    async fn made_static() -> impl Responder {
        ""
    }

    #[cors(origins = env("FRONT_ORIGINS", optional), candidate = POLICY)]
    #[get("/cell")]
    async fn cell() -> impl Responder {
        ""
    }

    #[cors(select = by_tenant, candidate = POLICY)]
    #[get("/selected")]
    async fn selected() -> impl Responder {
        ""
    }

    #[cors(none, candidate = POLICY)]
    #[get("/none")]
    async fn none() -> impl Responder {
        ""
    }

    pub fn list() -> Routes {
        routes![named, constant, made_static, cell, selected, none]
    }
}

fn main() {
    for table in [axum::list().table(), actix::list().table()] {
        let candidates = table.policies().filter(|policy| policy.candidate().is_some());
        assert_eq!(candidates.count(), 6);
    }
}
