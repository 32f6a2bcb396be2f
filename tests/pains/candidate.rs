//! A policy that is to come beside the one in force: what is in the log, and that it is
//! nowhere else. In force is a policy for all origins; to come is the front end alone, with credentials.

use std::sync::Arc;

use cors_core::{Policy, PolicyRef, Selection};

use crate::log::Log;
use crate::talk::{APP, Answer, Ask, EVIL, panic_of};

cors_axum::policy! {
    pub(crate) static EVERYBODY = { origins = "*", headers = ["content-type", "x-trace"] }
    pub(crate) static FRONT_END = {
        origins = ["https://app.example.com"], credentials, headers = ["content-type"],
    }
    pub(crate) static ENFORCED = {
        origins = ["https://app.example.com"], credentials, headers = ["content-type"], enforce,
    }
    /// What `FRONT_END` is, known when the program runs.
    pub(crate) static CELL = { origins = runtime, credentials, headers = ["content-type"] }
    pub(crate) static NEVER_SET = { origins = runtime }
    pub(crate) static NOT_THERE = { origins = env("CORS_TEST_OF_A_CANDIDATE_THAT_IS_NOT_SET") }
}

/// For every tenant but one that no request here is about.
fn by_header(request: &Selection<'_>) -> Option<&'static Policy> {
    (request.header("x-tenant") != Some("closed")).then_some(&FRONT_END)
}

fn panics(_: &Selection<'_>) -> Option<&'static Policy> {
    panic!("the candidate's selector")
}

pub(crate) fn pair() -> PolicyRef {
    PolicyRef::from(&EVERYBODY).with_candidate(&FRONT_END)
}

/// The same pair, in each form that the policies can have.
pub(crate) fn pairs() -> [PolicyRef; 5] {
    CELL.set_origins([APP]).unwrap();
    let shared = Policy::builder().origins([APP]).credentials().headers(["content-type"]);
    let everybody = |_: &Selection<'_>| Some(&EVERYBODY);
    let strict = PolicyRef::from(&FRONT_END).with_candidate(&EVERYBODY);
    [
        PolicyRef::from(&EVERYBODY).with_candidate(&CELL),
        PolicyRef::from(&EVERYBODY).with_candidate(PolicyRef::select(by_header)),
        PolicyRef::select(everybody).with_candidate(Arc::new(shared.build().unwrap())),
        // The last candidate counts, and that of a candidate does not.
        PolicyRef::from(&EVERYBODY).with_candidate(&NEVER_SET).with_candidate(&FRONT_END),
        PolicyRef::from(&EVERYBODY).with_candidate(strict),
    ]
}

/// The kinds of difference in the log, with their reasons, since the last call.
pub(crate) fn differences(log: &Log) -> Vec<(String, String)> {
    let lines = log.take();
    let field = |line: &str, name: &str| {
        let (_, rest) = line.split_once(&format!(" {name}=\""))?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let differences = lines.iter().filter_map(|line| {
        Some((field(line, "difference")?, field(line, "reason").unwrap_or_default()))
    });
    differences.collect()
}

/// Asks, and says what differs.
async fn differs(ask: &impl AsyncFn(Ask) -> Answer, log: &Log, page: Ask) -> String {
    ask(page).await;
    let found = differences(log);
    let found: Vec<String> =
        found.iter().map(|(kind, reason)| format!("{kind} {reason}")).collect();
    found.join(", ")
}

/// What a policy for everybody with `FRONT_END` beside it logs of `PUT` to a path.
pub(crate) async fn is_compared(ask: impl AsyncFn(Ask) -> Answer, log: &Log, path: &str) {
    let differs = async |page| differs(&ask, log, page).await;
    let before = |origin| Ask::before(origin, "PUT", path);
    let asks = |page: Ask, names| page.with("access-control-request-headers", names);

    assert_eq!(differs(before(EVIL)).await, "would_reject origin-not-allowed");
    assert_eq!(differs(before(APP)).await, "would_allow_credentials credentials-not-allowed");
    assert_eq!(differs(asks(before(APP), "x-trace")).await, "would_reject header-not-allowed");
    // Both reject it.
    assert_eq!(differs(asks(before(APP), "x-other")).await, "");
    is_compared_when_sent(&ask, log, path, "response-withheld").await;

    // The same words as for a rejection, and where it was.
    ask(before("http://app.example.com")).await.allows("*", "PUT");
    let [line] = &log.take()[..] else { panic!("one line") };
    for part in [
        " INFO cors: the policy in force allows this, the candidate would reject it: the origin \
         `http://app.example.com` is not allowed here; the policy allows `https://app.example.com`",
        "difference=\"would_reject\"",
        "reason=\"origin-not-allowed\"",
        "origin=\"http://app.example.com\"",
        "preflight=true",
        "method=\"PUT\"",
        "nearest=\"https://app.example.com\"",
        "suppressed=0",
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
    // Responses are those of the policy in force alone.
    let read = ask(Ask::from(EVIL, "PUT", path).with("x-tenant", "7")).await;
    assert_eq!(read.reads("*", 200).vary(), Vec::<String>::new(), "{read:?}");
    log.take();
}

/// The part of it that is about actual requests.
async fn is_compared_when_sent(
    ask: &impl AsyncFn(Ask) -> Answer,
    log: &Log,
    path: &str,
    reason: &str,
) {
    let differs = async |page| differs(ask, log, page).await;
    let from = |origin| Ask::from(origin, "PUT", path);
    let with_cookies = |origin| from(origin).with("cookie", "session=7");
    assert_eq!(differs(from(EVIL)).await, format!("would_reject {reason}"));
    assert_eq!(differs(from(APP)).await, "would_allow_credentials credentials-not-allowed");
    // A page that sends cookies reads no response for everybody.
    assert_eq!(differs(with_cookies(APP)).await, "would_allow credentials-not-allowed");
    // Scripts set it without asking for credentials.
    let token = from(APP).with("authorization", "Bearer 7");
    assert_eq!(differs(token).await, "would_allow_credentials credentials-not-allowed");
    // Not from another origin, or from no page.
    assert_eq!(differs(from(EVIL).with("sec-fetch-site", "same-origin")).await, "");
    assert_eq!(differs(from(EVIL).with("host", "evil.example.net")).await, "");
    assert_eq!(differs(Ask::new("PUT", path)).await, "");
}

/// A handler with the pair, inside of a layer that was not given the routes.
pub(crate) async fn is_compared_nested(ask: impl AsyncFn(Ask) -> Answer, log: &Log, path: &str) {
    is_compared_when_sent(&ask, log, path, "nested-not-allowed").await;
}

/// `enforce` in the candidate, with `FRONT_END` in force.
pub(crate) async fn is_compared_to_enforced(
    ask: impl AsyncFn(Ask) -> Answer,
    log: &Log,
    path: &str,
) {
    let differs = async |page| differs(&ask, log, page).await;
    let from = |origin| Ask::from(origin, "PUT", path);
    assert_eq!(differs(from(EVIL)).await, "would_not_run origin-enforced");
    assert_eq!(differs(from(APP)).await, "");
    assert_eq!(differs(Ask::before(EVIL, "PUT", path)).await, "");
    // An image of another page, which sends no `Origin`.
    let image = Ask::new("PUT", path).with("sec-fetch-site", "cross-site");
    assert_eq!(
        differs(image.with("sec-fetch-mode", "no-cors")).await,
        "would_reject origin-enforced"
    );
}

/// `enforce` in force, with `FRONT_END` as the candidate.
pub(crate) async fn is_compared_from_enforced(
    ask: impl AsyncFn(Ask) -> Answer,
    log: &Log,
    path: &str,
) {
    let differs = async |page| differs(&ask, log, page).await;
    let from = |origin| Ask::from(origin, "PUT", path);
    assert_eq!(differs(from(EVIL)).await, "would_run origin-enforced");
    assert_eq!(differs(from(APP)).await, "");
    ask(from(EVIL)).await.hides(403);
    log.take();
}

/// A layer with the pair, around a handler that is open to everybody: that handler decides, unless
/// a candidate that enforces keeps the request from it.
pub(crate) async fn speaks_for_itself(
    layered: impl AsyncFn(Ask) -> Answer,
    enforced: impl AsyncFn(Ask) -> Answer,
    log: &Log,
    path: &str,
) {
    let from = |origin| Ask::from(origin, "PUT", path);
    assert_eq!(differs(&layered, log, from(EVIL)).await, "");
    assert_eq!(differs(&enforced, log, from(EVIL)).await, "would_reject origin-enforced");
    assert_eq!(differs(&enforced, log, from(APP)).await, "");
    // The preflight is the layer's to answer.
    let before = Ask::before(EVIL, "PUT", path);
    assert_eq!(differs(&layered, log, before).await, "would_reject origin-not-allowed");
}

/// In force `FRONT_END`, to come everybody: a flood of rejections and of differences, each of which
/// is counted by itself.
pub(crate) async fn is_limited(ask: impl AsyncFn(Ask) -> Answer, log: &Log, path: &str) {
    let before = |origin| Ask::before(origin, "PUT", path);
    for _ in 0..200 {
        ask(before(EVIL)).await.rejects();
    }
    let (differences, rejections): (Vec<String>, Vec<String>) =
        log.take().into_iter().partition(|line| line.contains("difference="));
    for lines in [differences, rejections] {
        assert!((1..=30).contains(&lines.len()), "{} lines", lines.len());
    }
    // Other kinds of difference are not silenced.
    let found = differs(&ask, log, before(APP)).await;
    assert_eq!(found, "would_withhold_credentials credentials-not-allowed");
    log.rest();
    ask(before(EVIL)).await.rejects();
    let lines = log.take();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains("suppressed=0")), "{lines:?}");
    let allow = "the policy in force rejects this, the candidate would allow it: the origin \
                 `https://evil.example.net` is not allowed here; the policy allows \
                 `https://app.example.com` difference=\"would_allow\"";
    assert!(lines.iter().any(|line| line.contains(allow)), "{lines:?}");
}

/// Candidates that cannot be asked: one whose origins were never set, one whose selector panics.
pub(crate) fn unknown() -> [PolicyRef; 2] {
    let everybody = PolicyRef::from(&EVERYBODY);
    [
        everybody.clone().with_candidate(&NEVER_SET),
        everybody.with_candidate(PolicyRef::select(panics)),
    ]
}

/// Nothing breaks, and the log says why the candidate would reject.
pub(crate) async fn is_unknown(
    ask: impl AsyncFn(Ask) -> Answer,
    log: &Log,
    [not_set, panicking]: [&str; 2],
) {
    let before = |path| Ask::before(APP, "PUT", path);
    assert_eq!(differs(&ask, log, before(not_set)).await, "would_reject origins-not-loaded");
    assert_eq!(differs(&ask, log, before(panicking)).await, "would_reject no-policy-selected");
    ask(before(panicking)).await.allows("*", "PUT");
    ask(Ask::from(APP, "PUT", panicking)).await.reads("*", 200);
    log.take();
}

/// A candidate is loaded like what is in force, and what is missing ends the start of the program.
#[test]
fn a_candidate_is_loaded_at_the_start() {
    let policy = PolicyRef::from(&EVERYBODY).with_candidate(&NOT_THERE);
    let violations = policy.load().unwrap_err().to_string();
    assert!(violations.contains("CORS_TEST_OF_A_CANDIDATE_THAT_IS_NOT_SET"), "{violations}");
    let start = panic_of(|| cors_axum::CorsLayer::new(policy.clone()));
    assert!(start.contains("CORS_TEST_OF_A_CANDIDATE_THAT_IS_NOT_SET"), "{start}");
    let start = panic_of(|| cors_actix::Cors::new(policy));
    assert!(start.contains("CORS_TEST_OF_A_CANDIDATE_THAT_IS_NOT_SET"), "{start}");
}

#[test]
fn nothing_is_compared_with_a_handler_that_handles_cors() {
    let delegated = PolicyRef::delegated;
    for start in [
        panic_of(|| PolicyRef::from(&EVERYBODY).with_candidate(delegated())),
        panic_of(|| delegated().with_candidate(&FRONT_END)),
    ] {
        assert!(start.contains("leave `with_candidate` or `delegated` out"), "{start}");
    }
}

/// The table shows both; all else is about the policy in force.
#[track_caller]
pub(crate) fn is_in_the_table(table: &cors_core::RouteTable, handler: &str) {
    let text = table.to_string();
    let mut lines = text.lines().skip_while(|line| !line.ends_with(handler));
    let (Some(route), Some(candidate)) = (lines.next(), lines.next()) else { panic!("{text}") };
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(route)[2..6], ["any", "origin", "-", "-"], "{text}");
    assert_eq!(words(candidate), ["candidate:", "https://app.example.com", "yes", "-"], "{text}");
    let policies: Vec<_> = table.policies().filter(|it| it.candidate().is_some()).collect();
    assert!(!policies.is_empty() && policies.iter().all(|it| it.candidate().is_some()));
    let locked = serde_json::to_string(table).unwrap();
    assert!(!locked.contains("\"candidate\""), "{locked}");
}
