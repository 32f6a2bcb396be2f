//! One table of cases, run against the core and both adapters: `cases/*.toml`.

use tests::engine::{ActixAnnotated, ActixMiddleware, AxumAnnotated, AxumAround, AxumLayer, Core};
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
fn axum_around() {
    run::<AxumAround>();
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
fn actix_middleware() {
    run::<ActixMiddleware>();
}
