//! Policies that meet, and programs that tried to get around one. A test bears the row of the
//! field's table that it is about.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::body::{BoxBody, EitherBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse, fn_service};
use actix_web::guard::GuardContext;
use actix_web::http::{Method, header};
use actix_web::middleware::{Next, NormalizePath, from_fn};
use actix_web::test::init_service;
use actix_web::web::{self, ServiceConfig};
use actix_web::{
    App, Error, Handler, HttpRequest, HttpResponse, HttpServer, Responder, get, patch, put, route,
};
use cors_actix::{Cors, Policy, Routes, check, cors, policy, routes};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{ask, authenticate};
use crate::log::Log;
use crate::nested;
use crate::talk::{ADMIN, APP, Ask, EVIL, PARTNER, panic_of};

policy! {
    static FRONT_END = { origins = ["https://app.example.com"], credentials }
    static FRONT_END_ENFORCED = { origins = ["https://app.example.com"], credentials, enforce }
    static PARTNERS = { origins = ["https://partner.example.net"], credentials }
    static ADMINS = { origins = ["https://admin.example.com"], credentials }
    static PUBLIC = { origins = "*" }
}

fn everybody() -> Cors {
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    Cors::new(Policy::builder().origins(["*"]).headers(["*"]).methods(methods).build().unwrap())
}

/// How often a handler ran.
#[derive(Debug, Clone, Default)]
struct Runs(Arc<AtomicUsize>);

impl Runs {
    fn handler(&self) -> impl Handler<(), Output = &'static str> + use<> {
        let runs = self.clone();
        move || {
            runs.0.fetch_add(1, Ordering::Relaxed);
            async { "" }
        }
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

static PLANNED: AtomicUsize = AtomicUsize::new(0);

#[cors(origins = ["https://app.example.com"], methods = ["PUT"])]
#[route("/plan", method = "POST", method = "PUT", method = "DELETE")]
async fn replace_plan() -> impl Responder {
    PLANNED.fetch_add(1, Ordering::Relaxed);
    ""
}

#[cors(none)]
#[patch("/plan")]
async fn patch_plan() -> impl Responder {
    PLANNED.fetch_add(1, Ordering::Relaxed);
    ""
}

/// A middleware that builds the response anew, and keeps no more than status and body.
pub(super) async fn rebuild<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse, Error> {
    let (request, response) = next.call(request).await?.into_parts();
    let status = response.status();
    let body = to_bytes(response.into_body()).await.ok().unwrap();
    Ok(ServiceResponse::new(request, HttpResponse::build(status).body(body)))
}

fn plan() -> Routes {
    routes![replace_plan, patch_plan].nest("/api")
}

/// B5, G8.
#[actix_web::test]
async fn b5_g8_nested_policies_are_strict_actix() {
    let direct = init_service(App::new().service(plan()).wrap(everybody())).await;
    nested::is_strict(async |page| ask(&direct, page).await, &PLANNED).await;
    let scope = web::scope("/api").service(routes![replace_plan, patch_plan]);
    let app = App::new().service(scope).wrap(from_fn(authenticate)).wrap(everybody());
    let behind = init_service(app).await;
    nested::is_strict(async |page| ask(&behind, page).await, &PLANNED).await;
    // What loses the mark leaks nothing: the handler has not run for whom it does not allow.
    let rebuilt = App::new().service(plan()).wrap(from_fn(rebuild)).wrap(everybody());
    let rebuilt = init_service(rebuilt).await;
    let before = PLANNED.load(Ordering::Relaxed);
    for method in ["PUT", "POST", "DELETE"] {
        let rejected = ask(&rebuilt, Ask::from(EVIL, method, "/api/plan")).await;
        assert_eq!((rejected.status, rejected.body.as_str()), (403, ""), "{rejected:?}");
    }
    assert_eq!(PLANNED.load(Ordering::Relaxed), before);
    // Credentials of the outer policy are none of the inner one's.
    let cookies = Policy::builder().origins([APP]).credentials().headers(["authorization"]);
    let cookies = Cors::new(cookies.build().unwrap());
    let app = init_service(App::new().service(plan()).wrap(cookies)).await;
    nested::keeps_cookies_out(async |page| ask(&app, page).await, &PLANNED).await;

    // The log says what happened, and the check finds it before.
    let app = init_service(App::new().service(logged).wrap(everybody())).await;
    let log = Log::listen();
    ask(&app, Ask::from(EVIL, "PUT", "/logged")).await.hides(403);
    nested::is_said(&log, "logged");
    let found = check(&app, &routes![logged].table()).await.unwrap_err().to_string();
    assert!(found.contains("a preflight that the policy rejects is granted"), "{found}");
}

#[cors(origins = ["https://app.example.com"])]
#[put("/logged")]
async fn logged() -> impl Responder {
    ""
}

/// B1: no annotation anywhere.
#[actix_web::test]
async fn b1_a_strict_middleware_in_a_lax_one_actix() {
    let runs = Runs::default();
    let app = App::new()
        .service(web::resource("/plan").to(runs.handler()))
        .wrap(Cors::new(&FRONT_END))
        .wrap(everybody());
    let app = init_service(app).await;
    ask(&app, Ask::before(EVIL, "PUT", "/plan")).await.allows("*", "PUT");
    for method in ["PUT", "GET"] {
        ask(&app, Ask::from(EVIL, method, "/plan")).await.hides(403);
    }
    assert_eq!(runs.count(), 0);
    ask(&app, Ask::from(APP, "PUT", "/plan")).await.reads(APP, 200);
    assert_eq!(runs.count(), 1);
}

/// B2: scopes with a policy each, and another one around the default service.
#[actix_web::test]
async fn b2_scopes_have_a_policy_each_actix() {
    let resource = || web::resource("/plan").to(|| async { "" });
    let app = App::new()
        .service(web::scope("/app").service(resource()).wrap(Cors::new(&FRONT_END)))
        .service(web::scope("/admin").service(resource()).wrap(Cors::new(&ADMINS)))
        .service(web::scope("").default_service(web::to(|| async { "" })).wrap(Cors::new(&PUBLIC)));
    let app = init_service(app).await;
    for (path, allowed) in [("/app/plan", APP), ("/admin/plan", ADMIN), ("/app/elsewhere", APP)] {
        for page in [APP, ADMIN, EVIL] {
            let preflight = ask(&app, Ask::before(page, "PUT", path)).await;
            if page == allowed {
                preflight.allows(page, "PUT")
            } else {
                preflight.rejects()
            };
        }
    }
    ask(&app, Ask::before(EVIL, "PUT", "/elsewhere")).await.allows("*", "PUT");
}

static SEEN: AtomicUsize = AtomicUsize::new(0);

async fn see<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    SEEN.fetch_add(1, Ordering::Relaxed);
    next.call(request).await
}

