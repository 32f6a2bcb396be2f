//! Requests while the origins of a policy are replaced.
//!
//! Each generation of origins allows two pages and no other. Whatever a request is answered must be
//! what one of the generations says that were in force while it ran.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on must stop"
)]

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use cors_core::{Policy, PolicyCell};

const READERS: usize = 8;
/// How often the origins are replaced.
const REPLACEMENTS: u64 = 10_000;
/// Every one of so many is refused.
const REFUSED: u64 = 10;
/// During every one of so many generations, and inside of the call that brings it, the writer waits
/// for answers.
const WATCHED: u64 = 100;

/// What a reader asks.
struct Ask {
    path: &'static str,
    is_preflight: bool,
    origin: String,
}

/// What it is answered.
#[derive(Debug)]
struct Answer {
    status: u16,
    allow_origin: Option<String>,
    has_credentials: bool,
    vary: String,
    body: String,
}

impl Answer {
    /// Whether the page is allowed; `None` if the answer is neither a whole yes nor a whole no.
    fn verdict(&self, ask: &Ask) -> Option<bool> {
        let (status, body) = if ask.is_preflight { (204, "") } else { (200, "ran") };
        let varies = self.vary.to_ascii_lowercase().contains("origin");
        let seen = (self.status, self.allow_origin.as_deref(), self.has_credentials, &*self.body);
        match seen {
            _ if !varies => None,
            seen if seen == (status, Some(&*ask.origin), true, body) => Some(true),
            // The policy enforces: who may not read the response runs nothing.
            (403, None, false, "") => Some(false),
            _ => None,
        }
    }
}

/// What the readers of a framework saw.
#[derive(Debug, Default)]
struct Tally {
    asked: u64,
    allowed: u64,
    rejected: u64,
    /// Requests during which one generation was in force, and its page asked.
    pinned: u64,
    /// Actual requests that were allowed, whose handler has run therefore.
    ran: u64,
    wrong: Vec<String>,
}

impl Tally {
    fn add(self, other: Self) -> Self {
        Self {
            asked: self.asked + other.asked,
            allowed: self.allowed + other.allowed,
            rejected: self.rejected + other.rejected,
            pinned: self.pinned + other.pinned,
            ran: self.ran + other.ran,
            wrong: [self.wrong, other.wrong].concat(),
        }
    }
}

/// A cell that one thread writes and others read.
struct Load {
    cell: &'static PolicyCell,
    /// The last generation whose replacement has begun, and the last one in force for certain.
    started: AtomicU64,
    finished: AtomicU64,
    is_over: AtomicBool,
    /// How many requests each reader had answered; the maximum once it has ended.
    answered: [AtomicU64; READERS],
}

/// The two pages of a generation.
fn pages(generation: u64) -> [String; 2] {
    ["g", "also-g"].map(|name| format!("https://{name}{generation}.example.com"))
}

/// A page of a replacement that is refused, because of the other page.
fn refused(attempt: u64) -> String {
    format!("https://refused-{attempt}.example.com")
}

