//! Random apps on actix-web.

use std::rc::Rc;

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::guard::GuardContext;
use actix_web::http::{Method, header::HeaderMap};
use actix_web::middleware::{Condition, Next, from_fn};
use actix_web::test::{TestRequest, init_service};
use actix_web::web::{self, ServiceConfig};
use actix_web::{App as ActixApp, Error, HttpRequest, HttpResponse};
use cors_actix::{Cors, Routes};

use crate::model::{self, Around, Node, Noise, Ran, Registered, note, reference};

/// Annotated handlers, for every path, method and policy; and the same with a guard.
mod annotated {
    use actix_web::{HttpRequest, delete, get, put, web};
    use cors_actix::{Routes, cors, routes};

    use crate::model::{
        APP, APP_CELL, APP_ENFORCE, BOTH, EMPTY_CELL, EMPTY_ENFORCE_CELL, ENFORCE_CELL, PARTNER,
        PARTNER_READS, PUBLIC, READS_CELL, by_host, by_path,
    };

    macro_rules! handlers {
        ($($name:ident $guarded:ident: $method:ident $path:literal, $key:ident $policy:ident = $number:literal;)*) => {
            $(
                #[cors($key = $policy)]
                #[$method($path)]
                async fn $name(
                    place: web::ReqData<super::Place>,
                    request: HttpRequest,
                ) -> &'static str {
                    super::ran(&request, Some($number), &place);
                    "annotated"
                }

                #[cors($key = $policy)]
                #[$method($path, guard = "super::is_chosen")]
                async fn $guarded(
                    place: web::ReqData<super::Place>,
                    request: HttpRequest,
                ) -> &'static str {
                    super::ran(&request, Some($number), &place);
                    "guarded"
                }
            )*

            pub(super) fn find(
                path: &str,
                method: &str,
                policy: usize,
                is_guarded: bool,
            ) -> Option<Routes> {
                $(
                    if path == $path
                        && method.eq_ignore_ascii_case(stringify!($method))
                        && policy == $number
                    {
                        return Some(if is_guarded { routes![$guarded] } else { routes![$name] });
                    }
                )*
                None
            }
        };
    }

    handlers! {
        a_get_public g_a_get_public: get "/a", policy PUBLIC = 0;
        a_get_app g_a_get_app: get "/a", policy APP = 1;
        a_put_app g_a_put_app: put "/a", policy APP = 1;
        a_put_partner g_a_put_partner: put "/a", policy PARTNER = 2;
        a_put_enforce g_a_put_enforce: put "/a", policy APP_ENFORCE = 3;
        a_get_reads g_a_get_reads: get "/a", policy PARTNER_READS = 4;
        name_get_partner g_name_get_partner: get "/files/{name}", policy PARTNER = 2;
        name_put_partner g_name_put_partner: put "/files/{name}", policy PARTNER = 2;
        name_put_enforce g_name_put_enforce: put "/files/{name}", policy APP_ENFORCE = 3;
        name_delete_both g_name_delete_both: delete "/files/{name}", policy BOTH = 5;
        admin_get_app g_admin_get_app: get "/files/admin", policy APP = 1;
        admin_put_enforce g_admin_put_enforce: put "/files/admin", policy APP_ENFORCE = 3;
        ab_put_public g_ab_put_public: put "/a/b", policy PUBLIC = 0;
        ab_get_enforce g_ab_get_enforce: get "/a/b", policy APP_ENFORCE = 3;
        a_get_cell g_a_get_cell: get "/a", policy APP_CELL = 6;
        a_put_enforce_cell g_a_put_enforce_cell: put "/a", policy ENFORCE_CELL = 7;
        a_delete_empty g_a_delete_empty: delete "/a", policy EMPTY_CELL = 9;
        a_get_by_path g_a_get_by_path: get "/a", select by_path = 11;
        name_put_cell g_name_put_cell: put "/files/{name}", policy APP_CELL = 6;
        name_get_reads_cell g_name_get_reads_cell: get "/files/{name}", policy READS_CELL = 8;
        name_put_empty g_name_put_empty: put "/files/{name}", policy EMPTY_ENFORCE_CELL = 10;
        name_get_by_path g_name_get_by_path: get "/files/{name}", select by_path = 11;
        admin_put_by_path g_admin_put_by_path: put "/files/admin", select by_path = 11;
        admin_get_by_host g_admin_get_by_host: get "/files/admin", select by_host = 12;
        ab_get_by_path g_ab_get_by_path: get "/a/b", select by_path = 11;
        ab_put_by_host g_ab_put_by_host: put "/a/b", select by_host = 12;
        own_get_partner g_own_get_partner: get "", policy PARTNER = 2;
        own_put_public g_own_put_public: put "", policy PUBLIC = 0;
        own_delete_enforce g_own_delete_enforce: delete "", policy APP_ENFORCE = 3;
    }
}

