//! What is written is read as the same, and nothing else is read at all.

use super::{Malformed, Mounted, Reader, Writer};
use crate::policy::Policy;
use crate::policy::builder::PolicyBuilder;

fn written(policy: &Policy) -> &'static [u8] {
    let mut to = Writer::default();
    to.policy(policy);
    to.into_bytes().leak()
}

fn read(bytes: &'static [u8]) -> Result<Policy, Malformed> {
    let mut from = Reader::new(bytes);
    let policy = from.policy()?;
    from.end().map(|()| policy)
}

fn policies() -> Vec<Policy> {
    let policy = Policy::builder;
    let many = (0..300).map(|number| format!("https://t{number}.example.com"));
    let wildcards = (0..20).map(|number| format!("https://*.t{number}.example.com"));
    let declared = [
        policy().none(),
        policy().origins(["*"]),
        policy().origins(["*"]).headers(["*"]),
        policy().origins(["*"]).headers(["*", "authorization"]).expose_headers(["*"]),
        policy().origins(["https://app.example.com"]).credentials().enforce().private_network(),
        policy().origins(many).methods(["GET", "PURGE"]).max_age(7200).preflight_status(200_u16),
        policy().origins(wildcards).headers(["content-type", "x-own"]),
        policy().origins(["http://localhost:*", "https://*.example.com:8443"]),
        policy().origins(["https://app.example.com"]).expose_headers([
            "etag",
            "x-request-id",
            "content-disposition",
        ]),
        #[cfg(feature = "patterns")]
        policy().origin_patterns([r"^https://[a-z]+\.example\.com$"]),
        #[cfg(feature = "patterns")]
        policy()
            .origins(["https://app.example.com", "https://*.example.org"])
            .origin_patterns([
                r"^https://pr-[0-9]+\.example\.com$",
                r"^https://[a-f]{50}\.example\.com$",
            ])
            .credentials(),
    ];
    declared.map(PolicyBuilder::build).map(Result::unwrap).into()
}

#[test]
fn a_policy_is_read_as_it_was_written() {
    let origins = [
        "https://app.example.com",
        "https://t7.example.com",
        "https://t300.example.com",
        "https://a.t7.example.com",
        "https://pr-7.example.com",
        "https://a.example.com:8443",
        "https://a.example.org",
        "http://localhost:3000",
        "http://localhost",
        "null",
    ];
    for policy in policies() {
        let bytes = written(&policy);
        let same = read(bytes).unwrap();
        assert_eq!(written(&same), bytes, "{policy:?}");
        for origin in origins {
            assert_eq!(same.allows_origin(origin), policy.allows_origin(origin), "{origin}");
        }
        assert_eq!(same.origins().collect::<Vec<_>>(), policy.origins().collect::<Vec<_>>());
        // A value is made once, and not checked for each response.
        let exposed = |policy: &Policy| policy.exposed().map(|it| it.as_str().to_owned());
        assert_eq!(exposed(&same), exposed(&policy));
    }
}

#[test]
fn routes_are_read_as_they_were_written() {
    let route = |path: &str, methods: &[&str], is_guarded| Mounted {
        path: path.to_owned(),
        methods: methods.iter().map(|it| (*it).to_owned()).collect(),
        name: "näme".to_owned(),
        is_guarded,
    };
    let long = "/".repeat(70_000);
    let routes = [route("", &["GET"], false), route(&long, &["GET", "PUT"], true)];
    let mut to = Writer::default();
    to.routes(&routes);
    let mut from = Reader::new(to.into_bytes().leak());
    let read = from.routes().unwrap();
    assert_eq!(from.end(), Ok(()));
    let owned = |it: Mounted| route(it.path, &it.methods, it.is_guarded);
    assert!(read.iter().all(|it| it.name == "näme"));
    assert_eq!(read.into_iter().map(owned).collect::<Vec<_>>(), routes);
}

#[test]
fn numbers_of_every_size() {
    for number in [0, 1, 0x7f, 0x80, 0x3fff, 0x4000, usize::MAX / 2, usize::MAX] {
        let mut to = Writer::default();
        to.number(number);
        let mut from = Reader::new(to.into_bytes().leak());
        assert_eq!(from.number(), Ok(number));
        assert_eq!(from.end(), Ok(()));
    }
}

#[test]
fn what_is_cut_off_is_not_read() {
    for bytes in policies().iter().map(written) {
        let cuts = (0..bytes.len()).filter_map(|end| bytes.get(..end));
        for cut in cuts.take(1_000) {
            assert_eq!(read(cut).err(), Some(Malformed));
        }
    }
}

#[test]
fn what_was_not_written_does_no_harm() {
    // A small generator of numbers, the same in each run.
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(state >> 40).unwrap()
    };
    for bytes in policies().iter().map(written) {
        for _ in 0..200 {
            let mut bytes = bytes.to_vec();
            for _ in 0..=next() % 3 {
                let at = next() % bytes.len();
                bytes[at] = u8::try_from(next() % 256).unwrap();
            }
            // Which policy it is read as, if any, is of no interest.
            if let Ok(policy) = read(bytes.leak()) {
                let _ = policy.allows_origin("https://a.example.com");
            }
        }
    }
}
