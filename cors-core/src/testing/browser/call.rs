//! One call under way: from one request to the next.

use url::{Origin, Url};

use super::cache::Key;
use super::cause::PreflightCause;
use super::classify::{Tainting, classify};
use super::cookies::Crossing;
use super::cors_check;
use super::failure::{Failure, Inner, Reason};
use super::fetch::{Exchange, Next, Stage};
use super::metadata;
use super::page::{Browser, Page, Place};
use super::preflight::{self, Question};
use super::redirect::{self, RedirectFailure};
use super::request::{Cache, Credentials, Mode, Redirect, Request};
use super::resource_policy;
use super::response::{Response, ResponseKind};
use super::safelist::{is_hint, unsafe_names};
use super::script::{Misuse, Scripted};
use super::site::{is_same_site, is_trustworthy};
use super::websocket;
use super::why::{self, Asked};
use super::wire::{Exchanged, Incoming, Outgoing};
use super::written;

/// The headers that describe a body, and go with it
/// ([Fetch, request-body-header name](https://fetch.spec.whatwg.org/#request-body-header-name)).
const OF_BODY: [&str; 4] =
    ["content-encoding", "content-language", "content-location", "content-type"];

/// A call, and how far it is.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) page: Page,
    pub(super) request: Scripted,
    /// Where it has been, and where it goes now.
    pub(super) urls: Vec<Url>,
    /// What `Referer` contains of the page: less, once the call has left its origin.
    pub(super) referrer: Option<Url>,
    pub(super) tainting: Tainting,
    exchanges: Vec<Exchanged>,
}

impl Call {
    pub(super) fn begin(page: Page, written: Request) -> Next {
        match Self::read(page, written) {
            Ok(call) => call.send(),
            Err(failure) => Next::Done(Err(failure)),
        }
    }

    /// [WebSockets, establish a connection](https://websockets.spec.whatwg.org/#concept-websocket-establish)
    pub(super) fn begin_handshake(page: Page, url: String) -> Next {
        let request = Request::get(url).credentials(Credentials::Include);
        let mut call = match Self::read(page, request) {
            Ok(call) => call,
            Err(failure) => return Next::Done(Err(failure)),
        };
        let scheme = match call.url().scheme() {
            "ws" | "http" => "http",
            "wss" | "https" => "https",
            other => {
                let misuse = Misuse::SocketScheme(other.to_owned());
                return Next::Done(call.fail(Reason::Script(misuse)));
            }
        };
        for url in call.urls.iter_mut().chain([&mut call.request.url]) {
            // Never fails between these four.
            let _ = url.set_scheme(scheme);
        }
        if call.is_mixed_content() {
            return Next::Done(call.fail(Reason::MixedContent));
        }
        let request = written::handshake(&call);
        Exchange::next(request, call, Stage::Handshake)
    }

    fn read(page: Page, written: Request) -> Result<Self, Failure> {
        let url = written.url.clone();
        let failure = |reason| {
            Failure::new(Inner {
                reason,
                origin: page.origin().ascii_serialization(),
                page: page.url().map(ToString::to_string).unwrap_or_default(),
                first_url: url.clone(),
                last_url: url.clone(),
                why: None,
                exchanges: Vec::new(),
            })
        };
        if let Place::Nowhere(url) = &page.place {
            return Err(failure(Reason::Page(url.clone())));
        }
        let request: Result<Scripted, Misuse> =
            Scripted::read(written, page.url(), page.credentials);
        let request = request.map_err(|misuse| failure(Reason::Script(misuse)))?;
        Ok(Self {
            urls: vec![request.url.clone()],
            referrer: page.url().cloned(),
            page,
            request,
            tainting: Tainting::Basic,
            exchanges: Vec::new(),
        })
    }

    /// [Fetch, main fetch](https://fetch.spec.whatwg.org/#main-fetch)
    fn send(mut self) -> Next {
        if self.is_mixed_content() {
            return Next::Done(self.fail(Reason::MixedContent));
        }
        self.referrer = self.referrer.and_then(|it| metadata::referrer(it, self.urls.last()?));
        let Scripted { mode, redirect, .. } = self.request;
        let origin = self.page.origin();
        match classify(&origin, self.url(), self.tainting, mode, redirect) {
            Ok(tainting) => self.tainting = tainting,
            Err(refusal) => return Next::Done(self.fail(Reason::Refused(refusal))),
        }
        let question = self.question();
        let asks = self.tainting == Tainting::Cors && question.needs_preflight();
        if asks && !self.is_remembered(&question) {
            let preflight = written::preflight(&self, &question);
            return Exchange::next(preflight, self, Stage::Preflight);
        }
        self.send_actual()
    }

    fn send_actual(self) -> Next {
        let request = written::actual(&self);
        Exchange::next(request, self, Stage::Actual)
    }

