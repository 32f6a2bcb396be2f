//! utoipa and utoipa-axum.
//!
//! `cors_axum::routes!` registers the handlers with their policies, and `#[openapi(paths(...))]`
//! takes their documentation. `utoipa_axum::routes!` would register them without their policies, and
//! does not compile; it is there for the handlers that have none.

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use cors_axum::{RouteTable, Routes, cors, routes};
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::OpenApiRouter;

use super::User;

/// One user.
#[cors(origins = "*")]
#[utoipa::path(get, path = "/users/{id}", responses((status = 200, body = User)))]
#[get("/users/{id}")]
async fn get_user(Path(id): Path<u64>) -> Json<User> {
    Json(User::of(id))
}

// utoipa may also stand on top.
/// Gives a user a name.
#[utoipa::path(put, path = "/users/{id}", request_body = String, responses((status = 200, body = User)))]
#[cors(origins = ["https://app.example.com"], headers = ["content-type"], credentials)]
#[put("/users/{id}")]
async fn rename_user(Path(id): Path<u64>, name: String) -> Json<User> {
    Json(User { id, name })
}

/// Whether the service runs: for probes, and for no page.
#[utoipa::path(get, path = "/health", responses((status = 200)))]
async fn health() -> &'static str {
    "fine"
}

#[derive(OpenApi)]
#[openapi(info(title = "Users"), paths(get_user, rename_user))]
struct WithPolicies;

/// The app, and the document that it serves.
pub fn app() -> (Router, Document) {
    let plain = OpenApiRouter::with_openapi(WithPolicies::openapi());
    let (plain, document) = plain.routes(utoipa_axum::routes!(health)).split_for_parts();
    let served = Json(document.clone());
    let app = list().into_app(|router| {
        router.merge(plain).route("/openapi.json", get(async move || served.clone()))
    });
    (app, document)
}

/// The routes with their policies.
#[must_use]
pub fn table() -> RouteTable {
    list().table()
}

fn list() -> Routes {
    routes![get_user, rename_user]
}
