//! The requests that a browser writes
//! ([Fetch, HTTP-network-or-cache fetch, 8](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch)).

use url::Position;

use super::call::Call;
use super::classify::Tainting;
use super::cookies::Crossing;
use super::headers::Headers;
use super::metadata;
use super::preflight::Question;
use super::request::{Cache, Mode};
use super::websocket;
use super::wire::Outgoing;

/// The preflight of a call ([Fetch, CORS-preflight fetch, 1 to 5](https://fetch.spec.whatwg.org/#cors-preflight-fetch)).
pub(super) fn preflight(call: &Call, question: &Question) -> Outgoing {
    let mut headers = Headers::new();
    headers.append("accept", "*/*");
    headers.append("access-control-request-method", question.method.as_str());
    if !question.headers.is_empty() {
        let mut names: Vec<&str> = question.headers.iter().map(String::as_str).collect();
        names.sort_unstable();
        headers.append("access-control-request-headers", names.join(","));
    }
    if question.to_private_network {
        headers.append("access-control-request-private-network", "true");
    }
    headers.append("origin", call.serialized_origin());
    append_referer(&mut headers, call);
    // In Chromium, a preflight is a request of its own, which has been nowhere else.
    let url = std::slice::from_ref(call.url());
    metadata::append(&mut headers, &call.page.origin(), url, Mode::Cors, false);
    append_cache(&mut headers, call.request.cache);
    outgoing(call, "OPTIONS", headers, None)
}

/// What the call is about.
pub(super) fn actual(call: &Call) -> Outgoing {
    let request = &call.request;
    let mut headers = request.headers.clone();
    if !headers.contains("accept") {
        headers.append("accept", "*/*");
    }
    if let Some(origin) = origin(call) {
        headers.append("origin", origin);
    }
    append_referer(&mut headers, call);
    let includes_credentials = call.includes_credentials();
    let origin = call.page.origin();
    let has_foreign = includes_credentials && call.crossing() == Crossing::CrossSite;
    metadata::append(&mut headers, &origin, &call.urls, request.mode, has_foreign);
    append_cache(&mut headers, request.cache);
    if includes_credentials {
        append_cookies(&mut headers, call);
    }
    outgoing(call, &request.method, headers, request.body.as_deref())
}

/// The opening handshake of a WebSocket. Chromium sends no fetch metadata with it.
pub(super) fn handshake(call: &Call) -> Outgoing {
    let mut headers = Headers::new();
    websocket::append(&mut headers);
    headers.append("origin", call.serialized_origin());
    append_cookies(&mut headers, call);
    outgoing(call, "GET", headers, None)
}

/// [Fetch, append a request `Origin` header](https://fetch.spec.whatwg.org/#append-a-request-origin-header)
fn origin(call: &Call) -> Option<String> {
    let serialized = call.serialized_origin();
    if call.tainting == Tainting::Cors {
        return Some(serialized);
    }
    if matches!(call.request.method.as_str(), "GET" | "HEAD") {
        return None;
    }
    let is_downgrade = call.request.mode != Mode::Cors
        && call.page.url().is_some_and(|page| page.scheme() == "https")
        && call.url().scheme() != "https";
    // Chromium also sends `null` where a redirect has led to another origin.
    Some(if is_downgrade || call.has_left() { "null".to_owned() } else { serialized })
}

fn append_referer(headers: &mut Headers, call: &Call) {
    if let Some(referrer) = &call.referrer {
        headers.append("referer", referrer.as_str());
    }
}

fn append_cookies(headers: &mut Headers, call: &Call) {
    let cookies = call.browser().state().cookies.header(call.url(), call.crossing());
    if let Some(cookies) = cookies {
        headers.append("cookie", cookies);
    }
}

/// Steps 8.16 and 8.17.
fn append_cache(headers: &mut Headers, cache: Cache) {
    match cache {
        Cache::Default => {}
        Cache::NoCache => {
            if !headers.contains("cache-control") {
                headers.append("cache-control", "max-age=0");
            }
        }
        Cache::NoStore | Cache::Reload => {
            for name in ["pragma", "cache-control"] {
                if !headers.contains(name) {
                    headers.append(name, "no-cache");
                }
            }
        }
    }
}

fn outgoing(call: &Call, method: &str, mut headers: Headers, body: Option<&[u8]>) -> Outgoing {
    let mut url = call.url().clone();
    url.set_fragment(None);
    // Neither fails: a URL with a host may have a user.
    let _ = (url.set_username(""), url.set_password(None));
    headers.append("host", &url[Position::BeforeHost..Position::AfterPort]);
    match (body, method) {
        (Some(body), _) => headers.append("content-length", body.len().to_string()),
        (None, "POST" | "PUT") => headers.append("content-length", "0"),
        _ => {}
    }
    let body = body.unwrap_or_default().to_vec();
    Outgoing { method: method.to_owned(), url, headers, body }
}
