//! A validated policy.

pub(crate) mod build;
pub(crate) mod builder;
pub(crate) mod cell;
pub(crate) mod current;
pub(crate) mod snapshot;

use crate::header::texts::Texts;
use crate::header::value::ValueRef;
use crate::origin::set::{Missing, Origins};
use crate::policy::builder::PolicyBuilder;

/// A CORS policy that passed every rule: immutable, and the only thing that can decide.
///
/// `policy!` makes one at compile time, as a `static` that needs no initialisation. The attribute judges
/// one at compile time and writes it into the program, which reads it when the handler is first
/// registered. [`Policy::builder`] makes one at run time, by the same rules.
///
/// # Examples
///
/// ```
/// use cors_core::Policy;
///
/// let policy = Policy::builder()
///     .origins(["https://app.example.com", "https://*.example.org:*"])
///     .credentials()
///     .headers(["content-type"])
///     .max_age(7200)
///     .build()?;
/// assert!(policy.allows_credentials());
/// # Ok::<(), cors_core::Violations>(())
/// ```
///
/// What passed the rules cannot be changed afterwards:
///
/// ```compile_fail
/// use cors_core::Policy;
///
/// let mut policy = Policy::builder().origins(["*"]).build()?;
/// // error[E0609]: the parts of a policy have no public name
/// policy.0.switches.credentials = true;
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug, Clone)]
pub struct Policy(#[doc(hidden)] pub Sealed);

/// The parts of a policy, which `policy!` writes into a program as a literal: a function the compiler
/// would have to evaluate for each policy.
///
/// A literal takes public fields. That of a variant is reached by a pattern alone, which names this
/// type: no field of a policy can be set without the hidden module of the macro.
#[derive(Debug, Clone)]
pub enum Sealed {
    /// All of them.
    Parts(Parts),
}

/// What a policy is made of.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The origins that are allowed.
    pub origins: Origins,
    /// What it turns on.
    pub switches: Switches,
    /// `None` means whatever the route serves.
    pub methods: Option<Texts>,
    /// The request headers that are allowed.
    pub headers: AllowedHeaders,
    /// `Access-Control-Expose-Headers`
    pub expose: Option<ValueRef>,
    /// `Access-Control-Max-Age`
    pub max_age: Option<ValueRef>,
    /// Of the response to a preflight that is allowed.
    pub preflight_status: u16,
}

impl Parts {
    /// Of a policy that takes a handler out of CORS.
    pub const NONE: Self = Self {
        origins: Origins::Disabled,
        switches: Switches { credentials: false, private_network: false, enforce: false },
        methods: None,
        headers: AllowedHeaders::Any,
        expose: None,
        max_age: None,
        preflight_status: 204,
    };
}

/// What a policy turns on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Switches {
    /// Cookies, HTTP authentication and client certificates may be used.
    pub credentials: bool,
    /// Public pages may reach this server on a private network.
    pub private_network: bool,
    /// A disallowed cross-origin request never reaches the handler.
    pub enforce: bool,
}

/// The request headers that a policy allows beyond the safelisted ones.
#[derive(Debug, Clone)]
pub enum AllowedHeaders {
    /// These names, in lower case.
    These(Texts),
    /// Every name but `Authorization`, which browsers leave out of `*`.
    Any,
    /// Every name.
    AnyAndAuthorization,
}

impl AllowedHeaders {
    /// None beyond the safelisted ones.
    pub(crate) const NONE: Self = Self::These(Texts::NONE);
}

impl Policy {
    pub(crate) const fn new(parts: Parts) -> Self {
        Self(Sealed::Parts(parts))
    }

    #[inline]
    pub(crate) const fn parts(&self) -> &Parts {
        let Sealed::Parts(parts) = &self.0;
        parts
    }

    pub(crate) fn into_parts(self) -> Parts {
        let Sealed::Parts(parts) = self.0;
        parts
    }

    /// The same with other origins.
    pub(crate) fn with_origins(&self, origins: Origins) -> Self {
        Self::new(Parts { origins, ..self.parts().clone() })
    }

