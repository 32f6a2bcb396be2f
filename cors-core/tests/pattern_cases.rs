//! Verdicts on single patterns: what is refused, why, with which witness, and what is proposed.

#![cfg(feature = "patterns")]
// A test may panic, that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use cors_core::__private::pattern::{
    Objection, ObjectionKind, ObjectionKind::*, Proof, Question, judge,
};
use cors_core::Danger;

fn verdict(pattern: &str, sites: &[&str], credentials: bool) -> Result<Proof, Vec<Objection>> {
    judge(&Question { pattern, sites, credentials, allowed: &[] })
}

#[track_caller]
fn safe(pattern: &str, declared: &[&str], reached: &[&str]) {
    safe_with(pattern, declared, true, reached);
}

#[track_caller]
fn safe_with(pattern: &str, declared: &[&str], credentials: bool, reached: &[&str]) {
    let proof = verdict(pattern, declared, credentials)
        .unwrap_or_else(|error| panic!("{pattern}: {error:#?}"));
    let all: Vec<String> = proof.sites.into_iter().chain(proof.hosts).collect();
    assert_eq!(all, reached, "{pattern}");
}

#[track_caller]
fn refused(
    pattern: &str,
    declared: &[&str],
    kinds: &[ObjectionKind],
    witness: &str,
) -> Vec<Objection> {
    refused_with(pattern, declared, true, kinds, witness)
}

#[track_caller]
fn refused_with(
    pattern: &str,
    declared: &[&str],
    credentials: bool,
    kinds: &[ObjectionKind],
    witness: &str,
) -> Vec<Objection> {
    let objections = verdict(pattern, declared, credentials).expect_err(pattern);
    let found: Vec<ObjectionKind> = objections.iter().map(|objection| objection.kind).collect();
    assert_eq!(found, kinds, "{pattern}");
    let first = objections[0].witness.as_deref().unwrap_or("");
    assert_eq!(first, witness, "{pattern}");
    for objection in &objections {
        assert!(!objection.because.is_empty() && !objection.fix.is_empty(), "{pattern}");
        assert!(!objection.because.ends_with('.') && !objection.fix.ends_with('.'), "{pattern}");
        if let Some(range) = objection.range.clone() {
            assert!(pattern.get(range).is_some(), "{pattern}");
        }
    }
    objections
}

/// The pattern that is proposed for the first objection passes.
#[track_caller]
fn mended(pattern: &str, declared: &[&str], fixed: &str) {
    let objections = verdict(pattern, declared, true).expect_err(pattern);
    let fix = &objections[0].fix;
    assert!(fix.contains(&format!("write `{fixed}`")), "{pattern}: {fix}");
}

#[test]
fn one_site() {
    safe(r"^https://([a-z0-9-]+\.)*example\.com(:\d+)?$", &[], &["example.com"]);
    safe(r"^https://.*\.example\.com$", &[], &["example.com"]);
    safe(r"^https://(.+\.)?example\.com$", &[], &["example.com"]);
    safe(r"^https://(.+\.)?example\.com$", &["example.com"], &["example.com"]);
    safe(r"^https://(.+\.)?example\.com$", &["example.com", "other.org"], &["example.com"]);
    safe(r"(?m)^https://a\.example\.com$", &[], &["example.com"]);
    safe(r"(?i)^https://API\.example\.com$", &[], &["example.com"]);
    safe(r"^https://[a-z]+\.alice\.github\.io$", &[], &["alice.github.io"]);
    safe(r"^https://([a-z]+\.)*city\.kawasaki\.jp$", &[], &["city.kawasaki.jp"]);
    safe(r"^https://(app|admin|api)\.example\.com(:8443)?$", &[], &["example.com"]);
    safe(r"^https://[a-z0-9]{1,63}\.example\.com$", &[], &["example.com"]);
    safe(r"^https://example\.com\.?$", &[], &["example.com"]);
    safe(r"^https://[a-z]+\.xn--rsum-bpad\.com$", &[], &["xn--rsum-bpad.com"]);
    safe(r"^https://example\.com.{0}$", &[], &["example.com"]);
    safe_with(r"^https?://example\.com$", &[], false, &["example.com"]);
}

