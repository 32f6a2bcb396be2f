//! actix's requests and responses, as the core reads and writes them.

use actix_web::HttpResponse;
use actix_web::dev::{self, Extensions};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use cors_core::adapter::{
    Marked, Outer, RequestHead, RequestHeader, ResponseHead, ResponseHeader, ResponseHeaders,
};

/// The head of a request, and what a policy outside has decided about it.
pub(crate) struct Head<'a> {
    head: &'a dev::RequestHead,
    outer: Option<Outer>,
}

impl<'a> Head<'a> {
    #[inline]
    pub(crate) fn new(head: &'a dev::RequestHead, extensions: &Extensions) -> Self {
        Self { head, outer: extensions.get::<Outer>().copied() }
    }
}

impl RequestHead for Head<'_> {
    type Value = HeaderValue;

    #[inline]
    fn method(&self) -> &str {
        self.head.method.as_str()
    }

    fn path(&self) -> &str {
        self.head.uri.path()
    }

    fn authority(&self) -> Option<&str> {
        self.head.uri.authority().map(actix_web::http::uri::Authority::as_str)
    }

    #[inline]
    fn is_options(&self) -> bool {
        self.head.method == Method::OPTIONS
    }

    #[inline]
    fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
        let name: &HeaderName = name.into();
        self.head.headers().get_all(name)
    }

    fn header(&self, name: &str) -> Option<&HeaderValue> {
        self.head.headers().get(name)
    }

    #[inline]
    fn outer(&self) -> Option<Outer> {
        self.outer
    }
}

/// The head of a response.
pub(crate) struct Response<'a, B>(pub(crate) &'a mut HttpResponse<B>);

impl<B> ResponseHeaders for Response<'_, B> {
    type Value = HeaderValue;

    #[inline]
    fn each(&self, mut visit: impl FnMut(ResponseHeader, &HeaderValue)) {
        // Names alone are cheaper to walk than lines, and few responses have one of these.
        for name in self.0.headers().keys() {
            if let Some(known) = ResponseHeader::from_http02(name) {
                self.0.headers().get_all(name).for_each(|value| visit(known, value));
            }
        }
    }

    #[inline]
    fn append(&mut self, name: ResponseHeader, value: HeaderValue) {
        self.0.headers_mut().append(name.into(), value);
    }

    fn remove(&mut self, name: ResponseHeader) {
        self.0.headers_mut().remove(HeaderName::from(name));
    }
}

impl<B> ResponseHead for Response<'_, B> {
    fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    fn set_status(&mut self, status: u16) {
        // The core's statuses are valid.
        *self.0.status_mut() =
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[inline]
    fn is_marked(&self) -> bool {
        self.0.extensions().contains::<Marked>()
    }

    #[cold]
    fn set_mark(&mut self, is_marked: bool) {
        let mut extensions = self.0.extensions_mut();
        if is_marked {
            extensions.insert(Marked);
        } else {
            extensions.remove::<Marked>();
        }
    }
}
