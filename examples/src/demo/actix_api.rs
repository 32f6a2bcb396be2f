//! The API on actix-web.

use actix_web::http::header;
use actix_web::web::{Data, Form, Json, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Responder, delete, get, post, put};
use cors_actix::cors;

use super::policies::{ADMIN_WRITES, APP_ENFORCED, APP_ONLY, APP_SESSION, FRONT_ENDS, PUBLIC};
use super::session;
use super::store::{Article, Feedback, Order, Status, Store, User};

/// The whole API; every handler brings its policy along.
pub(super) fn configure(store: &Store) -> impl FnOnce(&mut ServiceConfig) {
    move |app| {
        app.app_data(Data::new(store.clone()));
        app.service(status).service(login).service(me);
        app.service(read_article).service(write_article).service(delete_article);
        app.service(place_order).service(track_order);
        app.service(send_feedback).service(track_feedback);
    }
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

#[cors(policy = FRONT_ENDS)]
#[get("/articles/{id}")]
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
