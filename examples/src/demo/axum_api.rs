//! The API on axum.

use axum::Router;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::extract::{DefaultBodyLimit, Form, Json, Path, Request, State};
use axum::http::header::{self, HeaderMap};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use cors_axum::{Routes, cors, routes};

use super::policies::{
    ADMIN_WRITES, ANY_HEADER, ANY_HEADER_AND_AUTHORIZATION, APP_ENFORCED, APP_ONLY, APP_SESSION,
    CACHED, FRAMES, FRONT_ENDS, PATTERN, PUBLIC, SUBDOMAINS, UNCACHED,
};
use super::session;
use super::store::{Article, Feedback, LARGEST_BODY, Order, Preflights, Status, Store, User};

/// The app. What is put on the router inside of `into_app` is inside of CORS.
pub(super) fn app(store: Store) -> Router {
    let limit = DefaultBodyLimit::max(LARGEST_BODY);
    let app = routes().into_app(|router| router.fallback(not_found).layer(limit));
    // Outside of CORS, because it counts preflights.
    let count = from_fn_with_state(store.clone(), count_preflights);
    app.layer(count).with_state(store)
}

/// The whole API; every handler brings its policy along.
pub(super) fn routes() -> Routes<Store> {
    let articles = routes![read_article, write_article, rename_article, delete_article, moved];
    let orders = routes![place_order, track_order, send_feedback, track_feedback, live];
    let headers = routes![notes, drafts, cached, uncached, preflights];
    let origins = routes![regions, partners, widget];
    let all = routes![status, login, me].merge(articles).merge(orders).merge(headers);
    // For development: a rejection says why, in its body and in the browser's console.
    all.merge(origins).explain(true)
}

async fn not_found() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "nothing is here")
}

#[cors(policy = PUBLIC)]
#[get("/status")]
async fn status(State(store): State<Store>) -> impl IntoResponse {
    let headers = [("x-request-id", store.request_id()), ("x-served-by", "axum".to_owned())];
    (headers, Json(Status { status: "up" }))
}

#[cors(policy = APP_SESSION)]
#[post("/login")]
async fn login(State(store): State<Store>, Json(user): Json<User>) -> Response {
    match session::open(&store, user.clone()) {
        Some(cookie) => ([(header::SET_COOKIE, cookie)], Json(user)).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cors(policy = APP_SESSION)]
#[get("/me")]
async fn me(State(store): State<Store>, headers: HeaderMap) -> Response {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|it| it.to_str().ok());
    match session::user(&store, cookies) {
        Some(user) => Json(user).into_response(),
        None => (StatusCode::UNAUTHORIZED, "nobody is signed in").into_response(),
    }
}

#[cors(policy = FRONT_ENDS)]
#[get("/articles/{id}")]
async fn read_article(State(store): State<Store>, Path(id): Path<u32>) -> Response {
    match store.article(id) {
        Some(article) => Json(article).into_response(),
        None => (StatusCode::NOT_FOUND, "no such article").into_response(),
    }
}

#[cors(policy = ADMIN_WRITES)]
#[put("/articles/{id}")]
async fn write_article(
    State(store): State<Store>,
    Path(id): Path<u32>,
    Json(article): Json<Article>,
) -> impl IntoResponse {
    store.write_article(id, article.clone());
    Json(article)
}

#[cors(policy = ADMIN_WRITES)]
#[patch("/articles/{id}")]
async fn rename_article(
    store: State<Store>,
    id: Path<u32>,
    article: Json<Article>,
) -> impl IntoResponse {
    write_article::call(store, id, article).await
}

#[cors(policy = ADMIN_WRITES)]
#[delete("/articles/{id}")]
async fn delete_article(State(store): State<Store>, Path(id): Path<u32>) -> impl IntoResponse {
    if store.delete_article(id) { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

#[cors(policy = APP_ENFORCED)]
#[post("/orders")]
async fn place_order(State(store): State<Store>, Form(order): Form<Order>) -> impl IntoResponse {
    store.take_order(order.clone());
    (StatusCode::CREATED, Json(order))
}

#[cors(policy = PUBLIC)]
#[get("/orders/{reference}")]
async fn track_order(State(store): State<Store>, Path(reference): Path<String>) -> Response {
    match store.order(&reference) {
        Some(order) => Json(order).into_response(),
        None => (StatusCode::NOT_FOUND, "no such order").into_response(),
    }
}

#[cors(policy = APP_ONLY)]
#[post("/feedback")]
async fn send_feedback(
    State(store): State<Store>,
    Form(feedback): Form<Feedback>,
) -> impl IntoResponse {
    store.take_feedback(feedback.clone());
    (StatusCode::CREATED, Json(feedback))
}

#[cors(policy = PUBLIC)]
#[get("/feedback/{reference}")]
async fn track_feedback(State(store): State<Store>, Path(reference): Path<String>) -> Response {
    match store.feedback(&reference) {
        Some(feedback) => Json(feedback).into_response(),
        None => (StatusCode::NOT_FOUND, "no such feedback").into_response(),
    }
}

#[cors(policy = FRONT_ENDS)]
#[get("/moved")]
async fn moved() -> Redirect {
    Redirect::temporary("/articles/1")
}

#[cors(policy = ANY_HEADER)]
#[get("/notes")]
async fn notes() -> &'static str {
    "a note"
}

#[cors(policy = ANY_HEADER_AND_AUTHORIZATION)]
#[get("/drafts")]
async fn drafts() -> &'static str {
    "a draft"
}

#[cors(policy = CACHED)]
#[put("/cached/{reference}")]
async fn cached() -> StatusCode {
    StatusCode::NO_CONTENT
}

#[cors(policy = UNCACHED)]
#[put("/uncached/{reference}")]
async fn uncached() -> StatusCode {
    StatusCode::NO_CONTENT
}

#[cors(policy = PUBLIC)]
#[get("/preflights/{kind}/{reference}")]
async fn preflights(
    State(store): State<Store>,
    Path((kind, reference)): Path<(String, String)>,
) -> Json<Preflights> {
    Json(store.preflights(&format!("/{kind}/{reference}")))
}

/// Sees what no handler does.
async fn count_preflights(State(store): State<Store>, request: Request, next: Next) -> Response {
    if request.method() == Method::OPTIONS {
        store.count_preflight(request.uri().path());
    }
    next.run(request).await
}

#[cors(policy = SUBDOMAINS)]
#[get("/regions")]
async fn regions() -> &'static str {
    "all regions"
}

#[cors(policy = PATTERN)]
#[get("/partners")]
async fn partners() -> &'static str {
    "all partners"
}

#[cors(policy = FRAMES)]
#[get("/widget")]
async fn widget() -> &'static str {
    "a widget"
}

#[cors(policy = APP_ENFORCED)]
#[get("/live")]
async fn live(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket: WebSocket| {
        // A page that is gone needs no greeting.
        let _ = socket.send("hello from axum".into()).await;
    })
}