/// Does something when a thread or a task leaves, be it by a panic: others wait for it.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl Load {
    fn new(cell: &'static PolicyCell) -> Arc<Self> {
        cell.set_origins(pages(0)).unwrap();
        Arc::new(Self {
            cell,
            started: AtomicU64::new(0),
            finished: AtomicU64::new(0),
            is_over: AtomicBool::new(false),
            answered: [const { AtomicU64::new(0) }; READERS],
        })
    }

    /// Replaces the origins, again and again.
    fn write(&self) {
        let _over = OnDrop(|| self.is_over.store(true, SeqCst));
        let mut generation = 0;
        for attempt in 1..=REPLACEMENTS {
            if attempt % REFUSED == 0 {
                let origins = [refused(attempt), "http://insecure.example.com".to_owned()];
                assert!(self.cell.set_origins(origins).is_err());
                let current = self.cell.current().unwrap();
                assert!(pages(generation).iter().all(|page| current.allows_origin(page)));
                assert!(!current.allows_origin(&refused(attempt)));
                continue;
            }
            generation += 1;
            let is_watched = generation % WATCHED == 0;
            self.started.store(generation, SeqCst);
            // A reader that waited for a writer would wait here for ever.
            let origins = pages(generation).into_iter().inspect(|_| self.watch(is_watched));
            self.cell.set_origins(origins).unwrap();
            self.finished.store(generation, SeqCst);
            self.watch(is_watched);
        }
    }

    /// Waits until each reader has begun and ended a request.
    fn watch(&self, is_watched: bool) {
        if !is_watched {
            return;
        }
        let now = || self.answered.iter().map(|it| it.load(SeqCst));
        let before: Vec<u64> = now().collect();
        // The first answer is that of a request that may have begun earlier.
        while now().zip(&before).any(|(now, before)| now < before.saturating_add(2)) {
            thread::yield_now();
        }
    }

    /// Asks until the writer has ended, and a little longer.
    async fn read<R: Future<Output = Answer>>(
        self: Arc<Self>,
        reader: usize,
        path: &'static str,
        send: impl Fn(Ask) -> R,
    ) -> Tally {
        let _done = OnDrop(|| self.answered[reader].store(u64::MAX, SeqCst));
        let mut tally = Tally::default();
        let mut later = 0;
        while later < 16 {
            later += u64::from(self.is_over.load(SeqCst));
            let least = self.finished.load(SeqCst);
            // Those of the last generation most of the time, else of one before or after.
            let generation = match tally.asked % 4 {
                0 => least + 1,
                1 => least.saturating_sub(1),
                _ => least,
            };
            let is_of_refused = tally.asked % 16 == 5;
            let [page, other_page] = pages(generation);
            let origin = match tally.asked % 3 {
                _ if is_of_refused => refused(least / (REFUSED - 1) * REFUSED),
                0 => other_page,
                _ => page,
            };
            let is_preflight = tally.asked % 2 == 0;
            let ask = Ask { path, is_preflight, origin: origin.clone() };
            let answer = send(Ask { path, is_preflight, origin }).await;
            let most = self.started.load(SeqCst);
            self.answered[reader].fetch_add(1, SeqCst);
            tally.asked += 1;
            let verdict = answer.verdict(&ask);
            let could_be = |is_allowed: bool| match (is_allowed, is_of_refused) {
                (true, true) => false,
                (false, true) => true,
                (true, false) => (least..=most).contains(&generation),
                (false, false) => (least, most) != (generation, generation),
            };
            if !verdict.is_some_and(could_be) {
                let Ask { origin, .. } = &ask;
                tally.wrong.push(format!("{origin} during {least} to {most}: {answer:?}"));
            }
            tally.allowed += u64::from(verdict == Some(true));
            tally.rejected += u64::from(verdict == Some(false));
            tally.ran += u64::from(verdict == Some(true) && !is_preflight);
            let is_pinned = (least, most) == (generation, generation) && !is_of_refused;
            tally.pinned += u64::from(is_pinned);
            tally.wrong.extend(self.mixture());
            if tally.asked % 2 == 0 {
                // As clients do; else eight threads would leave the writer no processor.
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        tally
    }

    /// What is wrong with the policy as it is now: it is one generation, with both pages.
    fn mixture(&self) -> Option<String> {
        let least = self.finished.load(SeqCst);
        let snapshot = self.cell.current()?;
        let most = self.started.load(SeqCst);
        let mut allowed = (least..=most)
            .map(|it| (it, pages(it).map(|page| snapshot.allows_origin(&page))))
            .filter(|(_, is_allowed)| is_allowed.contains(&true));
        match (allowed.next(), allowed.next()) {
            (Some((_, [true, true])), None) => None,
            other => Some(format!("a policy during {least} to {most} allows {other:?}")),
        }
    }

    fn judge(&self, tally: &Tally, ran: u64) {
        let Tally { asked, allowed, rejected, pinned, .. } = *tally;
        println!("{asked} asked, {allowed} allowed, {rejected} rejected, {pinned} pinned");
        let wrong = tally.wrong.len();
        assert!(
            wrong == 0,
            "{wrong} answers are wrong:\n{}",
            tally.wrong[..wrong.min(10)].join("\n")
        );
        assert_eq!(asked, allowed + rejected);
        assert_eq!(ran, tally.ran, "as many handlers ran as answers say so");
        let generations = REPLACEMENTS - REPLACEMENTS / REFUSED;
        assert_eq!(self.finished.load(SeqCst), generations);
        // The writer waited for each reader inside of a call, for both pages, and after it.
        let least = 3 * 2 * READERS as u64 * (generations / WATCHED);
        assert!(asked >= least, "{asked} of {least}");
        assert!(allowed > READERS as u64 && rejected > READERS as u64);
        assert!(pinned > READERS as u64);
    }
}

/// The paths: an annotated handler, and a plain one inside of a layer of ours.
const PATHS: [&str; 2] = ["/annotated", "/layer"];

const APP: &str = "https://app.example.com";
const NEXT: &str = "https://next.example.com";

/// A handler replaces the origins while it runs: `ask` sends a request of an origin to a path, and
/// returns the status and the origin that is allowed.
async fn origins_are_replaced_inside<R: Future<Output = (u16, Option<String>)>>(
    cell: &'static PolicyCell,
    paths: &[&'static str],
    ask: impl Fn(&'static str, &'static str) -> R,
) {
    for path in paths {
        for (asking, is_read, after) in [(APP, true, false), (NEXT, false, true)] {
            cell.set_origins([APP]).unwrap();
            let read = |is_read: bool| (200, is_read.then(|| asking.to_owned()));
            assert_eq!(ask(path, asking).await, read(is_read), "{path}");
            let current = cell.current();
            let allows =
                |page| current.as_ref().is_some_and(|it: &Arc<Policy>| it.allows_origin(page));
            assert_eq!((allows(APP), allows(NEXT)), (false, true), "{path}: the handler has run");
            assert_eq!(ask(path, asking).await, read(after), "{path}");
        }
    }
}

mod on_axum {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::{HeaderMap, Request};
    use axum::routing::put;
    use cors_axum::{CorsLayer, cors, policy, routes};
    use tower::ServiceExt as _;

    use super::{Answer, Ask, Load, NEXT, PATHS, READERS, Tally};

    policy! {
        static CELL = { origins = runtime, credentials, methods = ["PUT"], enforce }
        static REPLACED = { origins = runtime, credentials, methods = ["PUT"] }
    }

    static RAN: AtomicU64 = AtomicU64::new(0);

    async fn run() -> &'static str {
        RAN.fetch_add(1, SeqCst);
        // The origins are replaced between the decision and the response.
        tokio::task::yield_now().await;
        "ran"
    }

    #[cors(policy = CELL)]
    #[put("/annotated")]
    async fn annotated() -> &'static str {
        run().await
    }

    #[cors(policy = REPLACED)]
    #[put("/replaces")]
    async fn replaces() {
        replace().await;
    }

    async fn replace() {
        REPLACED.set_origins([NEXT]).unwrap();
    }

    fn header(headers: &HeaderMap, name: &str) -> Option<String> {
        headers.get(name).map(|it| it.to_str().unwrap().to_owned())
    }

    async fn send(app: Router, ask: Ask) -> Answer {
        let mut request = Request::builder().uri(ask.path).header("origin", ask.origin);
        request = if ask.is_preflight {
            request.method("OPTIONS").header("access-control-request-method", "PUT")
        } else {
            request.method("PUT")
        };
        let Ok(response) = app.oneshot(request.body(Body::empty()).unwrap()).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status.as_u16(),
            allow_origin: header(&parts.headers, "access-control-allow-origin"),
            has_credentials: parts.headers.contains_key("access-control-allow-credentials"),
            vary: header(&parts.headers, "vary").unwrap_or_default(),
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn every_answer_is_of_one_snapshot_axum() {
        let layer = Router::new().route("/layer", put(run)).layer(CorsLayer::new(&CELL));
        let app: Router = Router::new().merge(routes![annotated].into_router()).merge(layer);
        let load = Load::new(&CELL);
        let readers: Vec<_> = (0..READERS)
            .map(|reader| {
                let app = app.clone();
                let path = PATHS[reader % PATHS.len()];
                tokio::spawn(
                    Arc::clone(&load).read(reader, path, move |ask| send(app.clone(), ask)),
                )
            })
            .collect();
        let writer = Arc::clone(&load);
        tokio::task::spawn_blocking(move || writer.write()).await.unwrap();
        let mut tally = Tally::default();
        for reader in readers {
            tally = tally.add(reader.await.unwrap());
        }
        load.judge(&tally, RAN.load(SeqCst));
    }

    #[tokio::test]
    async fn a_handler_that_replaces_the_origins_axum() {
        let list: Router = routes![replaces].into_router();
        let layer = Router::new().route("/layer", put(replace)).layer(CorsLayer::new(&REPLACED));
        let app: Router = routes![replaces].into_app(|router| router);
        let router = Router::new().merge(list).merge(layer).nest("/app", app);
        let ask = |path, origin: &'static str| {
            let ask = Ask { path, is_preflight: false, origin: origin.to_owned() };
            let answer = send(router.clone(), ask);
            async move {
                let Answer { status, allow_origin, has_credentials, .. } = answer.await;
                assert_eq!(has_credentials, allow_origin.is_some());
                (status, allow_origin)
            }
        };
        let paths = ["/replaces", "/layer", "/app/replaces"];
        super::origins_are_replaced_inside(&REPLACED, &paths, ask).await;
    }
}

