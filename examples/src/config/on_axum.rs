//! The API on axum.

use axum::Router;
use cors_axum::{Routes, cors, routes};

use super::live::LIVE;
use super::{Mistakes, Settings};

/// The app.
///
/// # Errors
///
/// All that is wrong with the origins.
pub fn app(settings: &Settings) -> Result<Router, Mistakes> {
    let routes: Routes = routes![front, live];
    let policy = settings.policy(&routes.table())?;
    Ok(routes.put("/articles/{id}", async || "written", policy).into_app(|router| router))
}

#[cors(origins = env("FRONT_ORIGINS"))]
#[get("/front")]
async fn front() -> &'static str {
    "front"
}

#[cors(policy = LIVE)]
#[get("/live")]
async fn live() -> &'static str {
    "live"
}