#[test]
fn several_sites() {
    let three = ["example.com", "example.net", "example.org"];
    safe(r"^https://example\.(com|net|org)$", &three, &three);
    let kinds = [UndeclaredSites];
    let objections =
        refused(r"^https://example\.(com|net|org)$", &[], &kinds, "https://example.org");
    assert_eq!(
        objections[0].fix,
        r#"declare `sites = ["example.com", "example.net", "example.org"]`, if all of them are yours"#
    );
    refused(r"^https://example\.(com|net|org)$", &three[..2], &kinds, "https://example.org");
    refused(r"^https://example\.com$", &["other.org"], &kinds, "https://example.com");
    refused(r"^https://[a-c]{3}\.com$", &[], &kinds, "https://ccc.com");
    let fixed = r"^https://(www|api)\.example\.com$";
    refused(r"^https://(www|api)[.-]example\.com$", &[], &kinds, "https://api-example.com");
    mended(r"^https://(www|api)[.-]example\.com$", &[], fixed);
    refused(
        r"^https://(www|api)[.-]example\.com$",
        &["example.com"],
        &kinds,
        "https://api-example.com",
    );
}

#[test]
fn anchors() {
    refused(r"https://.*\.example\.com$", &[], &[Unanchored], "evilhttps://www.example.com");
    mended(r"https://.*\.example\.com$", &[], r"^https://.*\.example\.com$");
    refused(r"^https://example\.com", &[], &[Unanchored], "https://example.com.evil.com");
    mended(r"^https://example\.com", &[], r"^https://example\.com$");
    let both = [Unanchored, UndeclaredSites];
    refused(r"^https://a\.com|https://b\.com$", &[], &both, "https://a.com.evil.com");
    let declared = ["a.com", "b.com"];
    refused(r"^https://a\.com|https://b\.com$", &declared, &[Unanchored], "https://a.com.evil.com");
    mended(r"^https://a\.com|https://b\.com$", &declared, r"^(?:https://a\.com|https://b\.com)$");
    safe(r"^https://a\.com$|^https://b\.com$", &declared, &declared);
    refused(r"https://example\.com", &[], &[Unanchored], "https://example.com.evil.com");
    // The proof would pass, as only a port can follow.
    refused(r"^https://app\.example\.com:", &[], &[Unanchored], "");
    refused(r"^https://example\.com\b", &[], &[Unanchored], "https://example.com.evil.com");
    safe(r"^(https://example\.com)$", &[], &["example.com"]);
    safe(r"(?:^https://example\.com$)", &[], &["example.com"]);
    safe(r"x*^https://example\.com$", &[], &["example.com"]);
}

#[test]
fn open_sites() {
    let kinds = [OpenSites];
    refused(r"^https://example\.com.*$", &[], &kinds, "https://example.com.evil.com");
    mended(r"^https://example\.com.*$", &[], r"^https://example\.com$");
    refused(r"^https://example\.com(:\d+)?/?.*$", &[], &kinds, "https://example.com.evil.com");
    refused(r"^https://www.example.com$", &[], &kinds, "https://www0example.com");
    refused(r"^https://www.example.com$", &["example.com"], &kinds, "https://www0example.com");
    mended(r"^https://www.example.com$", &["example.com"], r"^https://www\.example\.com$");
    refused(r"^https://.*example\.com$", &[], &kinds, "https://evil-example.com");
    mended(r"^https://.*example\.com$", &[], r"^https://(?:.+\.)?example\.com$");
    refused(r"^https://.*\bexample\.com$", &[], &kinds, "https://evil-example.com");
    refused(r"^https://[a-z]*example\.com$", &[], &kinds, "https://evilexample.com");
    refused(
        r"^https://example\.com([^.a-zA-Z0-9-].*)?$",
        &[],
        &kinds,
        "https://example.com!.evil.com",
    );
    refused(r"^https://[a-z]+\.github\.io$", &[], &kinds, "https://evil.github.io");
    refused(
        r"^https://([a-z]+\.)?github\.io$",
        &[],
        &[OpenSites, BareSuffix],
        "https://evil.github.io",
    );
    refused(r"^https://.+\.co\.uk$", &[], &kinds, "https://evil.co.uk");
    let amazon = r"^https://([a-z0-9-]+\.)*amazonaws\.com$";
    let objections = verdict(amazon, &[], true).unwrap_err();
    assert_eq!(objections[0].kind, OpenSites);
    assert_eq!(objections[0].witness.as_deref(), Some("https://evil.s3.amazonaws.com"));
    refused(r"^https://([a-z]+\.)*kawasaki\.jp$", &[], &kinds, "https://evil.evil.kawasaki.jp");
    refused(r"^https://example\.[a-z]+$", &[], &kinds, "https://example.net");
    let vercel = r"^https://mysite-[a-z0-9]+-myteam\.vercel\.app$";
    refused(vercel, &[], &kinds, "https://mysite-evil-myteam.vercel.app");
    refused(r"^https://[^/]+$", &[], &[OpenSites, Address], "https://evil.com");
}

