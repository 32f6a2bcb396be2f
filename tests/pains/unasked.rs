//! What handlers do whose preflights another policy answers: on both frameworks `PUT /api/plan`
//! is for the front end alone, its policy names no other method, and `PATCH` has no part in CORS;
//! what stands around grants everything to everybody.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::log::Log;
use crate::talk::{APP, Answer, Ask, EVIL};

/// The handlers count how often they ran.
pub(crate) async fn decides_later(ask: impl AsyncFn(Ask) -> Answer, ran: &AtomicUsize) {
    let sent =
        |origin, method| Ask::from(origin, method, "/api/plan").with("authorization", "Bearer 7");
    let runs = async |page: Ask| {
        let before = ran.load(Ordering::Relaxed);
        let answer = ask(page).await;
        let has_run = ran.load(Ordering::Relaxed) > before;
        assert_eq!(has_run, answer.status == 200, "{answer:?}");
        has_run
    };
    // Somebody else says yes to the preflight, and the handler's policy still decides.
    ask(Ask::before(EVIL, "PUT", "/api/plan")).await.grants("*", "PUT");
    assert!(!runs(sent(EVIL, "PUT")).await);
    assert!(runs(sent(APP, "PUT")).await);
    ask(sent(EVIL, "PUT")).await.hides(403);
    ask(sent(APP, "PUT")).await.reads(APP, 200);
    // A method that only the other policy allows; a handler that has no part in CORS.
    assert!(!runs(sent(APP, "DELETE")).await);
    assert!(!runs(sent(APP, "PATCH")).await);
    // What takes no preflight arrives, as ever.
    assert!(runs(sent(EVIL, "POST")).await);
    assert!(runs(sent(EVIL, "POST").with("content-type", "text/plain; charset=utf-8")).await);
    assert!(!runs(sent(EVIL, "POST").json("{}")).await);
    // The browser's word counts for more than a guess.
    let fetched =
        |site| sent(EVIL, "POST").with("sec-fetch-mode", "cors").with("sec-fetch-site", site);
    assert!(!runs(fetched("cross-site")).await);
    assert!(runs(fetched("same-origin")).await);
    let submitted = sent(EVIL, "POST").with("sec-fetch-mode", "navigate");
    assert!(runs(submitted.with("sec-fetch-site", "cross-site")).await);
    // A page on its own server, from a browser that does not say.
    let own = sent("http://10.0.0.7:8080", "PUT");
    assert!(runs(own.clone().with("host", "10.0.0.7:8080")).await);
    assert!(!runs(own.with("host", "10.0.0.7")).await);
    // Programs are nobody's page.
    assert!(runs(Ask::new("PUT", "/api/plan").with("authorization", "Bearer 7")).await);
}

/// The log says what happened.
#[track_caller]
pub(crate) fn is_said(log: &Log) {
    let [line] = &log.take()[..] else { panic!("one line") };
    assert!(line.contains("reason=\"preflight-not-asked\""), "{line}");
    assert!(line.contains("a policy further out answered the preflight"), "{line}");
}
