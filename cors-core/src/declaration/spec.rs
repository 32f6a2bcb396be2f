//! What a developer declares, before it is checked.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::name::UnknownName;

/// A policy as it was declared: plain data, not validated yet.
///
/// Nothing can be decided with it. [`PolicySpec::build`] turns it into a
/// [`Policy`](crate::Policy) or into *all* the reasons why it must not become one.
///
/// # Examples
///
/// ```
/// use cors_core::PolicySpec;
///
/// let spec = PolicySpec {
///     origins: vec!["https://app.example.com".into()],
///     credentials: true,
///     ..PolicySpec::default()
/// };
/// assert!(spec.build().is_ok());
/// ```
///
/// With the feature `serde` it is read from configuration, with the keys of the attribute. A list
/// may be one text, its elements separated by commas or white space (those of `origin_patterns` by
/// white space alone), and numbers and flags may be texts, as they are in the environment. An
/// unknown key is an error that suggests the key that was probably meant. `served` is no key, and is not
/// written.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use cors_core::PolicySpec;
///
/// let spec: PolicySpec = toml::from_str(
///     r#"
///     origins = "https://app.example.com, https://admin.example.com"
///     credentials = true
///     headers = ["content-type"]
///     max_age = "2h"
///     "#,
/// )?;
/// assert!(spec.build().is_ok());
///
/// let error = toml::from_str::<PolicySpec>("allow_origins = ['*']").unwrap_err();
/// assert!(error.message().contains("did you mean `origins`?"));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicySpec {
    /// Who may read the response: `*` alone, or origins such as
    /// `https://app.example.com`, `https://*.example.com`, `https://example.com:*`.
    pub origins: Vec<String>,
    /// Origins that are allowed beside the others in builds with debug assertions, and absent from
    /// every other build; judged in both.
    pub debug_origins: Vec<String>,
    /// Regular expressions for what the list above cannot express; accepted only when proved safe,
    /// which takes the feature `patterns`.
    pub origin_patterns: Vec<String>,
    /// Registrable domains: the limit of what the patterns may reach.
    pub sites: Vec<String>,
    /// Whether cookies, HTTP authentication and client certificates may be used.
    pub credentials: bool,
    /// Request headers allowed beyond the CORS-safelisted ones, or `*`.
    pub headers: Vec<String>,
    /// Response headers that scripts may read beyond the safelisted ones, or `*`.
    pub expose_headers: Vec<String>,
    /// Methods; `None` stands for whatever the route serves.
    pub methods: Option<Vec<String>>,
    /// How long a browser may keep the answer to a preflight.
    pub max_age: Option<MaxAge>,
    /// The status of the answer to a preflight that is allowed; `None` stands for 204.
    pub preflight_status: Option<u16>,
    /// Whether a public page may reach this server on a private network.
    pub private_network: bool,
    /// Whether a disallowed cross-origin request is rejected before the handler runs; what that means
    /// is at [`PolicyBuilder::enforce`](crate::PolicyBuilder::enforce).
    pub enforce: bool,
    /// Whether the policy takes no part in CORS, as `#[cors(none)]` does: preflights are rejected,
    /// no header is sent, and nothing is enforced. Everything else is still judged, but origins may
    /// be missing: CORS can be switched off where a program is deployed, and the rest of its
    /// configuration stays.
    pub none: bool,
    /// The dangers that the developer accepts by name.
    pub dangerously_allow: Vec<Danger>,
    /// The methods of the route that the policy stands on, where that is known.
    pub served: Option<Vec<String>>,
}

/// How long a browser may keep the answer to a preflight, as it was declared.
///
/// # Examples
///
/// ```
/// use cors_core::MaxAge;
///
/// assert_eq!(MaxAge::from(600), MaxAge::Seconds(600));
/// assert_eq!(MaxAge::from(600_u64), MaxAge::Seconds(600));
/// assert_eq!(MaxAge::from("10m"), MaxAge::Text("10m".into()));
/// assert_eq!(MaxAge::from(std::time::Duration::from_secs(600)), MaxAge::Seconds(600));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MaxAge {
    /// A number of seconds.
    Seconds(i64),
    /// A number with a unit: `"2h"`, `"10m"`, `"30s"`, `"1d"`; without one, seconds.
    Text(String),
}