fn scopes(app: &mut ServiceConfig) {
    for prefix in ["/one", "/other"] {
        let plain = web::scope(prefix).route("/plan", web::put().to(|| async { "" }));
        app.service(plain.wrap(from_fn(see)).wrap(Cors::new(&FRONT_END)));
        let list = routes![get_file];
        app.service(list.into_scope(&format!("/list{prefix}"), |scope| scope.wrap(from_fn(see))));
    }
}

/// B3, B4: in each scope, in each app, behind each socket.
#[actix_web::test]
async fn b3_b4_no_preflight_meets_what_is_inside_actix() {
    let server = HttpServer::new(|| App::new().configure(scopes)).workers(2).disable_signals();
    let server = server.bind(("127.0.0.1", 0)).unwrap().bind(("127.0.0.1", 0)).unwrap();
    let addresses = server.addrs();
    let server = server.run();
    let handle = server.handle();
    let running = tokio::spawn(server);
    assert_eq!(addresses.len(), 2);
    let paths = [
        ("/one/plan", "PUT", APP),
        ("/other/plan", "PUT", APP),
        ("/list/one/files/x", "GET", PARTNER),
        ("/list/other/files/x", "GET", PARTNER),
    ];
    for address in addresses.iter().cycle().take(6) {
        for (path, method, origin) in paths {
            let mut connection = TcpStream::connect(address).await.unwrap();
            let preflight = format!(
                "OPTIONS {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
                 origin: {origin}\r\naccess-control-request-method: {method}\r\n\r\n"
            );
            connection.write_all(preflight.as_bytes()).await.unwrap();
            let mut answer = String::new();
            connection.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
        }
    }
    handle.stop(false).await;
    running.await.unwrap().unwrap();
    assert_eq!(SEEN.load(Ordering::Relaxed), 0);
    let app = init_service(App::new().configure(scopes)).await;
    ask(&app, Ask::from(APP, "PUT", "/other/plan")).await.reads(APP, 200);
    assert_eq!(SEEN.load(Ordering::Relaxed), 1);
}

#[cors(policy = PARTNERS)]
#[get("/files/{name}")]
async fn get_file() -> impl Responder {
    "a file"
}

#[cors(policy = PARTNERS)]
#[put("/files/{name}")]
async fn put_file() -> impl Responder {
    "a file"
}

