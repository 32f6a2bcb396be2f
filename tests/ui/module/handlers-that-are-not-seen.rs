use actix_web::get as fetch;
use cors_actix::cors;

#[cors(origins = ["https://app.example.com"], credentials, enforce)]
mod api {
    use actix_web::get;
    use cors_actix::{cors, cors as by_another_name};

    macro_rules! handler {
        ($name:ident, $path:literal) => {
            #[get($path)]
            pub async fn $name() -> &'static str {
                ""
            }
        };
    }
    handler!(generated, "/generated");

    #[cfg_attr(all(), get("/conditional"))]
    pub async fn conditional() -> &'static str {
        ""
    }

    #[super::fetch("/renamed")]
    pub async fn renamed() -> &'static str {
        ""
    }

    pub fn configure(config: &mut actix_web::web::ServiceConfig) {
        #[get("/local")]
        async fn local() -> &'static str {
            ""
        }
        config.service(local);
    }

    #[cors(none)]
    #[get("/outer")]
    pub async fn outer() -> &'static str {
        #[get("/inner")]
        async fn inner() -> &'static str {
            ""
        }
        let _ = inner;
        ""
    }

    #[cfg_attr(all(), cors(none))]
    pub mod conditionally_none {}

    #[by_another_name(none)]
    pub mod renamed_none {}
}

fn main() {}
