//! What a browser remembers of preflights ([Fetch, CORS-preflight cache](https://fetch.spec.whatwg.org/#concept-cache)).
//!
//! As in Chromium, a page remembers one response for each URL: a later one replaces it, and a call
//! that it does not cover removes it; a preflight that fails does not. The standard keeps an entry for
//! each method and header.

use std::collections::HashMap;
use std::time::Duration;

use url::{Origin, Url};

use super::preflight::{Permission, Question};

/// What a response is remembered by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// The site of the page that the user sees.
    pub(super) partition: String,
    pub(super) origin: Origin,
    pub(super) url: Url,
}

/// The responses to preflights, and until when they are valid.
#[derive(Debug, Default)]
pub(super) struct PreflightCache(HashMap<Key, (Permission, Duration)>);

impl PreflightCache {
    pub(super) fn store(&mut self, key: Key, permission: Permission, now: Duration) {
        let until = now.saturating_add(permission.age);
        self.0.insert(key, (permission, until));
    }

    /// Whether a call needs no preflight.
    pub(super) fn covers(&mut self, key: &Key, question: &Question, now: Duration) -> bool {
        let Some((permission, until)) = self.0.get(key) else { return false };
        let covers = now < *until
            && permission.is_about(question.credentials)
            && permission.covers(question).is_ok();
        if !covers {
            self.0.remove(key);
        }
        covers
    }
}

#[cfg(test)]
mod tests {
    use super::super::preflight::judge;
    use super::super::request::Credentials;
    use super::super::wire::Incoming;
    use super::*;

    const APP: &str = "https://app.example.com";

    fn key() -> Key {
        let origin = Url::parse(APP).unwrap().origin();
        let url = Url::parse("https://api.example.com/").unwrap();
        Key { partition: "https://example.com".into(), origin, url }
    }

    fn put(credentials: Credentials) -> Question {
        Question {
            method: "PUT".into(),
            headers: vec!["x-a".to_owned()],
            credentials,
            to_private_network: false,
        }
    }

    fn stored(credentials: Credentials) -> PreflightCache {
        let response = Incoming::new(204)
            .header("access-control-allow-origin", APP)
            .header("access-control-allow-credentials", "true")
            .header("access-control-allow-methods", "PUT")
            .header("access-control-allow-headers", "x-a")
            .header("access-control-max-age", "10");
        let mut cache = PreflightCache::default();
        let permission = judge(&put(credentials), APP, &response).unwrap();
        cache.store(key(), permission, Duration::from_secs(1));
        cache
    }

    #[test]
    fn until_it_is_too_old() {
        let ask = put(Credentials::Omit);
        let mut cache = stored(Credentials::Omit);
        assert!(cache.covers(&key(), &ask, Duration::from_millis(10_999)));
        assert!(!cache.covers(&key(), &ask, Duration::from_secs(11)));
    }

    #[test]
    fn with_credentials_covers_without_and_not_the_reverse() {
        let now = Duration::from_secs(2);
        let [omit, include] = [Credentials::Omit, Credentials::Include].map(put);
        assert!(stored(Credentials::Include).covers(&key(), &omit, now));
        assert!(!stored(Credentials::Omit).covers(&key(), &include, now));
    }

    #[test]
    fn a_call_that_is_not_covered_removes_it() {
        let now = Duration::from_secs(2);
        let mut cache = stored(Credentials::Omit);
        let other = Question { method: "DELETE".into(), ..put(Credentials::Omit) };
        assert!(!cache.covers(&key(), &other, now));
        assert!(!cache.covers(&key(), &put(Credentials::Omit), now));
    }
}
