//! Every way to leave origins to the deployment, on both frameworks.

use std::sync::Arc;

use cors_axum::{Policy, PolicyCell, Selection, Snapshot};

cors_axum::policy! {
    pub static TENANTS = { origins = runtime, credentials }
    static FRONT_END = { origins = env("FRONT_ORIGINS"), debug_origins = ["http://localhost:*"] }
    static MORE = {
        origins = ["https://app.example.com", env("A"), env("B", optional),],
        origin_patterns = [r"^https://pr-[0-9]+\.example\.com$"],
        credentials,
        dangerously_allow(insecure_origins),
    }
}

static CELL: &PolicyCell = &TENANTS;

fn by_tenant(_: &Selection<'_>) -> Option<Arc<Policy>> {
    None
}

fn by_cell(_: &Selection<'_>) -> Option<Snapshot> {
    Some(Snapshot::from(&TENANTS))
}

mod axum {
    use cors_axum::{Routes, cors, routes};

    #[cors(policy = super::FRONT_END)]
    #[get("/named")]
    async fn named() {}

    #[cors(origins = env("FRONT_ORIGINS"), enforce)]
    #[get("/env")]
    async fn env() {}

    #[cors(select = super::by_tenant)]
    #[get("/tenant")]
    async fn tenant() {}

    #[cors(delegated)]
    #[get("/proxy")]
    async fn proxy() {}

    pub fn list() -> Routes {
        routes![named, env, tenant, proxy]
    }
}

mod actix {
    use actix_web::get;
    use cors_actix::{Routes, cors, routes};

    #[cors(origins = ["https://app.example.com"], debug_origins = ["http://localhost:*"])]
    mod inside {
        #[actix_web::get("/inside")]
        pub async fn inside() -> &'static str {
            ""
        }
    }

    #[cors(policy = super::MORE)]
    #[get("/named")]
    async fn named() -> &'static str {
        ""
    }

    #[cors(select = super::by_cell)]
    #[get("/tenant")]
    async fn tenant() -> &'static str {
        ""
    }

    #[cors(delegated)]
    #[get("/proxy")]
    async fn proxy() -> &'static str {
        ""
    }

    pub fn list() -> Routes {
        routes![inside::inside, named, tenant, proxy]
    }
}

fn main() {
    let _ = (CELL.current(), axum::list().table(), actix::list().table());
}
