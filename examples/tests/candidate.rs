//! From a layer for everybody to policies for each handler, on both frameworks: the calls of a day
//! at each stage, what the pages see of them, and what the log says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

use std::io;
use std::sync::{Arc, Mutex};

use cors_core::testing::{Page, Request};
use examples::candidate::{Call, DAY};
use tracing_subscriber::fmt::MakeWriter;

/// What is logged.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// What this thread logs, until the guard is dropped.
    fn listen(&self) -> impl Drop + use<> {
        let log = tracing_subscriber::fmt().with_writer(self.clone()).with_ansi(false);
        tracing_subscriber::util::SubscriberInitExt::set_default(log.without_time().finish())
    }

    /// The lines since the last call.
    fn take(&self) -> Vec<String> {
        let text = std::mem::take(&mut *self.0.lock().unwrap());
        String::from_utf8(text).unwrap().lines().map(|line| line.trim().to_owned()).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn request(call: &Call) -> Request {
    let url = format!("https://api.example.com{}", call.path);
    let request = Request::new(call.method, &url);
    match call.header {
        Some((name, value)) => request.header(name, value),
        None => request,
    }
}

/// Kind of difference, reason and origin of a line, and the handler where one decides.
fn fields(line: &str) -> [&str; 4] {
    ["difference", "reason", "origin", "handler"].map(|name| {
        let rest = line.split_once(&format!(" {name}=\"")).map(|(_, rest)| rest);
        rest.and_then(|rest| Some(rest.split_once('"')?.0)).unwrap_or_default()
    })
}

const SHOP: &str = "https://shop.example.com";
const PARTNER: &str = "https://partner.example.net";
const EVIL: &str = "https://evil.example.org";

/// What the log of a day says of the drafts, in the order of the calls.
fn of_drafts<'a>(orders: &'a str, prices: &'a str) -> [[&'a str; 4]; 4] {
    [
        ["would_reject", "header-not-allowed", SHOP, orders],
        ["would_reject", "response-withheld", PARTNER, prices],
        ["would_reject", "origin-not-allowed", EVIL, orders],
        ["would_reject", "response-withheld", EVIL, orders],
    ]
}

/// The guide shows these lines, wrapped.
#[track_caller]
fn are_in_the_guide(lines: &[String]) {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let guide = words(include_str!("../../docs/candidate.md"));
    for line in lines {
        assert!(guide.contains(&words(line)), "not in the guide: {line}");
    }
}

/// Makes the calls of a day to each stage: `$app` builds an app of one.
macro_rules! days {
    ($module:ident, $start:expr, $fetch:path) => {{
        use examples::candidate::$module::{corrected, drafted, in_force, observed, permissive};
        use $fetch as _;
        let log = Log::default();
        let _listening = log.listen();
        macro_rules! day {
            ($stage:expr) => {{
                let app = $start($stage).await;
                let mut seen = Vec::new();
                for call in &DAY {
                    let outcome = Page::at(call.page).fetch(request(call)).from(&app).await;
                    seen.push(outcome.is_ok());
                }
                (seen, log.take())
            }};
        }
        let handler =
            |stage, name| format!("examples::candidate::{}::{stage}::{name}", stringify!($module));

        assert_eq!(day!(permissive), (vec![true; 4], vec![]));

        let (seen, lines) = day!(observed);
        assert_eq!(seen, [true; 4]);
        let found: Vec<_> = lines.iter().map(|line| fields(line)).collect();
        assert_eq!(found, of_drafts("", ""));

        let (seen, lines) = day!(drafted::app);
        assert_eq!(seen, [true; 4]);
        let found: Vec<_> = lines.iter().map(|line| fields(line)).collect();
        let (orders, prices) = (handler("drafted", "orders"), handler("drafted", "prices"));
        assert_eq!(found, of_drafts(&orders, &prices));
        if stringify!($module) == "on_axum" {
            are_in_the_guide(&lines);
        }

        // What is left is meant.
        let (seen, lines) = day!(corrected::app);
        assert_eq!(seen, [true; 4]);
        let found: Vec<_> = lines.iter().map(|line| fields(line)).collect();
        let orders = handler("corrected", "orders");
        assert_eq!(found, of_drafts(&orders, "")[2..]);

        let (seen, lines) = day!(in_force::app);
        assert_eq!(seen, [true, true, true, false]);
        let found: Vec<_> = lines.iter().map(|line| fields(line)).collect();
        let orders = handler("in_force", "orders");
        assert_eq!(found, [["", "origin-not-allowed", EVIL, &orders]]);
    }};
}

#[tokio::test]
async fn on_axum() {
    days!(on_axum, async |stage: fn() -> axum::Router| stage(), cors_axum::testing::FetchFrom);
}

#[actix_web::test]
async fn on_actix() {
    use actix_web::{App, test, web::ServiceConfig};

    days!(
        on_actix,
        async |stage: fn(&mut ServiceConfig)| test::init_service(App::new().configure(stage)).await,
        cors_actix::testing::FetchFrom
    );
}
