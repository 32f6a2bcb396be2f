//! Requests and responses of the `http` crate, as the engine reads and writes them.

/// Everything, for one version of `http`.
macro_rules! implement {
    ($http:ident, $from:ident) => {
        mod $http {
            use $http::header::{self, HeaderMap, HeaderName, HeaderValue};
            use $http::request::Parts;
            use $http::{Extensions, Method, Request, Response, StatusCode, Uri};

            use super::super::step::{Marked, ResponseHead};
            use crate::protocol::nested::Outer;
            use crate::protocol::request::{RequestHead, RequestHeader};
            use crate::protocol::response::{ResponseHeader, ResponseHeaders};

            static REQUEST_PRIVATE_NETWORK: HeaderName =
                HeaderName::from_static("access-control-request-private-network");
            static ALLOW_PRIVATE_NETWORK: HeaderName =
                HeaderName::from_static("access-control-allow-private-network");
            static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
            static SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

            impl<'a> From<RequestHeader> for &'a HeaderName {
                #[inline]
                fn from(name: RequestHeader) -> Self {
                    match name {
                        RequestHeader::Origin => &header::ORIGIN,
                        RequestHeader::AccessControlRequestMethod => {
                            &header::ACCESS_CONTROL_REQUEST_METHOD
                        }
                        RequestHeader::AccessControlRequestHeaders => {
                            &header::ACCESS_CONTROL_REQUEST_HEADERS
                        }
                        RequestHeader::AccessControlRequestPrivateNetwork => {
                            &REQUEST_PRIVATE_NETWORK
                        }
                        RequestHeader::SecFetchSite => &SEC_FETCH_SITE,
                        RequestHeader::SecFetchMode => &SEC_FETCH_MODE,
                        RequestHeader::Host => &header::HOST,
                        RequestHeader::Cookie => &header::COOKIE,
                    }
                }
            }

            impl From<ResponseHeader> for HeaderName {
                #[inline]
                fn from(name: ResponseHeader) -> Self {
                    match name {
                        ResponseHeader::AccessControlAllowOrigin => {
                            header::ACCESS_CONTROL_ALLOW_ORIGIN
                        }
                        ResponseHeader::AccessControlAllowCredentials => {
                            header::ACCESS_CONTROL_ALLOW_CREDENTIALS
                        }
                        ResponseHeader::AccessControlExposeHeaders => {
                            header::ACCESS_CONTROL_EXPOSE_HEADERS
                        }
                        ResponseHeader::AccessControlAllowMethods => {
                            header::ACCESS_CONTROL_ALLOW_METHODS
                        }
                        ResponseHeader::AccessControlAllowHeaders => {
                            header::ACCESS_CONTROL_ALLOW_HEADERS
                        }
                        ResponseHeader::AccessControlAllowPrivateNetwork => {
                            ALLOW_PRIVATE_NETWORK.clone()
                        }
                        ResponseHeader::AccessControlMaxAge => header::ACCESS_CONTROL_MAX_AGE,
                        ResponseHeader::Vary => header::VARY,
                    }
                }
            }

            impl ResponseHeader {
                #[doc = concat!("The header of this name, for `", stringify!($http), "`.")]
                #[must_use]
                #[inline]
                pub fn $from(name: &HeaderName) -> Option<Self> {
                    Some(match *name {
                        header::VARY => Self::Vary,
                        header::ACCESS_CONTROL_ALLOW_ORIGIN => Self::AccessControlAllowOrigin,
                        header::ACCESS_CONTROL_ALLOW_CREDENTIALS => {
                            Self::AccessControlAllowCredentials
                        }
                        header::ACCESS_CONTROL_EXPOSE_HEADERS => Self::AccessControlExposeHeaders,
                        header::ACCESS_CONTROL_ALLOW_METHODS => Self::AccessControlAllowMethods,
                        header::ACCESS_CONTROL_ALLOW_HEADERS => Self::AccessControlAllowHeaders,
                        header::ACCESS_CONTROL_MAX_AGE => Self::AccessControlMaxAge,
                        _ if *name == ALLOW_PRIVATE_NETWORK => {
                            Self::AccessControlAllowPrivateNetwork
                        }
                        _ => return None,
                    })
                }
            }

            #[inline]
            fn lines(
                headers: &HeaderMap,
                name: RequestHeader,
            ) -> impl Iterator<Item = &HeaderValue> {
                headers.get_all::<&HeaderName>(name.into()).iter()
            }

            fn method(method: &Method) -> &str {
                method.as_str()
            }

            fn authority(uri: &Uri) -> Option<&str> {
                uri.authority().map(|it| it.as_str())
            }

            #[inline]
            fn outer(extensions: &Extensions) -> Option<Outer> {
                extensions.get::<Outer>().copied()
            }

            impl<B> RequestHead for Request<B> {
                type Value = HeaderValue;

                fn method(&self) -> &str {
                    method(Request::method(self))
                }

                fn path(&self) -> &str {
                    self.uri().path()
                }

                fn authority(&self) -> Option<&str> {
                    authority(self.uri())
                }

                #[inline]
                fn is_options(&self) -> bool {
                    *Request::method(self) == Method::OPTIONS
                }

                #[inline]
                fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
                    lines(self.headers(), name)
                }

                fn header(&self, name: &str) -> Option<&HeaderValue> {
                    self.headers().get(name)
                }

                #[inline]
                fn outer(&self) -> Option<Outer> {
                    outer(self.extensions())
                }
            }

            impl RequestHead for Parts {
                type Value = HeaderValue;

                fn method(&self) -> &str {
                    method(&self.method)
                }

                fn path(&self) -> &str {
                    self.uri.path()
                }

                fn authority(&self) -> Option<&str> {
                    authority(&self.uri)
                }

                #[inline]
                fn is_options(&self) -> bool {
                    self.method == Method::OPTIONS
                }

                #[inline]
                fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
                    lines(&self.headers, name)
                }

                fn header(&self, name: &str) -> Option<&HeaderValue> {
                    self.headers.get(name)
                }

                #[inline]
                fn outer(&self) -> Option<Outer> {
                    outer(&self.extensions)
                }
            }

            impl RequestHead for (&Method, &Uri, &HeaderMap, &Extensions) {
                type Value = HeaderValue;

                fn method(&self) -> &str {
                    method(self.0)
                }

                fn path(&self) -> &str {
                    self.1.path()
                }

                fn authority(&self) -> Option<&str> {
                    authority(self.1)
                }

                #[inline]
                fn is_options(&self) -> bool {
                    self.0 == Method::OPTIONS
                }

                #[inline]
                fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
                    lines(self.2, name)
                }

                fn header(&self, name: &str) -> Option<&HeaderValue> {
                    self.2.get(name)
                }

                #[inline]
                fn outer(&self) -> Option<Outer> {
                    outer(self.3)
                }
            }

            // The core's statuses are valid.
            fn status(status: u16) -> StatusCode {
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }

            #[inline]
            fn is_marked(extensions: &Extensions) -> bool {
                !extensions.is_empty() && extensions.get::<Marked>().is_some()
            }

            #[cold]
            fn set_mark(extensions: &mut Extensions, is_marked: bool) {
                if is_marked {
                    extensions.insert(Marked);
                } else {
                    extensions.remove::<Marked>();
                }
            }

            impl ResponseHeaders for HeaderMap {
                type Value = HeaderValue;

                #[inline]
                fn each(&self, mut visit: impl FnMut(ResponseHeader, &HeaderValue)) {
                    // Names alone are cheaper to walk than lines, and few responses have one of
                    // these.
                    for name in self.keys() {
                        if let Some(known) = ResponseHeader::$from(name) {
                            self.get_all(name).iter().for_each(|value| visit(known, value));
                        }
                    }
                }

                // As a function of its own it would cost a third more, and whether it is one would depend on
                // the rest of the program.
                #[inline(always)]
                fn append(&mut self, name: ResponseHeader, value: HeaderValue) {
                    HeaderMap::append(self, HeaderName::from(name), value);
                }

                fn remove(&mut self, name: ResponseHeader) {
                    HeaderMap::remove(self, HeaderName::from(name));
                }
            }

            impl<B> ResponseHeaders for Response<B> {
                type Value = HeaderValue;

                #[inline]
                fn each(&self, visit: impl FnMut(ResponseHeader, &HeaderValue)) {
                    self.headers().each(visit);
                }

                #[inline]
                fn append(&mut self, name: ResponseHeader, value: HeaderValue) {
                    ResponseHeaders::append(self.headers_mut(), name, value);
                }

                fn remove(&mut self, name: ResponseHeader) {
                    ResponseHeaders::remove(self.headers_mut(), name);
                }
            }

            impl<B> ResponseHead for Response<B> {
                fn status(&self) -> u16 {
                    Response::status(self).as_u16()
                }

                fn set_status(&mut self, code: u16) {
                    *self.status_mut() = status(code);
                }

                #[inline]
                fn is_marked(&self) -> bool {
                    is_marked(self.extensions())
                }

                #[cold]
                fn set_mark(&mut self, is_marked: bool) {
                    set_mark(self.extensions_mut(), is_marked);
                }
            }

            impl ResponseHeaders for (&mut StatusCode, &mut HeaderMap, &mut Extensions) {
                type Value = HeaderValue;

                #[inline]
                fn each(&self, visit: impl FnMut(ResponseHeader, &HeaderValue)) {
                    self.1.each(visit);
                }

                #[inline]
                fn append(&mut self, name: ResponseHeader, value: HeaderValue) {
                    ResponseHeaders::append(self.1, name, value);
                }

                fn remove(&mut self, name: ResponseHeader) {
                    ResponseHeaders::remove(self.1, name);
                }
            }

            impl ResponseHead for (&mut StatusCode, &mut HeaderMap, &mut Extensions) {
                fn status(&self) -> u16 {
                    self.0.as_u16()
                }

                fn set_status(&mut self, code: u16) {
                    *self.0 = status(code);
                }

                #[inline]
                fn is_marked(&self) -> bool {
                    is_marked(self.2)
                }

                #[cold]
                fn set_mark(&mut self, is_marked: bool) {
                    set_mark(self.2, is_marked);
                }
            }
        }
    };
}

#[cfg(feature = "http1")]
implement!(http, from_http1);
#[cfg(feature = "http02")]
implement!(http02, from_http02);
