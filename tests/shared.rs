//! What the services of one company share: a facade that exports the adapters again, and
//! policies without a framework.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

// What a dependency with another name is to the code below.
extern crate cors_axum as renamed_cors_axum;

/// What the facade is: adapters under a path that is its own.
mod facade {
    pub(crate) mod web {
        pub(crate) use ::{cors_actix, cors_axum};
    }
}

/// What a crate of policies is.
mod policies {
    cors_macros::policy! {
        /// Who administers the API: the base, with origins of its own.
        pub(crate) static ADMIN = { ..BASE, origins = ["https://admin.example.com"] }
        static BASE = { origins = ["https://app.example.com"], credentials }
    }
}

const APP: &str = "https://app.example.com";
const ADMIN: &str = "https://admin.example.com";

mod on_axum {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN};
    use tower::ServiceExt as _;

    use super::facade::web::cors_axum::{Routes, cors, methods, policy, routes};

    policy! {
        crate = crate::facade::web::cors_axum;
        static ADMIN = { origins = ["https://admin.example.com"] }
    }

    #[cors(crate = crate::facade::web::cors_axum, origins = ["https://app.example.com"])]
    #[get("/declared")]
    async fn declared() {}

    #[cors(policy = ADMIN, crate = super::facade::web::cors_axum)]
    #[get("/named")]
    async fn named() {}

    #[cors(crate = super::facade::web::cors_axum, origins = ["https://app.example.com"])]
    mod inner {
        #[get("/in-a-module")]
        pub(super) async fn in_a_module() {}

        pub(super) mod deeper {
            #[get]
            pub(in super::super) async fn in_a_module_inside() {}
        }
    }

    #[renamed_cors_axum::cors(crate = renamed_cors_axum, origins = ["https://app.example.com"])]
    #[get("/renamed")]
    async fn renamed() {}

    #[cors(policy = super::policies::ADMIN, crate = super::facade::web::cors_axum)]
    #[get("/shared")]
    async fn shared() {}

    /// The origin that may read the response.
    async fn reader(app: &Router, path: &str, origin: &str) -> Option<String> {
        let request = Request::get(path).header(ORIGIN, origin).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        let header = response.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN)?;
        Some(header.to_str().unwrap().to_owned())
    }

    #[tokio::test]
    async fn through_a_facade() {
        let list: Routes = routes!(
            crate = crate::facade::web::cors_axum;
            declared, named, shared, inner::in_a_module
        );
        let app: Router = list
            .route(
                "/in-a-module-inside",
                methods![crate = super::facade::web::cors_axum; inner::deeper::in_a_module_inside],
            )
            .merge(renamed_cors_axum::routes![crate = ::renamed_cors_axum; renamed])
            .into_app(|router| router);
        for (path, allowed) in [
            ("/declared", super::APP),
            ("/named", super::ADMIN),
            ("/shared", super::ADMIN),
            ("/in-a-module", super::APP),
            ("/in-a-module-inside", super::APP),
            ("/renamed", super::APP),
        ] {
            for origin in [super::APP, super::ADMIN] {
                let expected = (origin == allowed).then(|| origin.to_owned());
                assert_eq!(reader(&app, path, origin).await, expected, "{path}");
            }
        }
    }
}

mod on_actix {
    use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN};
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, Responder, get};

    use super::facade::web::cors_actix::{cors, policy, routes};

    policy! {
        crate = crate::facade::web::cors_actix;
        static ADMIN = { origins = ["https://admin.example.com"] }
    }

    #[cors(crate = crate::facade::web::cors_actix, origins = ["https://app.example.com"])]
    #[get("/declared")]
    async fn declared() -> impl Responder {
        ""
    }

    #[cors(policy = ADMIN, crate = super::facade::web::cors_actix)]
    #[get("/named")]
    async fn named() -> impl Responder {
        ""
    }

    #[cors(crate = self::facade_of_mine, origins = ["https://app.example.com"])]
    mod inner {
        use actix_web::{Responder, get};

        #[get("/in-a-module")]
        pub(super) async fn in_a_module() -> impl Responder {
            ""
        }
    }

    use super::facade::web::cors_actix as facade_of_mine;

    #[cors(policy = super::policies::ADMIN, crate = self::facade_of_mine)]
    #[get("/shared")]
    async fn shared() -> impl Responder {
        ""
    }

    #[actix_web::test]
    async fn through_a_facade() {
        let list = routes![
            crate = self::facade_of_mine;
            declared, named, shared, inner::in_a_module
        ];
        let app = init_service(list.into_app(App::new(), |app| app)).await;
        for (path, allowed) in
            [("/declared", super::APP), ("/named", super::ADMIN), ("/in-a-module", super::APP)]
        {
            for origin in [super::APP, super::ADMIN] {
                let request = TestRequest::with_uri(path).insert_header((ORIGIN, origin));
                let response = call_service(&app, request.to_request()).await;
                let reader = response.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN);
                let expected = (origin == allowed).then_some(origin);
                assert_eq!(reader.map(|reader| reader.to_str().unwrap()), expected, "{path}");
            }
        }
    }
}
