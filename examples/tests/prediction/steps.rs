//! Each step of a call, and what comes of it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use examples::demo::{Ports, serve};
use serde_json::{Value, json};

use super::{SERVERS, ask, predict};

/// A call of a page, and what is predicted of it.
struct Case {
    /// The role of the page, or `null`.
    page: &'static str,
    call: &'static str,
    outcome: &'static str,
    /// How many requests are sent.
    steps: usize,
    verdict: &'static str,
    preflight: &'static [&'static str],
    /// Part of the reason; `None` where there must be none.
    why: Option<&'static str>,
}

const READS: &str = "The page reads the response, because of `access-control-allow-origin: ";
const STOPPED: &str = "The preflight does not allow the call. The call itself is never sent.";
const SAFELISTED: &[&str] =
    &["the method and all headers that the script has set are CORS-safelisted"];
const OF_JSON: &[&str] = &[
    "the method `PUT` is not CORS-safelisted",
    "the value of the request header `content-type` is not CORS-safelisted",
];
const PUT: &str = r#"{ "path": "/articles/2", "method": "PUT", "credentials": "include",
    "headers": [["content-type", "application/json"]], "body": { "text": "{\"title\":\"Ask\"}" } }"#;
const EVIL: Option<&str> = Some("the origin `http://evil.localhost:");

const CASES: [Case; 16] = [
    Case {
        page: "app",
        call: r#"{ "path": "/status" }"#,
        outcome: "200",
        steps: 1,
        verdict: READS,
        preflight: SAFELISTED,
        why: None,
    },
    Case {
        page: "app",
        call: r#"{ "path": "/me", "credentials": "include" }"#,
        outcome: "200",
        steps: 1,
        verdict: READS,
        preflight: SAFELISTED,
        why: None,
    },
    Case {
        page: "app",
        call: r#"{ "path": "/me", "credentials": "omit" }"#,
        outcome: "401",
        steps: 1,
        verdict: READS,
        preflight: SAFELISTED,
        why: None,
    },
    Case {
        page: "app",
        call: r#"{ "path": "/articles/1", "method": "HEAD" }"#,
        outcome: "200",
        steps: 1,
        verdict: READS,
        preflight: SAFELISTED,
        why: None,
    },
    Case {
        page: "evil",
        call: PUT,
        outcome: "blocked",
        steps: 1,
        verdict: STOPPED,
        preflight: OF_JSON,
        why: EVIL,
    },
    Case {
        page: "admin",
        call: PUT,
        outcome: "200",
        steps: 2,
        verdict: READS,
        preflight: OF_JSON,
        why: None,
    },
    Case {
        page: "app",
        call: r#"{ "path": "/articles/1", "headers": [["x-debug", "1"]] }"#,
        outcome: "blocked",
        steps: 1,
        verdict: STOPPED,
        preflight: &["the request header `x-debug` is not CORS-safelisted"],
        why: Some("the request header `x-debug` is not allowed here"),
    },
    Case {
        page: "evil",
        call: r#"{ "path": "/feedback", "method": "POST", "body": { "form": "reference=r&text=hello" } }"#,
        outcome: "blocked",
        steps: 1,
        verdict: "The call reaches the server. The browser keeps the response from the page.",
        preflight: SAFELISTED,
        why: EVIL,
    },
    Case {
        page: "evil",
        call: r#"{ "path": "/orders", "method": "POST", "body": { "form": "reference=r&item=tea" } }"#,
        outcome: "blocked",
        steps: 1,
        verdict: "The call is sent, and the server rejects it. The page sees nothing.",
        preflight: SAFELISTED,
        why: EVIL,
    },
    Case {
        page: "evil",
        call: r#"{ "path": "/notes", "way": "no-cors" }"#,
        outcome: "opaque",
        steps: 1,
        verdict: "The call is sent. The page sees nothing of the response.",
        preflight: &["a `no-cors` call cannot use a method or header that needs one"],
        why: None,
    },
    Case {
        page: "app",
        call: r#"{ "path": "/live", "way": "socket" }"#,
        outcome: "open",
        steps: 1,
        verdict: "The connection is opened.",
        preflight: &["browsers send none before a WebSocket"],
        why: None,
    },
    Case {
        page: "evil",
        call: r#"{ "path": "/live", "way": "socket" }"#,
        outcome: "refused",
        steps: 1,
        verdict: "The server rejects the handshake.",
        preflight: &["browsers send none before a WebSocket"],
        why: EVIL,
    },
    Case {
        page: "null",
        call: r#"{ "path": "/widget" }"#,
        outcome: "200",
        steps: 1,
        verdict: READS,
        preflight: SAFELISTED,
        why: None,
    },
    Case {
        page: "app",
        call: r#"{ "path": "/moved" }"#,
        outcome: "200",
        steps: 2,
        verdict: READS,
        preflight: SAFELISTED,
        why: None,
    },
    Case {
        page: "app",
        call: r#"{ "path": "/status", "method": "TRACE" }"#,
        outcome: "blocked",
        steps: 0,
        verdict: "The script gets an error. Nothing is sent.",
        preflight: &["nothing is sent at all"],
        why: None,
    },
    Case {
        page: "app",
        call: r#"{ "path": "/nowhere" }"#,
        outcome: "blocked",
        steps: 1,
        verdict: "The call reaches the server. The browser keeps the response from the page.",
        preflight: SAFELISTED,
        why: Some("no route of the table serves `GET /nowhere`"),
    },
];

