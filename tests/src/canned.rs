//! What handlers answer, once for all engines.

use std::cell::Cell;

use crate::model::{Handler, Outside};

/// An answer, before a framework makes a response of it.
#[derive(Debug)]
pub(crate) struct Canned {
    pub(crate) status: u16,
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) body: &'static str,
    /// Whether the handler fails with it.
    pub(crate) is_err: bool,
}

/// What a hurried handler writes to get rid of CORS, and what none may get through.
const EVERYTHING: &[(&str, &str)] = &[
    ("access-control-allow-origin", "https://evil.example.net"),
    ("access-control-allow-credentials", "true"),
    ("access-control-expose-headers", "x-secret"),
    ("access-control-allow-methods", "DELETE"),
    ("access-control-allow-headers", "x-secret"),
    ("access-control-allow-private-network", "true"),
    ("access-control-max-age", "86400"),
];

thread_local! {
    // Each engine runs its apps on its own thread.
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

/// How often a handler ran on this thread.
pub(crate) fn runs() -> usize {
    RUNS.get()
}

/// What a layer outside makes of the lines of `Vary`.
pub(crate) fn vary(outside: Outside, lines: &[&str]) -> String {
    match outside {
        Outside::ReplacesVary => "Accept-Encoding".to_owned(),
        Outside::JoinsVary => lines.join(", "),
    }
}

/// Runs a handler.
pub(crate) fn run(handler: Handler) -> Canned {
    RUNS.set(RUNS.get() + 1);
    let (status, headers, body): (_, &[_], _) = match handler {
        Handler::Ok | Handler::JsonExtractor => (200, &[], "ok"),
        Handler::Created => (201, &[("location", "/data/1")], "created"),
        Handler::NotFound => (404, &[], "no such item"),
        Handler::Redirect => (307, &[("location", "/elsewhere")], ""),
        Handler::Err => (500, &[], "failed"),
        Handler::SetsAcao => (
            200,
            &[("access-control-allow-origin", "*"), ("access-control-allow-credentials", "true")],
            "ok",
        ),
        Handler::SetsAcaoAlone => {
            (200, &[("access-control-allow-origin", "*"), ("vary", "Accept-Encoding")], "ok")
        }
        Handler::SetsEverything => (200, EVERYTHING, "ok"),
        Handler::VaryTwoLines => {
            (200, &[("vary", "Accept-Encoding"), ("vary", "Accept-Language, Cookie")], "ok")
        }
        Handler::VaryStar => (200, &[("vary", "*")], "ok"),
        Handler::VaryOrigin => (200, &[("vary", "Origin")], "ok"),
        Handler::VaryOriginInAList => {
            (200, &[("vary", "Accept"), ("vary", "Cookie ,\torIGin")], "ok")
        }
        Handler::VaryNearMiss => (200, &[("vary", "X-Origin, Origin-Agent-Cluster")], "ok"),
        Handler::OwnOptions => (200, &[("allow", "OPTIONS, GET"), ("x-own", "1")], "own"),
    };
    Canned { status, headers, body, is_err: handler == Handler::Err }
}
