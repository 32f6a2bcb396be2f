//! Pains 6 and 7: a policy for each route and method, and nothing in between; with defaults
//! and exceptions.

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::test::init_service;
use actix_web::web::{self, Path, ServiceConfig};
use actix_web::{App, Error, HttpServer, Responder, get, guard, put};
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

/// Written by somebody else.
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
                    preflight.grants("*", method);
                    actual.reads("*", 200);
                }
                Some(origin) if origin == page => {
                    preflight.grants(page, method);
                    actual.reads(page, 200);
                    assert_eq!(actual.lines("access-control-allow-credentials"), ["true"]);
                }
                Some(_) => {
                    preflight.refuses();
                    actual.hides(200);
                }
            }
        }
    }
}

#[actix_web::test]
async fn pain_06_a_policy_for_each_method_actix() {
    let app = App::new().service(read).service(update).service(admin::remove);
    let app = init_service(app).await;
    each_has_its_own(&app, "/users/1").await;
    // A header that one policy allows is not allowed by another.
    let preflight = |method| {
        let preflight = Ask::before(APP, method, "/users/1");
        preflight.with("access-control-request-headers", "content-type")
    };
    ask(&app, preflight("PUT")).await.grants(APP, "PUT");
    ask(&app, preflight("GET")).await.refuses_header("*", "GET", &[]);
}

#[actix_web::test]
async fn pain_07_no_siblings_policy_actix() {
    // Whatever the order, and however services of several modules meet.
    let app = App::new().service(admin::remove).service(update).service(read);
    each_has_its_own(&init_service(app).await, "/users/1").await;
    let app = App::new()
        .configure(|app| _ = app.service(update))
        .service(read)
        .configure(|app| _ = app.service(admin::remove));
    each_has_its_own(&init_service(app).await, "/users/1").await;
    let scope = web::scope("/api").service(read).service(update).service(admin::remove);
    let around = Cors::around(&routes![admin::remove, read].merge(routes![update]));
    let app = App::new().service(scope.wrap(around));
    each_has_its_own(&init_service(app).await, "/api/users/1").await;
    // Lists, at the root, in a scope, with a prefix of their own.
    let list = || routes![update, admin::remove].merge(routes![read]);
    let app = App::new().service(list()).service(list().nest("/nested"));
    let app = app.service(web::scope("/api").wrap(Cors::around(&list())).service(list()));
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
    let routes = routes![admin::me, read, admin::update_me];
    let plain = App::new().service(admin::me).service(read).service(admin::update_me);
    let plain = init_service(plain).await;
    let around = App::new()
        .service(admin::me)
        .service(read)
        .service(admin::update_me)
        .wrap(Cors::around(&routes));
    let around = init_service(around).await;
    for method in ["GET", "PUT"] {
        ask(&plain, Ask::before(ADMIN, method, "/users/me")).await.grants(ADMIN, method);
        ask(&plain, Ask::before(EVIL, method, "/users/me")).await.refuses();
        ask(&around, Ask::before(ADMIN, method, "/users/me")).await.grants(ADMIN, method);
        ask(&around, Ask::before(EVIL, method, "/users/me")).await.refuses();
    }
    ask(&plain, Ask::before(EVIL, "GET", "/users/1")).await.grants("*", "GET");
    ask(&around, Ask::before(EVIL, "GET", "/users/1")).await.grants("*", "GET");
}

#[actix_web::test]
async fn pain_07_a_method_of_a_later_pattern_actix() {
    let routes = routes![read, admin::update_me];
    let app = App::new().service(read).service(admin::update_me).wrap(Cors::around(&routes));
    let app = init_service(app).await;
    ask(&app, Ask::before(ADMIN, "PUT", "/users/me")).await.grants(ADMIN, "PUT");
    ask(&app, Ask::from(ADMIN, "PUT", "/users/me")).await.reads(ADMIN, 200);
    ask(&app, Ask::before(EVIL, "PUT", "/users/me")).await.refuses();
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

    // Guards choose, but a middleware further out cannot.
    let guarded = panic_of(|| Cors::around(&routes![admin::replace_some, update]));
    assert_eq!(guarded.matches("policies.rs:").count(), 2, "{guarded}");
}

/// Builds an app as a server does.
fn start(configure: fn(&mut ServiceConfig)) {
    actix_web::rt::System::new().block_on(init_service(App::new().configure(configure)));
}

