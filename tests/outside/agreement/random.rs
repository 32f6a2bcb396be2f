//! Random plans: headers that servers really send, and those that they should not.

use std::sync::Arc;

use cors_core::{Danger, Policy};
use tests::dice::Dice;

use super::plan::{Answer, Call, Cors, HOSTS, Hop, PageKind, Plan};

impl Plan {
    pub(crate) fn random(dice: &mut Dice, page_origin: &str) -> Self {
        let hops = if dice.once_in(3) { 2 + dice.below(2) } else { 1 };
        let calls = if dice.once_in(3) { 2 + dice.below(2) } else { 1 };
        let page = if dice.once_in(6) { PageKind::Frame } else { PageKind::Top };
        Self {
            page,
            hops: (1..=hops).map(|hop| Hop::random(dice, page_origin, hop == hops)).collect(),
            calls: (0..calls).map(|_| Call::random(dice)).collect(),
        }
    }
}

impl Hop {
    fn random(dice: &mut Dice, page_origin: &str, is_last: bool) -> Self {
        let host = if dice.once_in(4) { 0 } else { dice.below(HOSTS.len()) };
        let policy = dice.once_in(3).then(|| random_policy(dice, page_origin)).flatten();
        // Half of the servers mean well, so that calls get far.
        let means_well = !dice.once_in(2);
        let preflight = Answer {
            status: if means_well { *dice.pick(&[200, 204]) } else { *dice.pick(PREFLIGHT_STATUS) },
            headers: preflight_headers(dice, page_origin, means_well),
        };
        let status = if is_last { *dice.pick(STATUS) } else { *dice.pick(REDIRECTS) };
        let location = (!is_last && dice.once_in(8)).then(|| (*dice.pick(LOCATIONS)).to_owned());
        let headers = actual_headers(dice, page_origin, means_well);
        let cors = policy.map_or(Cors::ByHand, Cors::Policy);
        Self { host, cors, preflight, actual: Answer { status, headers }, location }
    }
}

const PREFLIGHT_STATUS: &[u16] = &[200, 204, 204, 299, 301, 307, 400, 403, 404, 405, 500];
const STATUS: &[u16] = &[200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 500];
const REDIRECTS: &[u16] = &[301, 302, 303, 307, 308];
const LOCATIONS: &[&str] =
    &["http://a:b@other.localhost:1/", "ftp://a.example/", "http://[", "data:,x", "/größe"];

fn origin(dice: &mut Dice, page: &str, means_well: bool) -> Vec<String> {
    if means_well {
        return vec![(*dice.pick(&["*", "@origin", "@origin", page])).to_owned()];
    }
    let slash = format!("{page}/");
    let twice = format!("{page}, {page}");
    let all: [&[&str]; 12] = [
        &[],
        &["*"],
        &["@origin"],
        &[page],
        &["null"],
        &["http://admin.localhost"],
        &[&slash],
        &[&twice],
        &["*", "*"],
        &["app.localhost"],
        &[""],
        &["*, @origin"],
    ];
    dice.pick(&all).iter().map(|it| (*it).to_owned()).collect()
}

