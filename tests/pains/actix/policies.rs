//! Pains 6 and 7: a policy for each route and method, and nothing in between; with defaults
//! and exceptions.

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::test::init_service;
use actix_web::web::{self, Path};
use actix_web::{App, Error, HttpServer, Responder, get, put};
use cors_actix::{Cors, Policy, check, cors, routes};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::ask;
use crate::talk::{ADMIN, APP, Ask, EVIL, panic_of};

#[cors(origins = "*")]
#[get("/users/{id}")]
async fn read(id: Path<u32>) -> impl Responder {
    id.to_string()
}

#[cors(origins = ["https://app.example.com"], credentials, headers = ["content-type"])]
#[put("/users/{id}")]
async fn update() -> impl Responder {
    ""
}

/// Of another crate.
mod admin {
    use actix_web::guard::GuardContext;
    use actix_web::{Responder, delete, get, put};
    use cors_actix::cors;

    #[cors(origins = ["https://admin.example.com"], credentials)]
    #[delete("/users/{id}")]
    pub(super) async fn remove() -> impl Responder {
        ""
    }

    #[cors(origins = ["https://admin.example.com"])]
    #[put("/users/{id}")]
    pub(super) async fn replace() -> impl Responder {
        ""
    }

    #[cors(origins = ["https://admin.example.com"])]
    #[delete("/users/{name}")]
    pub(super) async fn remove_by_name() -> impl Responder {
        ""
    }

    #[cors(origins = ["https://admin.example.com"])]
    #[put("/users/{id}", guard = "is_json")]
    pub(super) async fn replace_some() -> impl Responder {
        ""
    }

    fn is_json(context: &GuardContext<'_>) -> bool {
        context.head().headers().contains_key("content-type")
    }

    #[cors(origins = ["https://admin.example.com"])]
    #[get("/users/me")]
    pub(super) async fn me() -> impl Responder {
        "the administrator"
    }

    #[cors(origins = ["https://admin.example.com"])]
    #[put("/users/me")]
    pub(super) async fn update_me() -> impl Responder {
        "the administrator"
    }
}

/// Preflights and requests to one path, whose methods have a policy each.
async fn each_has_its_own<S, B>(app: &S, path: &str)
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    for (method, allowed) in [("GET", None), ("PUT", Some(APP)), ("DELETE", Some(ADMIN))] {
        for page in [APP, ADMIN, EVIL] {
            let preflight = ask(app, Ask::before(page, method, path)).await;
            let actual = ask(app, Ask::from(page, method, path)).await;
            match allowed {
                None => {
                    preflight.allows("*", method);
                    actual.reads("*", 200);
                }
                Some(origin) if origin == page => {
                    preflight.allows(page, method);
                    actual.reads(page, 200);
                    assert_eq!(actual.lines("access-control-allow-credentials"), ["true"]);
                }
                Some(_) => {
                    preflight.rejects();
                    actual.hides(200);
                }
            }
        }
    }
}

#[actix_web::test]
async fn pain_06_a_policy_for_each_method_actix() {
    let app = App::new().service(routes![read, update, admin::remove]);
    let app = init_service(app).await;
    each_has_its_own(&app, "/users/1").await;
    // A header that one policy allows is not allowed by another.
    let preflight = |method| {
        let preflight = Ask::before(APP, method, "/users/1");
        preflight.with("access-control-request-headers", "content-type")
    };
    ask(&app, preflight("PUT")).await.allows(APP, "PUT");
    ask(&app, preflight("GET")).await.rejects();
}

#[actix_web::test]
async fn pain_07_no_siblings_policy_actix() {
    // Whatever the order, and however lists of several modules meet.
    let orders = [
        || routes![admin::remove, update, read],
        || routes![update].merge(routes![read]).merge(routes![admin::remove]),
    ];
    for list in orders {
        each_has_its_own(&init_service(App::new().service(list())).await, "/users/1").await;
        let app = list().into_app(App::new(), |app| app);
        each_has_its_own(&init_service(app).await, "/users/1").await;
        let app = App::new().service(list().into_scope("/api", |scope| scope));
        each_has_its_own(&init_service(app).await, "/api/users/1").await;
    }
    // Lists, at the root, in a scope, with a prefix of their own.
    let list = || routes![update, admin::remove].merge(routes![read]);
    let app = App::new().service(list()).service(list().nest("/nested"));
    let app = app.service(list().into_scope("/api", |scope| scope));
    let app = init_service(app).await;
    for path in ["/users/1", "/nested/users/1", "/api/users/1"] {
        each_has_its_own(&app, path).await;
    }
    let all = list().merge(list().nest("/nested")).merge(list().nest("/api"));
    check(&app, &all.table()).await.unwrap();
}