/// G1: what actix runs has the policy of what actix runs.
#[actix_web::test]
async fn g1_a_plain_handler_has_no_policy_of_the_list_actix() {
    let runs = Runs::default();
    let admin = || web::resource("/files/admin").to(runs.handler());
    // The plain handler is asked first, so it is what runs.
    let list = routes![get_file, put_file];
    let cors = Cors::for_routes(&list.table()).default_policy(&FRONT_END_ENFORCED);
    let enforced = init_service(App::new().service(admin()).service(list).wrap(cors)).await;
    ask(&enforced, Ask::before(PARTNER, "GET", "/files/x")).await.allows(PARTNER, "GET");
    ask(&enforced, Ask::from(PARTNER, "GET", "/files/x")).await.reads(PARTNER, 200);
    for method in ["GET", "PUT", "DELETE"] {
        ask(&enforced, Ask::before(PARTNER, method, "/files/admin")).await.rejects();
        for page in [PARTNER, EVIL, "null"] {
            ask(&enforced, Ask::from(page, method, "/files/admin")).await.hides(403);
        }
    }
    assert_eq!(runs.count(), 0);
    ask(&enforced, Ask::from(APP, "PUT", "/files/admin")).await.reads(APP, 200);
    assert_eq!(runs.count(), 1);
    // Without a default, no policy applies to it.
    let list = routes![get_file, put_file];
    let none = list.into_app(App::new().service(admin()), |app| app);
    let none = init_service(none).await;
    ask(&none, Ask::from(PARTNER, "GET", "/files/admin")).await.hides(200);
    ask(&none, Ask::from(PARTNER, "PUT", "/files/admin")).await.hides(200);
    ask(&none, Ask::from(PARTNER, "PUT", "/files/x")).await.reads(PARTNER, 200);
}

/// G2: a plain handler that is registered before an annotated one, and takes its requests.
#[actix_web::test]
async fn g2_a_plain_handler_in_front_of_an_annotated_one_actix() {
    let runs = Runs::default();
    let app = App::new()
        .route("/files/admin", web::put().to(runs.handler()))
        .service(put_file)
        .service(logged_file);
    let app = init_service(app).await;
    ask(&app, Ask::before(PARTNER, "PUT", "/files/admin")).await.rejects();
    ask(&app, Ask::from(PARTNER, "PUT", "/files/admin")).await.hides(200);
    ask(&app, Ask::before(PARTNER, "PUT", "/files/x")).await.allows(PARTNER, "PUT");
    ask(&app, Ask::from(PARTNER, "PUT", "/files/x")).await.reads(PARTNER, 200);

    // The log says why, and the check finds it.
    let app =
        App::new().route("/logged/{name}", web::put().to(runs.handler())).service(logged_file);
    let app = init_service(app).await;
    let log = Log::listen();
    ask(&app, Ask::before(PARTNER, "PUT", "/logged/x")).await.rejects();
    let [line] = &log.take()[..] else { panic!("one line") };
    assert!(line.contains("reason=\"handler-not-known\""), "{line}");
    assert!(line.contains("register the handlers of the path in one list"), "{line}");
    let found = check(&app, &routes![logged_file].table()).await.unwrap_err().to_string();
    assert!(found.contains("PUT /logged/{name}"), "{found}");
}

mod plain {
    use actix_web::{Responder, put};

    #[put("/admin")]
    pub(super) async fn index() -> impl Responder {
        ""
    }

    #[put("/admin/files/{name}")]
    pub(super) async fn put_file() -> impl Responder {
        ""
    }
}

#[cors(policy = PARTNERS)]
#[get("")]
async fn index() -> impl Responder {
    ""
}

#[cors(policy = PARTNERS)]
#[put("/{area}/files/{name}")]
async fn put_area_file() -> impl Responder {
    ""
}

#[cors(policy = PARTNERS)]
#[put("/{name}")]
async fn put_any() -> impl Responder {
    ""
}

/// A plain handler in front has the name of one of the list, whose path is the end of its own.
#[actix_web::test]
async fn g2_a_plain_handler_with_the_name_of_an_annotated_one_actix() {
    let scope = web::scope("/api").service(plain::index).service(routes![index, put_any]);
    let app = init_service(App::new().service(scope)).await;
    ask(&app, Ask::before(PARTNER, "PUT", "/api/admin")).await.rejects();
    ask(&app, Ask::from(PARTNER, "PUT", "/api/admin")).await.hides(200);
    ask(&app, Ask::before(PARTNER, "PUT", "/api/other")).await.allows(PARTNER, "PUT");
    ask(&app, Ask::before(PARTNER, "GET", "/api")).await.allows(PARTNER, "GET");

    let list = || routes![put_file, put_area_file];
    let by_hand = init_service(App::new().service(plain::put_file).service(list())).await;
    let app = list().into_app(App::new().service(plain::put_file), |app| app);
    let built = init_service(app).await;
    let preflight = || Ask::before(PARTNER, "PUT", "/admin/files/x");
    ask(&by_hand, preflight()).await.rejects();
    ask(&built, preflight()).await.rejects();
    let other = || Ask::before(PARTNER, "PUT", "/drafts/files/x");
    ask(&by_hand, other()).await.allows(PARTNER, "PUT");
    ask(&built, other()).await.allows(PARTNER, "PUT");
}

async fn tell() -> &'static str {
    "secret"
}

