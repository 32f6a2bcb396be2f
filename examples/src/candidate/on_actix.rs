//! The stages on actix-web, each for `App::configure`.

use actix_web::web::{self, ServiceConfig};
use cors_actix::{Cors, PolicyRef};

use super::{EVERYBODY, FRONT_END};

/// The handlers, which need not change.
async fn read_prices() -> &'static str {
    "apples 2, pears 3"
}

async fn place_order() -> &'static str {
    "ordered"
}

fn plain(cors: Cors, app: &mut ServiceConfig) {
    let routes = web::scope("")
        .route("/prices", web::get().to(read_prices))
        .route("/orders", web::put().to(place_order));
    app.service(routes.wrap(cors));
}

/// One middleware for everything.
pub fn permissive(app: &mut ServiceConfig) {
    plain(Cors::new(&EVERYBODY), app);
}

/// The same middleware, and the log says who else than the front end calls.
pub fn observed(app: &mut ServiceConfig) {
    plain(Cors::new(PolicyRef::from(&EVERYBODY).with_candidate(&FRONT_END)), app);
}

/// A candidate for each handler.
pub mod drafted {
    use actix_web::web::ServiceConfig;
    use actix_web::{get, put};
    use cors_actix::{cors, routes};

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
    pub fn app(app: &mut ServiceConfig) {
        app.service(routes![prices, orders].into_scope("", |scope| scope));
    }
}

/// The candidates with what the log has shown.
pub mod corrected {
    use actix_web::web::ServiceConfig;
    use actix_web::{get, put};
    use cors_actix::{cors, routes};

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
    pub fn app(app: &mut ServiceConfig) {
        app.service(routes![prices, orders].into_scope("", |scope| scope));
    }
}

/// The candidates are the policies.
pub mod in_force {
    use actix_web::web::ServiceConfig;
    use actix_web::{get, put};
    use cors_actix::{cors, routes};

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
    pub fn app(app: &mut ServiceConfig) {
        app.service(routes![prices, orders].into_scope("", |scope| scope));
    }
}
