//! The API of the tenants on actix-web.

use actix_web::error::{ErrorInternalServerError, ErrorUnprocessableEntity};
use actix_web::middleware::from_fn;
use actix_web::web::{Data, Json, Path, ServiceConfig, block};
use actix_web::{Error, HttpResponse, put};
use cors_actix::{RouteTable, Routes, cors, routes};

use super::{STAFF, Tenants, TenantsError};
use crate::shop_actix::authenticate_staff;

/// The app, for `App::configure`.
pub fn configure(tenants: &Tenants) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let tenants = tenants.clone();
    move |app| {
        app.service(routes(&tenants)).app_data(Data::new(tenants));
    }
}

/// The routes with their policies.
#[must_use]
pub fn table(tenants: &Tenants) -> RouteTable {
    routes(tenants).table()
}

fn routes(tenants: &Tenants) -> Routes {
    let admin = routes![set_origins].wrap(from_fn(authenticate_staff));
    admin.nest("/admin").put("/profile", async || "saved", tenants.by_host())
}

#[cors(policy = STAFF)]
#[put("/tenants/{tenant}/origins")]
async fn set_origins(
    tenants: Data<Tenants>,
    tenant: Path<String>,
    origins: Json<Vec<String>>,
) -> Result<HttpResponse, Error> {
    // SQLite waits for the disk, and the threads of the workers must not.
    match block(move || tenants.set_origins(&tenant, &origins)).await? {
        Ok(()) => Ok(HttpResponse::NoContent().finish()),
        Err(error @ TenantsError::Refused(..)) => Err(ErrorUnprocessableEntity(error)),
        Err(error) => Err(ErrorInternalServerError(error)),
    }
}
