//! The API on actix-web.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data, Form, FormConfig, Json, JsonConfig, Path, Payload, Redirect};
use actix_web::{
    App, Error, HttpRequest, HttpResponse, Responder, delete, get, patch, post, put, route, rt,
};
use cors_actix::{Routes, cors, routes};

use super::policies::{
    ADMIN_WRITES, ANY_HEADER, ANY_HEADER_AND_AUTHORIZATION, APP_ENFORCED, APP_ONLY, APP_SESSION,
    CACHED, FRAMES, FRONT_ENDS, PATTERN, PUBLIC, SUBDOMAINS, UNCACHED,
};
use super::session;
use super::store::{Article, Feedback, LARGEST_BODY, Order, Status, Store, User};

/// The app. What is put on it inside of `into_app` is inside of CORS.
pub(super) fn app(
    store: Store,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let app = App::new()
        .app_data(Data::new(store))
        .app_data(JsonConfig::default().limit(LARGEST_BODY))
        .app_data(FormConfig::default().limit(LARGEST_BODY));
    let app = routes().into_app(app, |app| app.default_service(web::to(not_found)));
    // Outside of CORS, because it counts preflights.
    app.wrap(from_fn(count_preflights))
}

/// The whole API; every handler brings its policy along.
pub(super) fn routes() -> Routes {
    let articles =
        routes![read_article, write_article, rename_article, purge_article, delete_article, moved];
    let orders = routes![place_order, track_order, send_feedback, track_feedback, live];
    let headers = routes![notes, drafts, cached, uncached, preflights];
    let origins = routes![regions, partners, widget];
    let all = routes![status, login, me].merge(articles).merge(orders).merge(headers);
    // For development: a rejection says why, in its body and in the browser's console.
    all.merge(origins).explain(true)
}

async fn not_found() -> impl Responder {
    HttpResponse::NotFound().body("nothing is here")
}

#[cors(policy = PUBLIC)]
#[get("/status")]
async fn status(store: Data<Store>) -> impl Responder {
    HttpResponse::Ok()
        .insert_header(("x-request-id", store.request_id()))
        .insert_header(("x-served-by", "actix-web"))
        .json(Status { status: "up" })
}

#[cors(policy = APP_SESSION)]
#[post("/login")]
async fn login(store: Data<Store>, user: Json<User>) -> impl Responder {
    match session::open(&store, user.clone()) {
        Some(cookie) => HttpResponse::Ok().insert_header((header::SET_COOKIE, cookie)).json(user),
        None => HttpResponse::InternalServerError().finish(),
    }
}

#[cors(policy = APP_SESSION)]
#[get("/me")]
async fn me(store: Data<Store>, request: HttpRequest) -> impl Responder {
    let cookies = request.headers().get_all(header::COOKIE).filter_map(|it| it.to_str().ok());
    match session::user(&store, cookies) {
        Some(user) => HttpResponse::Ok().json(user),
        None => HttpResponse::Unauthorized().body("nobody is signed in"),
    }
}

// actix serves `HEAD` where it is told to; axum serves it with every `GET`.
#[cors(policy = FRONT_ENDS)]
#[route("/articles/{id}", method = "GET", method = "HEAD")]
async fn read_article(store: Data<Store>, id: Path<u32>) -> impl Responder {
    match store.article(*id) {
        Some(article) => HttpResponse::Ok().json(article),
        None => HttpResponse::NotFound().body("no such article"),
    }
}

#[cors(policy = ADMIN_WRITES)]
#[put("/articles/{id}")]
async fn write_article(
    store: Data<Store>,
    id: Path<u32>,
    article: Json<Article>,
) -> impl Responder {
    store.write_article(*id, article.clone());
    article
}

#[cors(policy = ADMIN_WRITES)]
#[patch("/articles/{id}")]
async fn rename_article(
    store: Data<Store>,
    id: Path<u32>,
    article: Json<Article>,
) -> impl Responder {
    store.write_article(*id, article.clone());
    article
}

