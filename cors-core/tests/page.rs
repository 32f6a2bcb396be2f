//! Calls of the browser for tests from beginning to end: what is sent, and what the page sees.

use std::time::Duration;

use cors_core::testing::{
    Browser, Credentials, Failure, Incoming, Mode, Next, Outgoing, Page, Redirect, Request,
    Response, ResponseKind,
};

const APP: &str = "https://app.example.com";
const API: &str = "https://api.example.com/items";

/// A server that allows everything to every origin.
fn generous(request: &Outgoing) -> Incoming {
    let sent = |name: &str| request.headers().get(name).unwrap_or_default();
    Incoming::new(200)
        .header("access-control-allow-origin", sent("origin"))
        .header("access-control-allow-credentials", "true")
        .header("access-control-allow-methods", sent("access-control-request-method"))
        .header("access-control-allow-headers", sent("access-control-request-headers"))
        .header("access-control-max-age", "60")
}

/// The methods that were sent.
fn methods(seen: &Response) -> Vec<&str> {
    seen.exchanges().iter().map(|it| it.request().method()).collect()
}

#[test]
fn a_preflight_requests_what_is_not_safelisted() {
    let call = Request::put(API)
        .header("X-B", "1")
        .header("accept", "text/html")
        .header("x-a", "1")
        .header("x-b", "2");
    let seen = Page::at(APP).fetch(call).answered_by(generous).unwrap();
    assert_eq!(methods(&seen), ["OPTIONS", "PUT"]);
    let [preflight, actual] = [0, 1].map(|it: usize| seen.exchanges()[it].request().headers());
    let sent = |name| preflight.get(name).unwrap();
    assert_eq!(sent("access-control-request-method"), "PUT");
    assert_eq!(sent("access-control-request-headers"), "x-a,x-b");
    assert_eq!(sent("origin"), APP);
    assert_eq!(sent("sec-fetch-site"), "same-site");
    assert_eq!(sent("sec-fetch-mode"), "cors");
    assert_eq!(sent("referer"), "https://app.example.com/");
    assert_eq!(actual.get("x-b").as_deref(), Some("1, 2"));
    assert_eq!(actual.get("host").as_deref(), Some("api.example.com"));
}

#[test]
fn simple_calls_and_own_calls_need_none() {
    let page = Page::at(APP);
    let form = page.fetch(Request::post(API).form("a=b")).answered_by(generous).unwrap();
    assert_eq!(methods(&form), ["POST"]);
    let own = page.fetch(Request::delete("/items")).answered_by(generous).unwrap();
    assert_eq!((methods(&own), own.kind()), (vec!["DELETE"], ResponseKind::Basic));
    assert_eq!(own.exchanges()[0].request().headers().get("origin").as_deref(), Some(APP));
}

#[test]
fn preflights_are_remembered_by_page_and_url_until_they_are_too_old() {
    let browser = Browser::new();
    let page = browser.open(APP);
    let put = |page: &Page, url: &str| {
        let seen = page.fetch(Request::put(url)).answered_by(generous).unwrap();
        methods(&seen).len()
    };
    assert_eq!((put(&page, API), put(&page, API)), (2, 1));
    assert_eq!(put(&page, "https://api.example.com/items?page=2"), 2);
    assert_eq!(put(&browser.open("https://other.example.com"), API), 2);
    browser.advance(Duration::from_secs(59));
    assert_eq!(put(&page, API), 1);
    browser.advance(Duration::from_secs(1));
    assert_eq!(put(&page, API), 2);
}

#[test]
fn a_server_elsewhere_that_passes_a_call_on_makes_its_origin_null() {
    let server = |request: &Outgoing| {
        let is_preflight = request.method() == "OPTIONS";
        if is_preflight || request.url().host_str() != Some("api.example.com") {
            return generous(request);
        }
        Incoming::new(307)
            .header("location", "https://third.example/")
            .header("access-control-allow-origin", APP)
    };
    let call = Request::get(API).header("authorization", "Bearer x");
    let seen = Page::at(APP).fetch(call).answered_by(server).unwrap();
    assert_eq!(methods(&seen), ["OPTIONS", "GET", "GET"]);
    let last = seen.exchanges().last().unwrap().request();
    assert_eq!(last.headers().get("origin").as_deref(), Some("null"));
    assert_eq!(last.headers().get("authorization"), None);
    assert_eq!(last.headers().get("sec-fetch-site").as_deref(), Some("cross-site"));
    assert!(seen.is_redirected());
}

#[test]
fn redirects_that_are_not_followed() {
    let server = |_: &Outgoing| {
        Incoming::new(302).header("location", "/").header("access-control-allow-origin", "*")
    };
    let fetch = |redirect| Page::at(APP).fetch(Request::get(API).redirect(redirect));
    let seen = fetch(Redirect::Manual).answered_by(server).unwrap();
    assert_eq!((seen.kind(), seen.status()), (ResponseKind::OpaqueRedirect, 0));
    let failure = fetch(Redirect::Error).answered_by(server).unwrap_err();
    assert!(!failure.is_blocked_by_cors() && !failure.is_thrown(), "{failure}");
    let failure = fetch(Redirect::Follow).answered_by(server).unwrap_err();
    assert_eq!(failure.exchanges().len(), 21);
    assert!(failure.to_string().contains("ERR_TOO_MANY_REDIRECTS"), "{failure}");
}

