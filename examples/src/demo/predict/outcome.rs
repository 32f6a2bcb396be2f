//! What the browser for tests has done, as the page shows it.

use cors_axum::testing::{Exchanged, Failure, Headers, Response, ResponseKind};
use serde::Serialize;

use super::call::{Call, Way};

/// How much of a body is shown, in characters.
const LONGEST_BODY: usize = 2_000;

/// All that happens.
#[derive(Debug, Serialize)]
pub(super) struct Prediction {
    /// As the page names what it saw: a status, `opaque`, `open`, `blocked` or `refused`.
    outcome: String,
    /// What that means, in a sentence.
    verdict: String,
    /// Why there is a preflight, or why there is none.
    preflight: Preflight,
    steps: Vec<Step>,
    /// What the page sees of the response.
    seen: Option<Seen>,
    /// What the console says, where the call fails.
    console: Option<String>,
    /// The reason in terms of the policy, where it has one.
    why: Option<String>,
}

#[derive(Debug, Serialize)]
struct Preflight {
    is_sent: bool,
    because: Vec<String>,
}

/// A request, and what came back.
#[derive(Debug, Serialize)]
struct Step {
    is_preflight: bool,
    method: String,
    target: String,
    sent: Vec<(String, String)>,
    status: Option<u16>,
    received: Vec<(String, String)>,
}

#[derive(Debug, Serialize)]
struct Seen {
    headers: Vec<(String, String)>,
    /// The names of the headers that were sent and are hidden.
    hidden: Vec<String>,
    body: String,
}

impl Prediction {
    pub(super) fn of(call: &Call, outcome: &Result<Response, Failure>) -> Self {
        let exchanges = match outcome {
            Ok(response) => response.exchanges(),
            Err(failure) => failure.exchanges(),
        };
        let failure = outcome.as_ref().err();
        Self {
            outcome: name(call, outcome),
            verdict: verdict(call, outcome),
            preflight: Preflight::of(call, outcome, exchanges),
            steps: exchanges.iter().map(Step::of).collect(),
            seen: outcome.as_ref().ok().map(Seen::of),
            console: failure.map(Failure::console),
            why: failure.and_then(Failure::why).map(str::to_owned),
        }
    }
}

fn name(call: &Call, outcome: &Result<Response, Failure>) -> String {
    match outcome {
        Ok(response) => match response.kind() {
            ResponseKind::Opaque => "opaque".to_owned(),
            ResponseKind::WebSocket => "open".to_owned(),
            _ => response.status().to_string(),
        },
        Err(_) if call.way == Way::Socket => "refused".to_owned(),
        Err(_) => "blocked".to_owned(),
    }
}

fn verdict(call: &Call, outcome: &Result<Response, Failure>) -> String {
    match outcome {
        Ok(response) => match response.kind() {
            ResponseKind::Opaque => {
                "The call is sent. The page sees nothing of the response.".to_owned()
            }
            ResponseKind::WebSocket => "The connection is opened.".to_owned(),
            ResponseKind::Basic => {
                "The page reads the response, because it comes from the page's origin.".to_owned()
            }
            _ => format!("The page reads the response, because of {}.", permission(response)),
        },
        Err(failure) => stopped(call, failure).to_owned(),
    }
}

/// The headers by which the server lets a page read.
fn permission(response: &Response) -> String {
    let received = response.exchanges().last().and_then(Exchanged::response_headers);
    let line_of = |name| received.and_then(|it| it.get(name)).map(|it| format!("`{name}: {it}`"));
    let names = ["access-control-allow-origin", "access-control-allow-credentials"];
    let lines: Vec<String> = names.into_iter().filter_map(line_of).collect();
    lines.join(" and ")
}

fn stopped(call: &Call, failure: &Failure) -> &'static str {
    if failure.is_thrown() {
        return "The script gets an error. Nothing is sent.";
    }
    if call.way == Way::Socket {
        return "The server rejects the handshake.";
    }
    match failure.exchanges().last() {
        None => "The browser refuses the call. Nothing is sent.",
        Some(last) if last.is_preflight() => {
            "The preflight does not allow the call. The call itself is never sent."
        }
        Some(last) if last.status() == Some(403) => {
            "The call is sent, and the server rejects it. The page sees nothing."
        }
        Some(_) => "The call reaches the server. The browser keeps the response from the page.",
    }
}

impl Preflight {
    fn of(call: &Call, outcome: &Result<Response, Failure>, exchanges: &[Exchanged]) -> Self {
        let causes = exchanges.iter().flat_map(Exchanged::causes);
        let causes: Vec<String> = causes.map(ToString::to_string).collect();
        if !causes.is_empty() {
            return Self { is_sent: true, because: causes };
        }
        let is_own = outcome.as_ref().is_ok_and(|it| it.kind() == ResponseKind::Basic);
        let because = match call.way {
            _ if exchanges.is_empty() => "nothing is sent at all",
            Way::Socket => "browsers send none before a WebSocket",
            Way::NoCors => "a `no-cors` call cannot use a method or header that needs one",
            Way::Fetch if is_own => "the server has the page's own origin",
            Way::Fetch => "the method and all headers that the script has set are CORS-safelisted",
        };
        Self { is_sent: false, because: vec![because.to_owned()] }
    }
}

impl Step {
    fn of(exchanged: &Exchanged) -> Self {
        let request = exchanged.request();
        Self {
            is_preflight: exchanged.is_preflight(),
            method: request.method().to_owned(),
            target: request.target(),
            sent: list(request.headers()),
            status: exchanged.status(),
            received: exchanged.response_headers().map(list).unwrap_or_default(),
        }
    }
}

impl Seen {
    fn of(response: &Response) -> Self {
        Self {
            headers: list(response.headers()),
            hidden: response.hidden_headers().map(str::to_owned).collect(),
            body: response.text().chars().take(LONGEST_BODY).collect(),
        }
    }
}

fn list(headers: &Headers) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
