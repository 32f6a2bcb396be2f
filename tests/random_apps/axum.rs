//! Random apps on axum.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use cors_axum::{CorsLayer, Routes};
use tower::ServiceExt as _;

use crate::model::{self, Around, Node, Noise, Ran, Registered, note, reference};

/// Annotated handlers, for every path, method and policy.
mod annotated {
    use cors_axum::{Routes, cors, routes};

    use crate::model::{
        APP, APP_CELL, APP_ENFORCE, BOTH, EMPTY_CELL, EMPTY_ENFORCE_CELL, ENFORCE_CELL, PARTNER,
        PARTNER_READS, PUBLIC, READS_CELL, by_host, by_path,
    };

    /// What a handler knows of where it is comes with the request.
    macro_rules! handlers {
        ($($name:ident: $method:ident $path:literal, $key:ident $policy:ident = $number:literal;)*) => {
            $(
                #[cors($key = $policy)]
                #[$method($path)]
                async fn $name(
                    place: axum::Extension<super::Place>,
                    headers: axum::http::HeaderMap,
                ) -> &'static str {
                    super::ran(&headers, Some($number), &place);
                    "annotated"
                }
            )*

            pub(super) fn find(path: &str, method: &str, policy: usize) -> Option<Routes> {
                $(
                    if path == $path
                        && method.eq_ignore_ascii_case(stringify!($method))
                        && policy == $number
                    {
                        return Some(routes![$name]);
                    }
                )*
                None
            }
        };
    }

    handlers! {
        a_get_public: get "/a", policy PUBLIC = 0;
        a_get_app: get "/a", policy APP = 1;
        a_put_app: put "/a", policy APP = 1;
        a_put_partner: put "/a", policy PARTNER = 2;
        a_put_enforce: put "/a", policy APP_ENFORCE = 3;
        a_get_reads: get "/a", policy PARTNER_READS = 4;
        name_get_partner: get "/files/{name}", policy PARTNER = 2;
        name_put_partner: put "/files/{name}", policy PARTNER = 2;
        name_put_enforce: put "/files/{name}", policy APP_ENFORCE = 3;
        name_delete_both: delete "/files/{name}", policy BOTH = 5;
        admin_get_app: get "/files/admin", policy APP = 1;
        admin_put_enforce: put "/files/admin", policy APP_ENFORCE = 3;
        ab_put_public: put "/a/b", policy PUBLIC = 0;
        ab_get_enforce: get "/a/b", policy APP_ENFORCE = 3;
        a_get_cell: get "/a", policy APP_CELL = 6;
        a_put_enforce_cell: put "/a", policy ENFORCE_CELL = 7;
        a_delete_empty: delete "/a", policy EMPTY_CELL = 9;
        a_get_by_path: get "/a", select by_path = 11;
        name_put_cell: put "/files/{name}", policy APP_CELL = 6;
        name_get_reads_cell: get "/files/{name}", policy READS_CELL = 8;
        name_put_empty: put "/files/{name}", policy EMPTY_ENFORCE_CELL = 10;
        name_get_by_path: get "/files/{name}", select by_path = 11;
        admin_put_by_path: put "/files/admin", select by_path = 11;
        admin_get_by_host: get "/files/admin", select by_host = 12;
        ab_get_by_path: get "/a/b", select by_path = 11;
        ab_put_by_host: put "/a/b", select by_host = 12;
        own_get_partner: get "/", policy PARTNER = 2;
        own_put_public: put "/", policy PUBLIC = 0;
        own_delete_enforce: delete "/", policy APP_ENFORCE = 3;
    }
}

/// What is around a handler: policies of layers that were not given the routes, and policies for
/// the rest of apps.
#[derive(Debug, Clone, Default)]
struct Place {
    around: Arc<Vec<usize>>,
    defaults: Arc<Vec<usize>>,
}

fn ran(headers: &HeaderMap, policy: Option<usize>, place: &Place) {
    let (around, defaults) = (place.around.to_vec(), place.defaults.to_vec());
    note(number(headers), Ran::Handler { policy, around, defaults });
}

fn number(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-number").and_then(|it| it.to_str().ok())
}

fn filter(method: &str) -> MethodFilter {
    MethodFilter::try_from(method.parse::<Method>().unwrap()).unwrap()
}

