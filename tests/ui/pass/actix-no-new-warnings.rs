//! Annotated handlers under every lint that could see the expansion.

#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub)]
#![deny(unused, unused_qualifications, rust_2018_idioms, single_use_lifetimes)]
#![deny(future_incompatible, let_underscore_drop)]

use actix_web::http::header;
use actix_web::middleware::NormalizePath;
use actix_web::{App, Responder, get, patch, put, route, routes, web};
use cors_actix::{Cors, Routes, cors, policy};

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
    cors_actix::policy! {
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
pub(crate) async fn greeting(name: web::Data<String>) -> impl Responder {
    format!("Hello, {}", name.as_str())
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
#[put("/numbers/{id}", name = "numbers", guard = "is_json", wrap = "NormalizePath::trim()")]
pub(crate) async fn double(
    id: web::Path<u64>,
    number: web::Json<u64>,
) -> Result<String, actix_web::Error> {
    let number = number.checked_mul(2).ok_or(actix_web::error::ErrorBadRequest("too large"))?;
    Ok((number + *id).to_string())
}

fn is_json(context: &actix_web::guard::GuardContext<'_>) -> bool {
    context.head().headers().contains_key(header::CONTENT_TYPE)
}

#[cors(policy = PARTNERS)]
#[actix_web::delete("/move")]
async fn r#move() -> &'static str {
    "moved"
}

#[cors(policy = inner::PUBLIC)]
#[route("/list", method = "GET", method = "POST", method = "OPTIONS", wrap = "NormalizePath::trim()")]
async fn list() -> &'static str {
    "[]"
}

#[cors(policy = PREVIEWS)]
#[routes]
#[get("/old")]
#[patch("/new", name = "new")]
async fn both() -> &'static str {
    "both"
}

#[cors(none)]
#[get("/inside")]
#[allow(non_snake_case)]
async fn inSide() -> &'static str {
    "inside"
}

#[cors(origins = "*")]
#[cfg(any())]
#[get("/nowhere")]
async fn nowhere(_: Missing) {}

/// A module.
pub mod deep {
    /// A module in it.
    pub mod deeper {
        use actix_web::head;

        /// A handler in that.
        #[cors_actix::cors(origins = ["http://localhost:*"], credentials)]
        #[head("/deep")]
        pub(crate) async fn handler() -> &'static str {
            ""
        }
    }

    /// Handlers that share a policy.
    #[cors_actix::cors(origins = ["https://app.example.com"])]
    pub mod shared {
        use actix_web::{get, put};

        /// The default.
        #[get("/shared")]
        pub(crate) async fn with() -> &'static str {
            ""
        }

        /// Another.
        #[cors_actix::cors(origins = "*")]
        #[put("/shared")]
        pub(crate) async fn without() -> &'static str {
            ""
        }
    }
}

fn main() {
    use actix_web::options;

    #[cors(origins = "*")]
    #[options("/local")]
    async fn local() -> &'static str {
        ""
    }

    let app = App::new()
        .wrap(Cors::new(&inner::PUBLIC))
        .service(greeting)
        .service(double)
        .service(r#move)
        .service(list)
        .service(both)
        .service(inSide)
        .service(local)
        .service(deep::deeper::handler)
        .service(deep::shared::with)
        .service(deep::shared::without);
    drop(app);
    drop(either(true));
}

/// A list where an expression ends a block.
fn either(local: bool) -> Routes {
    use actix_web::get;

    #[cors(origins = "*")]
    #[get("/either")]
    async fn either() -> &'static str {
        ""
    }

    if local { cors_actix::routes![either] } else { cors_actix::routes![] }
}
