//! What a declaration of another party may cost: nothing here is fast enough by a
//! constant, all of it is slow by a square without the bound that it is about.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use cors_core::{Danger, Field, Policy, PolicyBuilder, PolicySpec, Rule, Violations};

/// Too much for a quadratic algorithm to finish in an acceptable time.
const MANY: usize = 30_000;

#[track_caller]
fn refuse(builder: PolicyBuilder) -> Violations {
    builder.build().unwrap_err()
}

fn rules(violations: &Violations) -> Vec<Rule> {
    violations.iter().map(cors_core::Violation::rule).collect()
}

/// A message is one line, and shows what it is about, whatever a declaration has in it.
#[test]
fn no_text_breaks_out_of_a_message() {
    let texts =
        ["https://a.example:80\nx", "\u{202e}https://a", "a\r\nb", "https://a\u{2028}b\u{200b}"];
    let violations = refuse(
        Policy::builder()
            .origins(texts)
            .origin_patterns(texts)
            .sites(texts)
            .methods(texts)
            .headers(texts)
            .expose_headers(texts)
            .max_age("1\n\u{202e}h"),
    );
    assert!(violations.iter().count() > 20, "{violations}");
    for violation in &violations {
        for words in [violation.message(), violation.help(), violation.note()] {
            let is_harmful =
                |c: char| c.is_control() || matches!(c, '\u{200b}' | '\u{2028}' | '\u{202e}');
            assert!(!words.contains(is_harmful), "{words:?}");
        }
    }
}

#[test]
fn no_long_label_is_encoded() {
    // The square of a million characters is a matter of hours.
    for count in [60, 64, 500, 2000, 16_000, 1_000_000] {
        for host in ["ü".repeat(count), format!("{}.com", "字".repeat(count))] {
            let violations = refuse(Policy::builder().origins([format!("https://{host}")]));
            let words = violations.to_string();
            assert!(words.contains("63"), "{words}");
            assert!(words.len() < 10_000, "{} bytes of words", words.len());
        }
    }
}

#[test]
fn a_label_at_the_limit_is_encoded_still() {
    for count in [40, 50, 55] {
        let origin = format!("https://{}.com", "ü".repeat(count));
        let words = refuse(Policy::builder().origins([origin])).to_string();
        assert!(words.contains("probably `https://xn--"), "{count}: {words}");
    }
}

#[test]
fn no_long_host_is_encoded() {
    let origin = format!("https://{}com", "üü.".repeat(400));
    let violations = refuse(Policy::builder().origins([origin]));
    assert_eq!(rules(&violations), [Rule::OriginHostUnicode, Rule::OriginHostLong]);
    assert!(violations.to_string().contains("253"), "{violations}");
}

#[test]
fn long_texts_are_errors_unread() {
    let long = "x".repeat(10_000_000);
    let violations = refuse(
        Policy::builder()
            .origins([long.clone()])
            .headers([long.clone()])
            .expose_headers([long.clone()])
            .methods([long.clone()])
            .max_age(long.as_str()),
    );
    assert_eq!(rules(&violations), [Rule::TooLarge; 5]);
    for violation in &violations {
        assert!(violation.message().contains("10000000"), "{violation}");
        assert!(violation.message().contains("4096"), "{violation}");
    }
    assert!(violations.to_string().len() < 10_000);
    let kept: usize = violations.iter().map(|it| it.value().len()).sum();
    assert!(kept < 10_000, "{kept} bytes are kept");
}

#[cfg(feature = "patterns")]
#[test]
fn long_patterns_and_sites_are_errors_unread() {
    let pattern = format!("^https://(?:{}a)\\.example\\.com$", "a|".repeat(1_000_000));
    let site = "x.".repeat(1_000_000);
    let violations = refuse(Policy::builder().origin_patterns([pattern]).sites([site]));
    assert_eq!(rules(&violations), [Rule::TooLarge; 2]);
    assert!(violations.to_string().len() < 10_000);
}

#[test]
fn long_lists_of_names_are_errors_unread() {
    let names = || (0..MANY).map(|number| format!("x-{number}"));
    let violations =
        refuse(Policy::builder().origins(["*"]).headers(names()).expose_headers(names()));
    assert_eq!(rules(&violations), [Rule::TooLarge; 2]);
    let fields: Vec<Field> = violations.iter().map(|it| it.location().field).collect();
    assert_eq!(fields, [Field::Headers, Field::ExposeHeaders]);
    assert!(Policy::builder().origins(["*"]).headers(names().take(1024)).build().is_ok());
    let violations = refuse(Policy::builder().origins(["*"]).methods(names()));
    assert_eq!(rules(&violations), [Rule::TooLarge]);
}