impl From<i64> for MaxAge {
    fn from(seconds: i64) -> Self {
        Self::Seconds(seconds)
    }
}

impl From<i32> for MaxAge {
    fn from(seconds: i32) -> Self {
        Self::Seconds(seconds.into())
    }
}

impl From<u32> for MaxAge {
    fn from(seconds: u32) -> Self {
        Self::Seconds(seconds.into())
    }
}

/// What does not fit is too long in any case, and stays so.
impl From<u64> for MaxAge {
    fn from(seconds: u64) -> Self {
        Self::Seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
    }
}

/// Whole seconds: what is less than one is left out.
impl From<Duration> for MaxAge {
    fn from(duration: Duration) -> Self {
        duration.as_secs().into()
    }
}

impl From<String> for MaxAge {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for MaxAge {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A danger that a policy accepts by name.
///
/// These are the only escape hatches. Each permits one attack, and a policy that names
/// a danger that it does not need is a violation, so that none remains by accident.
///
/// # Examples
///
/// ```
/// use cors_core::{Danger, Policy};
///
/// let without = Policy::builder().origins(["http://intranet.example"]).credentials().build();
/// assert!(without.is_err());
///
/// let accepted = Policy::builder()
///     .origins(["http://intranet.example"])
///     .credentials()
///     .dangerously_allow(Danger::InsecureOrigins)
///     .build();
/// assert!(accepted.is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Danger {
    /// Origins without TLS together with credentials.
    ///
    /// The attack: an attacker on the network path (a café's access point, a hostile
    /// router) answers `http://intranet.example` with a page of their own, and that page
    /// reads this API with the victim's cookies.
    InsecureOrigins,
    /// Subdomains of a public suffix, such as `https://*.github.io`, with `credentials`,
    /// `private_network` or `enforce`; also those that an origin pattern leaves open, such as
    /// `^https://deploy-preview-[0-9]+--shop\.netlify\.app$`.
    ///
    /// The attack: anyone registers `evil.github.io`, or the site `deploy-preview-1--shop` at the
    /// hosting company, and reads this API with the cookies of every visitor, or reaches what
    /// `private_network` and `enforce` keep from strangers.
    PublicSuffixSubdomains,
    /// The origin `null`, which is then also allowed with `private_network` and `enforce`, but never
    /// with `credentials`.
    ///
    /// The attack: any page can make a frame whose origin is `null` (`<iframe sandbox>`, a
    /// `data:` URL, some redirects), so this allows every site.
    NullOrigin,
    /// The origin `file://`, which some webviews send for pages of the app's package.
    ///
    /// The attack: every file on the device has this origin there. A page that the victim got by
    /// mail, or downloaded, reads this API once the app shows it, with the victim's cookies if the
    /// policy has `credentials`.
    LocalFiles,
    /// Any host of a scheme that is neither `https` nor `http`, such as
    /// `^moz-extension://[0-9a-f-]{36}$`, for extensions whose host is random.
    ///
    /// The attack: any extension that the victim installs has an origin of this
    /// scheme, and reads this API, with the victim's cookies if the policy has `credentials`. For a
    /// scheme of webviews it is any app that uses the scheme.
    AnyExtension,
}

impl Danger {
    /// Every danger, in the order of the documentation.
    pub const ALL: &[Self] = &[
        Self::InsecureOrigins,
        Self::PublicSuffixSubdomains,
        Self::NullOrigin,
        Self::LocalFiles,
        Self::AnyExtension,
    ];

    /// Its name in the attribute.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Danger;
    ///
    /// assert_eq!(Danger::NullOrigin.as_str(), "null_origin");
    /// assert_eq!("null_origin".parse(), Ok(Danger::NullOrigin));
    /// assert!("anything".parse::<Danger>().is_err());
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InsecureOrigins => "insecure_origins",
            Self::PublicSuffixSubdomains => "public_suffix_subdomains",
            Self::NullOrigin => "null_origin",
            Self::LocalFiles => "local_files",
            Self::AnyExtension => "any_extension",
        }
    }
}

impl fmt::Display for Danger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Danger {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let found = Self::ALL.iter().copied().find(|danger| danger.as_str() == text);
        found.ok_or_else(|| UnknownName::new("danger", text))
    }
}
