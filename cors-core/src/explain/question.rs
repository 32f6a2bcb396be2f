//! A question about a policy, in the form of a request.

use crate::header::value::{Value, Wire};
use crate::protocol::request::{RequestHead, RequestHeader};

/// The preflight that a browser would send.
pub(super) struct Question {
    origin: Text,
    method: Text,
    headers: Option<Text>,
}

/// A header line that is text.
#[derive(Clone)]
pub(super) struct Text(String);

impl Wire for Text {
    fn from_value(value: &Value) -> Self {
        Self(value.as_str().to_owned())
    }

    fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl Question {
    pub(super) fn new(origin: &str, method: &str, headers: &[&str]) -> Self {
        let headers = (!headers.is_empty()).then(|| Text(headers.join(",")));
        Self { origin: Text(origin.to_owned()), method: Text(method.to_owned()), headers }
    }
}

impl RequestHead for Question {
    type Value = Text;

    fn method(&self) -> &'static str {
        "OPTIONS"
    }

    fn path(&self) -> &'static str {
        "*"
    }

    fn header(&self, _: &str) -> Option<&Text> {
        None
    }

    fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &Text> {
        match name {
            RequestHeader::Origin => Some(&self.origin),
            RequestHeader::AccessControlRequestMethod => Some(&self.method),
            RequestHeader::AccessControlRequestHeaders => self.headers.as_ref(),
            _ => None,
        }
        .into_iter()
    }
}
