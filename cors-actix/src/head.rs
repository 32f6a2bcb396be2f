//! actix's requests and responses, as the core reads and writes them.

use actix_web::dev;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use cors_core::{RequestHead, RequestHeader, ResponseHeader, ResponseHeaders};

static REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
static ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");
static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
static SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// The head of a request.
pub(crate) struct Head<'a> {
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
}

impl<'a> Head<'a> {
    #[inline]
    pub(crate) fn of(request: &'a dev::RequestHead) -> Self {
        Self { method: &request.method, uri: &request.uri, headers: request.headers() }
    }
}

impl RequestHead for Head<'_> {
    type Value = HeaderValue;

    #[inline]
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn path(&self) -> Option<&str> {
        Some(self.uri.path())
    }

    #[inline]
    fn is_options(&self) -> bool {
        *self.method == Method::OPTIONS
    }

    #[inline]
    fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
        let name = match name {
            RequestHeader::Origin => &header::ORIGIN,
            RequestHeader::AccessControlRequestMethod => &header::ACCESS_CONTROL_REQUEST_METHOD,
            RequestHeader::AccessControlRequestHeaders => &header::ACCESS_CONTROL_REQUEST_HEADERS,
            RequestHeader::AccessControlRequestPrivateNetwork => &REQUEST_PRIVATE_NETWORK,
            RequestHeader::ContentType => &header::CONTENT_TYPE,
            RequestHeader::Host => &header::HOST,
            RequestHeader::SecFetchMode => &SEC_FETCH_MODE,
            _ => &SEC_FETCH_SITE,
        };
        self.headers.get_all(name)
    }
}

/// The headers of a response.
pub(crate) struct Headers<'a>(pub(crate) &'a mut HeaderMap);

impl ResponseHeaders for Headers<'_> {
    type Value = HeaderValue;

    #[inline]
    fn each(&self, mut visit: impl FnMut(ResponseHeader, &HeaderValue)) {
        // Names alone are cheaper to walk than lines, and few responses have one of these.
        for name in self.0.keys() {
            if let Some(known) = known(name) {
                self.0.get_all(name).for_each(|value| visit(known, value));
            }
        }
    }

    #[inline]
    fn append(&mut self, name: ResponseHeader, value: HeaderValue) {
        self.0.append(written(name), value);
    }

    fn remove(&mut self, name: ResponseHeader) {
        self.0.remove(written(name));
    }
}

#[inline]
fn known(name: &HeaderName) -> Option<ResponseHeader> {
    Some(match *name {
        header::VARY => ResponseHeader::Vary,
        header::ACCESS_CONTROL_ALLOW_ORIGIN => ResponseHeader::AccessControlAllowOrigin,
        header::ACCESS_CONTROL_ALLOW_CREDENTIALS => ResponseHeader::AccessControlAllowCredentials,
        header::ACCESS_CONTROL_EXPOSE_HEADERS => ResponseHeader::AccessControlExposeHeaders,
        header::ACCESS_CONTROL_ALLOW_METHODS => ResponseHeader::AccessControlAllowMethods,
        header::ACCESS_CONTROL_ALLOW_HEADERS => ResponseHeader::AccessControlAllowHeaders,
        header::ACCESS_CONTROL_MAX_AGE => ResponseHeader::AccessControlMaxAge,
        _ if *name == ALLOW_PRIVATE_NETWORK => ResponseHeader::AccessControlAllowPrivateNetwork,
        _ => return None,
    })
}

#[inline]
fn written(name: ResponseHeader) -> HeaderName {
    match name {
        ResponseHeader::AccessControlAllowOrigin => header::ACCESS_CONTROL_ALLOW_ORIGIN,
        ResponseHeader::AccessControlAllowCredentials => header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ResponseHeader::AccessControlExposeHeaders => header::ACCESS_CONTROL_EXPOSE_HEADERS,
        ResponseHeader::AccessControlAllowMethods => header::ACCESS_CONTROL_ALLOW_METHODS,
        ResponseHeader::AccessControlAllowHeaders => header::ACCESS_CONTROL_ALLOW_HEADERS,
        ResponseHeader::AccessControlMaxAge => header::ACCESS_CONTROL_MAX_AGE,
        ResponseHeader::AccessControlAllowPrivateNetwork => ALLOW_PRIVATE_NETWORK.clone(),
        _ => header::VARY,
    }
}
