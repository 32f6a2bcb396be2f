//! A policy at run time, by the same rules as at compile time.

use crate::declaration::spec::{Danger, MaxAge, PolicySpec};
use crate::declaration::variable::Variable;
use crate::declaration::violation::Violations;
use crate::policy::Policy;
use crate::policy::build::Tolerated;
use crate::policy::cell::PolicyCell;

/// Builds a [`Policy`] at run time; made by [`Policy::builder`].
///
/// # Examples
///
/// ```
/// use cors_core::Policy;
///
/// let origins = std::env::var("ALLOWED_ORIGINS").unwrap_or("https://app.example.com".into());
/// let policy = Policy::builder().origins(origins.split(',')).build()?;
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct PolicyBuilder {
    spec: PolicySpec,
}

impl PolicyBuilder {
    /// Adds origins: `*` alone, or `scheme://host[:port]` with `*.` for subdomains and
    /// `:*` for any port.
    pub fn origins<T: Into<String>>(mut self, origins: impl IntoIterator<Item = T>) -> Self {
        self.spec.origins.extend(origins.into_iter().map(Into::into));
        self
    }

    /// Adds origins that are allowed in builds with debug assertions only.
    ///
    /// # Examples
    ///
    /// ```
    /// let policy = cors_core::Policy::builder()
    ///     .origins(["https://app.example.com"])
    ///     .debug_origins(["http://localhost:*"])
    ///     .build()?;
    /// assert_eq!(policy.allows_origin("http://localhost:5173"), cfg!(debug_assertions));
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub fn debug_origins<T: Into<String>>(mut self, origins: impl IntoIterator<Item = T>) -> Self {
        self.spec.debug_origins.extend(origins.into_iter().map(Into::into));
        self
    }

