//! The configurations that no server is run with, against the schemas of their targets.

use std::fmt::Write as _;
use std::{env, fs};

use super::origins::route;
use cors_core::adapter::{Endpoint, EndpointId, Methods, Route};
use cors_core::gateway::{envoy, http_route};
use cors_core::{Danger, Policy, PolicyRef, RouteTable};
use jsonschema::Validator;
use serde_json::{Value, json};
use tests::gateway::{BACKEND, table};

fn validator(schema: &str) -> Validator {
    jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()
}

fn of_envoy() -> Validator {
    validator(include_str!("schemas/envoy.json"))
}

fn of_http_routes() -> Validator {
    validator(include_str!("schemas/http-route.json"))
}

/// The definition that the Gateway API publishes, in the file that `HTTP_ROUTE_CRD` names.
fn published() -> Option<Validator> {
    let text = fs::read_to_string(env::var_os("HTTP_ROUTE_CRD")?).unwrap();
    let mut definition: Value = serde_saphyr::from_str(&text).unwrap();
    let versions = definition["spec"]["versions"].as_array_mut().unwrap();
    let version = versions.iter_mut().find(|it| it["name"] == "v1").unwrap();
    let mut schema = version["schema"]["openAPIV3Schema"].take();
    close(&mut schema);
    Some(jsonschema::validator_for(&schema).unwrap())
}