/// A plain handler serves another method on the path of an annotated one.
#[actix_web::test]
async fn g1_a_plain_handler_on_a_path_of_the_list_actix() {
    let post = || Ask::from(PARTNER, "POST", "/users");
    let secret = || web::resource("").route(web::post().to(tell));
    let scope = routes![index].into_scope("/users", move |scope| scope.service(secret()));
    ask(&init_service(App::new().service(scope)).await, post()).await.hides(200);
    let scope = web::scope("/users").service(routes![index]).service(secret());
    let scope = scope.wrap(Cors::for_routes(&routes![index].table()));
    let app = init_service(App::new().service(scope)).await;
    ask(&app, post()).await.hides(200);
    ask(&app, Ask::from(PARTNER, "GET", "/users")).await.reads(PARTNER, 200);
    // The default service is no handler of the list either, where it serves the request.
    let scope = routes![index].into_scope("/users", |it| it.default_service(web::to(tell)));
    ask(&init_service(App::new().service(scope)).await, post()).await.hides(200);
    let app = routes![get_file].into_app(App::new(), |it| it.default_service(web::to(tell)));
    let app = init_service(app).await;
    ask(&app, Ask::from(PARTNER, "POST", "/files/x")).await.hides(200);
    ask(&app, Ask::from(PARTNER, "GET", "/files/x")).await.reads(PARTNER, 200);
}

#[cors(none)]
#[get("/none")]
async fn without_cors() -> impl Responder {
    ""
}

/// A middleware inside of CORS cannot change the headers of a policy, and does not run for requests that
/// are rejected.
#[actix_web::test]
async fn b1_middlewares_inside_of_an_app_actix() {
    async fn reflect<B: MessageBody>(
        request: ServiceRequest,
        next: Next<B>,
    ) -> Result<ServiceResponse<B>, Error> {
        let origin = request.headers().get(header::ORIGIN).cloned();
        let mut response = next.call(request).await?;
        let headers = response.headers_mut();
        if let Some(origin) = origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        let credentials = header::HeaderValue::from_static("true");
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, credentials);
        headers.insert(header::VARY, header::HeaderValue::from_static("accept-encoding"));
        Ok(response)
    }
    let list = || routes![get_file, without_cors];
    let app = init_service(list().into_app(App::new(), |app| app.wrap(from_fn(reflect)))).await;
    let scope = list().into_scope("", |scope| scope.wrap(from_fn(reflect)));
    let scope = init_service(App::new().service(scope)).await;
    for path in ["/files/x", "/none"] {
        for evil in [
            ask(&app, Ask::from(EVIL, "GET", path)).await,
            ask(&scope, Ask::from(EVIL, "GET", path)).await,
        ] {
            let evil = evil.hides(200);
            assert_eq!(evil.vary().contains(&"origin".to_owned()), path == "/files/x");
        }
    }
    for partner in [
        ask(&app, Ask::from(PARTNER, "GET", "/files/x")).await,
        ask(&scope, Ask::from(PARTNER, "GET", "/files/x")).await,
    ] {
        partner.reads(PARTNER, 200);
        assert_eq!(partner.vary(), ["accept-encoding", "origin"]);
    }

    // Below a policy that allows more, what is inside sees nothing of what is rejected.
    let seen = Runs::default();
    let counted = seen.clone();
    let scope = routes![put_file].into_scope("/api", move |scope| {
        scope.wrap(from_fn(move |request, next: Next<BoxBody>| {
            counted.0.fetch_add(1, Ordering::Relaxed);
            next.call(request)
        }))
    });
    let app = App::new().service(web::scope("").wrap(everybody()).service(scope));
    let app = init_service(app).await;
    ask(&app, Ask::from(EVIL, "PUT", "/api/files/x")).await.hides(403);
    assert_eq!(seen.count(), 0);
    ask(&app, Ask::from(PARTNER, "PUT", "/api/files/x")).await.reads(PARTNER, 200);
    assert_eq!(seen.count(), 1);
}

/// actix puts a slash in front of a path that has none.
#[actix_web::test]
async fn paths_without_a_slash_actix() {
    let list = || Routes::new().put("users", tell, &PARTNERS).put("/{name}/x", tell, &PARTNERS);
    let by_hand = init_service(App::new().service(list())).await;
    let built = init_service(list().into_app(App::new(), |app| app)).await;
    let nested = init_service(list().nest("/api").into_app(App::new(), |app| app)).await;
    for path in ["/users", "/a/x"] {
        ask(&by_hand, Ask::before(PARTNER, "PUT", path)).await.allows(PARTNER, "PUT");
        ask(&built, Ask::before(PARTNER, "PUT", path)).await.allows(PARTNER, "PUT");
        ask(&built, Ask::from(PARTNER, "PUT", path)).await.reads(PARTNER, 200);
        let path = format!("/api{path}");
        ask(&nested, Ask::before(PARTNER, "PUT", &path)).await.allows(PARTNER, "PUT");
    }
}

