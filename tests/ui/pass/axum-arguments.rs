//! However many arguments a handler has, and however they are written: the attribute counts them.

#![deny(warnings)]

use std::marker::PhantomData;
use std::sync::LazyLock;

use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::{Json, Router};
use cors_axum::{cors, routes};
use cors_core::Policy;

/// An extractor with commas and angle brackets in its arguments.
struct Marked<const MARK: bool, T>(PhantomData<T>);

impl<const MARK: bool, T, S: Sync> FromRequestParts<S> for Marked<MARK, T> {
    type Rejection = ();

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, ()> {
        Ok(Self(PhantomData))
    }
}

trait Extracted {
    type Type;
}

impl Extracted for (u8, u16) {
    type Type = Path<u8>;
}

macro_rules! pair {
    ($one:ty, $other:ty) => { Path<($one, $other)> };
}

#[cors(origins = "*")]
#[get("/brackets")]
async fn brackets(
    _: Marked<{ 1 < 2 }, fn(u8, u16) -> Vec<u8>>,
    Query::<Vec<(String, String)>>(_pairs): Query<Vec<(String, String)>>,
) {
}

#[cors(origins = "*")]
#[get("/paths/{one}")]
async fn paths(
    _: <(u8, u16) as Extracted>::Type,
    _: Marked<true, Box<dyn Fn(u8, u8) -> u8 + Send + Sync>>,
    ::axum::Json(_): ::axum::Json<Vec<(u8, u8)>>,
) {
}

#[cors(origins = "*")]
#[get("/macros/{one}/{other}")]
#[rustfmt::skip]
async fn macros(Path((_one, mut _other)): pair!(u8, u16), _: State<u8>,) {
    _other = 0;
}

/// One argument is there, and one is not.
#[cors(origins = "*")]
#[get("/conditional")]
async fn conditional(#[cfg(all())] state: State<u8>, #[cfg(any())] missing: Missing) -> String {
    state.to_string()
}

macro_rules! many {
    ($($argument:ident)*) => {
        /// As many as the framework takes.
        #[cors(origins = "*")]
        #[get("/many")]
        async fn many($($argument: State<u8>),*) -> Json<u8> {
            Json(0 $(+ *$argument)*)
        }
    };
}

many! { a b c d e f g h i j k l m n o p }

static STARTED: LazyLock<Policy> =
    LazyLock::new(|| Policy::builder().origins(["https://app.example.com"]).build().unwrap());

/// Its policy is made when it is registered.
#[cors(policy = STARTED, candidate = STARTED)]
#[get("/started")]
async fn started() {}

fn main() {
    let list = routes![brackets, paths, macros, conditional, many, started];
    let _: Router = list.into_app(|router| router).with_state(1);
}
