//! Declarations in configuration: TOML, JSON, and the texts of the environment.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use cors_core::{Danger, Field, MaxAge, PolicySpec};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, MapDeserializer};

#[track_caller]
fn toml(text: &str) -> PolicySpec {
    toml::from_str(text).unwrap()
}

#[track_caller]
fn refusal(text: &str) -> String {
    toml::from_str::<PolicySpec>(text).unwrap_err().message().to_owned()
}

/// As configuration crates hand over the variables of the environment: every value is a text.
fn environment(variables: &[(&str, &str)]) -> Result<PolicySpec, Error> {
    PolicySpec::deserialize(MapDeserializer::new(variables.iter().copied()))
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// Every key, and no value that its absence would have.
fn full() -> PolicySpec {
    PolicySpec {
        origins: texts(&["https://app.example.com", "http://intranet.example"]),
        debug_origins: texts(&["http://localhost:*"]),
        origin_patterns: texts(&[r"^https://pr-[0-9]{1,5}\.example\.com$"]),
        sites: texts(&["example.com"]),
        credentials: true,
        headers: texts(&["content-type", "x-request-id"]),
        expose_headers: texts(&["etag"]),
        methods: Some(texts(&["GET", "PUT"])),
        max_age: Some("2h".into()),
        preflight_status: Some(200),
        private_network: true,
        enforce: true,
        none: true,
        dangerously_allow: vec![Danger::InsecureOrigins, Danger::NullOrigin],
        served: None,
    }
}

const DOCUMENT: &str = r"
origins = ['https://app.example.com', 'http://intranet.example']
debug_origins = ['http://localhost:*']
origin_patterns = ['^https://pr-[0-9]{1,5}\.example\.com$']
sites = ['example.com']
credentials = true
headers = ['content-type', 'x-request-id']
expose_headers = ['etag']
methods = ['GET', 'PUT']
max_age = '2h'
preflight_status = 200
private_network = true
enforce = true
none = true
dangerously_allow = ['insecure_origins', 'null_origin']
";

#[test]
fn every_key_is_read() {
    assert_eq!(toml(DOCUMENT), full());
    assert_eq!(toml(""), PolicySpec::default());
    for field in Field::ALL {
        assert!(DOCUMENT.contains(&format!("\n{} = ", field.key())), "{}", field.key());
    }
}

#[test]
fn what_is_written_is_read_again() {
    let any = PolicySpec {
        origins: texts(&["*"]),
        headers: texts(&["*"]),
        methods: Some(Vec::new()),
        max_age: Some(MaxAge::Seconds(-1)),
        ..PolicySpec::default()
    };
    for spec in [PolicySpec::default(), full(), any] {
        assert_eq!(toml(&toml::to_string(&spec).unwrap()), spec);
        let json = serde_json::to_string(&spec).unwrap();
        assert_eq!(serde_json::from_str::<PolicySpec>(&json).unwrap(), spec);
        assert_eq!(serde_json::from_slice::<PolicySpec>(json.as_bytes()).unwrap(), spec);
    }
    assert_eq!(serde_json::to_string(&PolicySpec::default()).unwrap(), "{}");
    let served = PolicySpec { served: Some(texts(&["GET"])), ..PolicySpec::default() };
    assert_eq!(serde_json::to_string(&served).unwrap(), "{}");
}

#[test]
fn one_text_is_a_list() {
    let spec = toml(
        r"
        origins = 'https://a.example.com,https://b.example.com, https://c.example.com  https://d.example.com,'
        origin_patterns = '''^https://[a-z]{1,3}\.example\.com$
            ^https://[a-z]{1,3}\.example\.org$'''
        sites = 'example.com example.org'
        headers = '*'
        expose_headers = 'etag, retry-after'
        methods = 'GET,PUT'
        dangerously_allow = 'null_origin, insecure_origins'
        ",
    );
    let origins = ["a", "b", "c", "d"].map(|it| format!("https://{it}.example.com"));
    assert_eq!(spec.origins, origins);
    let patterns = [r"^https://[a-z]{1,3}\.example\.com$", r"^https://[a-z]{1,3}\.example\.org$"];
    assert_eq!(spec.origin_patterns, patterns);
    assert_eq!(spec.sites, ["example.com", "example.org"]);
    assert_eq!(spec.headers, ["*"]);
    assert_eq!(spec.expose_headers, ["etag", "retry-after"]);
    assert_eq!(spec.methods.unwrap(), ["GET", "PUT"]);
    assert_eq!(spec.dangerously_allow, [Danger::NullOrigin, Danger::InsecureOrigins]);
    assert_eq!(toml("origins = '*'").origins, ["*"]);
    assert_eq!(toml("origins = ''").origins, [""; 0]);
    // The elements of a list are what they are, and the rules say what is wrong with them.
    assert_eq!(toml("origins = ['a, b']").origins, ["a, b"]);
}

#[test]
fn the_environment_has_texts_alone() {
    let spec = environment(&[
        ("origins", "https://app.example.com http://intranet.example"),
        ("debug_origins", "http://localhost:*"),
        ("origin_patterns", r"^https://pr-[0-9]{1,5}\.example\.com$"),
        ("sites", "example.com"),
        ("credentials", "true"),
        ("headers", "content-type x-request-id"),
        ("expose_headers", "etag"),
        ("methods", "GET,PUT"),
        ("max_age", "2h"),
        ("preflight_status", "200"),
        ("private_network", "true"),
        ("enforce", "true"),
        ("none", "true"),
        ("dangerously_allow", "insecure_origins,null_origin"),
    ]);
    assert_eq!(spec.unwrap(), full());
    assert_eq!(environment(&[("enforce", "false")]).unwrap(), PolicySpec::default());
    let spec = environment(&[("origins", "*"), ("max_age", "600")]).unwrap();
    assert!(format!("{:?}", spec.build().unwrap()).contains("\"600\""));
    for (key, value) in
        [("enforce", "yes"), ("enforce", ""), ("none", "1"), ("preflight_status", "ok")]
    {
        assert!(environment(&[(key, value)]).is_err(), "{key} = {value}");
    }
}

#[test]
fn numbers_are_numbers() {
    assert_eq!(toml("max_age = 600").max_age, Some(MaxAge::Seconds(600)));
    assert_eq!(toml("max_age = -1").max_age, Some(MaxAge::Seconds(-1)));
    let json = |text| serde_json::from_str::<PolicySpec>(text);
    let huge = json(r#"{"max_age": 18446744073709551615}"#).unwrap();
    assert_eq!(huge.max_age, Some(MaxAge::Seconds(i64::MAX)));
    for text in [
        r#"{"max_age": 1.5}"#,
        r#"{"max_age": true}"#,
        r#"{"preflight_status": 70000}"#,
        r#"{"preflight_status": -1}"#,
        r#"{"credentials": 1}"#,
        // As a flag of the attribute looks, which is on.
        r#"{"enforce": null}"#,
        r#"{"origins": null}"#,
        r#"{"methods": null}"#,
        r#"{"origins": {"0": "*"}}"#,
        r#"{"origins": [["*"]]}"#,
        r#"["*"]"#,
        r#""*""#,
    ] {
        assert!(json(text).is_err(), "{text}");
    }
}

#[test]
fn an_unknown_key_is_an_error_with_a_suggestion() {
    for (written, meant) in [
        // What other libraries say.
        ("allow_origins", "origins"),
        ("allowed_origins", "origins"),
        ("allowedOrigins", "origins"),
        ("allow-credentials", "credentials"),
        ("AllowedMethods", "methods"),
        ("supports_credentials", "credentials"),
        ("exposed_headers", "expose_headers"),
        ("max-age-seconds", "max_age"),
        // Slips.
        ("orgins", "origins"),
        ("max-age", "max_age"),
        ("enforced", "enforce"),
        ("non", "none"),
    ] {
        assert_eq!(
            refusal(&format!("{written} = true")),
            format!("unknown key `{written}`, did you mean `{meant}`?")
        );
    }
    let words = refusal("domains = ['example.com']");
    assert!(words.starts_with("unknown key `domains`; the keys are `origins`, "), "{words}");
    assert!(words.ends_with("`dangerously_allow`, `none`"), "{words}");
    // What a route serves is known to the attribute alone, and policies have no names here.
    for key in ["served", "policy"] {
        assert!(refusal(&format!("{key} = ['GET']")).starts_with("unknown key"), "{key}");
    }
}

#[test]
fn unknown_keys_are_reported_together() {
    let words = refusal(
        "allow_origins = ['*']\ncredentials = true\ndomains = { a = 1 }\nmax-age = 600\nmethods = 'GET'",
    );
    let expected = "unknown keys `allow_origins` (did you mean `origins`?), `domains`, \
                    `max-age` (did you mean `max_age`?); the keys are `origins`, ";
    assert!(words.starts_with(expected), "{words}");
}

#[test]
fn unknown_keys_are_one_line_of_bounded_length() {
    let mut document = serde_json::Map::new();
    document.insert("x".repeat(1_000_000), true.into());
    document.insert("\u{202e}a\nb".to_owned(), true.into());
    document.extend((0..10_000).map(|number| (format!("key {number}"), true.into())));
    let words = serde_json::from_value::<PolicySpec>(document.into()).unwrap_err().to_string();
    assert!(words.len() < 4000, "{} bytes of words", words.len());
    assert!(!words.contains(['\n', '\u{202e}']), "{words}");
    assert!(words.contains(" and 9982 more"), "{words}");
}

#[test]
fn a_key_that_is_given_twice_is_an_error() {
    let twice = r#"{"origins": "https://a.example", "origins": "*"}"#;
    let error = serde_json::from_str::<PolicySpec>(twice).unwrap_err().to_string();
    assert!(error.starts_with("duplicate field `origins`"), "{error}");
}

#[test]
fn an_unknown_danger_is_an_error_with_a_suggestion() {
    for (written, expected) in [
        ("insecure-origins", "unknown danger `insecure-origins`, did you mean `insecure_origins`?"),
        ("null_origins", "unknown danger `null_origins`, did you mean `null_origin`?"),
        ("everything", "unknown danger `everything`; the dangers are `insecure_origins`, "),
    ] {
        for value in [format!("['{written}']"), format!("'null_origin {written}'")] {
            let words = refusal(&format!("dangerously_allow = {value}"));
            assert!(words.starts_with(expected), "{words}");
        }
    }
    let danger = Danger::deserialize("local_files".into_deserializer());
    assert_eq!(danger, Ok::<_, Error>(Danger::LocalFiles));
}

/// A policy among the other settings of a service.
#[test]
fn a_policy_is_a_part_of_a_configuration() {
    #[derive(Deserialize)]
    struct Service {
        port: u16,
        cors: PolicySpec,
    }

    #[derive(Debug, Deserialize)]
    struct Flat {
        port: u16,
        #[serde(flatten)]
        cors: PolicySpec,
    }

    let service: Service =
        toml::from_str("port = 80\n[cors]\norigins = ['https://app.example.com']").unwrap();
    assert_eq!(service.port, 80);
    assert!(service.cors.build().unwrap().allows_origin("https://app.example.com"));

    let flat: Flat = toml::from_str("port = 80\norigins = '*'\nmax_age = 600").unwrap();
    assert_eq!((flat.port, flat.cors.origins.as_slice()), (80, &["*".to_owned()][..]));
    // A misspelt `enforce` is not lost.
    let error = toml::from_str::<Flat>("port = 80\norigins = '*'\nenforced = true").unwrap_err();
    assert!(error.message().contains("did you mean `enforce`?"), "{error}");
}