    pub(super) fn answer(mut self, stage: Stage, sent: Outgoing, response: Incoming) -> Next {
        self.record(stage, sent, Some(response.clone()));
        match stage {
            Stage::Preflight => self.take_preflight(&response),
            Stage::Actual => self.take_response(response),
            Stage::Handshake => Next::Done(self.take_handshake(response)),
        }
    }

    pub(super) fn unanswered(mut self, stage: Stage, sent: Outgoing, error: String) -> Next {
        self.record(stage, sent, None);
        Next::Done(self.fail(Reason::Network(error)))
    }

    fn record(&mut self, stage: Stage, request: Outgoing, response: Option<Incoming>) {
        let causes = match stage {
            Stage::Preflight => PreflightCause::of(&self.question()),
            Stage::Actual | Stage::Handshake => Vec::new(),
        };
        self.exchanges.push(Exchanged { request, response, causes });
    }

    fn take_preflight(self, response: &Incoming) -> Next {
        let judged = preflight::judge(&self.question(), &self.serialized_origin(), response);
        match judged {
            Ok(permission) => {
                if self.has_memory() && self.request.cache != Cache::NoStore {
                    let mut state = self.page.browser.state();
                    let now = state.now;
                    state.preflights.store(self.key(), permission, now);
                }
                self.send_actual()
            }
            Err(failure) => Next::Done(self.fail(Reason::Preflight(failure))),
        }
    }

    /// [Fetch, HTTP fetch, 4 to 7](https://fetch.spec.whatwg.org/#http-fetch)
    fn take_response(self, response: Incoming) -> Next {
        self.store_cookies(&response);
        let is_redirect = redirect::is_redirect(response.status);
        let location = if is_redirect { redirect::location(&response, self.url()) } else { None };
        // In Chromium, what is no URL is not even a response.
        let location = match location.transpose() {
            Ok(location) => location,
            Err(failure) => return Next::Done(self.fail(Reason::Redirect(failure))),
        };
        let origin = self.serialized_origin();
        let credentials = self.request.credentials;
        match self.tainting {
            Tainting::Cors => {
                if let Err(failure) = cors_check::check(&origin, credentials, &response.headers) {
                    return Next::Done(self.fail(Reason::Check(failure)));
                }
            }
            Tainting::Opaque => {
                let origin = self.page.origin();
                let blocking = resource_policy::blocking(&origin, self.url(), &response.headers);
                if let Some(value) = blocking {
                    return Next::Done(self.fail(Reason::ResourcePolicy(value)));
                }
            }
            Tainting::Basic => {}
        }
        let url = match location {
            _ if is_redirect && self.request.redirect == Redirect::Manual => {
                return Next::Done(Ok(self.filtered(ResponseKind::OpaqueRedirect, response)));
            }
            None => return Next::Done(Ok(self.finish(response))),
            Some(url) => url,
        };
        if let Err(failure) = self.check_redirect(&url) {
            return Next::Done(self.fail(Reason::Redirect(failure)));
        }
        self.follow(url, response.status)
    }

    /// Whether a redirect may be followed
    /// ([Fetch, HTTP-redirect fetch, 6 to 10](https://fetch.spec.whatwg.org/#http-redirect-fetch)).
    fn check_redirect(&self, url: &Url) -> Result<(), RedirectFailure> {
        let Scripted { mode, redirect, .. } = self.request;
        let has_user = !url.username().is_empty() || url.password().is_some();
        let is_cors = mode == Mode::Cors && self.page.origin() != url.origin();
        if has_user && (is_cors || self.tainting == Tainting::Cors) {
            return Err(RedirectFailure::Credentials(url.to_string()));
        }
        if redirect == Redirect::Error {
            return Err(RedirectFailure::Forbidden);
        }
        if !matches!(url.scheme(), "http" | "https") {
            let is_cors = mode == Mode::Cors && url.scheme() != "data";
            let failure = if is_cors { RedirectFailure::Scheme } else { RedirectFailure::Unsafe };
            return Err(failure(url.to_string()));
        }
        if self.urls.len() > redirect::MOST {
            return Err(RedirectFailure::TooMany);
        }
        Ok(())
    }

    /// [Fetch, HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch)
    fn follow(mut self, url: Url, status: u16) -> Next {
        let target = url.origin();
        if redirect::becomes_get(status, &self.request.method) {
            "GET".clone_into(&mut self.request.method);
            self.request.body = None;
            self.request.headers.remove(&OF_BODY);
        }
        let leaves = self.url().origin() != target;
        let is_foreign = self.page.origin() != target;
        let headers = &mut self.request.headers;
        headers.retain(|it| !(leaves && it == "authorization" || is_foreign && is_hint(it)));
        self.urls.push(url);
        self.send()
    }

    fn take_handshake(self, response: Incoming) -> Result<Response, Failure> {
        self.store_cookies(&response);
        match websocket::judge(&response) {
            Ok(()) => Ok(self.filtered(ResponseKind::WebSocket, response)),
            Err(failure) => self.fail(Reason::WebSocket(failure)),
        }
    }

