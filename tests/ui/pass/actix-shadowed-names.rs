//! Expanded code means what it says, whatever the names around it mean.

#![no_implicit_prelude]
#![allow(dead_code, unused_macros)]

/// Names that an expansion must not mean.
mod core {}
mod std {}
mod cors_core {}
mod http {}

struct Option;
struct Some;
struct None;
struct Policy;
struct Origins;
struct Cow;
struct Value;
struct String;

fn policy() {}
fn endpoint() {}

macro_rules! concat {
    () => {};
}
macro_rules! file {
    () => {};
}

#[::cors_actix::cors(origins = ["https://app.example.com", "https://*.example.com:8443"], headers = "*", max_age = 600)]
#[::actix_web::get("/people")]
async fn people() -> &'static str {
    "Ada"
}

::cors_actix::policy! {
    static PARTNERS = {
        origin_patterns = [r"^https://[a-z]+\.example\.com$"],
        expose_headers = ["etag"],
        methods = ["PUT"],
    }
}

#[::cors_actix::cors(policy = PARTNERS)]
#[::actix_web::put("/people")]
async fn update() -> &'static str {
    ""
}

::cors_actix::policy! { static ENDPOINT = { origins = ["https://app.example.com"] } }

#[::cors_actix::cors(policy = ENDPOINT)]
#[::actix_web::delete("/people")]
async fn remove() -> &'static str {
    ""
}

/// Policies with the names of what they are made of.
#[allow(non_upper_case_globals)]
mod policies {
    ::cors_actix::policy! {
        static Policy = { origins = ["https://*.example.com"], max_age = 600 }
        static Some = { ..Policy, expose_headers = ["etag"] }
        static EXPOSE = { origins = "*", expose_headers = ["etag"] }
        static Borrowed = { origin_patterns = [r"^https://[a-z]+\.example\.com$"] }
        static LIST = { origins = env("ORIGINS_OF_A_NAME") }
    }
}

fn main() {
    let app = ::actix_web::App::new().service(people).service(update).service(remove);
    ::core::mem::drop(app);
}