#[test]
fn violations_are_counted_and_the_first_are_shown() {
    let origins = (0..MANY).map(|number| format!("https://t{number}.example.com/path"));
    let violations = refuse(Policy::builder().origins(origins));
    assert_eq!(violations.len(), MANY);
    assert_eq!(violations.iter().len(), Violations::MOST_KEPT);
    let words = violations.to_string();
    assert!(words.len() < 20_000, "{} bytes of words", words.len());
    assert_eq!(words.matches("[origin-path]").count(), Violations::MOST_SHOWN);
    assert!(words.ends_with(&format!("and {} more", MANY - Violations::MOST_SHOWN)), "{words}");
    let owned: Vec<_> = violations.clone().into_iter().collect();
    assert!(violations.iter().eq(&owned));
}

#[test]
fn what_is_beside_a_violation_that_is_not_kept_stays_as_it_is() {
    // The note of a violation beyond those that are kept must not fall to the last of them.
    let origins = (0..Violations::MOST_KEPT).map(|number| format!("https://t{number}.test/"));
    let kept = refuse(Policy::builder().origins(origins.clone()));
    let more = refuse(Policy::builder().origins(origins.chain(["https://a*.example.com".into()])));
    assert_eq!(more.len(), kept.len() + 1);
    assert!(more.iter().eq(&kept));
}

#[test]
fn a_repeated_null_is_looked_up_and_not_searched() {
    let origins = (0..MANY).map(|number| format!("https://t{number}.example.com"));
    let origins = origins.chain((0..MANY).map(|_| "null".to_owned()));
    let violations =
        refuse(Policy::builder().origins(origins).dangerously_allow(Danger::NullOrigin));
    assert_eq!(violations.len(), MANY - 1);
    assert_eq!(violations.iter().next().unwrap().rule(), Rule::OriginDuplicate);
}

#[test]
fn dangers_are_looked_up_and_not_searched() {
    let mut dangers = vec![Danger::NullOrigin; MANY];
    dangers.extend(vec![Danger::InsecureOrigins; MANY]);
    let spec = PolicySpec {
        origins: vec!["https://app.example.com".into()],
        dangerously_allow: dangers,
        ..PolicySpec::default()
    };
    assert_eq!(spec.build().unwrap_err().len(), 2 * MANY);
}

#[test]
fn the_public_suffix_list_is_walked_once_for_a_host() {
    let origins = (1..=u16::MAX).flat_map(|port| {
        ["http", "https"].map(|scheme| format!("{scheme}://*.amazonaws.com:{port}"))
    });
    let violations = refuse(Policy::builder().origins(origins).credentials());
    assert!(rules(&violations).contains(&Rule::WildcardPublicSuffix));
}

#[test]
fn switches_of_a_build_change_no_field() {
    // A struct literal names every field, whatever the features are.
    let spec = PolicySpec {
        origins: Vec::new(),
        debug_origins: Vec::new(),
        origin_patterns: vec![r"^https://[a-z]+\.example\.com$".into()],
        sites: vec!["example.com".into()],
        credentials: true,
        headers: Vec::new(),
        expose_headers: Vec::new(),
        methods: None,
        max_age: Some(std::time::Duration::from_secs(60).into()),
        preflight_status: None,
        private_network: false,
        enforce: false,
        none: false,
        dangerously_allow: Vec::new(),
        served: None,
    };
    let built = spec.build();
    assert_eq!(built.is_ok(), cfg!(feature = "patterns"), "{built:?}");
    if let Err(violations) = built {
        assert_eq!(violations.len(), 2);
        assert!(violations.to_string().contains("enable the feature `patterns`"));
    }
}

#[cfg(feature = "http1")]
#[test]
fn names_and_methods_of_http_are_taken() {
    let policy = Policy::builder()
        .origins(["*"])
        .headers([http::header::CONTENT_TYPE])
        .expose_headers([http::header::ETAG])
        .methods([http::Method::PUT, http::Method::DELETE])
        .max_age(std::time::Duration::from_secs(7200));
    assert!(policy.build().is_ok());
}