#[tokio::test]
async fn calls_are_predicted_with_each_step() {
    let demo = serve(Ports::FREE).unwrap();
    for (server, case) in
        SERVERS.into_iter().flat_map(|it| CASES.iter().map(move |case| (it, case)))
    {
        let mut call: Value = serde_json::from_str(case.call).unwrap();
        call["server"] = json!(server);
        call["page"] = match case.page {
            "null" => json!("null"),
            role => json!(demo.ports().page_of(role)),
        };
        let (status, seen) = predict(&demo, call.to_string().as_bytes()).await.unwrap();
        assert_eq!(status, 200, "{call}: {seen}");
        let why = seen["why"].as_str();
        let fits = case.why.map_or(why.is_none(), |it| why.unwrap_or_default().contains(it));
        assert!(fits, "{call}: {seen:#}");
        assert_eq!(seen["outcome"], case.outcome, "{call}: {seen:#}");
        let verdict = seen["verdict"].as_str().unwrap();
        assert!(verdict.starts_with(case.verdict), "{call}: {seen:#}");
        assert_eq!(seen["preflight"]["because"], json!(case.preflight), "{call}: {seen:#}");
        assert_eq!(seen["steps"].as_array().unwrap().len(), case.steps, "{call}: {seen:#}");
    }
}

#[tokio::test]
async fn a_prediction_shows_what_is_sent_received_and_hidden() {
    let demo = serve(Ports::FREE).unwrap();
    let app = demo.ports().page_of("app");
    for server in SERVERS {
        let call = json!({ "server": server, "page": app, "path": "/status" });
        let (_, seen) = predict(&demo, call.to_string().as_bytes()).await.unwrap();
        let names = |list: &Value| -> Vec<String> {
            let names =
                list.as_array().unwrap().iter().map(|it| it[0].as_str().unwrap().to_owned());
            names.collect()
        };
        assert!(names(&seen["seen"]["headers"]).contains(&"x-request-id".to_owned()), "{seen:#}");
        let hidden = seen["seen"]["hidden"].as_array().unwrap();
        assert!(hidden.contains(&json!("x-served-by")), "{seen:#}");
        assert_eq!(seen["seen"]["body"], r#"{"status":"up"}"#);
        let step = &seen["steps"][0];
        assert!(step["sent"].as_array().unwrap().contains(&json!(["origin", app])), "{step:#}");
        let allowed = json!(["access-control-allow-origin", "*"]);
        assert!(step["received"].as_array().unwrap().contains(&allowed), "{step:#}");

        let call =
            json!({ "server": server, "page": app, "path": "/me", "credentials": "include" });
        let (_, seen) = predict(&demo, call.to_string().as_bytes()).await.unwrap();
        assert!(names(&seen["steps"][0]["sent"]).contains(&"cookie".to_owned()), "{seen:#}");
        assert_eq!(seen["seen"]["body"], r#"{"name":"Ada"}"#);
    }
}

#[tokio::test]
async fn a_prediction_reads_what_the_servers_hold_and_changes_nothing() {
    let demo = serve(Ports::FREE).unwrap();
    let Ports { axum, actix, .. } = demo.ports();
    let app = demo.ports().page_of("app");
    for (server, port) in [("axum", axum), ("actix", actix)] {
        let order = json!({ "server": server, "page": app, "path": "/orders", "method": "POST",
            "body": { "form": "reference=predicted&item=tea" } });
        let (_, seen) = predict(&demo, order.to_string().as_bytes()).await.unwrap();
        assert_eq!(seen["outcome"], "201", "{seen:#}");
        let (status, _) = ask(port, "GET", "/orders/predicted", "", b"").await.unwrap();
        assert_eq!(status, 404, "{server}");

        let form =
            "origin: http://app.localhost:1\r\ncontent-type: application/x-www-form-urlencoded\r\n";
        let real = ask(port, "POST", "/orders", form, b"reference=real&item=tea").await.unwrap();
        assert_eq!(real.0, 201, "{server}: {}", real.1);
        let track = json!({ "server": server, "page": app, "path": "/orders/real" });
        let (_, seen) = predict(&demo, track.to_string().as_bytes()).await.unwrap();
        assert_eq!(seen["outcome"], "200", "{seen:#}");
    }
}

#[tokio::test]
async fn the_route_tables_are_locks() {
    let demo = serve(Ports::FREE).unwrap();
    let (status, body) = ask(demo.ports().pages, "GET", "/routes.json", "", b"").await.unwrap();
    assert_eq!(status, 200);
    let tables: Value = serde_json::from_str(&body).unwrap();
    for (server, table) in
        [("axum", examples::demo::axum_table()), ("actix", examples::demo::actix_table())]
    {
        let read: cors_core::TableLock = serde_json::from_value(tables[server].clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::to_value(&table).unwrap());
        assert!(tables[server]["routes"].as_array().unwrap().len() > 15);
    }
}

/// What the program has logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().map_err(|_| io::Error::other("a test has failed"))?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_is_only_predicted_is_not_logged() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).init();
    let demo = serve(Ports::FREE).unwrap();
    let Ports { axum, actix, .. } = demo.ports();
    let evil = demo.ports().page_of("evil");
    for (server, port) in [("axum", axum), ("actix", actix)] {
        let (predicted, real) = (format!("/articles/1{port}"), format!("/articles/2{port}"));
        let call = json!({ "server": server, "page": evil, "path": predicted });
        let (_, seen) = predict(&demo, call.to_string().as_bytes()).await.unwrap();
        assert_eq!(seen["outcome"], "blocked", "{seen:#}");
        ask(port, "GET", &real, &format!("origin: {evil}\r\n"), b"").await.unwrap();
        let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert!(logged.contains(&real), "{server}: {logged}");
        assert!(!logged.contains(&predicted), "{server}: {logged}");
    }
}