    /// Why no origin is known, where none is.
    pub(crate) const fn missing(&self) -> Option<Missing> {
        match self.parts().origins {
            Origins::Missing(missing) => Some(missing),
            Origins::Any | Origins::Disabled | Origins::These(_) => None,
        }
    }

    /// Starts a policy at run time: from a configuration file, from the environment.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Policy, Rule};
    ///
    /// let violations = Policy::builder()
    ///     .origins(["https://*example.com"])
    ///     .max_age("1y")
    ///     .build()
    ///     .unwrap_err();
    /// let rules: Vec<Rule> = violations.iter().map(|violation| violation.rule()).collect();
    /// assert_eq!(rules, [Rule::WildcardPartialLabel, Rule::MaxAgeFormat]);
    /// ```
    pub fn builder() -> PolicyBuilder {
        PolicyBuilder::default()
    }

    /// Whether pages of any origin may read the responses (`origins = "*"`).
    #[must_use]
    pub const fn is_public(&self) -> bool {
        matches!(self.parts().origins, Origins::Any)
    }

    /// Whether it takes a handler out of CORS (`#[cors(none)]`, [`PolicyBuilder::none`]): no origin
    /// is allowed, and no header is sent.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        matches!(self.parts().origins, Origins::Disabled)
    }

    /// Whether cookies, HTTP authentication and client certificates may be used.
    #[must_use]
    pub const fn allows_credentials(&self) -> bool {
        self.parts().switches.credentials
    }

    /// Whether a cross-origin request that is not allowed is rejected before the handler runs.
    #[must_use]
    pub const fn enforces(&self) -> bool {
        self.parts().switches.enforce
    }

    /// The headers that scripts may read, as `Access-Control-Expose-Headers` lists them.
    #[inline]
    pub(crate) const fn exposed(&self) -> Option<&ValueRef> {
        self.parts().expose.as_ref()
    }

    /// Whether pages of an origin may read the responses.
    ///
    /// # Examples
    ///
    /// ```
    /// let policy = cors_core::Policy::builder().origins(["https://*.example.com"]).build()?;
    /// assert!(policy.allows_origin("https://app.example.com"));
    /// assert!(!policy.allows_origin("https://example.com"));
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    #[must_use]
    pub fn allows_origin(&self, origin: &str) -> bool {
        match &self.parts().origins {
            Origins::Any => true,
            origins => origins.set().is_some_and(|set| set.contains(origin.as_bytes())),
        }
    }

    /// An origin of the policy that anyone can have, if there is one: a wildcard below a public
    /// suffix, or `null`.
    ///
    /// # Examples
    ///
    /// ```
    /// let policy = cors_core::Policy::builder().origins(["https://*.github.io"]).build()?;
    /// assert_eq!(policy.open_origin(), Some("https://*.github.io"));
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    #[must_use]
    pub fn open_origin(&self) -> Option<&str> {
        match &self.parts().origins {
            Origins::Any => Some("*"),
            origins => origins.set().and_then(|set| set.open.as_deref()),
        }
    }

    /// How many origins were declared.
    pub(crate) fn count_origins(&self) -> usize {
        match &self.parts().origins {
            Origins::Any => 1,
            origins => origins.set().map_or(0, |set| {
                set.exact.origins.len() + set.wildcards.list.len() + set.patterns.as_slice().len()
            }),
        }
    }

    /// The origins as they were declared: `*`, or exact origins before wildcards before
    /// patterns.
    ///
    /// # Examples
    ///
    /// ```
    /// let policy = cors_core::Policy::builder()
    ///     .origins(["https://*.example.com", "https://example.com"])
    ///     .build()?;
    /// let origins: Vec<String> = policy.origins().collect();
    /// assert_eq!(origins, ["https://example.com", "https://*.example.com"]);
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub fn origins(&self) -> impl Iterator<Item = String> + '_ {
        let any = self.is_public().then(|| "*".to_owned());
        any.into_iter().chain(self.parts().origins.set().into_iter().flat_map(|set| {
            let exact = set.exact.origins.iter().map(str::to_owned);
            let patterns =
                set.patterns.as_slice().iter().map(|pattern| pattern.source.clone().into_owned());
            exact.chain(set.wildcards.list.iter().map(ToString::to_string)).chain(patterns)
        }))
    }
}
