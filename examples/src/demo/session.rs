//! The session cookie of both APIs.

use cookie::{Cookie, SameSite};

use super::store::{Store, User};

const NAME: &str = "session";

/// Signs a user in; the value is for `Set-Cookie`. `None` if the system has no randomness.
///
/// `SameSite=None` is what an API needs whose front ends live on several sites, and it leaves
/// the hostile page to the policy alone: where a browser allows third-party cookies, this one
/// goes along with that page's calls too. It asks for `Secure`, which browsers accept from
/// localhost over plain http.
pub(super) fn open(store: &Store, user: User) -> Option<String> {
    let token = format!("{:016x}", getrandom::u64().ok()?);
    store.open_session(token.clone(), user);
    let cookie = Cookie::build((NAME, token))
        .path("/")
        .http_only(true)
        .secure(true)
        .same_site(SameSite::None);
    Some(cookie.to_string())
}

/// Who is signed in, by the lines of a request's `Cookie` header.
pub(super) fn user<'h>(store: &Store, lines: impl Iterator<Item = &'h str>) -> Option<User> {
    lines
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == NAME)
        .find_map(|cookie| store.session(cookie.value()))
}