/// The self-check finds a path for each route.
#[actix_web::test]
async fn routes_with_expressions_are_checked_actix() {
    let list = || {
        let paths = [
            "/{lang:[a-z]{2}}/me",
            "/x/{a}-{b}",
            "/y/{n:[2-9]+}",
            "/z/{id:\\d+}/{_:(?i)(?:PDF|txt)?}",
        ];
        paths.into_iter().fold(Routes::new(), |list, path| list.put(path, tell, &PARTNERS))
    };
    check(&init_service(App::new().service(list())).await, &list().table()).await.unwrap();
    let forgotten = init_service(App::new()).await;
    let findings = check(&forgotten, &list().table()).await.unwrap_err();
    assert_eq!(findings.findings().len(), 4);
    assert!(findings.to_string().contains("to `/aa/me`"), "{findings}");
}

fn has_query(context: &GuardContext<'_>) -> bool {
    context.head().uri.query().is_some()
}

#[cors(origins = "*", headers = "*", max_age = 60)]
#[put("/guarded", guard = "has_query")]
async fn put_by_query() -> impl Responder {
    ""
}

#[cors(origins = "*", headers = ["*", "authorization"])]
#[put("/guarded")]
async fn put_with_key() -> impl Responder {
    ""
}

/// Where a guard chooses, a preflight is allowed what both policies allow, and for no longer.
#[actix_web::test]
async fn guarded_policies_allow_what_both_allow_actix() {
    let app = init_service(App::new().service(routes![put_by_query, put_with_key])).await;
    let asked = Ask::before(APP, "PUT", "/guarded").with("access-control-request-headers", "x-a");
    let answer = ask(&app, asked).await;
    assert_eq!(answer.lines("access-control-allow-headers"), ["*"], "{answer:?}");
    assert_eq!(answer.lines("access-control-max-age"), [""; 0], "{answer:?}");
}

/// Three paths match one request: the handler that is tried first decides, whatever path
/// matches first.
#[actix_web::test]
async fn the_first_of_overlapping_paths_that_serves_a_method_decides_actix() {
    let files = || {
        Routes::new()
            .put("/files/{name}", async || "", &FRONT_END)
            .delete("/files/admin", async || "", &ADMINS)
            .delete("/files/{name}", async || "", &PUBLIC)
    };
    let app = init_service(App::new().service(files().into_scope("/n", |it| it))).await;
    ask(&app, Ask::before(EVIL, "DELETE", "/n/files/admin")).await.rejects();
    ask(&app, Ask::before(ADMIN, "DELETE", "/n/files/admin")).await.allows(ADMIN, "DELETE");
    let answer = ask(&app, Ask::before(EVIL, "DELETE", "/n/files/other")).await;
    assert_eq!(answer.lines("access-control-allow-origin"), ["*"], "{answer:?}");
    let scope = files().into_scope("/n", |it| it.wrap(from_fn(authenticate)));
    let app = init_service(App::new().service(scope)).await;
    // What is in between answers, and which handler it is for is not known.
    let answer = ask(&app, Ask::from(EVIL, "DELETE", "/n/files/admin")).await;
    assert_eq!(answer.lines("access-control-allow-origin"), [""; 0], "{answer:?}");
    let known = Ask::from(ADMIN, "DELETE", "/n/files/admin").with("authorization", "Ada");
    ask(&app, known).await.reads(ADMIN, 200);
    // A path that is tried before the first one that matches does not match.
    let narrow_first = Routes::new()
        .get("/files/admin", async || "", &ADMINS)
        .get("/files/{name}", async || "", &FRONT_END)
        .into_scope("/n", |it| it.wrap(from_fn(authenticate)));
    let app = init_service(App::new().service(narrow_first)).await;
    ask(&app, Ask::from(APP, "GET", "/n/files/other")).await.reads(APP, 401);
    ask(&app, Ask::from(ADMIN, "GET", "/n/files/admin")).await.reads(ADMIN, 401);
    ask(&app, Ask::before(APP, "GET", "/n/files/other")).await.allows(APP, "GET");
    ask(&app, Ask::before(APP, "GET", "/n/files/admin")).await.rejects();
}

#[cors(origins = "*")]
#[put("/rooms/{name}", guard = "is_json")]
async fn put_room() -> impl Responder {
    ""
}

/// Guards may send a request on to a route of the list on another path, whose policy must allow it too.
#[actix_web::test]
async fn guarded_policies_of_overlapping_paths_actix() {
    let rooms = || {
        routes![put_room].put("/rooms/board", async || "", &ADMINS).put(
            "/rooms/{name}",
            async || "",
            &PUBLIC,
        )
    };
    let plain = init_service(App::new().service(rooms())).await;
    let outside = init_service(rooms().into_app(App::new(), |app| app)).await;
    for (page, is_allowed) in [(ADMIN, true), (EVIL, false)] {
        let asked = || Ask::before(page, "PUT", "/rooms/board");
        for answer in [ask(&plain, asked()).await, ask(&outside, asked()).await] {
            if is_allowed {
                answer.allows(page, "PUT")
            } else {
                answer.rejects()
            };
        }
    }
    let json = || Ask::from(EVIL, "PUT", "/rooms/board").json("{}");
    assert_eq!(ask(&plain, json()).await.lines("access-control-allow-origin"), ["*"]);
}

