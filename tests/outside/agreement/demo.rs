//! The calls of the demo: what Chromium has shown the four pages, against what the browser for tests
//! sees from the same places.

use std::collections::BTreeMap;

use cors_core::testing::{
    Browser, Cache, Credentials, Failure, Fetch, Mode, Network, Page, Request, Response,
    ResponseKind,
};
use examples::demo::{Ports, Running, serve};
use fantoccini::{Client, Locator};
use serde::Deserialize;
use tests::chromium::{Driver, Outcome, PATIENCE, programs};

const ROLES: [&str; 4] = ["app", "admin", "eu.app", "evil"];

/// What a page has called, and what it has seen.
const READ_PAGE: &str = r#"
    const done = arguments[arguments.length - 1];
    import("/calls.js").then(({ groups }) => done({
        calls: groups.flatMap(({ calls }) => calls).map(({ id, request: { body, ...rest } }) => ({
            id,
            ...rest,
            ...(body instanceof URLSearchParams ? { form: String(body) } : { body }),
        })),
        cells: [...document.querySelectorAll("[data-call]")].map(({ dataset }) => ({ ...dataset })),
    }));
"#;

#[derive(Debug, Deserialize)]
struct Shown {
    calls: Vec<Called>,
    cells: Vec<Cell>,
}

/// A call of `calls.js`.
#[derive(Debug, Deserialize)]
struct Called {
    id: String,
    path: String,
    method: Option<String>,
    mode: Option<String>,
    credentials: Option<String>,
    cache: Option<String>,
    headers: Option<BTreeMap<String, String>>,
    body: Option<String>,
    form: Option<String>,
    /// `frame` or `socket`, where it is not the page that calls `fetch`.
    by: Option<String>,
    times: Option<usize>,
}

/// What one call to one framework showed.
#[derive(Debug, Deserialize)]
struct Cell {
    call: String,
    framework: String,
    seen: String,
    detail: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calls_of_the_demo_are_seen_alike() {
    let Some(programs) = programs() else { return };
    let driver = Driver::start(&programs).unwrap_or_else(|error| panic!("no driver: {error}"));
    let client = driver.open_browser(&programs, &[]).await;
    let client = client.unwrap_or_else(|error| panic!("no browser: {error}"));
    // Two demos, because what one browser orders, the other must not find.
    let (real, simulated) = (serve(Ports::FREE).unwrap(), serve(Ports::FREE).unwrap());
    let outcome = differences(&client, &real, &simulated).await;
    client.close().await.unwrap();
    let (calls, differences) = outcome.unwrap_or_else(|error| panic!("no comparison: {error}"));
    assert!(calls > 200, "only {calls} calls");
    assert!(differences.is_empty(), "{calls} calls:\n{}", differences.join("\n"));
    println!("{calls} calls of the demo are seen alike");
}

async fn differences(
    client: &Client,
    real: &Running,
    simulated: &Running,
) -> Outcome<(usize, Vec<String>)> {
    let (browser, network) = (Browser::new(), Network::new()?);
    let (mut calls, mut found) = (0, Vec::new());
    for role in ROLES {
        client.goto(&real.ports().page_of(role)).await?;
        let done = Locator::Css("body[data-done=true]");
        client.wait().at_most(PATIENCE).for_element(done).await?;
        let shown = client.execute_async(READ_PAGE, Vec::new()).await?;
        let shown: Shown = serde_json::from_value(shown)?;
        let page = browser.open(&format!("{}/", simulated.ports().page_of(role)));
        for call in &shown.calls {
            for cell in shown.cells.iter().filter(|it| it.call == call.id) {
                let api = match cell.framework.as_str() {
                    "axum" => simulated.ports().axum_api(),
                    _ => simulated.ports().actix_api(),
                };
                let ours = make_call(&browser, &page, &network, &api, call).await;
                calls += 1;
                if !is_alike(cell, &ours) {
                    let Cell { call, framework, seen, detail } = cell;
                    found.push(format!(
                        "{role}, {call} ({framework}): Chromium {seen} {detail}, ours {ours:?}"
                    ));
                }
            }
        }
    }
    Ok((calls, found))
}

async fn make_call(
    browser: &Browser,
    page: &Page,
    network: &Network,
    api: &str,
    call: &Called,
) -> Result<Response, Failure> {
    let page = match call.by.as_deref() {
        Some("frame") => browser.open_sandboxed(),
        _ => page.clone(),
    };
    let ready = || -> Fetch {
        if call.by.as_deref() == Some("socket") {
            return page.websocket(&format!("{api}{}", call.path).replacen("http", "ws", 1));
        }
        page.fetch(request(api, call))
    };
    for _ in 1..call.times.unwrap_or(1) {
        // What comes of the earlier ones is not shown.
        let _ = ready().over(network).await;
    }
    ready().over(network).await
}

fn request(api: &str, call: &Called) -> Request {
    let request =
        Request::new(call.method.as_deref().unwrap_or("GET"), format!("{api}{}", call.path))
            .mode(if call.mode.as_deref() == Some("no-cors") { Mode::NoCors } else { Mode::Cors })
            .cache(match call.cache.as_deref() {
                Some("default") => Cache::Default,
                _ => Cache::NoStore,
            })
            .credentials(match call.credentials.as_deref() {
                Some("include") => Credentials::Include,
                Some("omit") => Credentials::Omit,
                _ => Credentials::SameOrigin,
            });
    let headers = call.headers.iter().flatten();
    let request = headers.fold(request, |it, (name, value)| it.header(name, value));
    match (&call.body, &call.form) {
        (Some(body), _) => request.text(body),
        (None, Some(form)) => request.form(form),
        (None, None) => request,
    }
}

fn is_alike(cell: &Cell, ours: &Result<Response, Failure>) -> bool {
    match ours {
        Err(_) => matches!(cell.seen.as_str(), "blocked" | "refused"),
        Ok(seen) => match seen.kind() {
            ResponseKind::WebSocket => cell.seen == "open",
            ResponseKind::Opaque => cell.seen == "opaque",
            _ => cell.seen == seen.status().to_string() && cell.detail == seen.text(),
        },
    }
}