type Lines = Vec<(&'static str, String)>;

fn common(dice: &mut Dice, page: &str, means_well: bool) -> Lines {
    let mut lines: Lines = Vec::new();
    for value in origin(dice, page, means_well) {
        lines.push(("access-control-allow-origin", value));
    }
    let credentials = ["true", "true", "true", "True", "false", "", "true, true"];
    if !dice.once_in(3) {
        let value = if means_well { "true" } else { dice.pick(&credentials) };
        lines.push(("access-control-allow-credentials", value.to_owned()));
    }
    lines
}

fn preflight_headers(dice: &mut Dice, page: &str, means_well: bool) -> Lines {
    let mut lines = common(dice, page, means_well);
    let methods: &[&str] = if means_well {
        &["GET, PUT, PATCH, DELETE, PURGE, patch", "@method", "*"]
    } else {
        &["PUT", "put", "PUT,,DELETE,", "PUT; DELETE", "*, PUT", "", "(PUT)", "PATCH", "\"*\""]
    };
    let headers: &[&str] = if means_well {
        &[
            "content-type, x-a, x-b, authorization, range, accept",
            "@headers",
            "*",
            "*, authorization",
        ]
    } else {
        &["content-type", "X-A,X-B", "x-a x-b", "*", ",", "content-type, x-a;", "Authorization", ""]
    };
    if !dice.once_in(5) {
        lines.push(("access-control-allow-methods", (*dice.pick(methods)).to_owned()));
    }
    if !dice.once_in(5) {
        lines.push(("access-control-allow-headers", (*dice.pick(headers)).to_owned()));
    }
    if dice.once_in(6) {
        lines.push(("access-control-allow-headers", "x-b".to_owned()));
    }
    let ages = ["0", "600", "86400", "-1", "x", "60, 60", "+60", " 60", "60.5", ""];
    if dice.once_in(2) {
        lines.push(("access-control-max-age", (*dice.pick(&ages)).to_owned()));
    }
    if dice.once_in(8) {
        lines.push(("location", "/elsewhere".to_owned()));
    }
    lines
}

fn actual_headers(dice: &mut Dice, page: &str, means_well: bool) -> Lines {
    let mut lines = common(dice, page, means_well);
    let exposed = ["x-one", "X-One, x-two", "*", "x-one,", ",x-one", "x-one x-two", "*, x-one", ""];
    for _ in 0..dice.below(3) {
        lines.push(("access-control-expose-headers", (*dice.pick(&exposed)).to_owned()));
    }
    lines.push(("x-one", "1".to_owned()));
    lines.push(("x-two", "2".to_owned()));
    let more = [
        ("x-one", "again"),
        ("content-language", "en"),
        ("expires", "0"),
        ("last-modified", "Wed, 21 Oct 2015 07:28:00 GMT"),
        ("pragma", "no-cache"),
        ("set-cookie", "lax=1"),
        ("set-cookie", "none=1; SameSite=None; Secure"),
        ("set-cookie", "open=1; SameSite=None"),
        ("set-cookie", "strict=1; SameSite=Strict"),
        ("set-cookie", "suffix=1; Domain=localhost"),
        ("set-cookie", "domain=1; Domain=app.localhost"),
        ("set-cookie", "__Host-plain=1; Path=/"),
        ("set-cookie", "__Host-path=1; Secure; SameSite=None"),
        ("set-cookie", "__Host-whole=1; Secure; SameSite=None; Path=/"),
        ("set-cookie", "__Secure-plain=1"),
        ("set-cookie", "__Secure-whole=1; Secure; SameSite=None"),
        ("set-cookie", "@long"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-site"),
        ("etag", "\"1\""),
        ("link", "<a>; rel=next"),
    ];
    for (name, value) in dice.some(4, |dice| *dice.pick(&more)) {
        // A cookie that is too long to be stored.
        let long = || format!("long={}", "a".repeat(4096));
        lines.push((name, if value == "@long" { long() } else { value.to_owned() }));
    }
    lines
}

/// A policy of the toolkit that the rules accept.
fn random_policy(dice: &mut Dice, page: &str) -> Option<Arc<Policy>> {
    let origins: [&[&str]; 5] =
        [&["*"], &[page], &["http://*.localhost:*"], &["null"], &["http://admin.localhost", page]];
    let mut builder = Policy::builder()
        .origins(dice.pick(&origins).iter().copied())
        .dangerously_allow(Danger::InsecureOrigins)
        .dangerously_allow(Danger::NullOrigin);
    if !dice.once_in(2) {
        builder = builder.credentials();
    }
    if !dice.once_in(3) {
        let headers: [&[&str]; 4] =
            [&["content-type"], &["x-a", "x-b"], &["*"], &["*", "authorization"]];
        builder = builder.headers(dice.pick(&headers).iter().copied());
    }
    if !dice.once_in(2) {
        let exposed: [&[&str]; 3] = [&["x-one"], &["x-one", "x-two"], &["*"]];
        builder = builder.expose_headers(dice.pick(&exposed).iter().copied());
    }
    if dice.once_in(2) {
        builder = builder.max_age(*dice.pick(&["0", "1m", "2h"]));
    }
    if dice.once_in(3) {
        builder = builder.enforce();
    }
    // What is unsafe is no policy, and not what is tested here.
    builder.build_tolerant().ok().map(|it| Arc::new(it.policy))
}

impl Call {
    fn random(dice: &mut Dice) -> Self {
        let mode = *dice.pick(&["cors", "cors", "cors", "cors", "cors", "no-cors", "same-origin"]);
        let methods = [
            "GET", "GET", "GET", "POST", "POST", "PUT", "PUT", "HEAD", "DELETE", "PATCH", "patch",
            "put", "get", "PURGE", "OPTIONS", "TRACE", "connect", "A B",
        ];
        let method = (*dice.pick(&methods)).to_owned();
        let bodies = if dice.once_in(12) {
            1
        } else {
            usize::from(!["GET", "get", "HEAD"].contains(&&*method))
        };
        let body = (bodies == 1 && dice.once_in(2)).then(|| "{\"a\": 1}".to_owned());
        let redirect = *dice.pick(&["follow", "follow", "follow", "follow", "error", "manual"]);
        Self {
            method,
            headers: dice.some(3, |dice| {
                let (name, value) = *dice.pick(HEADERS);
                // A value that is too long to be safe.
                let value = if value == "@long" { "a".repeat(129) } else { value.to_owned() };
                (name.to_owned(), value)
            }),
            body,
            mode,
            credentials: *dice.pick(&["omit", "same-origin", "include", "include"]),
            redirect,
            cache: *dice.pick(&["default", "default", "default", "no-store", "reload", "no-cache"]),
        }
    }
}

const HEADERS: &[(&str, &str)] = &[
    ("accept", "text/html, */*;q=0.1"),
    ("Accept", "a:b"),
    ("accept", "@long"),
    ("accept-language", "en-GB"),
    ("accept-language", "en_GB"),
    ("content-language", "de, en"),
    ("content-type", "application/json"),
    ("content-type", "text/plain"),
    ("Content-Type", "Text/Plain ; charset=utf-8"),
    ("content-type", "multipart/form-data; boundary=\"x\""),
    ("content-type", "x"),
    ("range", "bytes=0-9"),
    ("range", "bytes=-9"),
    ("range", "bytes=9-1"),
    ("x-a", "1"),
    ("x-a", " 2\t"),
    ("X-B", "1"),
    ("X-B", ""),
    ("authorization", "Bearer x"),
    ("save-data", "on"),
    ("save-data", "off"),
    ("dpr", "2"),
    ("device-memory", "8"),
    ("ect", "4g"),
    ("width", "100"),
    ("viewport-width", "x"),
    ("cookie", "a=b"),
    ("sec-x", "1"),
    ("proxy-x", "1"),
    ("date", "now"),
    ("x-http-method-override", "PUT"),
    ("x-http-method-override", "GET, trace"),
    ("if-none-match", "\"1\""),
    ("cache-control", "no-cache"),
    ("user-agent", "own"),
    ("x a", "1"),
    ("x-a", "1\n2"),
    ("x-a", "caf\u{e9}"),
    ("x-a", "\u{3bb}"),
];
