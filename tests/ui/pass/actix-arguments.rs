//! However many arguments a handler has, and however they are written: the attribute counts them.

#![deny(warnings)]

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::LazyLock;

use actix_web::dev::Payload;
use actix_web::web::{Data, Path, Query};
use actix_web::{App, Error, FromRequest, HttpRequest, get};
use cors_actix::{cors, routes};
use cors_core::Policy;

/// An extractor with commas and angle brackets in its arguments.
struct Marked<const MARK: bool, T>(PhantomData<T>);

impl<const MARK: bool, T> FromRequest for Marked<MARK, T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(PhantomData)))
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
) -> &'static str {
    "brackets"
}

#[cors(origins = "*")]
#[get("/paths/{one}")]
async fn paths(
    _: <(u8, u16) as Extracted>::Type,
    _: Marked<true, Box<dyn Fn(u8, u8) -> u8>>,
    _: ::actix_web::web::Json<Vec<(u8, u8)>>,
) -> &'static str {
    "paths"
}

#[cors(origins = "*")]
#[get("/macros/{one}/{other}")]
#[rustfmt::skip]
async fn macros(mut _pair: pair!(u8, u16), _: Data<u8>,) -> &'static str {
    "macros"
}

/// One argument is there, and one is not.
#[cors(origins = "*")]
#[get("/conditional")]
async fn conditional(#[cfg(all())] state: Data<u8>, #[cfg(any())] missing: Missing) -> String {
    state.to_string()
}

macro_rules! many {
    ($($argument:ident)*) => {
        /// As many as the framework takes.
        #[cors(origins = "*")]
        #[get("/many")]
        async fn many($($argument: Data<u8>),*) -> String {
            (0 $(+ **$argument)*).to_string()
        }
    };
}

many! { a b c d e f g h i j k l m n o p }

static STARTED: LazyLock<Policy> =
    LazyLock::new(|| Policy::builder().origins(["https://app.example.com"]).build().unwrap());

/// Its policy is made when it is registered.
#[cors(policy = STARTED, candidate = STARTED)]
#[get("/started")]
async fn started() -> &'static str {
    "started"
}

fn main() {
    let list = routes![brackets, paths, macros, conditional, many, started];
    drop(list.into_app(App::new(), |app| app));
}
