//! Whatever a handler looks like, and whatever stands on it.

#![deny(warnings, missing_docs, unreachable_pub)]

use std::future::Future;

use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use axum::{Json, Router};
use cors_axum::{Routes, cors, methods, routes};

/// Above, between and below: each is expanded where it stands.
#[tracing::instrument(skip_all)]
#[cors(origins = "*")]
#[get("/above")]
async fn above(State(state): State<u8>) -> String {
    state.to_string()
}

#[cors(origins = "*")]
#[tracing::instrument]
#[get("/between/{id}")]
pub(crate) async fn between(Path(id): Path<u64>) -> Result<Json<u64>, &'static str> {
    Ok(Json(id))
}

#[cors(origins = "*")]
#[get("/below/{one}/{other}")]
#[axum::debug_handler]
#[tracing::instrument(skip(pairs))]
async fn below(
    Path((one, other)): Path<(u64, String)>,
    Query(mut pairs): Query<Vec<(String, std::collections::BTreeMap<String, Vec<u8>>)>>,
) -> impl IntoResponse {
    pairs.clear();
    format!("{one} {other}")
}

#[cors(origins = "*")]
#[get("/nothing")]
#[tracing::instrument]
async fn nothing() {}

/// Several routes.
#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/people")]
#[post("/people")]
#[put("/people/{id}")]
async fn several() -> &'static str {
    "several"
}

/// Documented, for those who can see it.
#[cors(origins = "*")]
#[get("/documented")]
pub async fn documented() {}

#[cors(origins = "*")]
#[get("/undocumented")]
async fn undocumented() {}

#[cfg(any())]
#[cors(origins = "*")]
#[get("/nowhere")]
async fn nowhere(_: Missing) {}

#[cors(origins = "*")]
#[get("/future")]
fn future() -> impl Future<Output = &'static str> + Send {
    std::future::ready("future")
}

#[cors(origins = "*")]
#[get("/boxed")]
fn boxed() -> std::pin::Pin<Box<dyn Future<Output = &'static str> + Send>> {
    Box::pin(async { "boxed" })
}

// Names of what the attribute adds, and of what every value has.
#[cors(origins = "*")]
#[get("/call")]
async fn call() -> &'static str {
    "call"
}

#[cors(origins = "*")]
#[get("/new")]
async fn new() {}

#[cors(origins = "*")]
#[get("/clone")]
#[tracing::instrument]
async fn clone() {}

#[cors(origins = "*")]
#[get("/endpoint")]
async fn endpoint() {}

#[cors(origins = "*")]
#[get]
async fn route() {}

// Variables may have the name of a handler.
#[cors(origins = "*")]
#[get("/user/{user}")]
async fn user(Path(user): Path<u64>) -> String {
    let undocumented = user + 1;
    let user = undocumented.to_string();
    user
}

macro_rules! handlers {
    ($($name:ident $path:literal)*) => {$(
        #[cors(origins = "*")]
        #[get($path)]
        async fn $name() -> &'static str {
            stringify!($name)
        }
    )*};
}

handlers! { red "/red" green "/green" }

fn local() -> Routes<u8> {
    #[cors(origins = "*")]
    #[get("/local")]
    async fn handler(State(state): State<u8>) -> String {
        state.to_string()
    }

    routes![handler]
}

fn main() {
    let list = routes![above, between, below, nothing, several, documented, undocumented];
    let list = list.merge(routes![user, future, boxed, call, new, clone, endpoint, red, green]);
    let list = list.merge(local()).route("/route", methods![route]);
    let _: Router = list.into_app(|router| router).with_state(1);

    // As unit tests do.
    let test = async {
        assert_eq!(above::call(State(7)).await, "7");
        assert_eq!(between::call(Path(7)).await.unwrap().0, 7);
        let _ = below::call(Path((1, String::new())), Query(Vec::new())).await.into_response();
        nothing::call().await;
        assert_eq!(future::call().await, "future");
        assert_eq!(boxed::call().await, "boxed");
        assert_eq!(call::call().await, "call");
        new::call().await;
        clone::call().await;
        assert_eq!(red::call().await, "red");
    };
    drop(test);
}
