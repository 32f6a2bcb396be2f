//! What a policy decides about a request, and what it writes on a response.

pub(crate) mod decide;
pub(crate) mod nested;
pub(crate) mod partial;
pub(crate) mod request;
pub(crate) mod respond;
pub(crate) mod surround;