#[test]
fn hosts_without_an_owner() {
    refused(r"^https://example.com$", &[], &[DotlessHost], "https://example-com");
    mended(r"^https://example.com$", &[], r"^https://example\.com$");
    refused(r"^https://(com|example\.com)$", &[], &[BareSuffix], "https://com");
    safe(r"^https://intranet$", &[], &["https://intranet"]);
    safe(r"^https://github\.io$", &[], &["https://github.io"]);
    refused(r"^https://(intranet|backoffice)$", &[], &[DotlessHost], "https://intranet");
    refused(r"^https://intranet$", &["example.com"], &[DotlessHost], "https://intranet");
    refused(r"^https://co\.uk$", &["co.uk"], &[BareSuffix], "https://co.uk");
    refused(r"^(https://example\.com|null)$", &[], &[NullOrigin], "null");
    mended(r"^(https://example\.com|null)$", &[], r"^(https://example\.com)$");
    refused_with(r"^http://192\.168\.\d+\.\d+$", &[], false, &[Address], "http://192.168.0.0");
    refused(r"^https://\d+\.\d+\.\d+\.\d+$", &[], &[Address], "https://6.6.6.6");
    refused(r"^https://\[.*\]$", &[], &[Address], "https://[2001:db8::1]");
    safe_with(
        r"^http://10\.0\.0\.[1-9](:\d+)?$",
        &[],
        false,
        &[
            "http://10.0.0.1",
            "http://10.0.0.2",
            "http://10.0.0.3",
            "http://10.0.0.4",
            "http://10.0.0.5",
            "http://10.0.0.6",
            "http://10.0.0.7",
            "http://10.0.0.8",
            "http://10.0.0.9",
        ],
    );
    refused_with(r"^[a-z]+://example\.com$", &[], false, &[CustomScheme], "evil://example.com");
    refused(
        r"^chrome-extension://[a-p]{32}$",
        &[],
        &[CustomScheme],
        &format!("chrome-extension://{}", "a".repeat(32)),
    );
    safe(r"^(capacitor|ionic)://localhost$", &[], &["ionic://localhost", "capacitor://localhost"]);
}

#[test]
fn schemes() {
    refused(r"^https?://example\.com$", &[], &[Insecure], "http://example.com");
    mended(r"^https?://example\.com$", &[], r"^https://example\.com$");
    refused(r"^http://.*\.example\.com$", &[], &[Insecure], "http://www.example.com");
    let question = Question {
        pattern: r"^https?://example\.com$",
        sites: &[],
        credentials: true,
        allowed: &[cors_core::Danger::InsecureOrigins],
    };
    assert!(judge(&question).is_ok());
    safe(r"^http://localhost:\d+$", &[], &["localhost"]);
    safe(r"^http://127\.0\.0\.1(:\d+)?$", &[], &["http://127.0.0.1"]);
    safe(r"^http://\[::1\](:\d+)?$", &[], &["http://[::1]"]);
    refused(r"^http://([a-z]+\.)?localhost$", &[], &[UndeclaredSites], "http://a.localhost");
    safe(r"^http://([a-z]+\.)?localhost$", &["localhost"], &["localhost"]);
    // The witness is no name of this machine: `https://a.localhost:1` is declared.
    refused(
        r"^https://([a-z]+\.)*a\.localhost[^.]+$",
        &["localhost"],
        &[OpenSites],
        "https://a.localhost-evil",
    );
    safe(r"^http://localhost:\d+$", &["example.com"], &["localhost"]);
    refused(r"^http://10\.0\.0\.1$", &[], &[Insecure], "http://10.0.0.1");
}

