//! The algorithms put together, without a transport: what is to be sent next, and what an answer means
//! ([Fetch, 4](https://fetch.spec.whatwg.org/#fetching)).

use std::fmt;

use super::call::Call;
use super::failure::Failure;
use super::page::Page;
use super::request::Request;
use super::response::Response;
use super::wire::{Incoming, Outgoing};

/// A call that is ready to be made.
///
/// # Examples
///
/// The calls of an adapter are a loop around this:
///
/// ```
/// use cors_core::testing::{Incoming, Next, Page};
///
/// let page = Page::at("https://app.example.com");
/// let mut next = page.fetch("https://api.example.com/items").start();
/// let seen = loop {
///     match next {
///         Next::Send(exchange) => {
///             println!("{} {}", exchange.request().method(), exchange.request().url());
///             let answer = Incoming::new(200).header("access-control-allow-origin", "*");
///             next = exchange.answer(answer);
///         }
///         Next::Done(outcome) => break outcome?,
///     }
/// };
/// assert_eq!(seen.status(), 200);
/// # Ok::<(), cors_core::testing::Failure>(())
/// ```
#[derive(Debug)]
#[must_use = "a call is made by `from`, `through` or `answered_by`"]
pub struct Fetch {
    page: Page,
    wanted: Wanted,
}

#[derive(Debug)]
enum Wanted {
    Response(Request),
    WebSocket(String),
}

/// What is to be done next.
///
/// # Examples
///
/// See [`Fetch`].
#[derive(Debug)]
#[must_use = "a request that is not sent gets no answer"]
pub enum Next {
    /// A request is to be sent.
    Send(Box<Exchange>),
    /// The call is over.
    Done(Result<Response, Failure>),
}

/// A request that is to be sent, and waits for its answer.
///
/// # Examples
///
/// See [`Fetch`].
#[derive(Debug)]
#[must_use = "a request that is not sent gets no answer"]
pub struct Exchange {
    request: Outgoing,
    call: Call,
    stage: Stage,
}

/// What the request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Preflight,
    Actual,
    Handshake,
}

impl Fetch {
    pub(super) const fn script(page: Page, request: Request) -> Self {
        Self { page, wanted: Wanted::Response(request) }
    }

    pub(super) const fn websocket(page: Page, url: String) -> Self {
        Self { page, wanted: Wanted::WebSocket(url) }
    }

    /// Begins: the first request, or the outcome where nothing is sent.
    pub fn start(self) -> Next {
        match self.wanted {
            Wanted::Response(request) => Call::begin(self.page, request),
            Wanted::WebSocket(url) => Call::begin_handshake(self.page, url),
        }
    }

    /// Makes the call by a function that sends one request.
    ///
    /// # Errors
    ///
    /// The call fails as it does in a browser; also where the function fails.
    ///
    /// # Examples
    ///
    /// Two servers:
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # pollster(async {
    /// use cors_core::testing::{Incoming, Outgoing, Page};
    ///
    /// async fn send(request: Outgoing) -> Result<Incoming, String> {
    ///     match request.url().host_str() {
    ///         Some("old.example.com") => Ok(Incoming::new(308)
    ///             .header("location", "https://api.example.com/items")
    ///             .header("access-control-allow-origin", "*")),
    ///         Some("api.example.com") => Ok(Incoming::new(200)
    ///             .header("access-control-allow-origin", "*")
    ///             .body(request.headers().get("origin").unwrap_or_default())),
    ///         _ => Err("no such server".into()),
    ///     }
    /// }
    ///
    /// let page = Page::at("https://app.example.com");
    /// let seen = page.fetch("https://old.example.com/").through(send).await?;
    /// // Another server than the page's own has sent the browser to a third one.
    /// assert_eq!(seen.text(), "null");
    /// # Ok(())
    /// # })
    /// # }
    /// # fn pollster<T>(future: impl Future<Output = T>) -> T {
    /// #     let mut future = std::pin::pin!(future);
    /// #     let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    /// #     loop {
    /// #         if let std::task::Poll::Ready(it) = future.as_mut().poll(&mut context) { break it; }
    /// #     }
    /// # }
    /// ```
    pub async fn through<E: fmt::Display>(
        self,
        mut send: impl AsyncFnMut(Outgoing) -> Result<Incoming, E>,
    ) -> Result<Response, Failure> {
        let mut next = self.start();
        loop {
            next = match next {
                Next::Done(outcome) => return outcome,
                Next::Send(exchange) => match send(exchange.request().clone()).await {
                    Ok(answer) => exchange.answer(answer),
                    Err(error) => exchange.fail(error),
                },
            };
        }
    }

    /// Makes the call by a function that is the server.
    ///
    /// # Errors
    ///
    /// The call fails as it does in a browser.
    ///
    /// # Examples
    ///
    /// See [`Page`].
    pub fn answered_by(
        self,
        mut server: impl FnMut(&Outgoing) -> Incoming,
    ) -> Result<Response, Failure> {
        let mut next = self.start();
        loop {
            next = match next {
                Next::Done(outcome) => return outcome,
                Next::Send(exchange) => {
                    let answer = server(exchange.request());
                    exchange.answer(answer)
                }
            };
        }
    }
}

impl Exchange {
    pub(super) fn next(request: Outgoing, call: Call, stage: Stage) -> Next {
        Next::Send(Box::new(Self { request, call, stage }))
    }

    /// What is to be sent.
    #[must_use]
    pub const fn request(&self) -> &Outgoing {
        &self.request
    }

    /// Whether it is a preflight.
    #[must_use]
    pub fn is_preflight(&self) -> bool {
        self.stage == Stage::Preflight
    }

    /// Takes the answer.
    pub fn answer(self, response: Incoming) -> Next {
        let Self { request, call, stage } = self;
        call.answer(stage, request, response)
    }

    /// There is no answer: the server cannot be reached.
    pub fn fail(self, error: impl fmt::Display) -> Next {
        let Self { request, call, stage } = self;
        call.unanswered(stage, request, error.to_string())
    }
}
