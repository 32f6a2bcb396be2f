//! The opening handshake of a WebSocket
//! ([Fetch, WebSockets](https://fetch.spec.whatwg.org/#websocket-protocol), RFC 6455, section 4.1).

use std::fmt;

use super::headers::Headers;
use super::wire::Incoming;

/// The key of RFC 6455, section 1.3. It guards caches against scripts; tests have neither.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
/// What a server makes of the key.
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum HandshakeFailure {
    Status(u16),
    /// A header that is missing or wrong.
    Header(&'static str),
}

/// Appends what makes a request a handshake.
pub(super) fn append(headers: &mut Headers) {
    for (name, value) in [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("pragma", "no-cache"),
        ("cache-control", "no-cache"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", KEY),
    ] {
        headers.append(name, value);
    }
}

/// Whether a response opens the connection.
pub(super) fn judge(response: &Incoming) -> Result<(), HandshakeFailure> {
    if response.status != 101 {
        return Err(HandshakeFailure::Status(response.status));
    }
    let is = |name, expected: &str| {
        response.headers.get(name).is_some_and(|it| it.eq_ignore_ascii_case(expected))
    };
    if !is("upgrade", "websocket") {
        return Err(HandshakeFailure::Header("Upgrade"));
    }
    // Base64 has a case.
    if response.headers.get("sec-websocket-accept").as_deref() != Some(ACCEPT) {
        return Err(HandshakeFailure::Header("Sec-WebSocket-Accept"));
    }
    Ok(())
}

impl fmt::Display for HandshakeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Error during WebSocket handshake: ")?;
        match self {
            Self::Status(status) => write!(f, "Unexpected response code: {status}"),
            Self::Header(name) => write!(f, "'{name}' header is missing or has an invalid value"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses() {
        let opened = Incoming::new(101)
            .header("upgrade", "WebSocket")
            .header("connection", "upgrade")
            .header("sec-websocket-accept", ACCEPT);
        assert_eq!(judge(&opened), Ok(()));
        assert_eq!(judge(&Incoming::new(403)), Err(HandshakeFailure::Status(403)));
        let plain = Incoming::new(101).header("upgrade", "websocket");
        assert_eq!(judge(&plain), Err(HandshakeFailure::Header("Sec-WebSocket-Accept")));
    }
}
