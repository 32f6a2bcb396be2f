//! Pains 6 and 7: a policy for each route and method, and nothing in between; with defaults
//! and exceptions.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use cors_axum::{Policy, Routes, cors, methods, routes};

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

/// Of another crate.
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
    // `HEAD` goes with `GET`, and a method that no handler serves has no policy.
    ask(app, Ask::before(EVIL, "HEAD", path)).await.allows("*", "HEAD");
    ask(app, Ask::before(APP, "PATCH", path)).await.rejects();
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
    ask(&app, preflight("PUT")).await.allows(APP, "PUT");
    ask(&app, preflight("GET")).await.rejects();
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
    let list = || routes![read, update, admin::me];
    for app in [list().into_router(), list().into_app(|router| router)] {
        ask(&app, Ask::before(EVIL, "GET", "/users/1")).await.allows("*", "GET");
        ask(&app, Ask::before(ADMIN, "GET", "/users/me")).await.allows(ADMIN, "GET");
        ask(&app, Ask::before(EVIL, "GET", "/users/me")).await.rejects();
        ask(&app, Ask::before(APP, "PUT", "/users/me")).await.rejects();
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

    let by_methods = panic_of(|| Routes::<()>::new().route("/", methods![update, admin::replace]));
    assert_eq!(by_methods.matches("policies.rs:").count(), 2, "{by_methods}");

    // Two names for one path: axum would say so too, but not where.
    let names = panic_of(|| routes![read, admin::remove_by_name] as Routes);
    assert_eq!(names.matches("policies.rs:").count(), 2, "{names}");
}

#[tokio::test]
async fn pain_07_routers_that_cannot_be_merged_do_not_start_axum() {
    // axum says so; the policies of a path meet in a list.
    for start in [
        || Router::<()>::new().merge(routes![read]).merge(routes![update]),
        || Router::new().merge(routes![read]).route("/users/{id}", get(async || ())),
    ] {
        assert!(panic_of(start).contains("Overlapping method route"));
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
    let app: Router = routes![read, update, internal]
        .default_policy(admins())
        .into_app(|router| router.route("/plain", get(async || "plain")));
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
    ask(&one, Ask::before(ADMIN, "PUT", "/users/1")).await.rejects();
    assert_eq!(ask(&other, Ask::before(APP, "GET", "/users/1")).await.hides(404).body, "");
}
