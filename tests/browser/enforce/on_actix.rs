//! The API on actix-web.

use std::net::TcpListener;

use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::http::header::ContentType;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data, Html, Payload, Query};
use actix_web::{App, Error, HttpRequest, HttpResponse, HttpServer, Responder, get, post, rt};
use cors_actix::{cors, policy, routes};

use super::record::{Call, Head, PAGE, Record, SCRIPT};

policy! {
    static ENFORCED = { origins = ["http://app.localhost:*", "http://app.test:*"], enforce }
}

#[cors(policy = ENFORCED)]
#[get("/read")]
async fn read(record: Data<Record>, it: Query<Call>) -> impl Responder {
    record.runs(it.call);
    HttpResponse::Ok().content_type("text/javascript").body(SCRIPT)
}

#[cors(policy = ENFORCED)]
#[post("/write")]
async fn write(record: Data<Record>, it: Query<Call>) -> impl Responder {
    record.runs(it.call);
    HttpResponse::Ok().content_type(ContentType::plaintext()).body(SCRIPT)
}

#[cors(policy = ENFORCED)]
#[get("/live")]
async fn live(
    record: Data<Record>,
    it: Query<Call>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Error> {
    record.runs(it.call);
    let (response, mut session, _) = actix_ws::handle(&request, payload)?;
    rt::spawn(async move {
        let _ = session.text("open").await;
    });
    Ok(response)
}

async fn arrived(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if let Some(call) = Call::of(request.uri().query()) {
        let head = Head::read(request.method().as_str(), |name| {
            request.headers().get(name)?.to_str().ok()
        });
        request.app_data::<Data<Record>>().unwrap().arrived(call, head);
    }
    next.call(request).await
}

pub(super) fn serve(listener: TcpListener, record: Record) -> Server {
    let app = move || {
        let page = web::get().to(async || Html::new(PAGE));
        let app = App::new().app_data(Data::new(record.clone()));
        routes![read, write, live]
            .into_app(app, |app| app.route("/page", page))
            .wrap(from_fn(arrived))
    };
    HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run()
}