    fn finish(self, response: Incoming) -> Response {
        let kind = match self.tainting {
            Tainting::Basic => ResponseKind::Basic,
            Tainting::Cors => ResponseKind::Cors,
            Tainting::Opaque => ResponseKind::Opaque,
        };
        self.filtered(kind, response)
    }

    fn filtered(self, kind: ResponseKind, response: Incoming) -> Response {
        let Self { request, urls, exchanges, .. } = self;
        let response = response.read_for(&request.method);
        Response::filtered(kind, response, request.credentials, &urls, exchanges)
    }

    fn fail(self, reason: Reason) -> Result<Response, Failure> {
        let question = self.question();
        let asked = Asked {
            origin: &self.serialized_origin(),
            is_redirect_tainted: self.is_redirect_tainted(),
            question: &question,
            path: self.url().path(),
            response: self.exchanges.last().and_then(|it| it.response.as_ref()),
        };
        let why = why::find(self.page.routes.as_deref(), &reason, &asked);
        Err(Failure::new(Inner {
            origin: self.page.origin().ascii_serialization(),
            page: self.page.url().map(ToString::to_string).unwrap_or_default(),
            last_url: self.url().to_string(),
            first_url: self.request.url.to_string(),
            reason,
            why,
            exchanges: self.exchanges,
        }))
    }
}

impl Call {
    pub(super) fn browser(&self) -> &Browser {
        &self.page.browser
    }

    /// Where it goes now.
    pub(super) fn url(&self) -> &Url {
        self.urls.last().unwrap_or(&self.request.url)
    }

    /// Whether a redirect has led to another origin.
    pub(super) fn has_left(&self) -> bool {
        self.redirects().any(|(from, to)| from != to)
    }

    /// Whether a server that is not the page's own has sent the browser to a third one
    /// ([Fetch, redirect-taint](https://fetch.spec.whatwg.org/#concept-request-tainted-origin)).
    fn is_redirect_tainted(&self) -> bool {
        let own = self.page.origin();
        self.redirects().any(|(from, to)| from != to && from != own)
    }

    /// The origins that redirects have led from and to.
    fn redirects(&self) -> impl Iterator<Item = (Origin, Origin)> {
        let origins = || self.urls.iter().map(Url::origin);
        origins().zip(origins().skip(1))
    }

    /// [Fetch, serializing a request origin](https://fetch.spec.whatwg.org/#serializing-a-request-origin)
    pub(super) fn serialized_origin(&self) -> String {
        if self.is_redirect_tainted() {
            return "null".to_owned();
        }
        self.page.origin().ascii_serialization()
    }

    /// Whether cookies go along, and are stored
    /// ([Fetch, HTTP-network-or-cache fetch, 8.3](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch)).
    pub(super) fn includes_credentials(&self) -> bool {
        match self.request.credentials {
            Credentials::Include => true,
            Credentials::SameOrigin => self.tainting == Tainting::Basic,
            Credentials::Omit => false,
        }
    }

    pub(super) fn crossing(&self) -> Crossing {
        if is_same_site(&self.page.origin(), &self.url().origin()) {
            Crossing::SameSite
        } else {
            Crossing::CrossSite
        }
    }

    fn store_cookies(&self, response: &Incoming) {
        if !self.includes_credentials() {
            return;
        }
        let mut state = self.browser().state();
        for line in response.headers.get_all("set-cookie") {
            state.cookies.store(line, self.url(), self.crossing());
        }
    }

    fn question(&self) -> Question {
        Question {
            method: self.request.method.clone(),
            headers: unsafe_names(&self.request.headers),
            credentials: self.request.credentials,
            to_private_network: self.request.to_private_network,
        }
    }

    fn key(&self) -> Key {
        Key {
            partition: self.page.partition(),
            origin: self.page.origin(),
            url: self.url().clone(),
        }
    }

    /// Whether preflights are remembered: Chromium does not where the origin is `null`.
    fn has_memory(&self) -> bool {
        !self.is_redirect_tainted() && self.page.origin().is_tuple()
    }

    fn is_remembered(&self, question: &Question) -> bool {
        let looks = self.request.cache == Cache::Default && self.has_memory();
        let mut state = self.browser().state();
        let now = state.now;
        looks && state.preflights.covers(&self.key(), question, now)
    }

    /// A page that was loaded by `https` calls a server by plain `http`
    /// ([Mixed Content, 4.4](https://w3c.github.io/webappsec-mixed-content/#should-block-fetch)).
    fn is_mixed_content(&self) -> bool {
        let url = self.url();
        let is_plain = url.scheme() == "http" && !is_trustworthy(url);
        is_plain && self.page.url().is_some_and(|it| it.scheme() == "https")
    }
}
