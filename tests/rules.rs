//! Declarations that are accepted or refused at run time, and the catalogue of rules.
//!
//! The attribute is held against the same lists inside cors-macros, where it can be called
//! as a function; that every rule has a compile error is seen here, in the texts of `ui`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use cors_core::{Field, Location, Policy, PolicySpec, Rule, Violations};
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
    /// The methods of the route.
    served: Option<Vec<String>>,
    policy: PolicySpec,
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
    /// The methods of the route.
    served: Option<Vec<String>>,
    policy: PolicySpec,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    field: String,
    element: Option<usize>,
    range: Option<[usize; 2]>,
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
    for Accepted { name, served, policy } in read("accepted.toml") {
        if let Err(violations) = (PolicySpec { served, ..policy }).build() {
            panic!("{name} is refused:\n{violations}");
        }
    }
}

#[test]
fn refused_declarations_violate_their_rules() {
    for Refused { name, rules, at, says, served, policy } in read("refused.toml") {
        let Err(violations) = (PolicySpec { served, ..policy }).build() else {
            panic!("{name} is built")
        };
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

/// With `build_tolerant` these are warnings, if all the rules are harmless and something is left.
#[test]
fn harmless_is_tolerated_in_the_same_words() {
    let is_harmless = |it: &cors_core::Violation| it.rule().is_harmless();
    let (mut tolerated, mut refused) = (0, 0);
    for Refused { name, served, policy, .. } in read("refused.toml") {
        let spec = PolicySpec { served, ..policy };
        let violations = spec.build().unwrap_err();
        match spec.build_tolerant() {
            Ok(it) => {
                tolerated += 1;
                assert!(violations.iter().all(is_harmless), "{name}");
                assert_eq!(it.warnings, Some(violations), "{name}");
            }
            Err(errors) => {
                refused += 1;
                assert!(!errors.iter().all(is_harmless), "{name}");
                assert!(errors.iter().zip(&violations).all(|(a, b)| a == b), "{name}");
                assert!(errors.len() >= violations.len(), "{name}");
            }
        }
    }
    assert!(tolerated > 20 && refused > 100, "{tolerated} tolerated, {refused} refused");
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
fn headers_that_fetch_forbids_are_errors() {
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
    for Refused { name, served, policy, .. } in read("refused.toml") {
        let Err(violations) = (PolicySpec { served, ..policy }).build() else {
            panic!("{name} is built")
        };
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
    for Refused { name, served, policy: spec, .. } in read("refused.toml") {
        if served.is_some() {
            // What a route serves is known to the attribute alone.
            continue;
        }
        let mut builder = Policy::builder()
            .origins(spec.origins.clone())
            .debug_origins(spec.debug_origins.clone())
            .origin_patterns(spec.origin_patterns.clone())
            .sites(spec.sites.clone())
            .credentials_if(spec.credentials)
            .headers(spec.headers.clone())
            .expose_headers(spec.expose_headers.clone())
            .private_network_if(spec.private_network)
            .enforce_if(spec.enforce)
            .none_if(spec.none);
        if let Some(methods) = spec.methods.clone() {
            builder = builder.methods(methods);
        }
        if let Some(max_age) = spec.max_age.clone() {
            builder = builder.max_age(max_age);
        }
        if let Some(status) = spec.preflight_status {
            builder = builder.preflight_status(status);
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
    let text = fs::read_to_string(here().join("cases/refused.toml")).unwrap();
    for field in Field::ALL {
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
        for file in fs::read_dir(topic.unwrap().path()).into_iter().flatten() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|it| it == "stderr") {
                let text = fs::read_to_string(&path).unwrap();
                texts.push((path, text));
            }
        }
    }
    texts
}
