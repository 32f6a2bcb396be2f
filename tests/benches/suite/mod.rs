//! What the benchmarks share: the requests, the stacks that answer them, and how an answer
//! is taken without anything else around it.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

pub(crate) mod ask;
pub(crate) mod callgrind;
pub(crate) mod cells;
#[cfg(feature = "peers")]
pub(crate) mod floor;
pub(crate) mod handoff;
mod on_actix;
mod on_axum;
mod on_tower;
#[cfg(feature = "peers")]
mod peers;
pub(crate) mod policies;

use self::ask::Ask;

/// One way to serve requests.
pub(crate) struct Stack {
    /// Framework and stack, as the tables name it.
    pub(crate) name: &'static str,
    /// The same app without CORS; it has none itself.
    pub(crate) over: Option<&'static str>,
    pub(crate) serve: Box<dyn Serve>,
}

impl Stack {
    fn new(
        name: &'static str,
        over: impl Into<Option<&'static str>>,
        serve: impl Serve + 'static,
    ) -> Self {
        Self { name, over: over.into(), serve: Box::new(serve) }
    }
}

/// What an answer shows, to see that every stack does what the table says it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    /// Whether `Access-Control-Allow-Origin` is there.
    pub(crate) allows: bool,
}

/// A stack with a request that waits: making requests is no part of what is measured.
pub(crate) trait Serve {
    fn prepare(&mut self, ask: &Ask);

    /// Answers what was prepared, and drops request and answer.
    fn answer(&mut self);

    /// Answers what was prepared, and looks at the answer.
    fn inspect(&mut self) -> Seen;

    /// How long `count` answers take together.
    fn time(&mut self, ask: &Ask, count: usize) -> Duration;
}

/// A stack, by its two types of messages.
struct Served<Q, F> {
    waiting: Option<Q>,
    make: fn(&Ask) -> Q,
    call: F,
}

impl<Q, F> Served<Q, F> {
    const fn new(make: fn(&Ask) -> Q, call: F) -> Self {
        Self { waiting: None, make, call }
    }
}

/// An answer, whatever its framework.
trait Answer {
    fn seen(&self) -> Seen;
}

impl<Q, R: Answer, F: FnMut(Q) -> R> Serve for Served<Q, F> {
    fn prepare(&mut self, ask: &Ask) {
        self.waiting = Some((self.make)(ask));
    }

    fn answer(&mut self) {
        if let Some(request) = self.waiting.take() {
            drop((self.call)(request));
        }
    }

    fn inspect(&mut self) -> Seen {
        let request = self.waiting.take().expect("a request was prepared");
        (self.call)(request).seen()
    }

    fn time(&mut self, ask: &Ask, count: usize) -> Duration {
        let requests: Vec<Q> = (0..count).map(|_| (self.make)(ask)).collect();
        let start = Instant::now();
        for request in requests {
            drop((self.call)(request));
        }
        start.elapsed()
    }
}

/// The result of a future that waits for nothing.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("no stack here waits for anything"),
    }
}
