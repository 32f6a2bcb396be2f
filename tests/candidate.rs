//! No response depends on a candidate: every case of the table, with each kind of candidate beside
//! each policy that is made at run time, is answered byte for byte as without one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cors_core::testing::forget_events;
use tests::engine::{
    ActixApp, ActixMiddleware, ActixRegistered, AxumApp, AxumLayer, AxumRegistered, Beside, Core,
    Engine, Order, PoemMiddleware,
};
use tests::topics;

static ALONE: Mutex<()> = Mutex::new(());

/// Counts the lines about differences.
#[derive(Clone, Default)]
struct Lines(Arc<AtomicUsize>);

impl io::Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(line);
        self.0.fetch_add(usize::from(line.contains(" difference=")), Ordering::Relaxed);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn is_unseen<E: Engine>() {
    // The limit of events is one for the whole program: one test at a time.
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    forget_events();
    // Without a log, nothing is compared.
    let lines = Lines::default();
    let writer = lines.clone();
    let log = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false);
    let _listening = tracing::subscriber::set_default(log.finish());
    let mut requests = 0;
    for topic in topics() {
        for case in topic.cases.iter().filter(|case| case.runs_on(E::NAME)) {
            let expected = E::answers(case, Order::Table, Beside::Nothing);
            for candidate in Beside::CANDIDATES {
                let seen = E::answers(case, Order::Table, candidate);
                assert_eq!(seen, expected, "{}/{} beside {candidate:?}", topic.name, case.name);
                requests += seen.len();
            }
        }
    }
    let logged = lines.0.load(Ordering::Relaxed);
    println!("{:?}: {requests} requests, {logged} differences logged", E::NAME);
    // What is compared with nothing is no proof.
    assert!(requests > 500 && logged > 5, "{requests} {logged}");
}

#[test]
fn core() {
    is_unseen::<Core>();
}

#[test]
fn axum_registered() {
    is_unseen::<AxumRegistered>();
}

#[test]
fn axum_app() {
    is_unseen::<AxumApp>();
}

#[test]
fn axum_layer() {
    is_unseen::<AxumLayer>();
}

#[test]
fn actix_registered() {
    is_unseen::<ActixRegistered>();
}

#[test]
fn actix_app() {
    is_unseen::<ActixApp>();
}

#[test]
fn actix_middleware() {
    is_unseen::<ActixMiddleware>();
}

#[test]
fn poem_middleware() {
    is_unseen::<PoemMiddleware>();
}