mod on_actix {
    use std::rc::Rc;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
    use std::thread;

    use actix_web::body::to_bytes;
    use actix_web::dev::{Service, ServiceResponse};
    use actix_web::http::header::HeaderMap;
    use actix_web::rt::System;
    use actix_web::test::{TestRequest, init_service};
    use actix_web::{App, Error, HttpResponse, put, web};
    use cors_actix::{Cors, cors, policy, routes};

    use super::{Answer, Ask, Load, NEXT, PATHS, READERS, Tally};

    policy! {
        static CELL = { origins = runtime, credentials, methods = ["PUT"], enforce }
        static REPLACED = { origins = runtime, credentials, methods = ["PUT"] }
    }

    static RAN: AtomicU64 = AtomicU64::new(0);

    async fn run() -> &'static str {
        RAN.fetch_add(1, SeqCst);
        // The origins are replaced between the decision and the response.
        tokio::task::yield_now().await;
        "ran"
    }

    #[cors(policy = CELL)]
    #[put("/annotated")]
    async fn annotated() -> &'static str {
        run().await
    }

    #[cors(policy = REPLACED)]
    #[put("/replaces")]
    async fn replaces() -> HttpResponse {
        replace().await
    }

    async fn replace() -> HttpResponse {
        REPLACED.set_origins([NEXT]).unwrap();
        HttpResponse::Ok().finish()
    }

    fn header(headers: &HeaderMap, name: &str) -> Option<String> {
        headers.get(name).map(|it| it.to_str().unwrap().to_owned())
    }

    async fn send(
        app: Rc<impl Service<actix_http::Request, Response = ServiceResponse, Error = Error>>,
        ask: Ask,
    ) -> Answer {
        let mut request = TestRequest::with_uri(ask.path).insert_header(("origin", ask.origin));
        request = if ask.is_preflight {
            request
                .method("OPTIONS".parse().unwrap())
                .insert_header(("access-control-request-method", "PUT"))
        } else {
            request.method("PUT".parse().unwrap())
        };
        let response = app.call(request.to_request()).await.unwrap().into_parts().1;
        let (head, body) = response.into_parts();
        let body = to_bytes(body).await.unwrap();
        Answer {
            status: head.status().as_u16(),
            allow_origin: header(head.headers(), "access-control-allow-origin"),
            has_credentials: head.headers().contains_key("access-control-allow-credentials"),
            vary: header(head.headers(), "vary").unwrap_or_default(),
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// An app for each thread, as actix has them; the cell is one.
    #[test]
    fn every_answer_is_of_one_snapshot_actix() {
        let load = Load::new(&CELL);
        let start = |reader| {
            let load = Arc::clone(&load);
            thread::spawn(move || {
                System::new().block_on(async move {
                    let layer = web::scope("/layer").wrap(Cors::new(&CELL));
                    let layer = layer.route("", web::put().to(run));
                    let app = App::new().service(routes![annotated]).service(layer);
                    let app = Rc::new(init_service(app).await);
                    let path = PATHS[reader % PATHS.len()];
                    load.read(reader, path, move |ask| send(Rc::clone(&app), ask)).await
                })
            })
        };
        let readers: Vec<_> = (0..READERS).map(start).collect();
        load.write();
        let tallies = readers.into_iter().map(|reader| reader.join().unwrap());
        let tally = tallies.fold(Tally::default(), Tally::add);
        load.judge(&tally, RAN.load(SeqCst));
    }

    #[actix_web::test]
    async fn a_handler_that_replaces_the_origins_actix() {
        let layer = web::scope("/layer").wrap(Cors::new(&REPLACED));
        let layer = layer.route("", web::put().to(replace));
        let nested = routes![replaces].into_scope("/app", |scope| scope);
        let app = App::new().service(layer).service(nested).service(routes![replaces]);
        let app = Rc::new(init_service(app).await);
        let ask = |path, origin: &'static str| {
            let ask = Ask { path, is_preflight: false, origin: origin.to_owned() };
            let answer = send(Rc::clone(&app), ask);
            async move {
                let Answer { status, allow_origin, has_credentials, .. } = answer.await;
                assert_eq!(has_credentials, allow_origin.is_some());
                (status, allow_origin)
            }
        };
        let paths = ["/replaces", "/layer", "/app/replaces"];
        super::origins_are_replaced_inside(&REPLACED, &paths, ask).await;
    }
}