fn is_chosen(context: &GuardContext<'_>) -> bool {
    context.head().headers().contains_key("x-guard")
}

/// What is around a handler: policies of middlewares that were not given the routes, and policies
/// for the rest of apps.
#[derive(Debug, Clone, Default)]
struct Place {
    around: Vec<usize>,
    defaults: Vec<usize>,
}

fn ran(request: &HttpRequest, policy: Option<usize>, place: &Place) {
    let Place { around, defaults } = place.clone();
    note(number(request.headers()), Ran::Handler { policy, around, defaults });
}

fn number(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-number").and_then(|it| it.to_str().ok())
}

/// Registers a node.
fn register(
    node: &Node,
    prefix: &str,
    around: &[usize],
    defaults: &[usize],
    config: &mut ServiceConfig,
) {
    let cors = |layers: &[Around]| -> Vec<usize> {
        let policies = layers.iter().filter_map(|it| match it {
            Around::Cors(policy) => Some(*policy),
            Around::Noise(_) => None,
        });
        policies.collect()
    };
    let is_inside = !around.is_empty();
    let mut around = around.to_vec();
    around.extend(cors(&node.outside));
    let is_inside_of_outside = !around.is_empty();
    around.extend(cors(&node.inside));
    let mut defaults = defaults.to_vec();
    if node.is_app {
        defaults.extend(node.default);
    }
    let place = Place { around, defaults };

    let mut list = Routes::new();
    for one in &node.list {
        list = list.merge(listed(*one, &place));
    }
    if let Some(noise) = node.list_noise {
        // Inside of every policy of the list, which answers its preflights outside of it.
        let noise = Some(Around::Noise(noise));
        list = list.wrap(from_fn(move |request, next| make_noise(noise, true, request, next)));
    }
    if let (true, Some(default)) = (node.is_app, node.default) {
        list = list.default_policy(reference(default));
    }
    let (owned, inner, place_inside) = (node.clone(), node.inside.clone(), place.clone());
    let add = move |config: &mut ServiceConfig| {
        for one in &owned.plain {
            plain(*one, &place_inside, config);
        }
        if owned.has_fallbacks && !has_guards(&owned) {
            config.default_service(web::to(|place: web::ReqData<Place>, request: HttpRequest| {
                ran(&request, None, &place);
                async { "default" }
            }));
        }
        if let Some(child) = &owned.child {
            register(child, "/n", &place_inside.around, &place_inside.defaults, config);
        }
    };
    let outer = node.outside.clone();
    let given = place;
    let tell = move |request: ServiceRequest, next: Next<BoxBody>| {
        actix_web::HttpMessage::extensions_mut(&request).insert(given.clone());
        next.call(request)
    };
    // The type of a scope tells how many middlewares it has, so each has a place at any time.
    macro_rules! wrapped {
        ($scope:expr, $layers:expr, $is_inside:expr) => {{
            let layers: Vec<Around> = $layers;
            let is_below = |index: usize| {
                let rest = layers.get(index + 1..).unwrap_or_default();
                $is_inside || rest.iter().any(|it| matches!(it, Around::Cors(_)))
            };
            let (first, second) = (layers.first().copied(), layers.get(1).copied());
            let (below_first, below_second) = (is_below(0), is_below(1));
            $scope
                .wrap(from_fn(move |request, next| make_noise(first, below_first, request, next)))
                .wrap(ours(first))
                .wrap(from_fn(boxed))
                .wrap(from_fn(move |request, next| make_noise(second, below_second, request, next)))
                .wrap(ours(second))
                .wrap(from_fn(boxed))
        }};
    }
    if node.is_app {
        let scope = list.into_scope(prefix, move |scope| {
            let scope = scope.configure(add).wrap(from_fn(boxed)).wrap(from_fn(tell));
            wrapped!(scope, inner, is_inside_of_outside)
        });
        let scope = scope.wrap(from_fn(boxed));
        config.service(wrapped!(scope, outer, is_inside));
    } else {
        let scope = web::scope(prefix);
        let scope = if node.plain_first {
            scope.configure(add).service(list)
        } else {
            scope.service(list).configure(add)
        };
        let scope = scope.wrap(from_fn(boxed)).wrap(from_fn(tell));
        let scope = wrapped!(scope, inner, is_inside_of_outside);
        config.service(wrapped!(scope, outer, is_inside));
    }
}

/// Whether a guard may send what was allowed for its handler on to the default service: a documented
/// limit.
fn has_guards(node: &Node) -> bool {
    node.list.iter().any(|it| it.is_guarded) || node.child.as_deref().is_some_and(has_guards)
}