#[test]
fn pain_07_an_app_with_shadowed_handlers_does_not_start_actix() {
    let shadowed: [fn(&mut ServiceConfig); 6] = [
        |app| _ = app.service(update).service(admin::replace),
        |app| _ = app.service(update).service(read).service(update),
        |app| {
            app.configure(|app| _ = app.service(update));
            app.configure(|app| _ = app.service(admin::replace));
        },
        |app| _ = app.service(routes![read, update]).service(admin::replace),
        |app| {
            app.service(routes![update].nest("/api"));
            app.service(routes![read].merge(routes![admin::replace]).nest("/api"));
        },
        |app| _ = app.service(update).service(admin::replace_some),
    ];
    for configure in shadowed {
        let said = panic_of(|| start(configure));
        assert!(said.contains("two handlers for PUT "), "{said}");
        assert_eq!(said.matches("policies.rs:").count(), 2, "{said}");
    }
    let names =
        panic_of(|| start(|app| _ = app.service(admin::remove).service(admin::remove_by_name)));
    assert_eq!(names.matches("policies.rs:").count(), 2, "{names}");
}

#[test]
fn pain_07_handlers_that_are_not_shadowed_start_actix() {
    let fine: [fn(&mut ServiceConfig); 6] = [
        // A guard before what has none, and an app of its own for each.
        |app| _ = app.service(admin::replace_some).service(update),
        |app| _ = app.service(routes![admin::replace_some, update]),
        |app| _ = app.service(read).service(admin::remove_by_name),
        |app| _ = app.service(routes![read, admin::remove_by_name]),
        // The scopes' own guards and prefixes keep these apart.
        |app| {
            let host = |name| web::scope("").guard(guard::Host(name));
            app.service(host("one.example.com").service(update));
            app.service(host("two.example.com").service(admin::replace));
            app.service(web::scope("/api").service(update));
        },
        |app| _ = app.service(update).service(routes![update].nest("/api")),
    ];
    for configure in fine {
        start(configure);
    }
}

/// One handler on two paths, with other methods on each.
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
    let around = App::new().service(drafts).service(clear_drafts).wrap(Cors::around(&list()));
    let (plain, around) = (init_service(plain).await, init_service(around).await);
    check(&plain, &list().table()).await.unwrap();
    let nested = init_service(App::new().service(list().nest("/api"))).await;
    check(&nested, &list().nest("/api").table()).await.unwrap();
    check(&around, &list().table()).await.unwrap();
    ask(&plain, Ask::before(ADMIN, "PUT", "/drafts")).await.grants(ADMIN, "PUT");
    ask(&around, Ask::before(ADMIN, "PUT", "/drafts")).await.grants(ADMIN, "PUT");
    ask(&plain, Ask::before(APP, "PUT", "/drafts/1")).await.grants(APP, "PUT");
    ask(&around, Ask::before(APP, "GET", "/drafts/1")).await.refuses();
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
    let app = App::new()
        .service(read)
        .service(update)
        .service(internal)
        .route("/plain", web::get().to(|| async { "plain" }))
        .wrap(Cors::new(admins()));
    let app = init_service(app).await;
    // What has no annotation has the default.
    ask(&app, Ask::before(ADMIN, "GET", "/plain")).await.grants(ADMIN, "GET");
    ask(&app, Ask::from(ADMIN, "GET", "/plain")).await.reads(ADMIN, 200);
    ask(&app, Ask::from(APP, "GET", "/plain")).await.hides(200);
    // An annotation replaces it whole: no union of the two.
    ask(&app, Ask::before(APP, "PUT", "/users/1")).await.grants(APP, "PUT");
    ask(&app, Ask::before(ADMIN, "PUT", "/users/1")).await.refuses();
    // The default might have granted this, if something had kept the preflight from the handler.
    ask(&app, Ask::from(ADMIN, "PUT", "/users/1")).await.hides(403);
    let public = ask(&app, Ask::from(ADMIN, "GET", "/users/1")).await;
    public.reads("*", 200);
    assert!(public.lines("access-control-allow-credentials").is_empty(), "{public:?}");
    // And `none` is an annotation.
    ask(&app, Ask::before(ADMIN, "GET", "/internal")).await.refuses();
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
    let server = HttpServer::new(|| {
        let routes = routes![read, update, admin::remove];
        App::new().service(read).service(update).service(admin::remove).wrap(Cors::around(&routes))
    });
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
