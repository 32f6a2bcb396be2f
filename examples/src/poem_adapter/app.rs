//! A policy around a whole app, and a stricter one around a part of it.

use cors_axum::policy;
use poem::{Endpoint, EndpointExt, Route, get, handler, put};

use super::Cors;

policy! {
    /// Answers all preflights.
    static FRONT_ENDS = { origins = ["https://app.example.com", "https://staff.example.com"] }

    /// Has the last word on what is inside, which runs for no other page.
    static STAFF = { origins = ["https://staff.example.com"], enforce }
}

/// The app.
#[must_use]
pub fn app() -> impl Endpoint {
    let staff = Route::new().at("/tea", put(brew)).with(Cors::new(&STAFF));
    Route::new().at("/", get(hello)).nest("/staff", staff).with(Cors::new(&FRONT_ENDS))
}

#[handler]
fn hello() -> &'static str {
    "hello"
}

#[handler]
fn brew() -> &'static str {
    "tea"
}