#[actix_web::test]
async fn pain_07_the_path_decides_as_the_router_does_actix() {
    // actix takes the first resource that matches, and looks further where its method does not.
    let list = || routes![admin::me, read, admin::update_me];
    let plain = init_service(App::new().service(list())).await;
    let around = init_service(list().into_app(App::new(), |app| app)).await;
    for method in ["GET", "PUT"] {
        ask(&plain, Ask::before(ADMIN, method, "/users/me")).await.allows(ADMIN, method);
        ask(&plain, Ask::before(EVIL, method, "/users/me")).await.rejects();
        ask(&around, Ask::before(ADMIN, method, "/users/me")).await.allows(ADMIN, method);
        ask(&around, Ask::before(EVIL, method, "/users/me")).await.rejects();
    }
    ask(&plain, Ask::before(EVIL, "GET", "/users/1")).await.allows("*", "GET");
    ask(&around, Ask::before(EVIL, "GET", "/users/1")).await.allows("*", "GET");
}

#[actix_web::test]
async fn pain_07_a_method_of_a_later_pattern_actix() {
    let app = init_service(App::new().service(routes![read, admin::update_me])).await;
    ask(&app, Ask::before(ADMIN, "PUT", "/users/me")).await.allows(ADMIN, "PUT");
    ask(&app, Ask::from(ADMIN, "PUT", "/users/me")).await.reads(ADMIN, 200);
    ask(&app, Ask::before(EVIL, "PUT", "/users/me")).await.rejects();
}

#[test]
fn pain_07_what_cannot_be_merged_does_not_start_actix() {
    let twice = panic_of(|| routes![update].merge(routes![admin::replace]));
    assert!(twice.contains("two handlers for PUT /users/{id}"), "{twice}");
    assert_eq!(twice.matches("policies.rs:").count(), 2, "{twice}");
    assert!(twice.contains("::update`") && twice.contains("admin::replace`"), "{twice}");

    let in_a_list = panic_of(|| routes![update, admin::replace]);
    assert_eq!(in_a_list.matches("policies.rs:").count(), 2, "{in_a_list}");

    // Two names for one path; for one method, for actix asks further where the method differs.
    let names = panic_of(|| routes![read, admin::remove, admin::remove_by_name]);
    assert_eq!(names.matches("policies.rs:").count(), 2, "{names}");

    // Guards choose; what has none is asked last.
    drop(routes![admin::replace_some, update]);
    let behind = panic_of(|| routes![update, admin::replace_some]);
    assert_eq!(behind.matches("policies.rs:").count(), 2, "{behind}");
}

/// A6: one handler on two paths, with other methods on each.
#[cors(origins = ["https://app.example.com"])]
#[routes]
#[get("drafts")] // actix adds the slash
#[put("/drafts/{id}")]
async fn drafts() -> impl Responder {
    "drafts"
}

#[cors(origins = ["https://admin.example.com"])]
#[put("/drafts")]
async fn clear_drafts() -> impl Responder {
    "cleared"
}

#[actix_web::test]
async fn pain_07_each_path_of_a_handler_has_its_own_methods_actix() {
    let list = || routes![drafts, clear_drafts];
    let plain = App::new().service(list());
    let around = list().into_app(App::new(), |app| app);
    let (plain, around) = (init_service(plain).await, init_service(around).await);
    check(&plain, &list().table()).await.unwrap();
    let nested = init_service(App::new().service(list().nest("/api"))).await;
    check(&nested, &list().nest("/api").table()).await.unwrap();
    check(&around, &list().table()).await.unwrap();
    ask(&plain, Ask::before(ADMIN, "PUT", "/drafts")).await.allows(ADMIN, "PUT");
    ask(&around, Ask::before(ADMIN, "PUT", "/drafts")).await.allows(ADMIN, "PUT");
    ask(&plain, Ask::before(APP, "PUT", "/drafts/1")).await.allows(APP, "PUT");
    ask(&around, Ask::before(APP, "GET", "/drafts/1")).await.rejects();
}

fn admins() -> Policy {
    Policy::builder().origins([ADMIN]).credentials().build().unwrap()
}

