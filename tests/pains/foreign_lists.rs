//! Lists of another party: of operators in a configuration, of tenants for their pages. The requests
//! are in the folder of each framework.

use cors_core::{Danger, Policy, PolicyBuilder, Rule, Violation, Violations};

#[path = "../benches/bounds/colliding.rs"]
mod colliding;

/// The rules that a declaration breaks.
pub(crate) fn rules(violations: &Violations) -> Vec<Rule> {
    violations.iter().map(Violation::rule).collect()
}

/// D6: what is in the default configuration of services that run.
pub(crate) fn from_configuration() -> PolicyBuilder {
    Policy::builder()
        .origins(["https://app.example.com"])
        .methods(["PUT"])
        .headers(["origin", "accept-encoding", "content-type"])
        .max_age("48h")
}

pub(crate) const CONFIGURATION: [Rule; 3] =
    [Rule::HeaderForbidden, Rule::HeaderForbidden, Rule::MaxAgeTooLong];

/// D7: an operator allows what no origin needs.
pub(crate) fn with_needless_danger() -> PolicyBuilder {
    Policy::builder()
        .origins(["https://app.example.com"])
        .credentials()
        .dangerously_allow(Danger::InsecureOrigins)
}

/// G10: hosts whose encoding takes the square of their length.
pub(crate) fn long_hosts() -> Vec<String> {
    ["ü", "字", "x"].map(|letter| format!("https://{}.com", letter.repeat(16_000))).to_vec()
}

/// G11: mistakes without end.
pub(crate) fn mistakes() -> Vec<String> {
    (0..100_000).map(|number| format!("https://t{number}.example.com/path")).collect()
}

/// The text about a list is shorter than what a log takes.
#[track_caller]
pub(crate) fn assert_told(violations: &Violations, count: usize) {
    assert_eq!(violations.len(), count);
    let text = violations.to_string();
    assert!(text.len() < 20_000, "{} bytes", text.len());
}

/// G12: origins that a hash without a key makes one slot of.
pub(crate) fn colliding() -> Vec<String> {
    let origins = colliding::origins();
    let of_first = colliding::hash(origins[0].as_bytes());
    assert!(origins.iter().all(|it| colliding::hash(it.as_bytes()) == of_first));
    // A tenth of them, as building takes longest where nothing is optimised.
    origins.into_iter().step_by(10).collect()
}

/// G13: wildcards of every depth.
pub(crate) fn wildcards() -> Vec<String> {
    (0..20_000).map(|number| wildcard(number, "*")).collect()
}

pub(crate) fn wildcard(number: usize, label: &str) -> String {
    format!("https://{label}.t{number}.{}example.com", "a.".repeat(number % 100))
}

/// Origins below some of the wildcards.
pub(crate) fn below_a_wildcard() -> impl Iterator<Item = String> {
    (0..20_000).step_by(379).flat_map(|number| ["a", "a.b_c"].map(|label| wildcard(number, label)))
}

/// Origins that are nearly below a wildcard.
pub(crate) fn below_no_wildcard() -> Vec<String> {
    let of = |number| wildcard(number, "a");
    vec![
        of(50).replace("a.t50", "t50"),
        of(50).replace("https", "http"),
        of(50).replace(".t50", ".t51"),
        of(50).replace("https://a.", "https://a!."),
        of(50).replace("https://a.", "https://."),
        format!("{}:8443", of(99)),
        format!("{}.evil.example.net", of(99)),
        of(20_000),
        format!("https://{}example.com", "a.".repeat(110)),
    ]
}

/// Patterns that an origin is held against at once.
pub(crate) fn patterns() -> Vec<String> {
    (0..32)
        .map(|number| format!(r"^https://([a-z0-9-]+\.)*t{number}-[0-9]+\.example\.com(:\d+)?$"))
        .collect()
}

/// Origins that the patterns match.
pub(crate) fn of_a_pattern() -> impl Iterator<Item = String> {
    (0..32).flat_map(|number| {
        [
            format!("https://t{number}-1.example.com"),
            format!("https://a.b.t{number}-20.example.com:8443"),
        ]
    })
}

pub(crate) const OF_NO_PATTERN: [&str; 6] = [
    "https://t32-1.example.com",
    "https://t1-.example.com",
    "http://t1-1.example.com",
    "https://t1-1.example.com:443",
    "https://t1-1.example.com.evil.example.net",
    "https://t1-t2-1.example.com",
];
