//! utoipa.
//!
//! `cors_actix::routes!` registers the handlers with their policies, and `#[openapi(paths(...))]`
//! takes their documentation.

use actix_web::dev::HttpServiceFactory;
use actix_web::web::{self, Json, Path};
use actix_web::{Responder, get, put};
use cors_actix::{RouteTable, Routes, cors, routes};
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;

use super::User;

/// One user.
#[cors(origins = "*")]
#[utoipa::path(get, path = "/users/{id}", responses((status = 200, body = User)))]
#[get("/users/{id}")]
async fn get_user(id: Path<u64>) -> impl Responder {
    Json(User::of(*id))
}

// utoipa may also stand on top.
/// Gives a user a name.
#[utoipa::path(put, path = "/users/{id}", request_body = String, responses((status = 200, body = User)))]
#[cors(origins = ["https://app.example.com"], headers = ["content-type"], credentials)]
#[put("/users/{id}")]
async fn rename_user(id: Path<u64>, name: String) -> impl Responder {
    Json(User { id: *id, name })
}

/// Whether the service runs: for probes, and for no page.
#[utoipa::path(get, path = "/health", responses((status = 200)))]
#[get("/health")]
async fn health() -> impl Responder {
    "fine"
}

#[derive(OpenApi)]
#[openapi(info(title = "Users"), paths(get_user, rename_user, health))]
struct Documentation;

/// The document.
#[must_use]
pub fn document() -> Document {
    Documentation::openapi()
}

/// What the app is made of.
#[must_use = "services do nothing until they are registered"]
pub fn services() -> impl HttpServiceFactory {
    list().into_scope("", |scope| {
        let served = document();
        let document = web::get().to(move || std::future::ready(Json(served.clone())));
        scope.service(health).route("/openapi.json", document)
    })
}

/// The routes with their policies.
#[must_use]
pub fn table() -> RouteTable {
    list().table()
}

fn list() -> Routes {
    routes![get_user, rename_user]
}
