//! Declarations that are accepted or refused at run time, and the catalogue of rules.
//!
//! The attribute is held against the same lists inside cors-macros, where it can be called
//! as a function; that every rule has a compile error is seen here, in the texts of `ui`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use cors_core::{Danger, Field, Location, MaxAge, PolicySpec, Rule, Violations};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct Cases<T> {
    case: Vec<T>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    name: String,
    policy: Declaration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    name: String,
    /// The rules that refuse it, in order.
    rules: Vec<String>,
    /// Where each violation is; empty where it does not matter.
    #[serde(default)]
    at: Vec<Place>,
    /// What the words must hold somewhere.
    #[serde(default)]
    says: Vec<String>,
    policy: Declaration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    field: String,
    element: Option<usize>,
    range: Option<[usize; 2]>,
}

/// The keys of the attribute.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Declaration {
    origins: List,
    debug_origins: Vec<String>,
    origin_patterns: Vec<String>,
    sites: Vec<String>,
    credentials: bool,
    headers: List,
    expose_headers: List,
    methods: Option<Vec<String>>,
    max_age: Option<Time>,
    preflight_status: Option<u16>,
    private_network: bool,
    enforce: bool,
    dangerously_allow: Vec<String>,
    served: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum List {
    Star(String),
    Texts(Vec<String>),
}

impl Default for List {
    fn default() -> Self {
        Self::Texts(Vec::new())
    }
}