#[cors(none)]
#[get("/internal")]
async fn internal() -> impl Responder {
    "only for programs"
}

#[actix_web::test]
async fn pain_06_a_default_and_its_exceptions_actix() {
    let list = routes![read, update, internal];
    let cors = Cors::for_routes(&list.table()).default_policy(admins());
    let app =
        App::new().service(list).route("/plain", web::get().to(|| async { "plain" })).wrap(cors);
    let app = init_service(app).await;
    // What has no annotation has the default.
    ask(&app, Ask::before(ADMIN, "GET", "/plain")).await.allows(ADMIN, "GET");
    ask(&app, Ask::from(ADMIN, "GET", "/plain")).await.reads(ADMIN, 200);
    ask(&app, Ask::from(APP, "GET", "/plain")).await.hides(200);
    // An annotation replaces it whole: no union of the two.
    ask(&app, Ask::before(APP, "PUT", "/users/1")).await.allows(APP, "PUT");
    ask(&app, Ask::before(ADMIN, "PUT", "/users/1")).await.rejects();
    ask(&app, Ask::from(ADMIN, "PUT", "/users/1")).await.hides(200);
    let public = ask(&app, Ask::from(ADMIN, "GET", "/users/1")).await;
    public.reads("*", 200);
    assert!(public.lines("access-control-allow-credentials").is_empty(), "{public:?}");
    // And `none` is an annotation.
    ask(&app, Ask::before(ADMIN, "GET", "/internal")).await.rejects();
    let none = ask(&app, Ask::from(ADMIN, "GET", "/internal")).await;
    assert_eq!(none.hides(200).body, "only for programs");
}

#[cors(origins = ["https://app.example.com"], credentials)]
mod orders {
    use actix_web::{Responder, get};
    use cors_actix::cors;

    #[get("/orders")]
    pub(super) async fn list() -> impl Responder {
        ""
    }

    #[cors(origins = "*")]
    #[get("/orders/count")]
    pub(super) async fn count() -> impl Responder {
        ""
    }

    #[cors(none)]
    #[get("/orders/export")]
    pub(super) async fn export() -> impl Responder {
        ""
    }

    pub(super) mod returns {
        use actix_web::{Responder, get};

        #[get("/returns")]
        pub(in super::super) async fn list() -> impl Responder {
            ""
        }
    }
}

#[actix_web::test]
async fn pain_06_the_default_of_a_module_actix() {
    let app = App::new()
        .service(orders::list)
        .service(orders::count)
        .service(orders::export)
        .service(orders::returns::list);
    let app = init_service(app).await;
    for path in ["/orders", "/returns"] {
        let own = ask(&app, Ask::from(APP, "GET", path)).await;
        own.reads(APP, 200);
        assert_eq!(own.lines("access-control-allow-credentials"), ["true"]);
        ask(&app, Ask::from(EVIL, "GET", path)).await.hides(200);
    }
    // Replaced whole: the credentials of the default do not widen it.
    let public = ask(&app, Ask::from(APP, "GET", "/orders/count")).await;
    public.reads("*", 200);
    assert!(public.lines("access-control-allow-credentials").is_empty(), "{public:?}");
    ask(&app, Ask::from(APP, "GET", "/orders/export")).await.hides(200);
}

#[actix_web::test]
async fn two_apps_do_not_see_each_other_actix() {
    let one = init_service(App::new().service(read)).await;
    let other = init_service(App::new().service(admin::me)).await;
    ask(&one, Ask::before(ADMIN, "PUT", "/users/1")).await.hides(404);
    ask(&other, Ask::before(APP, "GET", "/users/1")).await.hides(404);
}

#[actix_web::test]
async fn every_worker_builds_the_same_app_actix() {
    let server =
        HttpServer::new(|| routes![read, update, admin::remove].into_app(App::new(), |app| app));
    let server = server.workers(4).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    let running = tokio::spawn(server);
    // Connections go to the workers in turn.
    for _ in 0..12 {
        let mut connection = TcpStream::connect(address).await.unwrap();
        let preflight = format!(
            "OPTIONS /users/1 HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\norigin: {APP}\r\n\
             access-control-request-method: PUT\r\n\r\n"
        );
        connection.write_all(preflight.as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
        assert!(answer.contains(&format!("access-control-allow-origin: {APP}\r\n")), "{answer}");
    }
    handle.stop(false).await;
    running.await.unwrap().unwrap();
}
