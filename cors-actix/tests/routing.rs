//! Routing stays actix's: an annotated handler is registered, and reached, as it would be without its
//! annotation.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use actix_http::Request;
use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::guard::GuardContext;
use actix_web::http::header::{ACCESS_CONTROL_REQUEST_METHOD, ALLOW, HeaderValue, ORIGIN};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::ServiceConfig;
use actix_web::{App, Error, HttpMessage, HttpRequest, HttpResponse, web};

/// A guard of the program's own.
fn is_json(context: &GuardContext<'_>) -> bool {
    context.head().headers().contains_key("content-type")
}

/// The middlewares that a request has passed, and that its response passes.
#[derive(Clone, Default)]
struct Marks(Vec<&'static str>);

async fn mark(
    name: &'static str,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut marks = request.extensions().get::<Marks>().cloned().unwrap_or_default();
    marks.0.push(name);
    request.extensions_mut().insert(marks);
    let mut response = next.call(request).await?;
    response.headers_mut().append(ALLOW, HeaderValue::from_static(name));
    Ok(response)
}

async fn mark_one(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    mark("ONE", request, next).await
}

async fn mark_two(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    mark("TWO", request, next).await
}

/// The handlers; `$annotation` stands above each.
macro_rules! handlers {
    ($name:ident, $(#[$annotation:meta])?) => {
        mod $name {
            use actix_web::middleware::from_fn;
            #[allow(unused_imports, reason = "`#[routes]` reads the names below it, and uses none")]
            use actix_web::{HttpRequest, Responder, get, post, put, route, routes, web};

            $(#[$annotation])?
            #[get("/items", name = "all")]
            async fn list(request: HttpRequest) -> impl Responder {
                request.url_for_static("create").unwrap().to_string()
            }

            $(#[$annotation])?
            #[post("/items", guard = "super::is_json")]
            async fn create() -> impl Responder {
                "created"
            }

            $(#[$annotation])?
            #[route("/items/{id}", method = "PUT", method = "PATCH", method = "PURGE")]
            async fn update(id: web::Path<u8>) -> impl Responder {
                id.to_string()
            }

            $(#[$annotation])?
            #[routes]
            #[get("/old")]
            #[put("/new", name = "new")]
            async fn both() -> impl Responder {
                "both"
            }

            $(#[$annotation])?
            #[get("")]
            async fn root() -> impl Responder {
                "root"
            }

            $(#[$annotation])?
            #[get("bare", wrap = "from_fn(super::mark_one)", wrap = "from_fn(super::mark_two)")]
            async fn bare(marks: web::ReqData<super::Marks>) -> impl Responder {
                marks.0.join(", ")
            }

            /// As programs do with handlers of a module, private functions too.
            pub(crate) fn register(app: &mut web::ServiceConfig) {
                app.service(list).service(create).service(update).service(both).service(root).service(bare);
            }
        }
    };
}

handlers!(plain,);
handlers!(annotated, #[cors_actix::cors(origins = "*")]);

/// An app of the handlers, and of resources on the same paths that answer what they do not.
fn app(register: fn(&mut ServiceConfig)) -> impl FnOnce(&mut ServiceConfig) {
    move |app| {
        let name = |request: HttpRequest| async move { request.match_name().map(str::to_owned) };
        app.service(web::scope("/scope").configure(register))
            .configure(register)
            .service(web::resource("/items").route(web::delete().to(HttpResponse::Gone)))
            .service(web::resource("/new").name("next").route(web::get().to(name)));
    }
}

/// What a request is answered, as far as routing has a say.
async fn answer<S, B>(app: &S, request: Request) -> (StatusCode, Option<String>, Vec<u8>)
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let response = app.call(request).await.unwrap();
    let allow = response.headers().get(ALLOW).map(|value| value.to_str().unwrap().to_owned());
    let allow = allow.map(|names| {
        let mut names: Vec<&str> = names.split(", ").collect();
        // actix-web's macros have no order among the methods of one route.
        names.sort_unstable();
        names.join(", ")
    });
    let status = response.status();
    (status, allow, to_bytes(response.into_body()).await.ok().unwrap().to_vec())
}

#[actix_web::test]
async fn every_method_on_every_path() {
    let plain = init_service(App::new().configure(app(plain::register))).await;
    let annotated = init_service(App::new().configure(app(annotated::register))).await;
    let mut allowed = 0;
    let paths = ["/", "/items", "/items/1", "/items/x", "/old", "/new", "/bare", "/elsewhere"];
    for path in paths.into_iter().chain(["/scope", "/scope/", "/scope/items", "/scope/bare"]) {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"] {
            for is_json in [true, false] {
                let request = || {
                    let method = Method::from_bytes(method.as_bytes()).unwrap();
                    let request = TestRequest::with_uri(path).method(method);
                    let content = is_json.then_some(("content-type", "application/json"));
                    content.into_iter().fold(request, TestRequest::append_header).to_request()
                };
                let expected = answer(&plain, request()).await;
                allowed += usize::from(expected.1.is_some());
                assert_eq!(answer(&annotated, request()).await, expected, "{method} {path}");
            }
        }
    }
    assert!(allowed > 0, "the resources behind the handlers name the methods of those too");
}

#[actix_web::test]
async fn preflights_for_what_a_path_serves() {
    let list = || {
        use annotated::{both, create, list, update};
        cors_actix::routes![list, create, update, both]
    };
    let app = init_service(App::new().service(list())).await;
    // No guard is asked: they are about the request that comes after.
    for (path, served) in [
        ("/items", &["GET", "POST"][..]),
        ("/items/1", &["PUT", "PATCH", "PURGE"]),
        ("/old", &["GET"]),
        ("/new", &["PUT"]),
    ] {
        for method in ["GET", "POST", "PUT", "PATCH", "PURGE"] {
            let request = TestRequest::with_uri(path)
                .method(Method::OPTIONS)
                .append_header((ORIGIN, "https://app.example.com"))
                .append_header((ACCESS_CONTROL_REQUEST_METHOD, method));
            let (status, ..) = answer(&app, request.to_request()).await;
            let expected = if served.contains(&method) { 204 } else { 404 };
            assert_eq!(status.as_u16(), expected, "{method} {path}");
        }
    }
}

/// Handlers that are registered one by one: none has the methods of the others of its path.
#[actix_web::test]
async fn preflights_for_what_an_earlier_resource_may_serve() {
    let app = init_service(App::new().configure(annotated::register)).await;
    for (path, method, expected) in [
        ("/items", "GET", 204),
        ("/items", "POST", 403),
        ("/items/1", "PUT", 204),
        ("/new", "PUT", 204),
    ] {
        let request = TestRequest::with_uri(path)
            .method(Method::OPTIONS)
            .append_header((ORIGIN, "https://app.example.com"))
            .append_header((ACCESS_CONTROL_REQUEST_METHOD, method));
        let (status, ..) = answer(&app, request.to_request()).await;
        assert_eq!(status.as_u16(), expected, "{method} {path}");
    }
}
