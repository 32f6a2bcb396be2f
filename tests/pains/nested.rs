//! A policy nested in another that was not given the routes: on both frameworks `PUT /api/plan` is
//! for the front end alone, its policy names no other method and has no credentials, and `PATCH`
//! has no part in CORS; what is around allows everything to everybody.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::log::Log;
use crate::talk::{APP, Answer, Ask, EVIL};

/// Whether a request ran the handlers, which count how often they ran; what is answered agrees.
async fn runs(ask: &impl AsyncFn(Ask) -> Answer, ran: &AtomicUsize, page: Ask) -> bool {
    let before = ran.load(Ordering::Relaxed);
    let answer = ask(page).await;
    let has_run = ran.load(Ordering::Relaxed) > before;
    assert_eq!(has_run, answer.status == 200, "{answer:?}");
    has_run
}

/// What the inner policy does not allow does not run.
pub(crate) async fn is_strict(ask: impl AsyncFn(Ask) -> Answer, ran: &AtomicUsize) {
    let sent =
        |origin, method| Ask::from(origin, method, "/api/plan").with("authorization", "Bearer 7");
    let runs = async |page: Ask| runs(&ask, ran, page).await;
    // The layer outside allows the preflight, and the handler's policy still decides.
    ask(Ask::before(EVIL, "PUT", "/api/plan")).await.allows("*", "PUT");
    assert!(!runs(sent(EVIL, "PUT")).await);
    assert!(runs(sent(APP, "PUT")).await);
    assert_eq!(ask(sent(EVIL, "PUT")).await.hides(403).vary(), ["origin"]);
    assert_eq!(ask(sent(APP, "PUT")).await.reads(APP, 200).vary(), ["origin"]);
    // A method that only the other policy allows; a handler that has no part in CORS.
    assert!(!runs(sent(APP, "DELETE")).await);
    assert!(!runs(sent(APP, "PATCH")).await);
    // The outer policy would let its page read what takes no preflight, too.
    assert!(runs(sent(APP, "POST")).await);
    assert!(!runs(sent(EVIL, "POST")).await);
    assert!(!runs(sent("null", "POST")).await);
    assert!(!runs(sent(APP, "POST").with("origin", EVIL)).await);
    // The browser's word counts for more than a guess.
    let fetched = |site| sent(EVIL, "POST").with("sec-fetch-site", site);
    assert!(!runs(fetched("cross-site")).await);
    assert!(!runs(fetched("same-site")).await);
    assert!(runs(fetched("same-origin")).await);
    // A page on its own server, from a browser that does not say.
    let own = sent("http://10.0.0.7:8080", "PUT");
    assert!(runs(own.clone().with("host", "10.0.0.7:8080")).await);
    assert!(!runs(own.with("host", "10.0.0.7")).await);
    // Programs are no pages.
    assert!(runs(Ask::new("PUT", "/api/plan").with("authorization", "Bearer 7")).await);
}

/// Cookies that the outer policy allows and the inner one does not.
pub(crate) async fn keeps_cookies_out(ask: impl AsyncFn(Ask) -> Answer, ran: &AtomicUsize) {
    let runs = async |page: Ask| runs(&ask, ran, page).await;
    let sent = Ask::from(APP, "PUT", "/api/plan");
    assert!(!runs(sent.clone().with("cookie", "session=7")).await);
    assert!(runs(sent.clone()).await);
    let own = ask(sent).await;
    assert!(own.reads(APP, 200).lines("access-control-allow-credentials").is_empty(), "{own:?}");
}

/// The log says once for each handler that another policy is around it, and each time what was
/// rejected.
#[track_caller]
pub(crate) fn is_said(log: &Log, handler: &str) {
    let lines = log.take();
    let [warning, rejection] = &lines[..] else { panic!("two lines: {lines:?}") };
    assert!(warning.contains(" WARN cors: ") && warning.contains(handler), "{warning}");
    assert!(warning.contains("build the app from the list of routes"), "{warning}");
    assert!(rejection.contains(" INFO cors: ") && rejection.contains(handler), "{rejection}");
    assert!(rejection.contains("reason=\"nested-not-allowed\""), "{rejection}");
    assert!(rejection.contains("a policy further out answered the preflight"), "{rejection}");
}