    /// Adds regular expressions for origins, accepted only when proved safe.
    ///
    /// A policy has at most 32 of them. All are one automaton, so that each byte of an origin is read
    /// once, however many patterns there are; patterns that take too many states together are refused.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Policy, Rule};
    ///
    /// let policy = Policy::builder()
    ///     .origin_patterns([r"^https://(app|admin)-[0-9]+\.example\.com$"])
    ///     .credentials()
    ///     .build()?;
    ///
    /// let violations =
    ///     Policy::builder().origin_patterns([r"^https://.*example\.com$"]).build().unwrap_err();
    /// assert!(violations.to_string().contains("https://evil-example.com"));
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub fn origin_patterns<T: Into<String>>(
        mut self,
        patterns: impl IntoIterator<Item = T>,
    ) -> Self {
        self.spec.origin_patterns.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// Adds registrable domains that the patterns may reach; required once they reach more
    /// than one, and always a limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Policy;
    ///
    /// let policy = Policy::builder()
    ///     .origin_patterns([r"^https://([a-z0-9-]+\.)*example\.(com|org)$"])
    ///     .sites(["example.com", "example.org"])
    ///     .build()?;
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub fn sites<T: Into<String>>(mut self, sites: impl IntoIterator<Item = T>) -> Self {
        self.spec.sites.extend(sites.into_iter().map(Into::into));
        self
    }

    /// Allows cookies, HTTP authentication and client certificates.
    pub const fn credentials(mut self) -> Self {
        self.spec.credentials = true;
        self
    }

    /// The same as [`credentials`](Self::credentials) if the condition is true, and nothing else.
    ///
    /// # Examples
    ///
    /// ```
    /// # struct Config { credentials: bool, enabled: bool }
    /// # let config = Config { credentials: true, enabled: false };
    /// use cors_core::Policy;
    ///
    /// let policy = Policy::builder()
    ///     .origins(["https://app.example.com"])
    ///     .credentials_if(config.credentials)
    ///     .none_if(!config.enabled)
    ///     .build()?;
    /// assert!(policy.is_none());
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub const fn credentials_if(self, condition: bool) -> Self {
        if condition { self.credentials() } else { self }
    }

    /// Adds request headers that are allowed beyond the safelisted ones, or `*`: texts, or the
    /// `HeaderName` of any version of `http`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Policy;
    /// # #[cfg(feature = "http1")] {
    /// use http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG};
    /// use http::{Method, StatusCode};
    ///
    /// let policy = Policy::builder()
    ///     .origins(["https://app.example.com"])
    ///     .headers([AUTHORIZATION, CONTENT_TYPE])
    ///     .expose_headers([ETAG])
    ///     .methods([Method::GET, Method::PATCH])
    ///     .preflight_status(StatusCode::OK)
    ///     .build()?;
    /// # }
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub fn headers<T: AsRef<str>>(mut self, headers: impl IntoIterator<Item = T>) -> Self {
        self.spec.headers.extend(owned(headers));
        self
    }

    /// Adds response headers that scripts may read, or `*`.
    pub fn expose_headers<T: AsRef<str>>(mut self, headers: impl IntoIterator<Item = T>) -> Self {
        self.spec.expose_headers.extend(owned(headers));
        self
    }

    /// Adds methods: texts, or the `Method` of any version of `http`. Without a call, whatever the
    /// route serves is allowed.
    pub fn methods<T: AsRef<str>>(mut self, methods: impl IntoIterator<Item = T>) -> Self {
        let list = self.spec.methods.get_or_insert_default();
        list.extend(owned(methods));
        self
    }

    /// How long browsers may keep the response to a preflight: seconds, `"2h"`, or a
    /// [`Duration`](std::time::Duration).
    pub fn max_age(mut self, max_age: impl Into<MaxAge>) -> Self {
        self.spec.max_age = Some(max_age.into());
        self
    }

    /// The status of the answer to a preflight that is allowed, for clients and proxies that take
    /// 204 for an error: a number from 200 to 299, or the `StatusCode` of any version of `http`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Policy, Rule};
    ///
    /// let builder = Policy::builder().origins(["https://app.example.com"]);
    /// assert!(builder.clone().preflight_status(200_u16).build().is_ok());
    /// let violations = builder.preflight_status(304_u16).build().unwrap_err();
    /// assert_eq!(violations.iter().next().unwrap().rule(), Rule::PreflightStatus);
    /// ```
    pub fn preflight_status(mut self, status: impl Into<u16>) -> Self {
        self.spec.preflight_status = Some(status.into());
        self
    }

    /// Answers `Access-Control-Request-Private-Network`.
    pub const fn private_network(mut self) -> Self {
        self.spec.private_network = true;
        self
    }

    /// The same as [`private_network`](Self::private_network) if the condition is true, and nothing
    /// else.
    pub const fn private_network_if(self, condition: bool) -> Self {
        if condition { self.private_network() } else { self }
    }

    /// Rejects cross-origin requests that the policy does not allow, before the handler runs.
    ///
    /// Whether a request is same-origin is decided by [`Sec-Fetch-Site`][1]. Where it sends no fetch metadata
    /// (Chromium's WebSocket handshakes, plain `http` to anything but `localhost`), it is an `Origin`
    /// whose host and port are those of `Host`, or of the URI in HTTP/2. Without `Origin`, a request is
    /// rejected if by its fetch metadata another origin has sent it, unless it is a navigation
    /// (`GET` or `HEAD`); a request with neither is allowed, as no browser may have sent it.
    ///
    /// Behind a proxy that rewrites `Host`, the API's own page is rejected where there is no fetch
    /// metadata. Let the proxy pass `Host` on, or name the API's own origin in `origins`.
    /// `X-Forwarded-Host` is not read: any client can send it.
    ///
    /// # What it does not do
    ///
    /// - On plain `http`, a `<script>` or an image of another site has neither fetch metadata nor
    ///   `Origin`, and the handler runs. `https` closes this.
    /// - `Host` has no scheme. Where there is no fetch metadata, a page of `http://api.example.com` counts
    ///   as the own page of `https://api.example.com`; HSTS closes this.
    /// - A host name of an attacker that resolves to this server (DNS rebinding) is the server's own by
    ///   `Host`. Check `Host` before, where a server listens on a private network.
    /// - A frame or a link elsewhere is a navigation: its `GET` is allowed. A `GET` should change nothing.
    ///
    /// # Beside Go's `CrossOriginProtection`
    ///
    /// [`net/http.CrossOriginProtection`][2] is against CSRF, for a whole server. Both read
    /// `Sec-Fetch-Site` first, then compare `Origin` with `Host`. They differ in this:
    ///
    /// | | Go | `enforce` | why |
    /// | --- | --- | --- | --- |
    /// | `GET` and `HEAD` of other origins | allowed | rejected, but for navigations | a WebSocket handshake is a `GET`, and who may read is what a policy says |
    /// | `Sec-Fetch-Site: none` with an `Origin` that is not allowed | allowed | rejected | extensions send it, and one that is meant can be named |
    /// | `Sec-Fetch-Site` repeated | the first counts | cross-origin | a header that a proxy added twice proves nothing |
    /// | an allowed origin whose browser says `cross-site` | `AddTrustedOrigin` | `origins` | one list for who may send and who may read |
    /// | `Origin: https://user@host` | host and port are compared | rejected | no browser sends it ([golang/go#78563][3]) |
    /// | `Origin: https://host`, `Host: host:443` | rejected | same origin | some clients write the default port into `Host` |
    ///
    /// Both reject the own page's form with `Referrer-Policy: no-referrer` where there is no fetch
    /// metadata: it has `Origin: null` ([Fetch][4]).
    ///
    /// [1]: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
    /// [2]: https://pkg.go.dev/net/http#CrossOriginProtection
    /// [3]: https://github.com/golang/go/issues/78563
    /// [4]: https://fetch.spec.whatwg.org/#append-a-request-origin-header
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Policy;
    ///
    /// let policy = Policy::builder().origins(["https://app.example.com"]).enforce().build();
    /// assert!(policy.is_ok());
    /// // Anyone can be one of these, so there is nothing to enforce.
    /// assert!(Policy::builder().origins(["https://*.github.io"]).enforce().build().is_err());
    /// ```
    pub const fn enforce(mut self) -> Self {
        self.spec.enforce = true;
        self
    }

    /// The same as [`enforce`](Self::enforce) if the condition is true, and nothing else.
    pub const fn enforce_if(self, condition: bool) -> Self {
        if condition { self.enforce() } else { self }
    }

    /// Takes no part in CORS, as `#[cors(none)]` does: preflights are rejected, no header is sent,
    /// and nothing is enforced. Everything else is still judged, but origins may be missing.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Policy, Rule};
    ///
    /// let policy = Policy::builder().none().build()?;
    /// assert!(policy.is_none());
    ///
    /// let violations = Policy::builder().origins(["app.example.com"]).none().build().unwrap_err();
    /// assert_eq!(violations.iter().next().unwrap().rule(), Rule::OriginSchemeMissing);
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub const fn none(mut self) -> Self {
        self.spec.none = true;
        self
    }

    /// The same as [`none`](Self::none) if the condition is true, and nothing else: for CORS that
    /// can be switched off where the program is deployed.
    pub const fn none_if(self, condition: bool) -> Self {
        if condition { self.none() } else { self }
    }

    /// Accepts a danger by name.
    pub fn dangerously_allow(mut self, danger: Danger) -> Self {
        self.spec.dangerously_allow.push(danger);
        self
    }

    /// Judges the declaration.
    ///
    /// # Errors
    ///
    /// All violations of the rules, never only the first.
    pub fn build(self) -> Result<Policy, Violations> {
        self.spec.build()
    }

    /// Judges the declaration of a policy whose origins come later, beside those that it has
    /// already: from environment variables, or, without any, by [`PolicyCell::set_origins`].
    ///
    /// # Errors
    ///
    /// All violations of the rules, never only the first.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Policy, Variable};
    ///
    /// let cell = Policy::builder()
    ///     .origins(["https://app.example.com"])
    ///     .credentials()
    ///     .build_cell([Variable::optional("PREVIEW_ORIGINS")])?;
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub fn build_cell(
        self,
        variables: impl IntoIterator<Item = Variable>,
    ) -> Result<PolicyCell, Violations> {
        self.spec.build_cell(variables.into_iter().collect(), cfg!(debug_assertions))
    }

    /// Judges the declaration, and leaves out what is useless but harmless; see
    /// [`PolicySpec::build_tolerant`].
    ///
    /// # Errors
    ///
    /// All violations, if one of them is not harmless.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Danger, Policy, Rule};
    ///
    /// let builder = Policy::builder().origins(["https://app.example.com"]).credentials();
    /// let tolerated = builder.dangerously_allow(Danger::InsecureOrigins).build_tolerant()?;
    /// let warnings = tolerated.warnings.unwrap();
    /// assert_eq!(warnings.iter().next().unwrap().rule(), Rule::DangerUnneeded);
    ///
    /// let violations = Policy::builder().origins(["*"]).credentials().build_tolerant().unwrap_err();
    /// assert_eq!(violations.iter().next().unwrap().rule(), Rule::OriginAnyWithCredentials);
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub fn build_tolerant(self) -> Result<Tolerated, Violations> {
        self.spec.build_tolerant()
    }
}

fn owned<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> impl Iterator<Item = String> {
    names.into_iter().map(|name| name.as_ref().to_owned())
}

impl From<PolicySpec> for PolicyBuilder {
    fn from(spec: PolicySpec) -> Self {
        Self { spec }
    }
}
