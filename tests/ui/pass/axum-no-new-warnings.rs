//! Annotated handlers under every lint that could see the expansion.

#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub)]
#![deny(unused, unused_qualifications, rust_2018_idioms, single_use_lifetimes)]
#![deny(future_incompatible, let_underscore_drop)]

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::{Json, Router};
use cors_axum::{Routes, cors, methods, policy, routes};

policy! {
    /// Who builds on our API.
    pub static PARTNERS = {
        origins = ["https://partner.example.com", "https://*.partner.example.org:*"],
        credentials,
        max_age = "10m",
    }

    pub(crate) static PREVIEWS = { origin_patterns = [r"^https://pr-[0-9]+\.example\.com$"] }
}

mod inner {
    cors_axum::policy! {
        #[cfg(all())]
        pub(crate) static PUBLIC = { origins = "*" };
    }
}

/// A handler that is documented.
#[cfg(all())]
#[cors(origins = "*")]
#[cfg(all())]
#[get("/greeting")]
#[cfg(all())]
/// Here too.
#[must_use]
pub async fn greeting(State(name): State<String>) -> impl IntoResponse {
    format!("Hello, {name}")
}

/// A path, a body, an error.
#[cors(
    origins = ["https://app.example.com"],
    credentials,
    headers = ["content-type"],
    expose_headers = ["etag"],
    methods = ["PUT"],
    max_age = 7200,
    private_network,
    enforce,
)]
#[route("/numbers/{id}", method = "PUT", method = "PATCH")]
pub(crate) async fn double(
    Path(id): Path<u64>,
    Json(number): Json<u64>,
) -> Result<Json<u64>, &'static str> {
    number.checked_mul(2).map(|number| Json(number + id)).ok_or("too large")
}

#[cors(policy = PARTNERS)]
#[delete("/move")]
async fn r#move() {}

#[cors(policy = inner::PUBLIC)]
#[get]
async fn list() {}

#[cors(policy = PREVIEWS)]
#[post]
async fn create() {}

#[cors(none)]
#[get("/inside")]
#[allow(non_snake_case)]
async fn inSide() {}

#[cors(origins = "*")]
#[cfg(any())]
#[get("/nowhere")]
async fn nowhere(_: Missing) {}

/// A module.
pub mod deep {
    /// A module in it.
    pub mod deeper {
        /// A handler in that.
        #[cors_axum::cors(origins = ["http://localhost:*"], credentials)]
        #[head("/deep")]
        pub async fn handler() {}
    }

    /// Handlers that share a policy.
    #[cors_axum::cors(origins = ["https://app.example.com"])]
    pub mod shared {
        /// The default.
        #[get("/shared")]
        pub async fn with() {}

        /// Another.
        #[cors_axum::cors(origins = "*")]
        #[put("/shared")]
        pub async fn without() {}
    }
}

fn main() {
    #[cors(origins = "*")]
    #[options("/local")]
    async fn local() {}

    drop(greeting::call(State("Ada".to_owned())));
    let app: Router = routes![greeting, double, r#move, inSide, local]
        .route("/list", methods![list, create])
        .merge(routes![deep::deeper::handler, deep::shared::with, deep::shared::without])
        .into_app(|router| router)
        .with_state("Ada".to_owned());
    drop(app);
    drop(either(true));
}

/// A list where an expression ends a block.
fn either(local: bool) -> Router<String> {
    #[cors(origins = "*")]
    #[get("/either")]
    async fn either() {}

    let list: Routes<String> = if local { routes![either] } else { routes![] };
    list.into()
}
