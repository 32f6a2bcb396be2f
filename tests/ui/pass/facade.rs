//! A facade that exports the adapters again, and writes attributes for its users.

#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, redundant_imports)]

mod facade {
    pub(crate) use {cors_actix, cors_axum};

    /// The attribute of the house.
    macro_rules! for_the_app {
        ($adapter:ident: $($handler:tt)*) => {
            #[$crate::facade::$adapter::cors(
                crate = $crate::facade::$adapter,
                origins = ["https://app.example.com"]
            )]
            $($handler)*
        };
    }
    pub(crate) use for_the_app;

    /// The list of the house, whose path is passed on as one fragment.
    macro_rules! list {
        ($adapter:path, $($handler:path),*) => {
            $crate::facade::cors_axum::routes![crate = $adapter; $($handler),*]
        };
    }
    pub(crate) use list;
}

mod on_axum {
    use axum::Router;

    use crate::facade::cors_axum::{self, Policy, cors, methods, policy};
    use crate::facade::{for_the_app, list};

    policy! {
        crate = crate::facade::cors_axum;
        /// Who builds on our API.
        static PARTNERS = { origin_patterns = [r"^https://pr-[0-9]+\.example\.com$"] };
        static PUBLIC = { origins = "*" }
    }

    for_the_app! { cors_axum:
        #[get("/app")]
        async fn app() {}
    }

    #[cors(policy = PARTNERS, crate = self::cors_axum)]
    #[tracing::instrument]
    #[get("/partners")]
    async fn partners() {}

    #[cors(none, crate = crate::facade::cors_axum)]
    #[get("/none")]
    async fn none() {}

    pub(crate) fn router() -> Router {
        let public: &Policy = &PUBLIC;
        list!(crate::facade::cors_axum, app, partners)
            .route("/none", methods![crate = crate::facade::cors_axum; none])
            .default_policy(public)
            .into_app(|router| router)
    }
}

mod on_actix {
    use actix_web::web::ServiceConfig;
    use actix_web::{Responder, get};

    use crate::facade::cors_actix::routes;
    use crate::facade::for_the_app;

    for_the_app! { cors_actix:
        #[get("/app")]
        async fn app() -> impl Responder {
            ""
        }
    }

    pub(crate) fn register(config: &mut ServiceConfig) {
        config.service(routes![crate = crate::facade::cors_actix; app]);
    }
}

fn main() {
    drop(on_axum::router());
    drop(actix_web::App::new().configure(on_actix::register));
}
