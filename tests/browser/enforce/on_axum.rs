//! The API on axum.

use std::io;
use std::net::TcpListener;

use axum::Router;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::extract::{Query, Request, State};
use axum::http::header;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use cors_axum::{cors, policy, routes};

use super::record::{Call, Head, PAGE, Record, SCRIPT};

policy! {
    static ENFORCED = { origins = ["http://app.localhost:*", "http://app.test:*"], enforce }
}

#[cors(policy = ENFORCED)]
#[get("/read")]
async fn read(State(record): State<Record>, Query(it): Query<Call>) -> impl IntoResponse {
    record.runs(it.call);
    ([(header::CONTENT_TYPE, "text/javascript")], SCRIPT)
}

#[cors(policy = ENFORCED)]
#[post("/write")]
async fn write(State(record): State<Record>, Query(it): Query<Call>) -> &'static str {
    record.runs(it.call);
    SCRIPT
}

#[cors(policy = ENFORCED)]
#[get("/live")]
async fn live(
    State(record): State<Record>,
    Query(it): Query<Call>,
    upgrade: WebSocketUpgrade,
) -> Response {
    record.runs(it.call);
    upgrade.on_upgrade(async |mut socket: WebSocket| {
        let _ = socket.send("open".into()).await;
    })
}

async fn arrived(State(record): State<Record>, request: Request, next: Next) -> Response {
    if let Some(call) = Call::of(request.uri().query()) {
        let head = Head::read(request.method().as_str(), |name| {
            request.headers().get(name)?.to_str().ok()
        });
        record.arrived(call, head);
    }
    next.run(request).await
}

pub(super) async fn serve(listener: TcpListener, record: Record) -> io::Result<()> {
    let app: Router<Record> = routes![read, write, live]
        .into_app(|router| router.route("/page", get(async || Html(PAGE))))
        .layer(from_fn_with_state(record.clone(), arrived));
    axum::serve(tokio::net::TcpListener::from_std(listener)?, app.with_state(record)).await
}