#[test]
fn cookies_go_where_the_call_and_their_site_let_them() {
    let browser = Browser::new();
    browser.set_cookie(API, "session=17; Secure");
    let sent = |page: &str, credentials| {
        let call = Request::get(API).credentials(credentials);
        let seen = browser.open(page).fetch(call).answered_by(generous).unwrap();
        seen.exchanges()[0].request().headers().get("cookie")
    };
    assert_eq!(sent(APP, Credentials::Include).as_deref(), Some("session=17"));
    assert_eq!(sent(APP, Credentials::SameOrigin), None);
    // Without `SameSite=None`, no other site brings them along.
    assert_eq!(sent("https://evil.example", Credentials::Include), None);
}

#[test]
fn without_cors_nothing_is_readable_and_no_preflight_is_sent() {
    let call = Request::post(API).mode(Mode::NoCors).text("x").header("x-a", "1");
    let seen = Page::at(APP).fetch(call).answered_by(|_| Incoming::new(500)).unwrap();
    assert_eq!((seen.kind(), seen.status(), seen.text()), (ResponseKind::Opaque, 0, String::new()));
    let sent = seen.exchanges()[0].request().headers();
    assert_eq!((sent.get("x-a"), sent.get("origin").as_deref()), (None, Some(APP)));
}

#[test]
fn the_origin_of_a_sandboxed_frame_is_null() {
    let sent = |request: &Outgoing| {
        assert_eq!(request.headers().get("origin").as_deref(), Some("null"));
        assert_eq!(request.headers().get("sec-fetch-site").as_deref(), Some("cross-site"));
        Incoming::new(200).header("access-control-allow-origin", "null")
    };
    assert!(Page::sandboxed().fetch(API).answered_by(sent).is_ok());
    assert!(Page::at("file:///home/ada/index.html").fetch(API).answered_by(sent).is_ok());
}

#[test]
fn what_a_script_may_not_write_is_thrown_and_nothing_is_sent() {
    let server = |_: &Outgoing| -> Incoming { unreachable!("nothing is sent") };
    let failed = |page: &Page, call: Request| -> Failure {
        let failure = page.fetch(call).answered_by(server).unwrap_err();
        assert!(failure.exchanges().is_empty());
        failure
    };
    let trace = failed(&Page::at(APP), Request::new("TRACE", API));
    assert!(trace.is_thrown());
    assert_eq!(
        trace.console(),
        "TypeError: Failed to execute 'fetch' on 'Window': 'TRACE' HTTP method is unsupported."
    );
    assert!(failed(&Page::at("app.example.com"), Request::get(API)).is_thrown());
    let mixed = failed(&Page::at(APP), Request::get("http://api.example.com/"));
    assert!(mixed.console().starts_with("Mixed Content: "), "{mixed}");
    let same = failed(&Page::at(APP), Request::get(API).mode(Mode::SameOrigin));
    assert!(same.console().contains("Request mode is \"same-origin\""), "{same}");
}

#[test]
fn a_server_that_cannot_be_reached_is_no_matter_of_cors() {
    let Next::Send(exchange) = Page::at(APP).fetch(API).start() else { unreachable!("it is sent") };
    let Next::Done(Err(failure)) = exchange.fail("connection refused") else {
        unreachable!("it fails")
    };
    assert!(!failure.is_blocked_by_cors());
    assert!(failure.to_string().ends_with("the server sent no response: connection refused"));
}

#[test]
fn calls_to_private_networks_always_have_a_preflight() {
    let page = Page::at(APP);
    let call = Request::get(API).to_private_network();
    let failure = page.fetch(call.clone()).answered_by(generous).unwrap_err();
    assert!(failure.console().contains("Access-Control-Allow-Private-Network"), "{failure}");
    let server =
        |it: &Outgoing| generous(it).header("access-control-allow-private-network", "true");
    let seen = page.fetch(call).answered_by(server).unwrap();
    let preflight = seen.exchanges()[0].request().headers();
    assert_eq!(preflight.get("access-control-request-private-network").as_deref(), Some("true"));
}

#[test]
fn a_websocket_has_one_of_four_schemes() {
    let open = |url: &str| {
        let mut sent = None;
        let call = Page::at(APP).websocket(url);
        let failure = call.answered_by(|request| {
            sent = Some(request.url().to_string());
            Incoming::new(403)
        });
        (sent, failure.unwrap_err().console())
    };
    for url in
        ["wss://api.example.com/live", "WSS://api.example.com/live", "//api.example.com/live"]
    {
        assert_eq!(open(url).0.as_deref(), Some("https://api.example.com/live"), "{url}");
    }
    for url in
        ["ftp://api.example.com/live", "blob:https://app.example.com/17", "wsx://a", "data:,x"]
    {
        let (sent, console) = open(url);
        assert_eq!(sent, None, "{url}");
        assert!(console.starts_with("SyntaxError: Failed to construct 'WebSocket': "), "{console}");
    }
}
