//! Pains 6 and 7: a policy for each route and method, and nothing in between; with defaults
//! and exceptions.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use cors_axum::{CorsLayer, Policy, Routes, cors, methods, routes};

use super::ask;
use crate::talk::{ADMIN, APP, Ask, EVIL, panic_of};

#[cors(origins = "*")]
#[get("/users/{id}")]
async fn read(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[cors(origins = ["https://app.example.com"], credentials, headers = ["content-type"])]
#[put("/users/{id}")]
async fn update() {}

/// Written by somebody else.
mod admin {
    use cors_axum::cors;

    #[cors(origins = ["https://admin.example.com"], credentials)]
    #[delete("/users/{id}")]
    pub(super) async fn remove() {}

    #[cors(origins = ["https://admin.example.com"])]
    #[put("/users/{id}")]
    pub(super) async fn replace() {}

    #[cors(origins = ["https://admin.example.com"])]
    #[delete("/users/{name}")]
    pub(super) async fn remove_by_name() {}

    #[cors(origins = ["https://admin.example.com"])]
    #[get("/users/me")]
    pub(super) async fn me() -> &'static str {
        "the administrator"
    }
}

/// Preflights and requests to one path, whose methods have a policy each.
async fn each_has_its_own(app: &Router, path: &str) {
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
    // `HEAD` goes with `GET`, and what nobody serves is nobody's.
    ask(app, Ask::before(EVIL, "HEAD", path)).await.grants("*", "HEAD");
    ask(app, Ask::before(APP, "PATCH", path)).await.refuses();
}

#[tokio::test]
async fn pain_06_a_policy_for_each_method_axum() {
    let app = Router::new().merge(routes![read, update, admin::remove]);
    each_has_its_own(&app, "/users/1").await;
    // A header that one policy allows is not allowed by another.
    let preflight = |method| {
        let preflight = Ask::before(APP, method, "/users/1");
        preflight.with("access-control-request-headers", "content-type")
    };
    ask(&app, preflight("PUT")).await.grants(APP, "PUT");
    ask(&app, preflight("GET")).await.refuses_header("*", "GET", &[]);
}

#[tokio::test]
async fn pain_07_no_siblings_policy_axum() {
    // Whatever the order, and however lists of several modules meet.
    let orders: [Routes; 4] = [
        routes![read, update].merge(routes![admin::remove]),
        routes![admin::remove].merge(routes![update, read]),
        routes![update].merge(routes![admin::remove]).merge(routes![read]),
        routes![admin::remove, read, update],
    ];
    for routes in orders {
        each_has_its_own(&Router::new().nest("/api", routes.into()), "/api/users/1").await;
    }
}

#[tokio::test]
async fn pain_07_the_path_decides_as_the_router_does_axum() {
    let routes: Routes = routes![read, update, admin::me];
    let cors = CorsLayer::around(&routes);
    let plain = Router::new().merge(routes);
    for app in [plain.clone(), plain.layer(cors)] {
        ask(&app, Ask::before(EVIL, "GET", "/users/1")).await.grants("*", "GET");
        ask(&app, Ask::before(ADMIN, "GET", "/users/me")).await.grants(ADMIN, "GET");
        ask(&app, Ask::before(EVIL, "GET", "/users/me")).await.refuses();
        ask(&app, Ask::before(APP, "PUT", "/users/me")).await.refuses();
        ask(&app, Ask::from(APP, "PUT", "/users/me")).await.hides(405);
    }
}

#[tokio::test]
async fn pain_07_what_cannot_be_merged_does_not_start_axum() {
    let twice = panic_of(|| routes![update].merge(routes![admin::replace]) as Routes);
    assert!(twice.contains("two handlers for PUT /users/{id}"), "{twice}");
    assert_eq!(twice.matches("policies.rs:").count(), 2, "{twice}");
    assert!(twice.contains("::update`") && twice.contains("admin::replace`"), "{twice}");

    let in_a_list = panic_of(|| routes![update, admin::replace] as Routes);
    assert_eq!(in_a_list.matches("policies.rs:").count(), 2, "{in_a_list}");

    let by_methods = panic_of(|| Router::<()>::new().route("/", methods![update, admin::replace]));
    assert_eq!(by_methods.matches("policies.rs:").count(), 2, "{by_methods}");

    // Two names for one path: axum would say so too, but not where.
    let names = panic_of(|| routes![read, admin::remove_by_name] as Routes);
    assert_eq!(names.matches("policies.rs:").count(), 2, "{names}");
}

/// A list of other paths, in whatever order axum has them.
fn many() -> Routes {
    let list = || routes![internal, admin::me];
    let all = (0..8).map(|number| list().nest(&format!("/{number}")));
    all.fold(Routes::new(), Routes::merge)
}

/// Lists that meet as routers, where axum sees no more of them than what they answer.
const MEETINGS: [fn() -> Router; 7] = [
    || Router::new().merge(routes![read]).merge(routes![update]),
    || Router::new().merge(routes![update]).merge(routes![read]),
    || Router::new().merge(routes![update]).merge(routes![admin::replace, read]),
    || Router::new().merge(routes![update, read]).merge(routes![read]),
    // Whatever else the second router has.
    || Router::new().merge(routes![read]).merge(many().merge(routes![update])),
    || {
        let nested = Router::new().nest("/api", routes![read, admin::me].into());
        nested.merge(routes![update].nest("/api"))
    },
    || {
        let layered: Router = routes![read].into();
        let shared = layered.layer(CorsLayer::new(admins()));
        shared.clone().merge(routes![update]).merge(shared)
    },
];

