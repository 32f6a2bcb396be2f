//! Complaints that end where a policy is declared: what the attribute refuses, the builder
//! refuses by the same rules. The texts of the compiler are those of the suite `ui`.

use cors_core::{Policy, PolicyBuilder, Rule};

use crate::talk::APP;

/// What the compiler says about a case of the suite `ui`.
macro_rules! compiler {
    ($case:literal) => {
        include_str!(concat!("../ui/", $case, ".stderr"))
    };
}

/// The rules that a declaration breaks.
fn broken(policy: PolicyBuilder) -> Vec<Rule> {
    let violations = policy.build().unwrap_err();
    violations.iter().map(cors_core::Violation::rule).collect()
}

fn origins(origins: &[&str]) -> PolicyBuilder {
    Policy::builder().origins(origins.iter().copied())
}

fn allows(policy: &Policy, origin: &str) -> bool {
    policy.explain(origin, "GET", &[]).is_allowed()
}

#[test]
fn pain_01_any_origin_with_credentials() {
    assert_eq!(broken(origins(&["*"]).credentials()), [Rule::OriginAnyWithCredentials]);
    assert!(compiler!("credentials/any-origin").contains("[origin-any-with-credentials]"));

    // The same by other means: `*` in a list, `null`, everybody's subdomains, no TLS.
    for (origin, rule) in [
        ("null", Rule::OriginNullWithCredentials),
        ("https://*.github.io", Rule::WildcardPublicSuffix),
        ("http://intranet.example", Rule::OriginInsecureWithCredentials),
    ] {
        assert_eq!(broken(origins(&[origin]).credentials()), [rule]);
    }
    assert!(!broken(origins(&["*", APP]).credentials()).is_empty());
    assert!(!broken(origins(&["https://*"]).credentials()).is_empty());
    assert!(!broken(origins(&["https://*.com"]).credentials()).is_empty());
    assert!(compiler!("credentials/public-suffix").contains("github.io"));
}

#[test]
fn pain_05_an_origin_written_slightly_wrong() {
    for (written, meant) in [
        ("https://app.example.com/", "https://app.example.com"),
        ("https://app.example.com/login", "https://app.example.com"),
        ("https://app.example.com:443", "https://app.example.com"),
        ("http://app.example.com:80", "http://app.example.com"),
        ("https://App.example.com", "https://app.example.com"),
        ("HTTPS://app.example.com", "https://app.example.com"),
        ("app.example.com", "https://app.example.com"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        (" https://app.example.com", "https://app.example.com"),
    ] {
        let violations = origins(&[written]).build().unwrap_err().to_string();
        assert!(violations.contains(&format!("`{meant}`")), "{written}: {violations}");
    }
    assert!(compiler!("origin/trailing-slash").contains("https://app.example.com"));

    // Right by itself, and still not what the page is on: the refusal says so.
    for (configured, page, hint) in [
        ("http://localhost:3000", "http://127.0.0.1:3000", "three origins"),
        ("http://localhost:3000", "http://localhost:5173", "only by the port"),
        ("https://app.example.com", "http://app.example.com", "only by the scheme"),
    ] {
        let why = origins(&[configured]).build().unwrap().explain(page, "GET", &[]);
        assert_eq!(why.nearest().map(cors_core::Nearest::origin), Some(configured));
        assert!(why.to_string().contains(hint), "{why}");
    }
}

#[test]
fn pain_11_subdomains_ports_and_previews() {
    let policy = origins(&["https://*.example.com", "http://localhost:*"]).credentials().build();
    let policy = policy.unwrap();
    for page in [
        "https://a.example.com",
        "https://a.b.example.com",
        "http://localhost",
        "http://localhost:5173",
    ] {
        assert!(allows(&policy, page), "{page}");
    }
    for page in [
        "https://example.com",
        "https://a.example.com:8443",
        "http://a.example.com",
        "https://a.example.com.evil.net",
        "https://aexample.com",
        "https://.example.com",
        "http://localhost.evil.net:80",
        "http://localhost:",
        "http://localhost:5173@evil.net",
    ] {
        assert!(!allows(&policy, page), "{page}");
    }
    // Previews have a pattern, in which a label cannot grow into another owner's.
    let previews = Policy::builder()
        .origin_patterns([r"^https://pr-[0-9]+\.apps\.example\.com$"])
        .credentials()
        .build()
        .unwrap();
    assert!(allows(&previews, "https://pr-12.apps.example.com"));
    assert!(!allows(&previews, "https://pr-12.evil.apps.example.com"));
    assert!(!allows(&previews, "https://pr-.apps.example.com"));
}

#[test]
fn pain_12_patterns_that_let_attackers_in() {
    // Each of these was an advisory, or was in the documentation of a library.
    for pattern in [
        // sanic-cors, CVE-2026-37737: matched at the start only.
        r"^https://trusted\.com",
        // The shape of `re.match`, and of `ends_with`.
        r"https://example\.com$",
        r"^https://.*example\.com$",
        // A dot that was meant literally.
        r"^https://www.example\.com$",
        // Everybody's.
        r"^https?://.*$",
        r"^https://[a-z]+\.github\.io$",
    ] {
        let policy = Policy::builder().origin_patterns([pattern]).credentials();
        assert!(policy.build().is_err(), "{pattern}");
    }
    // gin-contrib, CVE-2019-25211, and prefix matches in general.
    for origin in ["https://example.com*", "https://*example.com", "https://exam*.com"] {
        assert!(origins(&[origin]).build().is_err(), "{origin}");
    }
    // jub0bs/cors, GHSA-vhxv-fg4m-p2w8: two origins must not make a third.
    let policy = origins(&["https://foo.com", "https://bar.com"]).build().unwrap();
    assert!(!allows(&policy, "https://barfoo.com"));
    assert!(!allows(&policy, "https://foo.com.bar.com"));
    assert!(compiler!("wildcard/partial-label").contains("https://evil-example.com"));
}

#[test]
fn pain_13_mistakes_are_values_not_panics() {
    // All at once, and nothing is left to fail per request.
    let policy = origins(&["https://app.example.com/", "*"])
        .credentials()
        .headers(["content type"])
        .expose_headers(["*"])
        .methods(["put"])
        .max_age("1y");
    let violations = policy.build().unwrap_err();
    let fields: std::collections::BTreeSet<String> =
        violations.iter().map(|it| format!("{:?}", it.location().field)).collect();
    assert!(fields.len() >= 5, "{violations}");

    // What takes others down at run time is refused, or harmless.
    let policy = origins(&[APP]).build().unwrap();
    for origin in ["null", "", "https://", "://", "\u{0}", "https://[::1", "%", "https://a:99999"] {
        assert!(!allows(&policy, origin), "{origin:?}");
    }
    assert!(!allows(&policy, &"https://a.".repeat(100_000)));
}