/// The router of a node; `is_inside` says whether a layer of ours further out answers preflights
/// for everything.
fn router(node: &Node, around: &[usize], defaults: &[usize], is_inside: bool) -> Router {
    // From the inside out, so a layer is around what comes before it.
    let cors = |layers: &[Around]| -> Vec<usize> {
        layers
            .iter()
            .filter_map(|it| match it {
                Around::Cors(policy) => Some(*policy),
                Around::Noise(_) => None,
            })
            .collect()
    };
    let mut around = around.to_vec();
    around.extend(cors(&node.outside));
    let mut defaults = defaults.to_vec();
    if node.is_app {
        defaults.extend(node.default);
    }
    around.extend(cors(&node.inside));
    let place = Place { around: Arc::new(around.clone()), defaults: Arc::new(defaults.clone()) };

    let mut list = Routes::new();
    for one in &node.list {
        list = list.merge(listed(*one, &place));
    }
    if let Some(noise) = node.list_noise {
        // Inside of every policy of the list, which answers its preflights outside of it.
        list = list.layer(from_fn(move |request, next| make_noise(noise, true, request, next)));
    }
    if let (true, Some(default)) = (node.is_app, node.default) {
        list = list.default_policy(reference(default));
    }
    let answers_all = is_inside || !cors(&node.outside).is_empty();
    let place_of_plain = place.clone();
    let node_inside = node.clone();
    let build = move |router: Router| {
        let node = node_inside;
        // What is around an annotated handler is recorded in the request.
        let router = router.layer(axum::Extension(place_of_plain.clone()));
        let mut router = node
            .plain
            .iter()
            .fold(router, |router, one| router.merge(plain(*one, &place_of_plain)));
        if let Some(child) = &node.child {
            let child = self::router(child, &around, &defaults, !around.is_empty());
            router = if node.is_child_a_service {
                router.nest_service("/n", child)
            } else {
                router.nest("/n", child)
            };
        }
        if node.has_fallbacks {
            router = router
                .fallback(|| async { (StatusCode::NOT_FOUND, "nowhere") })
                .method_not_allowed_fallback(|| async { (StatusCode::METHOD_NOT_ALLOWED, "no") });
        }
        layered(router, &node.inside, answers_all)
    };
    let router = if node.is_app { list.into_app(build) } else { build(list.into_router()) };
    layered(router, &node.outside, is_inside)
}

fn layered(mut router: Router, layers: &[Around], is_inside: bool) -> Router {
    // What is further out comes later; so whether something is inside of a layer of ours is
    // known from the rest of the list.
    for (index, layer) in layers.iter().enumerate() {
        let rest = layers.get(index + 1..).unwrap_or_default();
        let is_below = is_inside || rest.iter().any(|it| matches!(it, Around::Cors(_)));
        router = match *layer {
            Around::Cors(policy) => router.layer(CorsLayer::new(reference(policy))),
            Around::Noise(noise) => router
                .layer(from_fn(move |request, next| make_noise(noise, is_below, request, next))),
        };
    }
    router
}

fn listed(one: Registered, place: &Place) -> Routes {
    let policy = one.policy.expect("a list has policies");
    if one.is_annotated
        && let Some(routes) = annotated::find(path(one), one.method, policy)
    {
        return routes;
    }
    let place = place.clone();
    let handler = move |headers: HeaderMap| async move {
        ran(&headers, Some(policy), &place);
        "registered"
    };
    Routes::new().on(filter(one.method), path(one), handler, reference(policy))
}

fn plain(one: Registered, place: &Place) -> Router {
    let place = place.clone();
    let handler = move |headers: HeaderMap| async move {
        ran(&headers, None, &place);
        "plain"
    };
    Router::new().route(path(one), on(filter(one.method), handler))
}

/// A path of a router begins with a slash.
fn path(one: Registered) -> &'static str {
    if one.path.is_empty() { "/" } else { one.path }
}

async fn make_noise(noise: Noise, is_inside: bool, mut request: Request, next: Next) -> Response {
    note(number(request.headers()), Ran::Between { is_inside });
    match noise {
        Noise::Authenticate if !request.headers().contains_key("authorization") => {
            StatusCode::UNAUTHORIZED.into_response()
        }
        Noise::Authenticate => next.run(request).await,
        Noise::Rebuild => {
            let response = next.run(request).await;
            let status = response.status();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            (status, Body::from(body)).into_response()
        }
        Noise::Spawn => tokio::spawn(next.run(request)).await.unwrap(),
        Noise::Vary => {
            let mut response = next.run(request).await;
            response.headers_mut().insert("vary", "accept-encoding".parse().unwrap());
            response.headers_mut().insert("x-vary-rewritten", "1".parse().unwrap());
            response
        }
        Noise::Reflect => {
            let origin = request.headers().get("origin").cloned();
            let mut response = next.run(request).await;
            if let Some(origin) = origin {
                let headers = response.headers_mut();
                headers.insert("access-control-allow-origin", origin);
                headers.insert("access-control-allow-credentials", "true".parse().unwrap());
            }
            response
        }
        Noise::OverrideMethod => {
            if let Some(method) = request.headers().get("x-http-method-override") {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                *request.method_mut() = method;
            }
            next.run(request).await
        }
    }
}

/// Where the numbers of its requests start.
pub(crate) const FIRST: u64 = 0;

/// The app of a node, which answers requests; `None` if the framework cannot build it.
pub(crate) async fn start(node: &Node) -> Option<App> {
    let node = node.clone();
    // axum refuses some of what is generated (a plain `HEAD` beside ours) with a panic.
    let built = tokio::task::spawn_blocking(move || router(&node, &[], &[], false)).await;
    built.ok().map(App)
}

/// See [`start`].
pub(crate) struct App(Router);

impl App {
    pub(crate) async fn call(&self, number: u64, request: &model::Request) -> model::Response {
        let mut asked = Request::builder().method(request.method).uri(request.path);
        for (name, value) in &request.headers {
            asked = asked.header(*name, value);
        }
        let asked = asked.header("x-number", number.to_string()).body(Body::empty()).unwrap();
        let response: Result<Response, Infallible> = self.0.clone().oneshot(asked).await;
        let Ok(response) = response;
        model::Response {
            status: response.status().as_u16(),
            headers: response
                .headers()
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect(),
        }
    }
}
