//! One table of cases, run against the core and the adapters: `cases/*.toml`.

use tests::engine::{
    ActixAnnotated, ActixApp, ActixMiddleware, ActixRegistered, AxumAnnotated, AxumApp, AxumLayer,
    AxumRegistered, Core, PoemMiddleware,
};
use tests::run::run;

#[test]
fn core() {
    run::<Core>();
}

#[test]
fn axum_annotated() {
    run::<AxumAnnotated>();
}

#[test]
fn axum_app() {
    run::<AxumApp>();
}

#[test]
fn axum_registered() {
    run::<AxumRegistered>();
}

#[test]
fn axum_layer() {
    run::<AxumLayer>();
}

#[test]
fn actix_annotated() {
    run::<ActixAnnotated>();
}

#[test]
fn actix_app() {
    run::<ActixApp>();
}

#[test]
fn actix_registered() {
    run::<ActixRegistered>();
}

#[test]
fn actix_middleware() {
    run::<ActixMiddleware>();
}

#[test]
fn poem_middleware() {
    run::<PoemMiddleware>();
}