impl From<List> for Vec<String> {
    fn from(list: List) -> Self {
        match list {
            List::Star(star) => vec![star],
            List::Texts(texts) => texts,
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Time {
    Seconds(i64),
    Text(String),
}

impl From<Declaration> for PolicySpec {
    fn from(it: Declaration) -> Self {
        let danger =
            |name: String| name.parse::<Danger>().unwrap_or_else(|error| panic!("{error}"));
        Self {
            origins: it.origins.into(),
            debug_origins: it.debug_origins,
            origin_patterns: it.origin_patterns,
            sites: it.sites,
            credentials: it.credentials,
            headers: it.headers.into(),
            expose_headers: it.expose_headers.into(),
            methods: it.methods,
            max_age: it.max_age.map(|time| match time {
                Time::Seconds(seconds) => MaxAge::Seconds(seconds),
                Time::Text(text) => MaxAge::Text(text),
            }),
            preflight_status: it.preflight_status,
            private_network: it.private_network,
            enforce: it.enforce,
            dangerously_allow: it.dangerously_allow.into_iter().map(danger).collect(),
            served: it.served,
        }
    }
}

impl Place {
    fn is(&self, location: &Location) -> bool {
        let range = self.range.map(|[start, end]| Range { start, end });
        self.field == location.field.key()
            && self.element == location.element
            && range == location.range
    }
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let text = fs::read_to_string(here().join("cases").join(file)).unwrap();
    toml::from_str::<Cases<T>>(&text).unwrap_or_else(|error| panic!("{file}: {error}")).case
}

fn identifiers(violations: &Violations) -> Vec<&'static str> {
    violations.iter().map(|violation| violation.rule().as_str()).collect()
}

#[test]
fn accepted_is_built() {
    for Accepted { name, policy } in read("accepted.toml") {
        if let Err(violations) = PolicySpec::from(policy).build() {
            panic!("{name} is refused:\n{violations}");
        }
    }
}

#[test]
fn refused_is_refused_by_its_rules() {
    for Refused { name, rules, at, says, policy } in read("refused.toml") {
        let Err(violations) = PolicySpec::from(policy).build() else { panic!("{name} is built") };
        assert_eq!(identifiers(&violations), rules, "{name}");
        if !at.is_empty() {
            assert_eq!(at.len(), violations.len(), "{name} has more violations than places");
        }
        for (place, violation) in at.iter().zip(&violations) {
            assert!(place.is(violation.location()), "{name} is at {:?}", violation.location());
        }
        let words = violations.to_string();
        for part in &says {
            assert!(words.contains(part), "{name} says nothing of {part}:\n{words}");
        }
    }
}

/// The names in a list of the folder `cases`.
fn names(file: &str) -> Vec<String> {
    let text = fs::read_to_string(here().join("cases").join(file)).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// The rules that refuse a policy with one request header and one exposed header.
fn refusals_of(header: &str, exposed: &str) -> Vec<Rule> {
    let spec = PolicySpec {
        origins: vec!["https://app.example.com".to_owned()],
        credentials: true,
        headers: vec![header.to_owned()],
        expose_headers: vec![exposed.to_owned()],
        ..PolicySpec::default()
    };
    let violations = spec.build().err();
    violations.iter().flatten().map(cors_core::Violation::rule).collect()
}

#[test]
fn registered_header_names_are_accepted() {
    let names = names("header-names.txt");
    assert!(names.len() >= 200, "{}", names.len());
    for name in names {
        assert_eq!(refusals_of(&name, &name), [], "{name}");
    }
    for name in ["X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override", "x-api-key"] {
        assert_eq!(refusals_of(name, name), [], "{name}");
    }
}

#[test]
fn headers_that_fetch_forbids_are_refused() {
    for name in names("forbidden-headers.txt") {
        for name in [name.to_ascii_lowercase(), name.to_ascii_uppercase(), name] {
            assert_eq!(refusals_of(&name, "x-ok"), [Rule::HeaderForbidden], "{name}");
            let exposed = match name.to_ascii_lowercase().as_str() {
                "set-cookie" | "set-cookie2" => vec![Rule::ExposeSetCookie],
                _ => vec![],
            };
            assert_eq!(refusals_of("x-ok", &name), exposed, "{name}");
        }
    }
    assert_eq!(refusals_of("x-ok", "Set-Cookie2"), [Rule::ExposeSetCookie]);
    assert_eq!(refusals_of("Set-Cookie2", "x-ok"), []);
}

#[test]
fn words_are_sentences_without_their_end() {
    for Refused { name, policy, .. } in read("refused.toml") {
        let Err(violations) = PolicySpec::from(policy).build() else { panic!("{name} is built") };
        for violation in &violations {
            for text in [violation.message(), violation.help(), violation.note()] {
                assert!(!text.is_empty(), "{name}");
                assert!(!text.ends_with('.') && !text.contains('\n'), "{name}: {text}");
                assert_eq!(text.trim(), text, "{name}");
            }
        }
    }
}

#[test]
fn builder_gives_the_verdict_of_the_spec() {
    for Refused { name, policy, .. } in read("refused.toml") {
        if policy.served.is_some() {
            // What a route serves is known to the attribute alone.
            continue;
        }
        let spec = PolicySpec::from(policy);
        let mut builder = cors_core::Policy::builder()
            .origins(spec.origins.clone())
            .debug_origins(spec.debug_origins.clone())
            .origin_patterns(spec.origin_patterns.clone())
            .sites(spec.sites.clone())
            .headers(spec.headers.clone())
            .expose_headers(spec.expose_headers.clone());
        if let Some(methods) = spec.methods.clone() {
            builder = builder.methods(methods);
        }
        if let Some(max_age) = spec.max_age.clone() {
            builder = builder.max_age(max_age);
        }
        if let Some(status) = spec.preflight_status {
            builder = builder.preflight_status(status);
        }
        if spec.credentials {
            builder = builder.credentials();
        }
        if spec.private_network {
            builder = builder.private_network();
        }
        if spec.enforce {
            builder = builder.enforce();
        }
        for danger in &spec.dangerously_allow {
            builder = builder.dangerously_allow(*danger);
        }
        assert_eq!(builder.build().unwrap_err(), spec.build().unwrap_err(), "{name}");
    }
}

#[test]
fn names_of_cases_are_their_own() {
    let mut names = BTreeSet::new();
    for Refused { name, .. } in read("refused.toml") {
        assert!(names.insert(name.clone()), "{name} twice");
    }
}

/// The rules about environment variables, which a plain declaration has none of: their cases are in
/// `pains/*/deployment.rs` and in `ui/deployment`.
const OF_VARIABLES: [Rule; 2] = [Rule::EnvMissing, Rule::EnvName];

#[test]
fn every_rule_has_a_case() {
    let cases: BTreeSet<String> =
        read::<Refused>("refused.toml").into_iter().flat_map(|case| case.rules).collect();
    for rule in Rule::ALL.iter().filter(|rule| !OF_VARIABLES.contains(rule)) {
        assert!(
            cases.contains(rule.as_str()),
            "cases/refused.toml has no case of {}",
            rule.as_str()
        );
    }
}

#[test]
fn every_rule_has_a_compile_error() {
    let texts = recorded_errors();
    for rule in Rule::ALL.iter().filter(|rule| **rule != Rule::EnvMissing) {
        let shown = format!("[{}]", rule.as_str());
        assert!(
            texts.iter().any(|(_, text)| text.contains(&shown)),
            "no file under ui shows {shown}"
        );
    }
}

#[test]
fn every_field_is_a_key_in_the_refused_list() {
    let fields = [
        Field::Origins,
        Field::DebugOrigins,
        Field::OriginPatterns,
        Field::Sites,
        Field::Credentials,
        Field::Headers,
        Field::ExposeHeaders,
        Field::Methods,
        Field::MaxAge,
        Field::PreflightStatus,
        Field::PrivateNetwork,
        Field::Enforce,
        Field::DangerouslyAllow,
    ];
    let text = fs::read_to_string(here().join("cases/refused.toml")).unwrap();
    for field in fields {
        assert!(text.contains(&format!("\n{} = ", field.key())), "{}", field.key());
    }
}

/// What belongs to the compiler, in the messages of programs that name no such thing.
#[test]
fn compile_errors_are_ours_and_name_a_remedy() {
    for (path, text) in recorded_errors() {
        assert!(!text.contains("panicked"), "{}", path.display());
        for error in text.split("\n\n").filter(|error| error.starts_with("error: ")) {
            let first = error.lines().next().unwrap_or_default();
            let is_ours = error.contains("help: ");
            let is_known = THE_COMPILERS.iter().any(|known| first.contains(known));
            assert!(is_ours || is_known, "{} names no remedy: {first}", path.display());
        }
    }
}

/// Messages that no macro can word.
const THE_COMPILERS: &[&str] =
    &["cannot find attribute", "is not supported in `trait`s or `impl`s"];

/// The files `ui/*/*.stderr`.
fn recorded_errors() -> Vec<(PathBuf, String)> {
    let mut texts = Vec::new();
    for topic in fs::read_dir(here().join("ui")).unwrap() {
        for file in fs::read_dir(topic.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|it| it == "stderr") {
                let text = fs::read_to_string(&path).unwrap();
                texts.push((path, text));
            }
        }
    }
    texts
}
