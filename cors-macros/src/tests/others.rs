//! Attributes of others: none is taken for a route, and each expands where it was written.

use proc_macro2::TokenStream;

use crate::expand::{self, Actix, Axum};

fn expand(item: &str) -> [String; 2] {
    let (args, item): (TokenStream, TokenStream) =
        ("origins = \"*\"".parse().unwrap(), item.parse().unwrap());
    [expand::attribute(&Axum, args.clone(), item.clone()), expand::attribute(&Actix, args, item)]
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

#[test]
fn order() {
    let [_, actix] = expand("#[above] #[get(\"/me\")] #[below] async fn me() -> X {}");
    let places = ["above", "handler", "below", "fn me"].map(|part| actix.find(part).unwrap());
    assert!(places.is_sorted(), "{actix}");
}
