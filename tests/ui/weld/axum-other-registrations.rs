use axum::handler::Handler;
use axum::routing::{MethodRouter, any};
use axum::{Router, middleware};
use cors_axum::{Routes, cors, policy};

policy! { static PUBLIC = { origins = "*" } }

#[cors(origins = ["https://app.example.com"], enforce)]
#[get("/ws")]
async fn ws() -> &'static str {
    "Ada"
}

/// As `utoipa_axum::routes!` registers a handler.
macro_rules! routes_of_others {
    ($handler:path) => {
        MethodRouter::<()>::new().on(axum::routing::MethodFilter::GET, $handler)
    };
}

fn main() {
    let _: Router = Router::new().route("/ws", any(ws));
    let _: MethodRouter = MethodRouter::new().get(ws);
    let _ = routes_of_others!(ws);
    let _: Router = Router::new().fallback(ws);
    let _ = ws.layer(middleware::from_fn(async |request, next: middleware::Next| {
        next.run(request).await
    }));
    // It has a policy already.
    let _: Routes = Routes::new().get("/ws", ws, &PUBLIC);
}
