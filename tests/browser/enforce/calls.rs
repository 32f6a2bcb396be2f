//! The calls that a page makes, each named in the table, and what it sees of them.

use std::time::{Duration, Instant};

use fantoccini::Client;
use serde_json::{Value, json};

use tests::chromium::{Outcome, PATIENCE};

/// What a call is sent to.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) host: String,
    pub(super) call: usize,
}

/// Makes a call that the page sees the outcome of, and returns it.
const INSIDE: &str = r#"
    const [kind, host, query] = arguments;
    const done = arguments[arguments.length - 1];
    const fetched = (path, options) => fetch(`http://${host}${path}${query}`, options).then(
        (response) => done(response.type === "opaque" ? "opaque" : `${response.status}`),
        () => done("blocked"),
    );
    const onceLoaded = (element, loaded) => {
        element.onload = () => done(loaded());
        element.onerror = () => done("failed");
    };
    const onceFramed = (frame) => onceLoaded(frame, () => {
        try {
            const [entry] = frame.contentWindow.performance.getEntriesByType("navigation");
            return `${entry.responseStatus}`;
        } catch {
            return "opaque";
        }
    });
    const calls = {
        "websocket"() {
            const socket = new WebSocket(`ws://${host}/live${query}`);
            socket.onmessage = ({ data }) => done(data);
            socket.onerror = () => done("refused");
        },
        "fetch-get": () => fetched("/read", {}),
        "fetch-post": () => fetched("/write", { method: "POST" }),
        "fetch-post-no-cors": () => fetched("/write", { method: "POST", mode: "no-cors" }),
        "script"() {
            const script = document.createElement("script");
            script.src = `http://${host}/read${query}`;
            onceLoaded(script, () => (window.loaded ? "loaded" : "failed"));
            document.body.append(script);
        },
        "frame"() {
            const frame = document.createElement("iframe");
            frame.src = `http://${host}/read${query}`;
            onceFramed(frame);
            document.body.append(frame);
        },
        "frame-post"() {
            const frame = document.createElement("iframe");
            frame.name = "frame";
            document.body.append(frame);
            const form = document.createElement("form");
            form.method = "POST";
            form.action = `http://${host}/write${query}`;
            form.target = frame.name;
            document.body.append(form);
            // From here on, or the empty frame would be what is loaded.
            onceFramed(frame);
            form.submit();
        },
    };
    calls[kind]();
"#;

/// Leaves the page.
const AWAY: &str = r#"
    const [kind, host, query] = arguments;
    if (kind === "navigation") {
        location.href = `http://${host}/read${query}`;
    } else {
        const form = document.createElement("form");
        form.method = "POST";
        form.action = `http://${host}/write${query}`;
        if (kind === "form-post-no-referrer") {
            const policy = document.createElement("meta");
            policy.name = "referrer";
            policy.content = "no-referrer";
            document.head.append(policy);
        }
        document.body.append(form);
        form.submit();
    }
"#;

/// The status of the page that is open, if it is the one that the query leads to. Chromium shows
/// a page of its own for a response that is an error and empty.
const ARRIVED: &str = r#"
    const [query] = arguments;
    if (document.readyState !== "complete") return null;
    if (location.protocol === "chrome-error:") return document.body.innerText;
    const [entry] = performance.getEntriesByType("navigation");
    return location.search === query ? `${entry.responseStatus}` : null;
"#;

/// A page of an origin.
pub(super) struct Page<'a> {
    client: &'a Client,
    pub(super) origin: &'a str,
}

impl<'a> Page<'a> {
    pub(super) async fn open(client: &'a Client, origin: &'a str) -> Outcome<Self> {
        let page = Self { client, origin };
        page.load().await?;
        Ok(page)
    }

    async fn load(&self) -> Outcome<()> {
        Ok(self.client.goto(&format!("{}/page", self.origin)).await?)
    }

    /// Makes one call, after which the page is open as before.
    pub(super) async fn make(&self, kind: &str, target: &Target) -> Outcome<String> {
        let query = format!("?call={}", target.call);
        let arguments = vec![json!(kind), json!(target.host), json!(query)];
        if matches!(kind, "navigation" | "form-post" | "form-post-no-referrer") {
            self.client.execute(AWAY, arguments).await?;
            let arrived = arrive(self.client, &query).await;
            self.load().await?;
            return arrived;
        }
        let seen = self.client.execute_async(INSIDE, arguments).await?;
        Ok(seen.as_str().ok_or("the page saw nothing")?.to_owned())
    }
}

/// Waits until the page has been left, and returns what came instead.
async fn arrive(client: &Client, query: &str) -> Outcome<String> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        // While a page is left, it may be too late to run a script in it.
        if let Ok(Value::String(seen)) = client.execute(ARRIVED, vec![json!(query)]).await {
            return Ok(if seen.contains("HTTP ERROR 403") { "403".to_owned() } else { seen });
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err("the page was not left".into())
}
