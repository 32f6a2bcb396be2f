//! Whether a request comes from another origin, by its headers.

use crate::header::value::Wire;
use crate::protocol::request::{RequestHead, RequestHeader};

/// Whether a request with `Origin` comes from another origin.
///
/// Pages send `Origin` to their own server too, on every `POST`. The browser marks those in
/// [`Sec-Fetch-Site`][1], which no page can set. Where it sends no fetch metadata (a WebSocket
/// handshake, plain `http` to a host that is not trustworthy), the origin is the server's own if
/// its host and port are those that the request was sent to.
///
/// [1]: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
pub(crate) fn is_cross_origin<H: RequestHead>(head: &H) -> bool {
    if let Some(site) = head.lines(RequestHeader::SecFetchSite).next() {
        return site.as_bytes() != b"same-origin"
            || head.line(RequestHeader::SecFetchSite).is_none();
    }
    let origin = head.line(RequestHeader::Origin).map(Wire::as_bytes);
    !origin.is_some_and(|origin| is_own_host(origin, head))
}

/// Whether a request was sent by a page of another origin, with `Origin` or without.
#[cold]
pub(crate) fn is_from_other_origin<H: RequestHead>(head: &H) -> bool {
    match head.lines(RequestHeader::Origin).next() {
        Some(_) => is_cross_origin(head),
        None => is_embedded_elsewhere(head),
    }
}

/// Whether a request without `Origin` was sent by a page of another origin: by its fetch
/// metadata, from another site or a sibling, and no navigation. That is an image, a script or a
/// `fetch` in the mode `no-cors`.
///
/// Navigations are `GET` or `HEAD`: browsers send `Origin` with a form that is posted
/// ([Fetch, "append a request `Origin` header"][1]), so something has removed it from one that has
/// none, and nothing is known of where it comes from but that it is another origin.
///
/// [1]: https://fetch.spec.whatwg.org/#append-a-request-origin-header
#[cold]
pub(crate) fn is_embedded_elsewhere<H: RequestHead>(head: &H) -> bool {
    let Some(site) = head.lines(RequestHeader::SecFetchSite).next() else { return false };
    // `none` is what a user started: an address typed in, a bookmark.
    let is_own = matches!(site.as_bytes(), b"same-origin" | b"none")
        && head.line(RequestHeader::SecFetchSite).is_some();
    let is_navigation = matches!(head.method(), "GET" | "HEAD")
        && head.line(RequestHeader::SecFetchMode).is_some_and(|it| it.as_bytes() == b"navigate");
    !is_own && !is_navigation
}

/// Host and port that a request was sent to. A repeated `Host` is not valid ([RFC 9112][1]), and
/// names no host.
///
/// [1]: https://www.rfc-editor.org/rfc/rfc9112#section-3.2
pub(crate) fn requested_host<H: RequestHead>(head: &H) -> Option<&[u8]> {
    match head.lines(RequestHeader::Host).next() {
        Some(_) => head.line(RequestHeader::Host).map(Wire::as_bytes),
        None => head.authority().map(str::as_bytes),
    }
}

/// Whether host and port of an origin are those that the request was sent to.
fn is_own_host<H: RequestHead>(origin: &[u8], head: &H) -> bool {
    let (default_port, host) = if let Some(host) = origin.strip_prefix(b"https://") {
        (&b":443"[..], host)
    } else if let Some(host) = origin.strip_prefix(b"http://") {
        (&b":80"[..], host)
    } else {
        return false;
    };
    // Serialised origins leave out the default port; some clients write it into `Host`.
    requested_host(head).is_some_and(|own| {
        let own = own.strip_suffix(default_port).unwrap_or(own);
        !own.is_empty() && own.eq_ignore_ascii_case(host)
    })
}
