//! Calls over sockets.

use std::error::Error;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, redirect};

use super::failure::Failure;
use super::fetch::Fetch;
use super::response::Response;
use super::wire::{Incoming, Outgoing};

/// How long a server may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The network: sends what the browser writes, and nothing else. Must be used within a tokio
/// runtime.
///
/// As in a browser, every name below `localhost` is this machine. For servers that speak `https`, let
/// your program choose how: `reqwest = { version = "0.13", features = ["rustls"] }` among its
/// `dev-dependencies`.
///
/// # Examples
///
/// ```no_run
/// use cors_core::testing::{Network, Page, Request};
///
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// let network = Network::new()?;
/// let page = Page::at("https://app.example.com").with_cookies();
/// let call = Request::put("https://staging.example.com/users/7").json(r#"{"name":"Ada"}"#);
/// let seen = page.fetch(call).over(&network).await?;
/// assert_eq!(seen.status(), 200);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Network(Client);

/// The network cannot be used.
///
/// # Examples
///
/// See [`Network`].
#[derive(Debug)]
pub struct NetworkError(Box<dyn Error + Send + Sync>);

impl NetworkError {
    fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl Error for NetworkError {}

impl Network {
    /// The network of this machine, without proxies.
    ///
    /// # Errors
    ///
    /// The TLS library finds no certificates on this machine.
    pub fn new() -> Result<Self, NetworkError> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .dns_resolver(Localhost);
        client.build().map(Self).map_err(NetworkError::new)
    }

    async fn send(&self, request: &Outgoing) -> Result<Incoming, NetworkError> {
        let head = http::Request::try_from(request).map_err(NetworkError::new)?.into_parts().0;
        let mut headers = head.headers;
        headers.remove(http::header::HOST);
        if !request.body().is_empty() {
            headers.remove(http::header::CONTENT_LENGTH);
        }
        let mut sent = self.0.request(head.method, request.url().clone()).headers(headers);
        if !request.body().is_empty() {
            sent = sent.body(request.body().to_vec());
        }
        let response = sent.send().await.map_err(NetworkError::new)?;
        let head = Incoming::new(response.status().as_u16());
        let lines = response.headers().iter();
        let head = lines.fold(head, |it, (name, value)| it.header(name.as_str(), value));
        // What follows is no body.
        if response.status() == http::StatusCode::SWITCHING_PROTOCOLS {
            return Ok(head);
        }
        let body = response.bytes().await.map_err(NetworkError::new)?;
        Ok(head.body(body))
    }
}

impl Fetch {
    /// Makes the call over sockets.
    ///
    /// # Errors
    ///
    /// The call fails as it does in a browser.
    ///
    /// # Examples
    ///
    /// See [`Network`].
    pub async fn over(self, network: &Network) -> Result<Response, Failure> {
        self.through(async |request| network.send(&request).await).await
    }
}

/// [Secure Contexts, 5.2](https://w3c.github.io/webappsec-secure-contexts/#localhost): names below
/// `localhost` are this machine, whatever the system's resolver returns.
#[derive(Debug)]
struct Localhost;

impl Resolve for Localhost {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str();
            if host == "localhost" || host.ends_with(".localhost") {
                let loopback: [SocketAddr; 2] =
                    [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
                return Ok(Box::new(loopback.into_iter()) as Addrs);
            }
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