#[test]
fn never_matches() {
    for (pattern, waits_for) in [
        (r"^https://Example\.com$", "https://Example.com"),
        (r"^https://example\.com/$", "https://example.com/"),
        (r"^https://example\.com:443$", "https://example.com:443"),
        (r"^example\.com$", "example.com"),
        (r"^https://user@example\.com$", "https://user@example.com"),
    ] {
        let objections = refused(pattern, &[], &[NeverMatches], waits_for);
        assert!(
            objections[0].fix.contains(r"write `^https://example\.com$`"),
            "{}",
            objections[0].fix
        );
    }
    refused(r"^https://a..b\.com:70000$", &[], &[NeverMatches], "https://aaab.com:70000");
    refused(r"^[a&&b]$", &[], &[NeverMatches], "");
    refused(r"^a$^x", &[], &[NeverMatches], "");
    refused(r"^\xfc$", &[], &[NeverMatches], "");
}

#[test]
fn what_cannot_be_read() {
    for (pattern, at) in [
        ("(", "("),
        ("^(?=x)", "(?="),
        (r"^\p{L}$", r"\p{L}"),
        ("^é$", "é"),
        ("^a{2,1}$", "{2,1}"),
        ("[z-a]", "z-a"),
    ] {
        let objections = refused(pattern, &[], &[Syntax], "");
        let range = objections[0].range.clone().expect(pattern);
        assert_eq!(&pattern[range], at, "{pattern}");
    }
    for pattern in [r"^(?u:\w)$", r"^(?u:\b)$", "^(?u:.)$", "^(?iu:k)$"] {
        let objections = refused(pattern, &[], &[Syntax], "");
        assert_eq!(objections[0].because, "the pattern asks for Unicode, but origins are ASCII");
    }
}

#[test]
fn what_is_too_complex() {
    let nested = "(".repeat(5000) + &")".repeat(5000);
    for pattern in [
        "(a|b)*a(a|b){14}",
        "^(a|b)*a(a|b){40}$",
        "^https://(a|b)*a(a|b){14}\\.example\\.com$",
        "^(([a-z]{1,60}){1,60}){1,60}$",
        "^https://[a-z]{100000}$",
        r"(?:\B|\b|-){1,60}(?:[a-z0-9-]*\b?a\B?[a-z0-9-]{12}){1,6}",
        &nested,
    ] {
        refused(pattern, &[], &[TooComplex], "");
    }
}

fn accepted_with(
    pattern: &str,
    credentials: bool,
    allowed: &[Danger],
) -> Result<Proof, Box<Objection>> {
    let verdict = judge(&Question { pattern, sites: &[], credentials, allowed });
    verdict.map_err(|mut objections| Box::new(objections.swap_remove(0)))
}