/// A scope whose prefix has a parameter with an expression: CORS is outside there too.
#[cors(policy = PARTNERS)]
#[put("/deep/{path:.*}")]
async fn put_deep() -> impl Responder {
    ""
}

#[actix_web::test]
async fn a_prefix_with_an_expression_actix() {
    for (prefix, path) in [
        ("/{tenant}", "/ada"),
        ("/{tenant:[^/]+}", "/ada"),
        ("/{tenant:[a-z]{3}}/{area:[^/]*}", "/ada/files"),
        ("/{tenant:.*}/area", "/ada/area"),
        ("/{tenant:.*}/area", "/ada/lovelace/area"),
    ] {
        let scope = routes![get_file, put_file, put_deep]
            .into_scope(prefix, |it| it.wrap(from_fn(authenticate)));
        let app = init_service(App::new().service(scope)).await;
        for file in ["/files/x", "/deep/x", "/deep/x/y/z"] {
            let file = format!("{path}{file}");
            ask(&app, Ask::before(PARTNER, "PUT", &file)).await.allows(PARTNER, "PUT");
            ask(&app, Ask::before(EVIL, "PUT", &file)).await.rejects();
            ask(&app, Ask::from(PARTNER, "PUT", &file)).await.reads(PARTNER, 401);
            let known = Ask::from(PARTNER, "PUT", &file).with("authorization", "Ada");
            ask(&app, known).await.reads(PARTNER, 200);
        }
    }
}

#[cors(policy = PARTNERS)]
#[put("/logged/{name}")]
async fn logged_file() -> impl Responder {
    ""
}

fn is_json(context: &GuardContext<'_>) -> bool {
    context.head().headers().contains_key(header::CONTENT_TYPE)
}

#[cors(origins = ["https://app.example.com", "https://admin.example.com"], credentials, headers = ["content-type"])]
#[put("/drafts", guard = "is_json")]
async fn put_json() -> impl Responder {
    "json"
}

#[cors(origins = ["https://partner.example.net", "https://admin.example.com"], headers = ["content-type"])]
#[put("/drafts")]
async fn put_text() -> impl Responder {
    "text"
}

/// G3: a preflight does not say what the guards will look at.
#[actix_web::test]
async fn g3_every_handler_that_may_run_allows_it_actix() {
    let list = || routes![put_json, put_text];
    let plain = init_service(App::new().service(list())).await;
    let around = init_service(list().into_app(App::new(), |app| app)).await;
    for page in [APP, PARTNER, EVIL] {
        ask(&plain, Ask::before(page, "PUT", "/drafts")).await.rejects();
        ask(&around, Ask::before(page, "PUT", "/drafts")).await.rejects();
    }
    for answer in [
        ask(&plain, Ask::before(ADMIN, "PUT", "/drafts")).await,
        ask(&around, Ask::before(ADMIN, "PUT", "/drafts")).await,
    ] {
        answer.allows(ADMIN, "PUT");
        assert!(answer.lines("access-control-allow-credentials").is_empty(), "{answer:?}");
    }
    // The response is that of the handler that ran.
    for (page, json, text) in [(APP, true, false), (PARTNER, false, true), (ADMIN, true, true)] {
        let answers = [
            (ask(&plain, Ask::from(page, "PUT", "/drafts").json("1")).await, "json", json),
            (ask(&around, Ask::from(page, "PUT", "/drafts").json("1")).await, "json", json),
            (ask(&plain, Ask::from(page, "PUT", "/drafts")).await, "text", text),
            (ask(&around, Ask::from(page, "PUT", "/drafts")).await, "text", text),
        ];
        for (answer, body, is_allowed) in answers {
            assert_eq!(answer.body, body);
            if is_allowed {
                answer.reads(page, 200)
            } else {
                answer.hides(200)
            };
        }
    }
}

/// Another service of the program, for everybody.
async fn call_prices(request: HttpRequest) -> HttpResponse {
    let prices = init_service(routes![price].into_app(App::new(), |app| app)).await;
    let origin = request.headers().get("origin").cloned().unwrap();
    let request =
        actix_web::test::TestRequest::with_uri("/price").insert_header(("origin", origin));
    let response = actix_web::test::call_service(&prices, request.to_request()).await;
    response.into_parts().1.map_into_boxed_body()
}

#[cors(origins = "*", expose_headers = ["x-price"])]
#[get("/price")]
async fn price() -> impl Responder {
    "7"
}

#[cors(policy = FRONT_END)]
#[get("/passes-on")]
async fn passes_on(request: HttpRequest) -> impl Responder {
    call_prices(request).await
}

#[cors(policy = FRONT_END)]
#[get("/copies")]
async fn copies(request: HttpRequest) -> impl Responder {
    let prices = call_prices(request).await;
    let mut copy = HttpResponse::Ok();
    for header in prices.headers() {
        copy.append_header(header);
    }
    copy.finish()
}

