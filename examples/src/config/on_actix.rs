//! The API on actix-web.

use actix_web::get;
use actix_web::web::ServiceConfig;
use cors_actix::{cors, routes};

use super::live::LIVE;
use super::{Mistakes, Settings};

/// The app, for `App::configure` in each worker.
///
/// # Errors
///
/// All that is wrong with the origins.
pub fn configure(
    settings: &Settings,
) -> Result<impl Fn(&mut ServiceConfig) + Clone + use<>, Mistakes> {
    let policy = settings.policy(&routes![front, live].table())?;
    Ok(move |app: &mut ServiceConfig| {
        let written = async || "written";
        app.service(routes![front, live].put("/articles/{id}", written, policy.clone()));
    })
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