/// Kubernetes drops fields that a definition does not have; here they are errors.
fn close(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut() {
        if object.contains_key("properties") {
            object.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
        object.values_mut().for_each(close);
    } else if let Some(list) = schema.as_array_mut() {
        list.iter_mut().for_each(close);
    }
}

fn errors(validator: &Validator, document: &Value) -> Vec<String> {
    let errors = validator.iter_errors(document);
    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Everything that a policy can be, on more paths than one document may have.
pub(super) fn everything() -> RouteTable {
    let full = Policy::builder()
        .origins(["https://app.example.com", "https://*.example.com:*", "http://localhost:3000"])
        .origin_patterns([r"^https://pr-[0-9]{1,5}\.example\.com$"])
        .headers(["content-type", "x-a'b`c"])
        .expose_headers(["etag", "x-$total"])
        .max_age("2h")
        .preflight_status(200_u16)
        .private_network()
        .build()
        .unwrap();
    let cookies = Policy::builder().origins(["https://a.example"]).credentials().headers(["*"]);
    let any =
        Policy::builder().origins(["*"]).headers(["*", "authorization"]).expose_headers(["*"]);
    let null = Policy::builder().origins(["null", "capacitor://localhost"]).max_age(0);
    let null = null.dangerously_allow(Danger::NullOrigin);
    let policies = [
        PolicyRef::from(full),
        cookies.build().unwrap().into(),
        any.build().unwrap().into(),
        null.build().unwrap().into(),
        Policy::builder().none().build().unwrap().into(),
        PolicyRef::delegated(),
    ];
    let paths = ["/a", "/a/{id}", "/a/{id}/\"b'\\", "/c/{*rest}", "/d//e", "/f/./g", "/h%2fi"];
    let mut routes = Vec::new();
    for (number, policy) in policies.into_iter().enumerate() {
        for path in paths {
            let methods = Methods::of(&["GET", "PUT", "PATCH", "DELETE", "POST", "REPORT"]);
            let endpoint = Endpoint::new("handler", "table.rs", policy.clone());
            let (path, id) = (format!("/{number}{path}"), EndpointId::unique());
            let served = if number == 2 { Methods::All } else { methods.clone() };
            routes.push(Route { served, ..Route::new(path, methods, id, endpoint) });
        }
    }
    routes.into_iter().collect()
}

#[test]
fn configurations_are_what_their_targets_read() {
    let envoy_schema = of_envoy();
    let route_schemas: Vec<Validator> = [of_http_routes()].into_iter().chain(published()).collect();
    let topics = tests::topics().iter().flat_map(|topic| &topic.cases).filter_map(table);
    let (mut documents, mut report) = (0, String::new());
    for table in topics.chain([everything()]) {
        if let Ok(text) = envoy(&table, "app") {
            let document: Value = serde_saphyr::from_str(&text).unwrap();
            documents += 1;
            for error in errors(&envoy_schema, &document) {
                writeln!(report, "{error}\n{text}").unwrap();
            }
        }
        if let Ok(text) = http_route(&table, &BACKEND) {
            for document in serde_saphyr::from_multiple::<Value>(&text).unwrap() {
                documents += 1;
                let rules = document["spec"]["rules"].as_array().unwrap();
                let matches: usize =
                    rules.iter().map(|rule| rule["matches"].as_array().unwrap().len()).sum();
                assert!(matches < 128, "{text}");
                for error in route_schemas.iter().flat_map(|schema| errors(schema, &document)) {
                    writeln!(report, "{error}\n{text}").unwrap();
                }
            }
        }
    }
    println!("{documents} documents");
    assert!(documents > 100, "only {documents} documents");
    assert!(report.is_empty(), "{report}");
}

/// Browsers send `GET` with any header that a preflight allows, whether or not the list of methods has
/// it: the filter must not answer a preflight of a method that the policy does not allow.
#[test]
fn preflights_of_methods_that_are_not_allowed_have_no_filter() {
    let policy =
        Policy::builder().origins(["https://app.example.com"]).headers(["x-a"]).methods(["PUT"]);
    let table: RouteTable =
        [route("/a", &["GET", "PUT"], policy.build().unwrap())].into_iter().collect();

    let document: Value = serde_saphyr::from_str(&envoy(&table, "app").unwrap()).unwrap();
    let routes = document["routes"].as_array().unwrap().iter().take(2);
    let preflights: Vec<(&str, bool)> = routes
        .map(|route| {
            let asked = &route["match"]["headers"][2]["string_match"]["safe_regex"]["regex"];
            (asked.as_str().unwrap(), route.get("typed_per_filter_config").is_some())
        })
        .collect();
    assert_eq!(preflights, [("PUT", true), ("GET|PUT", false)]);

    let document: Value = serde_saphyr::from_str(&http_route(&table, &BACKEND).unwrap()).unwrap();
    let rules = document["spec"]["rules"].as_array().unwrap().iter();
    let preflights: Vec<(Vec<&str>, bool)> = rules
        .map(|rule| {
            let matches = rule["matches"].as_array().unwrap().iter();
            let asked = matches.filter_map(|it| it["headers"][0]["value"].as_str());
            (asked.collect(), rule["filters"][0]["type"] == "CORS")
        })
        .collect();
    assert_eq!(preflights, [(vec!["GET"], false), (vec!["PUT"], true), (vec![], false)]);
}

/// A document that its target does not read is an error of its schema.
#[test]
fn schemas_reject_what_their_targets_do_not_read() {
    let envoy = |filter: Value| {
        json!({"routes": [{"match": {"path": "/a"}, "route": {"cluster": "app"},
            "typed_per_filter_config": {"envoy.filters.http.cors": filter}}]})
    };
    let kind = "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy";
    let schema = of_envoy();
    assert!(errors(&schema, &envoy(json!({"@type": kind, "allow_methods": "PUT"}))).is_empty());
    assert!(!errors(&schema, &envoy(json!({"@type": kind, "allow_methods": ["PUT"]}))).is_empty());
    assert!(!errors(&schema, &envoy(json!({"@type": kind, "allow_origins": []}))).is_empty());
    let both = json!({"exact": "a", "prefix": "b"});
    let both = json!({"@type": kind, "allow_origin_string_match": [both]});
    assert!(!errors(&schema, &envoy(both)).is_empty());

    let route = |cors: Value| {
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": {"name": "a"}, "spec": {"rules": [{"filters": [{"type": "CORS", "cors": cors}]}]}})
    };
    let schema = of_http_routes();
    assert!(errors(&schema, &route(json!({"allowOrigins": ["https://*.a.example"]}))).is_empty());
    for wrong in [
        json!({"allowOrigins": ["https://a.example:*"]}),
        json!({"allowOrigins": ["*", "https://a.example"]}),
        json!({"allowOrigins": ["null"]}),
        json!({"maxAge": 0}),
        json!({"allowMethods": ["REPORT"]}),
    ] {
        assert!(!errors(&schema, &route(wrong.clone())).is_empty(), "{wrong}");
    }
}