/// G5: a policy in the handler's own `wrap`.
#[cors(policy = FRONT_END)]
#[get("/wraps", wrap = "Cors::new(&PUBLIC)")]
async fn wraps() -> impl Responder {
    ""
}

/// A middleware that lets a service of others answer.
fn answer_for_all<B: MessageBody>(
    request: ServiceRequest,
    _: Next<B>,
) -> Ready<Result<ServiceResponse<EitherBody<B>>, Error>> {
    let answer = HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "*"))
        .insert_header(("access-control-allow-credentials", "true"))
        .finish();
    ready(Ok(request.into_response(answer).map_into_right_body()))
}

#[cors(policy = FRONT_END)]
#[get("/wrapped", wrap = "from_fn(answer_for_all)")]
async fn wrapped() -> impl Responder {
    ""
}

/// G4, G5: the handler's own policy has the last word, whatever it called or wears.
#[actix_web::test]
async fn g4_g5_another_service_has_no_say_actix() {
    let list =
        || routes![passes_on, copies, wraps, wrapped].get("/registered", call_prices, &FRONT_END);
    let plain = init_service(App::new().service(list())).await;
    let around = init_service(list().into_app(App::new(), |app| app)).await;
    let scope = list().into_scope("", |scope| scope.wrap(from_fn(see_nothing)));
    let scope = init_service(App::new().service(scope)).await;
    for path in ["/passes-on", "/copies", "/registered", "/wraps", "/wrapped"] {
        for answer in [
            ask(&plain, Ask::from(EVIL, "GET", path)).await,
            ask(&around, Ask::from(EVIL, "GET", path)).await,
            ask(&scope, Ask::from(EVIL, "GET", path)).await,
        ] {
            assert_eq!(answer.hides(200).vary(), ["origin"], "{path}: {answer:?}");
        }
        for answer in [
            ask(&plain, Ask::from(APP, "GET", path)).await,
            ask(&around, Ask::from(APP, "GET", path)).await,
            ask(&scope, Ask::from(APP, "GET", path)).await,
        ] {
            answer.reads(APP, 200);
            assert_eq!(answer.lines("access-control-allow-credentials"), ["true"], "{path}");
            assert!(answer.lines("access-control-expose-headers").is_empty(), "{path}: {answer:?}");
        }
    }
}

async fn see_nothing<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    next.call(request).await
}

/// G6: a plain handler beside an annotated one, between two policies.
#[actix_web::test]
async fn g6_a_plain_handler_between_two_policies_actix() {
    let runs = Runs::default();
    let app = App::new()
        .service(get_file)
        .route("/files/{name}", web::put().to(runs.handler()))
        .wrap(Cors::new(&FRONT_END))
        .wrap(Cors::new(&PARTNERS));
    let app = init_service(app).await;
    ask(&app, Ask::before(PARTNER, "PUT", "/files/x")).await.allows(PARTNER, "PUT");
    ask(&app, Ask::from(PARTNER, "PUT", "/files/x")).await.hides(403);
    assert_eq!(runs.count(), 0);
}

/// G14: whether there is a response depends on the origin.
#[actix_web::test]
async fn g14_public_within_enforced_varies_actix() {
    let app = App::new().service(price).wrap(Cors::new(&FRONT_END_ENFORCED));
    let app = init_service(app).await;
    for page in [Ask::from(APP, "GET", "/price"), Ask::new("GET", "/price")] {
        let read = ask(&app, page).await;
        assert_eq!(read.reads("*", 200).vary(), ["origin"], "{read:?}");
    }
    let rejected = ask(&app, Ask::from(EVIL, "GET", "/price")).await;
    assert_eq!(rejected.hides(403).vary(), ["origin"]);
}

/// G16: a handler for all methods never runs for a preflight.
#[actix_web::test]
async fn g16_no_preflight_runs_a_handler_for_all_methods_actix() {
    let runs = Runs::default();
    let resource = || web::resource("/any").to(runs.handler());
    let app_wide = init_service(App::new().service(resource()).wrap(Cors::new(&FRONT_END))).await;
    let cors = Cors::for_routes(&routes![price].table()).default_policy(&FRONT_END);
    let default = App::new().service(price).service(resource()).wrap(cors);
    let default = init_service(default).await;
    let registered = Routes::new().any("/any", runs.handler(), &FRONT_END);
    let registered = init_service(registered.into_app(App::new(), |app| app)).await;
    for page in [APP, EVIL] {
        for method in ["PUT", "GET", "put"] {
            ask(&app_wide, Ask::before(page, method, "/any")).await;
            ask(&default, Ask::before(page, method, "/any")).await;
            ask(&registered, Ask::before(page, method, "/any")).await;
        }
    }
    ask(&app_wide, Ask::before(EVIL, "PUT", "/any")).await.rejects();
    ask(&default, Ask::before(EVIL, "PUT", "/any")).await.rejects();
    ask(&registered, Ask::before(EVIL, "PUT", "/any")).await.rejects();
    assert_eq!(runs.count(), 0);
    ask(&registered, Ask::before(APP, "PUT", "/any")).await.allows(APP, "PUT");
}

