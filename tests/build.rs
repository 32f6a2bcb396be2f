//! Writes the annotated handlers of the table of cases down: attributes are read at compile
//! time, so a table cannot hand them over.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a broken table must stop the build")]
#![allow(dead_code, unreachable_pub, reason = "the library uses the rest of the model")]

#[path = "guides/guide.rs"]
mod guide;
#[path = "src/model.rs"]
mod model;

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use model::{App, Between, EngineName, Handler, MaxAge, OTHER_TABLES, Policy, Route, Topic};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/model.rs");
    println!("cargo::rerun-if-changed=cases");
    println!("cargo::rustc-env=TARGET={}", env::var("TARGET").unwrap());
    let folder = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("cases");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "toml"));
    files.sort();

    let mut topics = Vec::new();
    let mut sources = String::from("pub(crate) const SOURCES: &[(&str, &str)] = &[\n");
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        if !OTHER_TABLES.contains(&name) {
            topics.push(Topic::parse(name, &fs::read_to_string(&file).unwrap()));
            let file = file.to_str().unwrap();
            writeln!(sources, "    ({name:?}, include_str!({file:?})),").unwrap();
        }
    }
    sources.push_str("];\n");

    let folder = env::var_os("OUT_DIR").unwrap();
    let write = |name: &str, text: &str| fs::write(Path::new(&folder).join(name), text).unwrap();
    write("sources.rs", &sources);
    write("axum.rs", &framework(&topics, &Axum));
    write("actix.rs", &framework(&topics, &Actix));

    let tower = ["tower_http::cors::*", "cors_axum::*"];
    write("migrate-from-tower-http.rs", &migration("tower-http", tower, TOWER_PRELUDE));
    let actix = ["actix_cors::Cors", "cors_actix::*"];
    write("migrate-from-actix-cors.rs", &migration("actix-cors", actix, ACTIX_PRELUDE));
}

/// What the code of the migration guides may use without saying so.
const TOWER_PRELUDE: &str = "use http::{HeaderValue, Method, header, request::Parts}; \
    use std::time::Duration; use tower::Layer; use super::super::through;";
const ACTIX_PRELUDE: &str =
    "use actix_web::{dev::Transform, http::header}; use super::super::through;";

/// Both columns of a migration guide, as a function that sends the requests through all of them.
fn migration(peer: &str, [theirs, ours]: [&str; 2], prelude: &str) -> String {
    let path = format!("../docs/migrate-from-{peer}.md");
    println!("cargo::rerun-if-changed={path}");
    println!("cargo::rerun-if-changed=guides/guide.rs");
    let guide = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let layer = if peer == "tower-http" { "CorsLayer" } else { "Cors" };
    let mut asked = String::new();
    let mut modules = String::new();
    for (number, section) in guide::sections(&guide).iter().enumerate() {
        let mut ask = |name: &str, library: &str, code: Option<&String>, last: &str| {
            let Some(code) = code else { return "None".to_owned() };
            writeln!(
                modules,
                "#[allow(unused_imports)] pub(super) mod {name}{number} {{ use {library}; {prelude} \
                 pub(super) async fn seen() -> Vec<crate::page::Response> {{ \
                 through!({{ {code} {last} }}) }} }}"
            )
            .unwrap();
            format!("Some({name}{number}::seen().await)")
        };
        let theirs = ask("theirs", theirs, section.theirs.as_ref(), "");
        let ours = match &section.here {
            guide::Here::Code(code) if code.contains(&format!("{layer}::")) => {
                ask("ours", ours, Some(code), "")
            }
            guide::Here::Code(code) => {
                ask("ours", ours, Some(code), &format!("\n{layer}::new(&POLICY)"))
            }
            guide::Here::Refused(_) | guide::Here::Absent => "None".to_owned(),
        };
        writeln!(asked, "super::Seen {{ theirs: {theirs}, ours: {ours} }},").unwrap();
    }
    format!("{modules}\npub(super) async fn seen() -> Vec<super::Seen> {{ vec![{asked}] }}")
}

/// How a framework's handlers look.
trait Framework {
    const ENGINE: EngineName;
    const PRELUDE: &'static str;
    /// A table of registrations, of which there is one for each route.
    const TABLE: &'static str;

    fn signature(handler: Handler) -> &'static str;

    /// What stands behind the path of the route attribute.
    fn options(between: Option<Between>) -> &'static str;

    fn registration(&self, function: &str, route: &Route) -> String;
}

struct Axum;

impl Framework for Axum {
    const ENGINE: EngineName = EngineName::AxumAnnotated;
    const PRELUDE: &'static str = "use crate::engine::axum::prelude::*;";
    const TABLE: &'static str = "pub(crate) static APPS: &[&[fn() -> Part]]";

    fn signature(handler: Handler) -> &'static str {
        match handler {
            Handler::JsonExtractor => "(_: Json<IgnoredAny>) -> Answer",
            _ => "() -> Answer",
        }
    }

    fn options(_: Option<Between>) -> &'static str {
        ""
    }

    fn registration(&self, function: &str, route: &Route) -> String {
        if route.policy.is_some() || route.none {
            return format!("|| Part::Annotated(routes![{function}])");
        }
        let (path, methods) = (&route.path, route.method.as_slice());
        format!("|| Part::Plain(plain({path:?}, &{methods:?}, {function}))")
    }
}

struct Actix;

impl Framework for Actix {
    const ENGINE: EngineName = EngineName::ActixAnnotated;
    const PRELUDE: &'static str = "use crate::engine::actix::prelude::*;";
    const TABLE: &'static str = "pub(crate) static APPS: &[&[fn() -> Part]]";