fn listed(one: Registered, place: &Place) -> Routes {
    let policy = one.policy.expect("a list has policies");
    if (one.is_annotated || one.is_guarded)
        && let Some(routes) = annotated::find(one.path, one.method, policy, one.is_guarded)
    {
        return routes;
    }
    let place = Rc::new(place.clone());
    let handler = move |request: HttpRequest| {
        let place = Rc::clone(&place);
        async move {
            ran(&request, Some(policy), &place);
            "registered"
        }
    };
    let method: Method = one.method.parse().unwrap();
    Routes::new().on(&[method], one.path, handler, reference(policy))
}

fn plain(one: Registered, place: &Place, config: &mut ServiceConfig) {
    let place = Rc::new(place.clone());
    let handler = move |request: HttpRequest| {
        let place = Rc::clone(&place);
        async move {
            ran(&request, None, &place);
            "plain"
        }
    };
    let route = web::method(one.method.parse().unwrap()).to(handler);
    let resource = web::resource(one.path).route(route);
    // Of another path: two resources of one path must differ in their names.
    let has_name = one.is_annotated && !one.path.is_empty();
    config.service(if has_name { resource.name("own_put_public") } else { resource });
}

/// A middleware of ours, in its place.
fn ours(layer: Option<Around>) -> Condition<Cors> {
    match layer {
        Some(Around::Cors(policy)) => Condition::new(true, Cors::new(reference(policy))),
        _ => Condition::new(false, Cors::new(reference(0))),
    }
}

async fn boxed<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    Ok(next.call(request).await?.map_into_boxed_body())
}

async fn make_noise(
    layer: Option<Around>,
    is_inside: bool,
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(Around::Noise(noise)) = layer else { return next.call(request).await };
    note(number(request.headers()), Ran::Between { is_inside });
    match noise {
        Noise::Authenticate if !request.headers().contains_key("authorization") => {
            // Both ways in which middlewares do that.
            if request.headers().contains_key("cookie") {
                return Err(actix_web::error::ErrorUnauthorized("who are you?"));
            }
            Ok(request.into_response(HttpResponse::Unauthorized().finish()))
        }
        Noise::Authenticate => next.call(request).await,
        Noise::Rebuild => {
            let response = next.call(request).await?;
            let (request, response) = response.into_parts();
            let status = response.status();
            let body = to_bytes(response.into_body()).await?;
            Ok(ServiceResponse::new(request, HttpResponse::build(status).body(body)))
        }
        Noise::Spawn => actix_web::rt::spawn(next.call(request)).await.unwrap(),
        Noise::Vary => {
            let mut response = next.call(request).await?;
            let headers = response.headers_mut();
            headers.insert("vary".parse().unwrap(), "accept-encoding".parse().unwrap());
            headers.insert("x-vary-rewritten".parse().unwrap(), "1".parse().unwrap());
            Ok(response)
        }
        Noise::Reflect => {
            let origin = request.headers().get("origin").cloned();
            let mut response = next.call(request).await?;
            if let Some(origin) = origin {
                let headers = response.headers_mut();
                headers.insert("access-control-allow-origin".parse().unwrap(), origin);
                let credentials = "access-control-allow-credentials".parse().unwrap();
                headers.insert(credentials, "true".parse().unwrap());
            }
            Ok(response)
        }
        Noise::OverrideMethod => {
            let method = request.headers().get("x-http-method-override").cloned();
            if let Some(method) = method {
                request.head_mut().method = method.to_str().unwrap().parse().unwrap();
            }
            next.call(request).await
        }
    }
}

/// Where the numbers of its requests start: both frameworks run at the same time.
pub(crate) const FIRST: u64 = 1 << 60;

/// The app of a node, which answers requests.
pub(crate) async fn start(node: &Node) -> Option<App<impl AnyService>> {
    let node = node.clone();
    let app = ActixApp::new().configure(move |config| register(&node, "", &[], &[], config));
    Some(App(init_service(app).await))
}

/// What an app is.
pub(crate) trait AnyService:
    Service<actix_http::Request, Response = ServiceResponse<BoxBody>, Error = Error>
{
}

impl<T> AnyService for T where
    T: Service<actix_http::Request, Response = ServiceResponse<BoxBody>, Error = Error>
{
}

/// See [`start`].
pub(crate) struct App<S>(S);

impl<S: AnyService> App<S> {
    pub(crate) async fn call(&self, number: u64, request: &model::Request) -> model::Response {
        let mut asked = TestRequest::with_uri(request.path)
            .method(request.method.parse().unwrap())
            .insert_header(("x-number", number.to_string()));
        for (name, value) in &request.headers {
            asked = asked.append_header((*name, value.as_str()));
        }
        let response = match self.0.call(asked.to_request()).await {
            Ok(response) => response.into_parts().1,
            // What actix does with an error that is not caught.
            Err(error) => error.error_response(),
        };
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
