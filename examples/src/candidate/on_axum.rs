//! The stages on axum.

use axum::Router;
use axum::routing::{get, put};
use cors_axum::{CorsLayer, PolicyRef};

use super::{EVERYBODY, FRONT_END};

/// The handlers, which need not change.
async fn read_prices() -> &'static str {
    "apples 2, pears 3"
}

async fn place_order() -> &'static str {
    "ordered"
}

fn plain() -> Router {
    Router::new().route("/prices", get(read_prices)).route("/orders", put(place_order))
}

/// One layer for everything.
pub fn permissive() -> Router {
    plain().layer(CorsLayer::new(&EVERYBODY))
}

/// The same layer, and the log says who else than the front end calls.
pub fn observed() -> Router {
    plain().layer(CorsLayer::new(PolicyRef::from(&EVERYBODY).with_candidate(&FRONT_END)))
}

/// A candidate for each handler.
pub mod drafted {
    use axum::Router;
    use cors_axum::{cors, routes};

    use super::super::{EVERYBODY, FRONT_END};

    #[cors(policy = EVERYBODY, candidate = FRONT_END)]
    #[get("/prices")]
    async fn prices() -> &'static str {
        super::read_prices().await
    }

    #[cors(policy = EVERYBODY, candidate = FRONT_END)]
    #[put("/orders")]
    async fn orders() -> &'static str {
        super::place_order().await
    }

    /// The app.
    pub fn app() -> Router {
        routes![prices, orders].into_app(|router| router)
    }
}

/// The candidates with what the log has shown.
pub mod corrected {
    use axum::Router;
    use cors_axum::{cors, routes};

    use super::super::{EVERYBODY, ORDERS, PRICES};

    #[cors(policy = EVERYBODY, candidate = PRICES)]
    #[get("/prices")]
    async fn prices() -> &'static str {
        super::read_prices().await
    }

    #[cors(policy = EVERYBODY, candidate = ORDERS)]
    #[put("/orders")]
    async fn orders() -> &'static str {
        super::place_order().await
    }

    /// The app.
    pub fn app() -> Router {
        routes![prices, orders].into_app(|router| router)
    }
}

/// The candidates are the policies.
pub mod in_force {
    use axum::Router;
    use cors_axum::{cors, routes};

    use super::super::{ORDERS, PRICES};

    #[cors(policy = PRICES)]
    #[get("/prices")]
    async fn prices() -> &'static str {
        super::read_prices().await
    }

    #[cors(policy = ORDERS)]
    #[put("/orders")]
    async fn orders() -> &'static str {
        super::place_order().await
    }

    /// The app.
    pub fn app() -> Router {
        routes![prices, orders].into_app(|router| router)
    }
}