// A method of one's own, which axum has no way to route.
#[cors(policy = ADMIN_WRITES)]
#[route("/articles/{id}", method = "PURGE")]
async fn purge_article() -> impl Responder {
    HttpResponse::NoContent()
}

#[cors(policy = ADMIN_WRITES)]
#[delete("/articles/{id}")]
async fn delete_article(store: Data<Store>, id: Path<u32>) -> impl Responder {
    if store.delete_article(*id) {
        HttpResponse::NoContent().finish()
    } else {
        HttpResponse::NotFound().finish()
    }
}

#[cors(policy = APP_ENFORCED)]
#[post("/orders")]
async fn place_order(store: Data<Store>, Form(order): Form<Order>) -> impl Responder {
    store.take_order(order.clone());
    HttpResponse::Created().json(order)
}

#[cors(policy = PUBLIC)]
#[get("/orders/{reference}")]
async fn track_order(store: Data<Store>, reference: Path<String>) -> impl Responder {
    match store.order(&reference) {
        Some(order) => HttpResponse::Ok().json(order),
        None => HttpResponse::NotFound().body("no such order"),
    }
}

#[cors(policy = APP_ONLY)]
#[post("/feedback")]
async fn send_feedback(store: Data<Store>, Form(feedback): Form<Feedback>) -> impl Responder {
    store.take_feedback(feedback.clone());
    HttpResponse::Created().json(feedback)
}

#[cors(policy = PUBLIC)]
#[get("/feedback/{reference}")]
async fn track_feedback(store: Data<Store>, reference: Path<String>) -> impl Responder {
    match store.feedback(&reference) {
        Some(feedback) => HttpResponse::Ok().json(feedback),
        None => HttpResponse::NotFound().body("no such feedback"),
    }
}

#[cors(policy = FRONT_ENDS)]
#[get("/moved")]
async fn moved() -> impl Responder {
    Redirect::to("/articles/1").temporary()
}

#[cors(policy = ANY_HEADER)]
#[get("/notes")]
async fn notes() -> impl Responder {
    "a note"
}

#[cors(policy = ANY_HEADER_AND_AUTHORIZATION)]
#[get("/drafts")]
async fn drafts() -> impl Responder {
    "a draft"
}

#[cors(policy = CACHED)]
#[put("/cached/{reference}")]
async fn cached() -> impl Responder {
    HttpResponse::NoContent()
}

#[cors(policy = UNCACHED)]
#[put("/uncached/{reference}")]
async fn uncached() -> impl Responder {
    HttpResponse::NoContent()
}

#[cors(policy = PUBLIC)]
#[get("/preflights/{kind}/{reference}")]
async fn preflights(store: Data<Store>, path: Path<(String, String)>) -> impl Responder {
    let (kind, reference) = path.into_inner();
    Json(store.preflights(&format!("/{kind}/{reference}")))
}

/// Sees what no handler does.
async fn count_preflights(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.method() == Method::OPTIONS
        && let Some(store) = request.app_data::<Data<Store>>()
    {
        store.count_preflight(request.path());
    }
    next.call(request).await
}

#[cors(policy = SUBDOMAINS)]
#[get("/regions")]
async fn regions() -> impl Responder {
    "all regions"
}

#[cors(policy = PATTERN)]
#[get("/partners")]
async fn partners() -> impl Responder {
    "all partners"
}

#[cors(policy = FRAMES)]
#[get("/widget")]
async fn widget() -> impl Responder {
    "a widget"
}

#[cors(policy = APP_ENFORCED)]
#[get("/live")]
async fn live(request: HttpRequest, payload: Payload) -> Result<HttpResponse, Error> {
    let (response, mut session, _) = actix_ws::handle(&request, payload)?;
    rt::spawn(async move {
        // A page that is gone needs no greeting.
        let _ = session.text("hello from actix-web").await;
    });
    Ok(response)
}