#[tokio::test]
async fn pain_07_routers_that_cannot_be_merged_do_not_start_axum() {
    const NUMBER: &str = "MEETING";
    if let Ok(number) = std::env::var(NUMBER) {
        drop(MEETINGS[number.parse::<usize>().unwrap()]());
        return;
    }
    for number in 0..MEETINGS.len() {
        // What is said behind a panic only another process can hear.
        let mut start = std::process::Command::new(std::env::current_exe().unwrap());
        let name = "axum::policies::pain_07_routers_that_cannot_be_merged_do_not_start_axum";
        let start = start.args([name, "--exact", "--nocapture"]).env(NUMBER, number.to_string());
        let output = start.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{number} starts");
        assert!(said.contains("Overlapping method route"), "{number}: {said}");
        assert!(said.contains("cors: two routers"), "{number}: {said}");
        assert!(said.contains("::update` at tests/pains/axum/policies.rs:"), "{number}: {said}");
        let other = if number == 2 { "admin::replace` at " } else { "::read` at " };
        assert!(said.contains(other), "{number}: {said}");
        assert_eq!(said.matches("cors:").count(), 1, "{number}: {said}");
    }
}

/// Starts that fail over something else.
const OTHER_PANICS: [fn(); 4] = [
    || {
        // A path that one router serves without annotation, and many that nobody else serves.
        let half_migrated = Router::new().route("/users/{id}", get(|| async {})).merge(many());
        drop(Router::new().merge(routes![read]).merge(half_migrated));
    },
    || {
        let half_migrated = Router::new().route("/users/{id}", get(|| async {})).merge(many());
        drop(half_migrated.merge(routes![read]));
    },
    || {
        let one: Router = routes![read].into();
        let other: Router = routes![admin::me].into();
        let copy = one.clone().layer(CorsLayer::new(admins())).route("/other", get(|| async {}));
        drop(one.clone().method_not_allowed_fallback(|| async {}));
        drop(many().into_router());
        let _kept = (one, other, copy);
        panic!("the port is taken");
    },
    || {
        let list: Router = routes![read, update].into();
        drop(list.clone().layer(CorsLayer::new(admins())));
        panic!("the port is taken");
    },
];

#[tokio::test]
async fn pain_07_a_panic_about_something_else_is_left_alone_axum() {
    const NUMBER: &str = "OTHER_PANIC";
    if let Ok(number) = std::env::var(NUMBER) {
        OTHER_PANICS[number.parse::<usize>().unwrap()]();
        return;
    }
    for number in 0..OTHER_PANICS.len() {
        let mut start = std::process::Command::new(std::env::current_exe().unwrap());
        let name = "axum::policies::pain_07_a_panic_about_something_else_is_left_alone_axum";
        let start = start.args([name, "--exact", "--nocapture"]).env(NUMBER, number.to_string());
        let output = start.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("panicked at tests/pains/axum/policies.rs"), "{number}: {said}");
        assert!(!said.contains("cors:"), "{number}: {said}");
    }
}

fn admins() -> Policy {
    Policy::builder().origins([ADMIN]).credentials().build().unwrap()
}

#[cors(none)]
#[get("/internal")]
async fn internal() -> &'static str {
    "only for programs"
}

#[tokio::test]
async fn pain_06_a_default_and_its_exceptions_axum() {
    let app: Router = Router::new()
        .merge(routes![read, update, internal])
        .route("/plain", get(async || "plain"))
        .layer(CorsLayer::new(admins()));
    // What has no annotation has the default.
    ask(&app, Ask::before(ADMIN, "GET", "/plain")).await.grants(ADMIN, "GET");
    ask(&app, Ask::from(ADMIN, "GET", "/plain")).await.reads(ADMIN, 200);
    ask(&app, Ask::from(APP, "GET", "/plain")).await.hides(200);
    // An annotation replaces it whole: no union of the two.
    ask(&app, Ask::before(APP, "PUT", "/users/1")).await.grants(APP, "PUT");
    ask(&app, Ask::before(ADMIN, "PUT", "/users/1")).await.refuses();
    ask(&app, Ask::from(ADMIN, "PUT", "/users/1")).await.hides(200);
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
    use cors_axum::cors;

    #[get("/orders")]
    pub(super) async fn list() {}

    #[cors(origins = "*")]
    #[get("/orders/count")]
    pub(super) async fn count() {}

    #[cors(none)]
    #[get("/orders/export")]
    pub(super) async fn export() {}

    pub(super) mod returns {
        #[get("/returns")]
        pub(in super::super) async fn list() {}
    }
}

#[tokio::test]
async fn pain_06_the_default_of_a_module_axum() {
    let routes: Routes =
        routes![orders::list, orders::count, orders::export, orders::returns::list];
    let app = Router::new().merge(routes);
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

#[tokio::test]
async fn two_apps_do_not_see_each_other_axum() {
    let one = Router::new().merge(routes![read]);
    let other = Router::new().merge(routes![admin::me]);
    ask(&one, Ask::before(ADMIN, "PUT", "/users/1")).await.refuses_method("*");
    assert_eq!(ask(&other, Ask::before(APP, "GET", "/users/1")).await.hides(404).body, "");
}
