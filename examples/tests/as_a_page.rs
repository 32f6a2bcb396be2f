//! Tests as you would write them for an app of yours: be the page of the front end, make its calls to
//! the built app, and see what the page would see. The policy here lacks a header, and the tests show
//! what the failure then says.

/// On axum.
mod on_axum {
    use cors_axum::testing::{FetchFrom, Page, Request};
    use cors_axum::{Routes, cors, routes};

    #[cors(origins = ["https://app.example.com"], credentials)]
    #[put("/users/{id}")]
    async fn rename_user(name: String) -> String {
        name
    }

    fn api() -> Routes {
        routes![rename_user]
    }

    #[tokio::test]
    async fn the_front_end_renames_users() {
        let app: axum::Router = api().into_app(|router| router);
        let page = Page::at("https://app.example.com").with_cookies().explained_by(api().table());
        let call = Request::put("https://api.example.com/users/7").json(r#"{"name":"Ada"}"#);
        let outcome = page.fetch(call).from(&app).await;
        // With the header allowed: assert_eq!(outcome.unwrap().status(), 200);
        super::names_what_is_missing(&outcome.unwrap_err());
    }
}

/// On actix-web.
mod on_actix {
    use actix_web::{App, put, test};
    use cors_actix::testing::{FetchFrom, Page, Request};
    use cors_actix::{Routes, cors, routes};

    #[cors(origins = ["https://app.example.com"], credentials)]
    #[put("/users/{id}")]
    async fn rename_user(name: String) -> String {
        name
    }

    fn api() -> Routes {
        routes![rename_user]
    }

    #[actix_web::test]
    async fn the_front_end_renames_users() {
        let app = test::init_service(api().into_app(App::new(), |app| app)).await;
        let page = Page::at("https://app.example.com").with_cookies().explained_by(api().table());
        let call = Request::put("https://api.example.com/users/7").json(r#"{"name":"Ada"}"#);
        let outcome = page.fetch(call).from(&app).await;
        // With the header allowed: assert_eq!(outcome.unwrap().status(), 200);
        super::names_what_is_missing(&outcome.unwrap_err());
    }
}

/// A WebSocket is opened in the program itself, without a socket.
mod handshakes {
    use axum::extract::ws::WebSocketUpgrade;
    use axum::response::Response;
    use cors_core::testing::{Failure, Page, Response as Seen};

    #[cors_axum::cors(origins = ["https://app.example.com"], enforce)]
    #[get("/live")]
    async fn live_on_axum(upgrade: WebSocketUpgrade) -> Response {
        upgrade.on_upgrade(async |_| {})
    }

    #[cors_actix::cors(origins = ["https://app.example.com"], enforce)]
    #[actix_web::get("/live")]
    async fn live_on_actix(
        request: actix_web::HttpRequest,
        payload: actix_web::web::Payload,
    ) -> Result<actix_web::HttpResponse, actix_web::Error> {
        Ok(actix_ws::handle(&request, payload)?.0)
    }

    #[actix_web::test]
    async fn of_an_allowed_page_and_of_another() {
        let on_axum = cors_axum::routes![live_on_axum].into_app(|router| router);
        let on_actix =
            cors_actix::routes![live_on_actix].into_app(actix_web::App::new(), |app| app);
        let on_actix = actix_web::test::init_service(on_actix).await;
        for (page, status) in [("https://app.example.com", 101), ("https://evil.example", 403)] {
            let open = || Page::at(page).websocket("wss://api.example.com/live");
            let seen = cors_axum::testing::FetchFrom::from(open(), &on_axum).await;
            assert_eq!(status_of(&seen), status, "{page}: {seen:?}");
            let seen = cors_actix::testing::FetchFrom::from(open(), &on_actix).await;
            assert_eq!(status_of(&seen), status, "{page}: {seen:?}");
        }
    }

    fn status_of(outcome: &Result<Seen, Failure>) -> u16 {
        let exchanges = match outcome {
            Ok(seen) => seen.exchanges(),
            Err(failure) => failure.exchanges(),
        };
        exchanges[0].status().unwrap_or_default()
    }
}

#[track_caller]
fn names_what_is_missing(failure: &cors_core::testing::Failure) {
    let text = failure.to_string();
    let (console, why) = text.split_once('\n').unwrap_or((&text, ""));
    assert_eq!(
        console,
        "Access to fetch at 'https://api.example.com/users/7' from origin \
         'https://app.example.com' has been blocked by CORS policy: Response to preflight request \
         doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on \
         the requested resource."
    );
    assert!(why.starts_with("why: `"), "{why}");
    assert!(why.contains("rename_user` at "), "{why}");
    assert!(
        why.ends_with(
            "the request header `content-type` is not allowed here; the policy allows none: if \
             the page may send it, add it to `headers`"
        ),
        "{why}"
    );
}