/// A handler for all methods is strict for those that HTTP does not name too.
#[actix_web::test]
async fn enforce_holds_for_methods_that_http_does_not_name_actix() {
    let runs = Runs::default();
    let list = || Routes::new().any("/any", runs.handler(), &FRONT_END_ENFORCED);
    let explained = list().wrap(NormalizePath::trim()).explain(true);
    let whole = init_service(list().into_app(App::new(), |app| app)).await;
    let merged = init_service(App::new().service(list())).await;
    let explained = init_service(App::new().service(explained)).await;
    for method in ["PROPFIND", "QUERY", "TRACE", "PUT"] {
        let before = runs.count();
        ask(&whole, Ask::from(EVIL, method, "/any")).await.hides(403);
        ask(&merged, Ask::from(EVIL, method, "/any")).await.hides(403);
        ask(&explained, Ask::from(EVIL, method, "/any")).await.hides(403);
        assert_eq!(runs.count(), before, "{method}");
        ask(&whole, Ask::from(APP, method, "/any")).await.reads(APP, 200);
        ask(&merged, Ask::from(APP, method, "/any")).await.reads(APP, 200);
        ask(&explained, Ask::from(APP, method, "/any")).await.reads(APP, 200);
        assert_eq!(runs.count(), before + 3, "{method}");
    }
}

trait Repository: 'static {
    const NAME: &'static str;
}

struct Postgres;

impl Repository for Postgres {
    const NAME: &'static str = "postgres";
}

impl Postgres {
    fn home() -> impl Future<Output = &'static str> {
        ready("home")
    }
}

async fn get_user<R: Repository>() -> &'static str {
    R::NAME
}

const REPORTS: &str = "/reports";

fn registered() -> Routes {
    let service = || {
        fn_service(async |request: ServiceRequest| {
            Ok::<_, Error>(request.into_response(HttpResponse::Ok().body("a service")))
        })
    };
    Routes::new()
        .get("/user", get_user::<Postgres>, &PUBLIC)
        .get("/", Postgres::home, &FRONT_END)
        .put(REPORTS, || async { "a closure" }, &FRONT_END)
        .get(REPORTS, || async { "another" }, &PUBLIC)
        .on(&[Method::POST, Method::DELETE], REPORTS, || async { "both" }, &PARTNERS)
        .any("/any", |request: HttpRequest| async move { request.method().to_string() }, &PARTNERS)
        .service("/files/{path:.*}", service, &PUBLIC)
}

/// A4, A5: what cannot carry an attribute has a policy each.
#[actix_web::test]
async fn a4_a5_explicit_registration_actix() {
    let plain = init_service(App::new().service(registered())).await;
    check(&plain, &registered().table()).await.unwrap();
    let around = registered().into_app(App::new(), |app| app.wrap(from_fn(see_nothing)));
    let around = init_service(around).await;
    check(&around, &registered().table()).await.unwrap();
    for (method, path, body, origin) in [
        ("GET", "/user", "postgres", None),
        ("GET", "/", "home", Some(APP)),
        ("PUT", "/reports", "a closure", Some(APP)),
        ("GET", "/reports", "another", None),
        ("DELETE", "/reports", "both", Some(PARTNER)),
        ("DELETE", "/any", "DELETE", Some(PARTNER)),
        ("PATCH", "/files/a/b", "a service", None),
    ] {
        for page in [APP, PARTNER, EVIL] {
            for (preflight, actual) in [
                (
                    ask(&plain, Ask::before(page, method, path)).await,
                    ask(&plain, Ask::from(page, method, path)).await,
                ),
                (
                    ask(&around, Ask::before(page, method, path)).await,
                    ask(&around, Ask::from(page, method, path)).await,
                ),
            ] {
                assert_eq!(actual.body, body);
                match origin {
                    None => {
                        preflight.allows("*", method);
                        actual.reads("*", 200);
                    }
                    Some(origin) if origin == page => {
                        preflight.allows(page, method);
                        actual.reads(page, 200);
                    }
                    Some(_) => {
                        preflight.rejects();
                        assert_eq!(actual.hides(200).vary(), ["origin"]);
                    }
                }
            }
        }
    }
    // The names differ, the slash inside of the expression separates nothing.
    let list = || Routes::new().put("/{a:[^/]+}/x", || async { "" }, &PUBLIC);
    let names = panic_of(|| list().put("/{b:[^/]+}/x", || async { "" }, &PUBLIC));
    assert!(names.contains("two handlers for PUT /{b:[^/]+}/x"), "{names}");
    check(&init_service(App::new().service(list())).await, &list().table()).await.unwrap();

    let twice = panic_of(|| registered().put(REPORTS, || async { "" }, &PUBLIC));
    assert!(twice.contains("two handlers for PUT /reports"), "{twice}");
    assert_eq!(twice.matches("composition.rs:").count(), 2, "{twice}");
}
