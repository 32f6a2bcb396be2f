//! Attributes of others: none is taken for a route, and each expands where it was written.

use proc_macro2::TokenStream;

use crate::expand::{self, Actix, Axum};

fn expand(item: &str) -> [String; 2] {
    let (args, item): (TokenStream, TokenStream) =
        ("origins = \"*\"".parse().unwrap(), item.parse().unwrap());
    [expand::attribute(&Axum, &args, item.clone()), expand::attribute(&Actix, &args, item)]
        .map(|expanded| expanded.to_string())
}

#[test]
fn trace_without_a_path() {
    for expanded in expand("#[get(\"/me\")] #[trace] #[trace(name = \"me\")] async fn me() -> X {}")
    {
        assert!(!expanded.contains("compile_error"), "{expanded}");
        assert_eq!(expanded.matches("trace").count(), 2, "{expanded}");
    }
}

/// Those that stand above the route attribute see the handler as it was written, route attribute
/// and all.
#[test]
fn above_the_route() {
    for expanded in expand("/// Me.\n#[above] #[get(\"/me\")] #[below] async fn me() -> X {}") {
        let parts = ["Me.", "above", "cors", "get", "below", "fn me"];
        let places = parts.map(|part| expanded.find(part).unwrap());
        assert!(places.is_sorted(), "{expanded}");
        assert!(!expanded.contains("Annotated"), "{expanded}");
    }
}

/// Those that stand below it see the function under its own name.
#[test]
fn below_the_route() {
    for expanded in expand("#[get(\"/me\")] #[below(x)] async fn me(a: u8, (b,): (u8,)) -> X {}") {
        let places = ["fn call", "below", "fn me"].map(|part| expanded.rfind(part).unwrap());
        assert!(places.is_sorted(), "{expanded}");
        assert_eq!(expanded.matches("below").count(), 1, "{expanded}");
    }
}

/// A type that begins with two colons is a type, not a parameter without one.
#[test]
fn a_path_from_the_root_below_the_route() {
    for expanded in expand("#[get(\"/me\")] #[below] async fn me(a: ::b::C, d: e::F) -> X {}") {
        assert!(!expanded.contains("compile_error"), "{expanded}");
        let call = expanded.rsplit_once("fn call").unwrap().1;
        let parameters = call.split_once("->").unwrap().0;
        assert!(parameters.contains(":: b :: C") && parameters.contains("e :: F"), "{expanded}");
    }
}

/// Several routes are actix's `#[routes]`, and on axum what they look like.
#[test]
fn several_routes() {
    let [axum, actix] = expand("#[get(\"/me\")] #[put(\"/you\")] async fn me() -> X {}");
    assert!(!axum.contains("compile_error"), "{axum}");
    assert!(actix.contains("more than one route attribute"), "{actix}");
}
