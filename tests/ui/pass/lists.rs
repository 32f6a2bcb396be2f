//! Wherever a handler is, and whatever the way to it, a list finds it.

#![deny(warnings)]
#![deny(missing_docs, unreachable_pub, redundant_imports)]

mod on_axum {
    use axum::Router;
    use axum::extract::State;
    use cors_axum::{Routes, cors, methods, routes};

    // Named like a crate.
    #[cors(origins = "*")]
    #[get("/http")]
    async fn actix_web() {}

    #[cors(origins = "*")]
    #[get("/private")]
    async fn private() {}

    #[cors(origins = "*")]
    #[get("/raw")]
    async fn r#type() {}

    pub(crate) mod deep {
        use cors_axum::{Routes, cors, routes};

        #[cors(origins = "*")]
        #[get("/in-deep")]
        pub(crate) async fn inner() {}

        pub(crate) mod deeper {
            use cors_axum::cors;

            #[cors(origins = "*")]
            #[get("/deeper")]
            pub(crate) async fn innermost() {}
        }

        pub(super) fn list() -> Routes {
            routes![super::private, inner, crate::on_axum::r#type, deeper::innermost]
        }
    }

    pub(crate) use self::deep::deeper::innermost;
    pub(crate) use self::deep::inner as renamed;

    #[cors(origins = "*")]
    #[get("/state")]
    async fn state(State(state): State<u8>) -> String {
        state.to_string()
    }

    fn generic<S: Clone + Send + Sync + 'static>() -> Routes<S> {
        routes![private]
    }

    pub(crate) fn app() -> Router {
        #[cors(origins = "*")]
        #[get("/local")]
        async fn local() {}

        let block = {
            #[cors(origins = "*")]
            #[get("/block")]
            async fn block() {}

            // The same name as one further out, as a crate, as a function of the prelude.
            #[cors(origins = "*")]
            #[get("/shadow")]
            async fn private() {}

            #[cors(origins = "*")]
            #[get("/axum")]
            async fn axum() {}

            #[cors(origins = "*")]
            #[get("/drop")]
            async fn drop() {}

            routes![block, local, private, axum, drop]
        };
        let closure = || -> Routes { routes![renamed] };
        let all: Routes = deep::list().merge(block).merge(closure().nest("/again")).merge(routes![]);
        let renamed: Router = Router::new().route("/methods", methods![innermost,].into());
        let stateful: Router = Router::new().merge(routes![state].merge(generic())).with_state(1);
        Router::new().merge(all).merge(routes![actix_web]).merge(renamed).nest("/stateful", stateful)
    }
}

mod on_actix {
    use actix_web::web::ServiceConfig;
    use actix_web::{Responder, get};
    use cors_actix::{cors, routes};

    #[cors(origins = "*")]
    #[get("/private")]
    async fn private() -> impl Responder {
        ""
    }

    pub(crate) mod deep {
        use actix_web::{Responder, get};
        use cors_actix::cors;

        #[cors(origins = "*")]
        #[get("/raw")]
        pub(crate) async fn r#type() -> impl Responder {
            ""
        }
    }

    pub(crate) use self::deep::r#type as renamed;

    pub(crate) fn app(config: &mut ServiceConfig) {
        #[cors(origins = "*")]
        #[get("/local")]
        async fn local() -> impl Responder {
            ""
        }

        config.service(routes![private, deep::r#type, local]);
        config.service(routes![renamed,].merge(routes![]).nest("/again"));
    }
}

fn main() {
    drop(on_axum::app());
    drop(actix_web::App::new().configure(on_actix::app));
}