    fn signature(handler: Handler) -> &'static str {
        match handler {
            Handler::JsonExtractor => "(_: Json<IgnoredAny>) -> Answer",
            _ => "() -> Answer",
        }
    }

    fn options(between: Option<Between>) -> &'static str {
        match between {
            None => "",
            Some(Between::Auth) => ", wrap = \"from_fn(authenticate)\"",
            Some(Between::AuthErr) => ", wrap = \"from_fn(authenticate_or_fail)\"",
        }
    }

    fn registration(&self, function: &str, route: &Route) -> String {
        if route.policy.is_some() || route.none {
            return format!("|| Part::Annotated(routes![{function}])");
        }
        format!("|| Part::Plain(Box::new(|config| {{ config.service({function}); }}))")
    }
}

/// Every app as a module, and a table of what registers their routes.
fn framework<F: Framework>(topics: &[Topic], framework: &F) -> String {
    let mut modules = String::new();
    let mut table = format!("{} = &[\n", F::TABLE);
    for (number, app) in model::apps(topics, F::ENGINE).into_iter().enumerate() {
        writeln!(modules, "mod app{number} {{\n    {}", F::PRELUDE).unwrap();
        table.push_str("    &[");
        for (index, route) in app.routes.iter().enumerate() {
            let handler = handler::<F>(&app, index, route);
            let place = if let Some(name) = &route.module {
                writeln!(modules, "pub(crate) mod {name} {{\n    {}\n{handler}}}", F::PRELUDE)
                    .unwrap();
                format!("app{number}::{name}::h{index}")
            } else {
                modules.push_str(&handler);
                format!("app{number}::h{index}")
            };
            write!(table, "{}, ", framework.registration(&place, route)).unwrap();
        }
        modules.push_str("}\n");
        table.push_str("],\n");
    }
    format!("{modules}{table}];\n")
}

/// One handler: what it does is one call, so that hundreds of them compile quickly.
fn handler<F: Framework>(app: &App<'_>, index: usize, route: &Route) -> String {
    let attributes = match &route.policy {
        Some(policy) if route.named => format!(
            "policy! {{ static NAMED{index} = {{ {} }} }}\n    #[cors(policy = NAMED{index})]\n    {}",
            keys(policy),
            attribute::<F>(app, route)
        ),
        Some(policy) => format!("#[cors({})]\n    {}", keys(policy), attribute::<F>(app, route)),
        None if route.none => format!("#[cors(none)]\n    {}", attribute::<F>(app, route)),
        None if F::ENGINE == EngineName::ActixAnnotated => attribute::<F>(app, route),
        None => String::new(),
    };
    format!(
        "    {attributes}\n    pub(crate) async fn h{index}{} {{ answer(Handler::{:?}) }}\n",
        F::signature(route.handler),
        route.handler
    )
}

/// `#[get("/data")]`, or `#[route(...)]` where that is the only way.
fn attribute<F: Framework>(app: &App<'_>, route: &Route) -> String {
    let (path, options) = (&route.path, F::options(app.between));
    match route.method.as_slice() {
        [one] if STANDARD.contains(&one.as_str()) => {
            format!("#[{}({path:?}{options})]", one.to_ascii_lowercase())
        }
        methods if route.gathered && F::ENGINE == EngineName::ActixAnnotated => {
            let route =
                |method: &String| format!("#[{}({path:?}{options})]", method.to_ascii_lowercase());
            let routes: Vec<String> = methods.iter().map(route).collect();
            format!("#[routes]\n    {}", routes.join("\n    "))
        }
        methods => {
            let method = |method: &String| format!("method = {method:?}");
            let methods: Vec<String> = methods.iter().map(method).collect();
            format!("#[route({path:?}, {}{options})]", methods.join(", "))
        }
    }
}

const STANDARD: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// What stands in the parentheses of `#[cors(...)]`.
fn keys(policy: &Policy) -> String {
    let Policy {
        origins,
        origin_patterns,
        sites,
        credentials,
        headers,
        expose_headers,
        methods,
        max_age,
        preflight_status,
        private_network,
        enforce,
        dangerously_allow,
    } = policy;
    let mut keys = Vec::new();
    let lists = [
        ("origins", origins),
        ("origin_patterns", origin_patterns),
        ("sites", sites),
        ("headers", headers),
        ("expose_headers", expose_headers),
    ];
    for (key, texts) in lists {
        match texts {
            model::Texts::One(text) => keys.push(format!("{key} = {text:?}")),
            model::Texts::Many(texts) if texts.is_empty() => {}
            model::Texts::Many(texts) => keys.push(format!("{key} = {texts:?}")),
        }
    }
    if let Some(methods) = methods {
        keys.push(format!("methods = {methods:?}"));
    }
    match max_age {
        Some(MaxAge::Seconds(seconds)) => keys.push(format!("max_age = {seconds}")),
        Some(MaxAge::Text(text)) => keys.push(format!("max_age = {text:?}")),
        None => {}
    }
    if let Some(status) = preflight_status {
        keys.push(format!("preflight_status = {status}"));
    }
    let flags =
        [("credentials", credentials), ("private_network", private_network), ("enforce", enforce)];
    keys.extend(flags.iter().filter(|(_, on)| **on).map(|(key, _)| (*key).to_owned()));
    if !dangerously_allow.is_empty() {
        keys.push(format!("dangerously_allow({})", dangerously_allow.join(", ")));
    }
    keys.join(", ")
}
