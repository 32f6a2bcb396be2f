//! Literals that come through a macro are literals.

#![deny(warnings)]

use axum::Router;
use cors_axum::{cors, policy, routes};

macro_rules! handler {
    ($visibility:vis $name:ident, $origin:literal, $headers:expr, $max_age:expr, $path:literal) => {
        #[cors(origins = [$origin], headers = $headers, max_age = $max_age)]
        #[get($path)]
        $visibility async fn $name() {}
    };
}

handler!(one, "https://app.example.com", ["content-type"], 600, "/one");
handler!(pub(crate) two, "https://app.example.com", "*", "10m", "/two");

macro_rules! whole {
    ($settings:meta, $item:item) => {
        #[cors($settings)]
        $item
    };
}

whole!(
    origins = "*",
    #[get("/three")]
    async fn three() {}
);

macro_rules! named {
    ($name:ident, $policy:path) => {
        #[cors(policy = $policy)]
        #[get("/four")]
        async fn $name() {}
    };
}

policy! { static PARTNERS = { origins = ["https://partner.example.com"] } }

named!(four, self::PARTNERS);

fn main() {
    let _: Router = routes![one, two, three, four].into();
}