/// What may be meant below a public suffix is covered by its danger, a slip by none.
#[test]
fn names_below_a_public_suffix() {
    let danger = Danger::PublicSuffixSubdomains;
    for (pattern, suffix) in [
        (r"^https://deploy-preview-[0-9]+--shop\.netlify\.app$", "netlify.app"),
        (r"^https://(?:[a-z0-9-]+--)?shop\.netlify\.app$", "netlify.app"),
        (r"^https://shop-[a-z0-9]+-team\.vercel\.app$", "vercel.app"),
        (r"^https://[a-f0-9]{8}\.pages\.dev$", "pages.dev"),
        (r"^https://[a-z]+\.github\.io$", "github.io"),
        (r"^https://.+\.co\.uk$", "co.uk"),
        (r"^https://([a-z]+\.)?github\.io$", "github.io"),
    ] {
        let objection = accepted_with(pattern, true, &[]).expect_err(pattern);
        assert_eq!((objection.kind, objection.danger), (OpenSites, Some(danger)), "{pattern}");
        for (credentials, allowed) in [(false, &[][..]), (true, &[danger]), (false, &[danger])] {
            let proof = accepted_with(pattern, credentials, allowed).expect(pattern);
            assert_eq!(proof.open, [suffix], "{pattern}");
        }
        // A limit that is declared stays one.
        let sites = &["example.com"];
        let limited = |allowed| judge(&Question { pattern, sites, credentials: false, allowed });
        assert!(limited(&[]).is_err() && limited(&[danger]).is_ok(), "{pattern}");
    }
    let amazon = r"^https://([a-z0-9-]+\.)*amazonaws\.com$";
    let proof = accepted_with(amazon, false, &[]).expect(amazon);
    assert!(proof.open.iter().any(|open| open == "s3.amazonaws.com"), "{:?}", proof.open);
    assert_eq!(proof.sites, ["amazonaws.com"]);
    for slip in [
        r"^https://.*example\.com$",
        r"^https://.*(shop|store)\.com$",
        r"^https://[a-z0-9-]*example\.com$",
        r"^https://.*shop\.netlify\.app$",
        r"^https://.*(shop|store)\.netlify\.app$",
        r"^https://.*example\.co\.uk$",
        r"^https://.*-example\.com$",
        r"^https://www.example.com$",
        r"^https://preview-[0-9]+.shop\.pages\.dev$",
        r"^https://[a-z]+\.github.io$",
        r"^https://preview-[0-9]+.netlify.app$",
        r"^https://example\.com.*$",
        r"^https://example\.[a-z]+$",
        r"^https://.*$",
        r"https://[a-z]+\.github\.io$",
        r"^https://[a-z]+\.github\.io",
    ] {
        for credentials in [true, false] {
            let objection = accepted_with(slip, credentials, Danger::ALL).expect_err(slip);
            assert_eq!(objection.danger, None, "{slip}");
        }
    }
    // A network whose owner names the hosts.
    assert!(accepted_with(r"^https://[a-z0-9-]+\.internal$", false, &[]).is_ok());
    assert!(accepted_with(r"^https://[a-z0-9-]+\.internal$", true, &[]).is_err());
}

#[test]
fn any_host_of_a_scheme() {
    let firefox = r"^moz-extension://[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";
    let danger = Danger::AnyExtension;
    for pattern in [firefox, r"^(moz|chrome)-extension://.+$", r"^capacitor://[a-z.]+$"] {
        for credentials in [true, false] {
            let objection = accepted_with(pattern, credentials, &[]).expect_err(pattern);
            assert_eq!((objection.kind, objection.danger), (CustomScheme, Some(danger)));
            let proof = accepted_with(pattern, credentials, &[danger]).expect(pattern);
            assert_eq!(proof.dangers, [danger]);
        }
    }
    for pattern in [r"^[a-z]+://example\.com$", r"^.+-extension://[a-p]{32}$"] {
        let objection = accepted_with(pattern, false, Danger::ALL).expect_err(pattern);
        assert_eq!((objection.kind, objection.danger), (CustomScheme, None), "{pattern}");
    }
    // Nothing that is proposed is refused then.
    let objections = verdict(r"^chrome-extension://[a-p]{32}$", &[], false).unwrap_err();
    assert!(!objections[0].fix.contains("`^chrome-extension://$`"), "{}", objections[0].fix);
    assert_eq!(verdict(r"^chrome-extension://$", &[], false).unwrap_err()[0].kind, NeverMatches);
}

#[test]
fn null_and_files_with_their_dangers() {
    let null = r"^(https://example\.com|null)$";
    assert!(accepted_with(null, false, &[Danger::NullOrigin]).is_ok());
    assert_eq!(accepted_with(null, true, Danger::ALL).unwrap_err().kind, NullOrigin);
    let files = r"^(https://example\.com|file://)$";
    assert_eq!(accepted_with(files, true, &[]).unwrap_err().kind, LocalFiles);
    assert!(accepted_with(files, true, &[Danger::LocalFiles]).is_ok());
    assert_eq!(accepted_with(r"^file:///$", true, Danger::ALL).unwrap_err().kind, NeverMatches);
}
