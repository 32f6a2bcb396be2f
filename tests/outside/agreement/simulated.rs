//! The calls in the browser for tests.

use cors_core::testing::{
    Browser, Cache, Credentials, Failure, Mode, Network, Redirect, Request, Response, ResponseKind,
};

use super::compare::Seen;
use super::mirror::{Caller, Mirror};
use super::plan::{Call, PageKind, Plan};

/// Makes the calls of a plan; what the page saw of each, and what the console says.
pub(crate) async fn make_calls(
    browser: &Browser,
    network: &Network,
    mirror: &Mirror,
    number: usize,
    plan: &Plan,
) -> (Vec<Seen>, Vec<String>) {
    let page = match plan.page {
        PageKind::Top => browser.open(&mirror.page()),
        PageKind::Frame => browser.open_sandboxed(),
    };
    let url = mirror.url(Caller::Simulated, number, plan);
    let (mut seen, mut console) = (Vec::new(), Vec::new());
    for call in &plan.calls {
        let outcome = page.fetch(request(&url, call)).over(network).await;
        if let Err(failure) = &outcome {
            let line = failure.console();
            let said = ["Access to fetch at", "Fetch API cannot load"];
            // The driver leaves out what the console says of sandboxed frames.
            let is_logged =
                plan.page == PageKind::Top && said.iter().any(|it| line.starts_with(it));
            console.extend(is_logged.then_some(line));
        }
        seen.push(Seen::from(outcome));
    }
    (seen, console)
}

fn request(url: &str, call: &Call) -> Request {
    let request = Request::new(&call.method, url)
        .mode(match call.mode {
            "cors" => Mode::Cors,
            "no-cors" => Mode::NoCors,
            _ => Mode::SameOrigin,
        })
        .credentials(match call.credentials {
            "omit" => Credentials::Omit,
            "include" => Credentials::Include,
            _ => Credentials::SameOrigin,
        })
        .redirect(match call.redirect {
            "follow" => Redirect::Follow,
            "error" => Redirect::Error,
            _ => Redirect::Manual,
        })
        .cache(match call.cache {
            "no-store" => Cache::NoStore,
            "reload" => Cache::Reload,
            "no-cache" => Cache::NoCache,
            _ => Cache::Default,
        });
    let request = call.headers.iter().fold(request, |it, (name, value)| it.header(name, value));
    match &call.body {
        Some(body) => request.body(body.clone()),
        None => request,
    }
}

impl From<Result<Response, Failure>> for Seen {
    /// As a script sees it.
    fn from(outcome: Result<Response, Failure>) -> Self {
        match outcome {
            Err(failure) if failure.is_thrown() => Self::Failed { error: failure.console() },
            Err(_) => Self::Failed { error: "TypeError: Failed to fetch".to_owned() },
            Ok(seen) => Self::Response {
                kind: match seen.kind() {
                    ResponseKind::Basic => "basic",
                    ResponseKind::Cors => "cors",
                    ResponseKind::Opaque => "opaque",
                    ResponseKind::OpaqueRedirect => "opaqueredirect",
                    _ => "websocket",
                }
                .to_owned(),
                status: seen.status(),
                url: seen.url().map(ToString::to_string).unwrap_or_default(),
                redirected: seen.is_redirected(),
                headers: visible(&seen),
                body: seen.text(),
            },
        }
    }
}

/// Sorted, and one for each name, as scripts iterate over headers.
fn visible(seen: &Response) -> Vec<(String, String)> {
    let mut names: Vec<&str> = seen.headers().iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|it| *it != "date");
    names.into_iter().map(|it| (it.to_owned(), seen.header(it).unwrap_or_default())).collect()
}
