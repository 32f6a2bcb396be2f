//! The API of the tenants on axum.

use axum::Router;
use axum::extract::{Json, Path, State};
use axum::http::StatusCode;
use axum::middleware::from_fn;
use cors_axum::{RouteTable, Routes, cors, routes};
use tokio::task::spawn_blocking;

use super::{STAFF, Tenants, TenantsError};
use crate::shop_axum::authenticate_staff;

/// The app.
pub fn app(tenants: Tenants) -> Router {
    routes(&tenants).into_app(|router| router).with_state(tenants)
}

/// The routes with their policies.
#[must_use]
pub fn table(tenants: &Tenants) -> RouteTable {
    routes(tenants).table()
}

fn routes(tenants: &Tenants) -> Routes<Tenants> {
    let admin: Routes<Tenants> = routes![set_origins].layer(from_fn(authenticate_staff));
    admin.nest("/admin").put("/profile", async || "saved", tenants.by_host())
}

#[cors(policy = STAFF)]
#[put("/tenants/{tenant}/origins")]
async fn set_origins(
    State(tenants): State<Tenants>,
    Path(tenant): Path<String>,
    Json(origins): Json<Vec<String>>,
) -> Result<StatusCode, (StatusCode, String)> {
    // SQLite waits for the disk, and the threads of the runtime must not.
    let changed = spawn_blocking(move || tenants.set_origins(&tenant, &origins)).await;
    match changed.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))? {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error @ TenantsError::Refused(..)) => {
            Err((StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))
        }
        Err(error) => Err((StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
    }
}
