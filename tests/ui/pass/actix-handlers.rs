//! Whatever a handler looks like, and whatever stands on it.

#![deny(warnings, missing_docs, unreachable_pub)]

use std::future::Future;

use actix_web::web::{Data, Json, Path, Query, ServiceConfig};
use actix_web::{App, HttpResponse, Responder, get, put};
use cors_actix::{Routes, cors, routes};

/// Above, between and below: each is expanded where it stands.
#[tracing::instrument(skip_all)]
#[cors(origins = "*")]
#[get("/above")]
async fn above(state: Data<u8>) -> String {
    state.to_string()
}

#[cors(origins = "*")]
#[tracing::instrument]
#[get("/between/{id}")]
pub(crate) async fn between(id: Path<u64>) -> Result<Json<u64>, actix_web::Error> {
    Ok(Json(*id))
}

#[cors(origins = "*")]
#[get("/below/{one}/{other}")]
#[tracing::instrument(skip(pairs))]
async fn below(
    path: Path<(u64, String)>,
    Query(mut pairs): Query<Vec<(String, std::collections::BTreeMap<String, Vec<u8>>)>>,
) -> impl Responder {
    pairs.clear();
    let (one, other) = path.into_inner();
    format!("{one} {other}")
}

/// Several routes.
#[cors(origins = ["https://app.example.com"], credentials)]
#[actix_web::routes]
#[get("/people")]
#[put("/people/{id}", name = "person")]
async fn several() -> &'static str {
    "several"
}

/// Documented, for those who can see it.
#[cors(origins = "*")]
#[get("/documented")]
pub async fn documented() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(origins = "*")]
#[get("/undocumented")]
async fn undocumented() -> &'static str {
    ""
}

#[cfg(any())]
#[cors(origins = "*")]
#[get("/nowhere")]
async fn nowhere(_: Missing) -> &'static str {
    ""
}

#[cors(origins = "*")]
#[get("/future")]
fn future() -> impl Future<Output = &'static str> {
    std::future::ready("future")
}

// Names of what the attribute adds, and of what every value has.
#[cors(origins = "*")]
#[get("/call")]
async fn call() -> &'static str {
    "call"
}

#[cors(origins = "*")]
#[get("/new")]
async fn new() -> &'static str {
    "new"
}

#[cors(origins = "*")]
#[get("/clone")]
#[tracing::instrument]
async fn clone() -> &'static str {
    "clone"
}

#[cors(origins = "*")]
#[get("/register")]
async fn register() -> &'static str {
    "register"
}

macro_rules! handlers {
    ($($name:ident $path:literal)*) => {$(
        #[cors(origins = "*")]
        #[get($path)]
        async fn $name() -> &'static str {
            stringify!($name)
        }
    )*};
}

handlers! { red "/red" green "/green" }

fn local() -> Routes {
    #[cors(origins = "*")]
    #[get("/local")]
    async fn handler(state: Data<u8>) -> String {
        state.to_string()
    }

    routes![handler]
}

fn configure(config: &mut ServiceConfig) {
    config.service(above).service(several).service(call).service(new).service(clone);
}

fn main() {
    let list = routes![above, between, below, several, documented, undocumented, future];
    let list = list.merge(routes![call, new, clone, register, red, green]).merge(local());
    drop(App::new().service(list.into_scope("/api", |scope| scope)).configure(configure));

    // As unit tests do.
    let test = async {
        assert_eq!(above::call(Data::new(7)).await, "7");
        assert_eq!(between::call(Path::from(7)).await.unwrap().0, 7);
        let path = Path::from((1, String::new()));
        let _ = below::call(path, Query(Vec::new())).await;
        assert_eq!(future::call().await, "future");
        assert_eq!(call::call().await, "call");
        assert_eq!(new::call().await, "new");
        assert_eq!(clone::call().await, "clone");
        assert_eq!(red::call().await, "red");
    };
    drop(test);
}
