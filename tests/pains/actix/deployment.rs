//! Policies that learn their origins from the deployment. A test bears the row of the field's table
//! that it is about.

use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::test::init_service;
use actix_web::{App, HttpRequest, HttpResponse, delete, get, put, route, web};
use cors_actix::{
    Cors, Policy, PolicyCell, PolicyRef, Routes, Selection, Snapshot, check, cors, policy, routes,
};

use super::composition::rebuild;
use super::{ask, authenticate};
use crate::environment::{in_env, is_in_program};
use crate::talk::{ADMIN, APP, Ask, EVIL, PARTNER};

#[cors(origins = env("FRONT_ORIGINS"), credentials)]
#[put("/front")]
async fn front_page() -> &'static str {
    "front"
}

#[cors(origins = ["https://app.example.com", env("PARTNER_ORIGINS", optional)], enforce)]
#[get("/partners")]
async fn partners() -> &'static str {
    "partners"
}

policy! {
    static ADMINS = { origins = env("ADMIN_ORIGINS"), credentials }
    static TENANTS = { origins = runtime, credentials, max_age = 60 }
    static PUBLIC = { origins = "*" }
    static FRONT_END = { origins = ["https://app.example.com"], credentials }
}

#[cors(policy = ADMINS)]
#[delete("/front")]
async fn clear() -> &'static str {
    ""
}

#[cors(policy = TENANTS)]
#[put("/tenant")]
async fn tenant() -> &'static str {
    "tenant"
}

fn from_environment() -> Routes {
    routes![front_page, partners, clear]
}

/// E1, E2: origins above a handler come from the environment, whatever separates them.
#[actix_web::test]
async fn e1_e2_origins_of_the_environment_actix() {
    in_env!(
        "actix::deployment::e1_e2_origins_of_the_environment_actix",
        &[
            ("FRONT_ORIGINS", " https://app.example.com,https://admin.example.com;\n"),
            ("ADMIN_ORIGINS", "https://admin.example.com"),
        ]
    );
    let app = from_environment().into_app(App::new(), |app| app.wrap(from_fn(authenticate)));
    let app = init_service(app).await;
    for page in [APP, ADMIN] {
        ask(&app, Ask::before(page, "PUT", "/front")).await.allows(page, "PUT");
        ask(&app, Ask::from(page, "PUT", "/front")).await.reads(page, 401);
    }
    ask(&app, Ask::before(PARTNER, "PUT", "/front")).await.rejects();
    ask(&app, Ask::before(ADMIN, "DELETE", "/front")).await.allows(ADMIN, "DELETE");
    ask(&app, Ask::before(APP, "DELETE", "/front")).await.rejects();
    // E3: no origin is allowed by what is optional and missing.
    ask(&app, Ask::from(APP, "GET", "/partners")).await.reads(APP, 401);
    ask(&app, Ask::from(PARTNER, "GET", "/partners")).await.hides(403);
    check(&app, &from_environment().table()).await.unwrap();
    let table = from_environment().table().to_string();
    let row = "https://app.example.com https://admin.example.com (from FRONT_ORIGINS)";
    assert!(table.contains(row), "{table}");
}

/// E3: a start with mistakes in three variables says all of them, and shows no password.
#[actix_web::test]
async fn e3_every_mistake_is_said_at_the_start_actix() {
    let variables = [
        ("FRONT_ORIGINS", "https://app.example.com, https://b.example.com/"),
        ("PARTNER_ORIGINS", "https://partner:secret@partner.example.net"),
        ("ADMIN_ORIGINS", " "),
    ];
    let test = "actix::deployment::e3_every_mistake_is_said_at_the_start_actix";
    if let Some(output) = crate::environment::with_env(test, &variables) {
        crate::environment::reports_three_mistakes(&String::from_utf8_lossy(&output.stderr));
        return;
    }
    let _ = from_environment().into_app(App::new(), |app| app);
}

/// E5: origins that change while the program runs are in effect for the next request.
#[actix_web::test]
async fn e5_origins_that_change_actix() {
    let app = init_service(App::new().service(routes![tenant])).await;
    // No origin is allowed as long as they are not known.
    ask(&app, Ask::before(APP, "PUT", "/tenant")).await.rejects();
    ask(&app, Ask::from(APP, "PUT", "/tenant")).await.hides(200);
    TENANTS.set_origins([APP, ADMIN]).unwrap();
    for page in [APP, ADMIN] {
        ask(&app, Ask::before(page, "PUT", "/tenant")).await.allows(page, "PUT");
        ask(&app, Ask::from(page, "PUT", "/tenant")).await.reads(page, 200);
    }
    let refused = TENANTS.set_origins([PARTNER, "http://partner.example.net"]).unwrap_err();
    assert_eq!(refused.iter().next().unwrap().location().element, Some(1));
    ask(&app, Ask::before(APP, "PUT", "/tenant")).await.allows(APP, "PUT");
    ask(&app, Ask::before(PARTNER, "PUT", "/tenant")).await.rejects();
    TENANTS.set_origins([PARTNER]).unwrap();
    ask(&app, Ask::before(APP, "PUT", "/tenant")).await.rejects();
    ask(&app, Ask::before(PARTNER, "PUT", "/tenant")).await.allows(PARTNER, "PUT");
    TENANTS.set_origins([""; 0]).unwrap();
    ask(&app, Ask::before(PARTNER, "PUT", "/tenant")).await.rejects();
    let list: Routes = routes![tenant];
    let table = list.table().to_string();
    assert!(table.contains("no origin (set at run time)"), "{table}");
}

