//! The user, by the token in `Authorization`.

use serde::Serialize;

/// A user who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct User {
    pub(crate) name: &'static str,
    pub(crate) is_staff: bool,
}

/// A shop of its own would look into a database here.
pub(crate) fn user_of(authorization: Option<&str>) -> Option<User> {
    match authorization?.strip_prefix("Bearer ")? {
        "token-of-ada" => Some(User { name: "Ada", is_staff: false }),
        "token-of-grace" => Some(User { name: "Grace", is_staff: true }),
        _ => None,
    }
}