/// E5: the same around a router that was not built from the list.
#[actix_web::test]
async fn e5_a_layer_whose_origins_change_actix() {
    let cell: Arc<PolicyCell> =
        Arc::new(Policy::builder().methods(["PUT"]).build_cell([]).unwrap());
    let app = App::new().route("/", web::get().to(async || "")).wrap(Cors::new(Arc::clone(&cell)));
    let app = init_service(app).await;
    ask(&app, Ask::before(APP, "PUT", "/")).await.rejects();
    cell.set_origins([APP]).unwrap();
    ask(&app, Ask::before(APP, "PUT", "/")).await.allows(APP, "PUT");
    ask(&app, Ask::before(EVIL, "PUT", "/")).await.rejects();
}

fn by_host(request: &Selection<'_>) -> Option<Snapshot> {
    match request.host()? {
        "public.api.example.com" => Some(Snapshot::from(&PUBLIC)),
        "front.api.example.com" => Some(Snapshot::from(&FRONT_END)),
        _ => None,
    }
}

fn by_header(request: &Selection<'_>) -> Option<&'static Policy> {
    (request.header("X-Tenant")? == "front").then_some(&FRONT_END)
}

#[cors(select = by_host)]
#[put("/selected")]
async fn selected() -> &'static str {
    "selected"
}

/// E5: a policy for each tenant.
#[actix_web::test]
async fn e5_a_policy_for_each_tenant_actix() {
    let app = init_service(App::new().service(routes![selected])).await;
    let at = |host: &str, ask: Ask| ask.with("host", host);
    let preflight = |page| Ask::before(page, "PUT", "/selected");
    let front = "front.api.example.com";
    ask(&app, at(front, preflight(APP))).await.allows(APP, "PUT");
    ask(&app, at(front, preflight(EVIL))).await.rejects();
    // A repeated `Host` names no host, whatever the URI says.
    let absolute = || Ask::before(APP, "PUT", &format!("http://{front}/selected"));
    ask(&app, absolute()).await.allows(APP, "PUT");
    ask(&app, at(front, at(front, absolute()))).await.rejects();
    ask(&app, at(front, Ask::from(APP, "PUT", "/selected"))).await.reads(APP, 200);
    let answer = ask(&app, at("public.api.example.com", preflight(EVIL))).await;
    assert_eq!(answer.lines("access-control-allow-origin"), ["*"], "{answer:?}");
    for unknown in ["", "unknown.example.com"] {
        ask(&app, at(unknown, preflight(APP))).await.rejects();
        ask(&app, at(unknown, Ask::from(APP, "PUT", "/selected"))).await.hides(200);
    }
    let list: Routes = routes![selected];
    let table = list.table().to_string();
    assert!(table.contains("chosen by by_host"), "{table}");
}

/// What a policy is chosen by, caches must know.
#[actix_web::test]
async fn e5_a_header_that_chooses_is_in_vary_actix() {
    let policy = PolicyRef::select(by_header);
    let list = Routes::new().get("/", async || "", policy);
    let app = init_service(App::new().service(list)).await;
    let front = ask(&app, Ask::from(APP, "GET", "/").with("x-tenant", "front")).await;
    front.reads(APP, 200);
    assert_eq!(front.vary(), ["origin", "x-tenant"], "{front:?}");
    let other = ask(&app, Ask::from(APP, "GET", "/").with("x-tenant", "other")).await;
    other.hides(200);
    assert_eq!(other.vary(), ["origin", "x-tenant"], "{other:?}");
}

/// Where several policies have a part in a response, caches must know of what any of them was
/// chosen by.
#[actix_web::test]
async fn e5_vary_of_several_policies_actix() {
    let list = Routes::new().get("/", async || "", &FRONT_END).put(
        "/",
        async || "",
        PolicyRef::select(by_header),
    );
    let app = init_service(list.into_app(App::new(), |app| app)).await;
    for chosen in ["front", "other"] {
        let unserved = Ask::from(APP, "DELETE", "/").with("x-tenant", chosen);
        let answer = ask(&app, unserved).await;
        assert_eq!(answer.vary(), ["origin", "x-tenant"], "{answer:?}");
        let is_read = answer.lines("access-control-allow-origin") == [APP];
        assert_eq!(is_read, chosen == "front", "{answer:?}");
    }
}

policy! { static REPLACED = { origins = runtime, credentials } }

#[cors(policy = REPLACED)]
#[put("/replaced")]
async fn replaced() -> &'static str {
    REPLACED.set_origins([EVIL]).unwrap();
    ""
}

/// A response that a middleware builds anew is of the policy that its request was decided by.
#[actix_web::test]
async fn e5_a_rebuilt_response_is_of_one_policy_actix() {
    let list = routes![replaced];
    let app = init_service(list.into_app(App::new(), |app| app.wrap(from_fn(rebuild)))).await;
    for (page, is_allowed) in [(APP, true), (EVIL, false)] {
        REPLACED.set_origins([APP]).unwrap();
        let answer = ask(&app, Ask::from(page, "PUT", "/replaced")).await;
        if is_allowed {
            answer.reads(page, 200)
        } else {
            answer.hides(200)
        };
    }
}

/// E6: origins for development are in builds with debug assertions, and in no other.
#[actix_web::test]
async fn e6_origins_for_debugging_actix() {
    #[cors(origins = ["https://app.example.com"], debug_origins = ["http://localhost:*"], credentials)]
    #[put("/debug")]
    async fn debug() -> &'static str {
        ""
    }

    let app = init_service(App::new().service(routes![debug])).await;
    ask(&app, Ask::before(APP, "PUT", "/debug")).await.allows(APP, "PUT");
    let local = "http://localhost:5173";
    let answer = ask(&app, Ask::before(local, "PUT", "/debug")).await;
    if cfg!(debug_assertions) {
        answer.allows(local, "PUT");
    } else {
        answer.rejects();
    }
}

/// E6: what is for development is not even in the program that is released.
#[test]
fn e6_a_release_does_not_contain_them_actix() {
    #[cors(
        origins = ["https://released-on-actix.example.com"],
        debug_origins = ["https://debugged-on-actix.example.com"]
    )]
    #[put("/annotated")]
    async fn annotated() -> &'static str {
        ""
    }

    policy! {
        static LATER = {
            origins = runtime,
            debug_origins = ["https://debugged-in-a-cell-on-actix.example.com"],
        }
    }

    #[cors(policy = LATER)]
    #[delete("/annotated")]
    async fn later() -> &'static str {
        ""
    }

    let list: Routes = routes![annotated, later];
    let table = list.table().to_string();
    assert!(table.contains("https://released-on-"), "{table}");
    assert!(is_in_program(&["https://released", "-on-actix", ".example.com"]));
    for text in ["debugged-on", "debugged-in-a-cell-on"] {
        let is_there = is_in_program(&[text, "-actix", ".example.com"]);
        assert_eq!(is_there, cfg!(debug_assertions), "{text}");
    }
}

#[cors(delegated)]
#[route("/proxy", method = "GET", method = "OPTIONS")]
async fn proxy(request: HttpRequest) -> HttpResponse {
    let is_preflight = request.headers().contains_key("access-control-request-method");
    let name = if is_preflight { "x-preflight" } else { "x-actual" };
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "https://own.example"))
        .insert_header((name, "1"))
        .finish()
}

/// F2: what handles CORS itself is left alone, also inside of another policy.
#[actix_web::test]
async fn f2_an_upstream_that_speaks_cors_actix() {
    let alone = init_service(App::new().service(routes![proxy])).await;
    let inside = init_service(routes![proxy].into_app(App::new(), |app| app)).await;
    let outside = App::new().service(routes![proxy]).wrap(Cors::new(&FRONT_END));
    let outside = init_service(outside).await;
    let actual = || Ask::from(EVIL, "GET", "/proxy");
    for answer in
        [ask(&alone, actual()).await, ask(&inside, actual()).await, ask(&outside, actual()).await]
    {
        assert_eq!(answer.lines("access-control-allow-origin"), ["https://own.example"]);
        assert_eq!(answer.lines("x-actual"), ["1"]);
        assert_eq!(answer.lines("vary"), [""; 0], "{answer:?}");
    }
    // Also of methods that the handler may pass on without serving them.
    for method in ["GET", "PUT"] {
        let preflight = || Ask::before(EVIL, method, "/proxy");
        for answer in [ask(&alone, preflight()).await, ask(&inside, preflight()).await] {
            assert_eq!(answer.lines("access-control-allow-origin"), ["https://own.example"]);
            assert_eq!(answer.lines("x-preflight"), ["1"]);
        }
    }
}
