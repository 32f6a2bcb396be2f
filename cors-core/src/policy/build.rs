//! From a checked declaration to the form in which requests are compared with it.

use std::borrow::Cow;

use crate::declaration::spec::PolicySpec;
use crate::declaration::variable::Variable;
use crate::declaration::violation::Violations;
use crate::header::texts::Texts;
use crate::header::value::ValueRef;
use crate::origin::patterns::Patterns;
use crate::origin::set::{Missing, OriginSet, Origins};
use crate::policy::cell::{Declared, PolicyCell};
use crate::policy::{AllowedHeaders, Parts, Policy, Switches};
use crate::validate::checked::Checked;
use crate::validate::known::Known;
use crate::validate::tolerance::tolerate;
use crate::validate::{env, validate};

impl PolicySpec {
    /// Judges the declaration by every rule.
    ///
    /// # Errors
    ///
    /// All violations, in the order of the declaration.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{PolicySpec, Rule};
    ///
    /// let violations = PolicySpec::default().build().unwrap_err();
    /// assert_eq!(violations.iter().next().unwrap().rule(), Rule::OriginNone);
    /// ```
    pub fn build(&self) -> Result<Policy, Violations> {
        self.build_for(cfg!(debug_assertions))
    }

    /// Judges the declaration, and leaves out what is useless but harmless: for a service that must
    /// start whatever is in its configuration, as long as it is safe.
    ///
    /// Left out is what a policy means the same without ([`Rule::is_harmless`](crate::Rule::is_harmless)):
    /// the later of two equal elements, names that no browser requests, a danger that nothing needs.
    /// A `max_age` beyond what any browser keeps becomes the longest that one keeps, and a
    /// negative one becomes 0. The policy passes every rule without these.
    ///
    /// # Errors
    ///
    /// All violations, the harmless ones among them, if one of them is unsafe, cannot be read, or
    /// cannot do what it was meant to do; or if what is left is no policy.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{PolicySpec, Rule};
    ///
    /// let spec = PolicySpec {
    ///     origins: vec!["https://app.example.com".into()],
    ///     headers: vec!["origin".into(), "content-type".into()],
    ///     max_age: Some("48h".into()),
    ///     ..PolicySpec::default()
    /// };
    /// assert!(spec.build().is_err());
    ///
    /// let tolerated = spec.build_tolerant()?;
    /// let rules: Vec<Rule> = tolerated.warnings.iter().flatten().map(|it| it.rule()).collect();
    /// assert_eq!(rules, [Rule::HeaderForbidden, Rule::MaxAgeTooLong]);
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub fn build_tolerant(&self) -> Result<Tolerated, Violations> {
        let violations = match self.build() {
            Ok(policy) => return Ok(Tolerated { policy, warnings: None }),
            Err(violations) => violations,
        };
        let Some((rest, warnings)) = tolerate(self)? else { return Err(violations) };
        match rest.build() {
            Ok(policy) => Ok(Tolerated { policy, warnings: Some(warnings) }),
            Err(violations) => Err(warnings.and(violations)),
        }
    }

    /// The policy of a build with debug assertions, or of any other; judged for both.
    pub(crate) fn build_for(&self, debug: bool) -> Result<Policy, Violations> {
        let all = self.judge(&Known::All)?;
        if self.debug_origins.is_empty() {
            return Ok(all);
        }
        let released = self.released().judge(&Known::Released)?;
        Ok(if debug { all } else { released })
    }

    /// The declaration without what is for debugging.
    fn released(&self) -> Self {
        Self { debug_origins: Vec::new(), ..self.clone() }
    }

    /// Judges the declaration as far as it is known.
    pub(crate) fn judge(&self, known: &Known<'_>) -> Result<Policy, Violations> {
        validate(self, known).map(compile)
    }

    /// A policy whose origins come later, of a build with debug assertions or of any other.
    pub(crate) fn build_cell(
        &self,
        variables: Cow<'static, [Variable]>,
        debug: bool,
    ) -> Result<PolicyCell, Violations> {
        let names = env::check(&variables, self.origins.len());
        let mut base = match (self.judge(&Known::NotYet), names) {
            (Ok(base), Ok(())) => base,
            (Ok(_), Err(names)) => return Err(names),
            (Err(violations), names) => {
                return Err(names.err().into_iter().fold(violations, Violations::and));
            }
        };
        let patterns = match &base.parts().origins {
            Origins::These(set) => set.patterns.clone(),
            Origins::Any | Origins::Disabled | Origins::Missing(_) => Patterns::None,
        };
        if !base.is_none() {
            base = base.with_origins(Origins::Missing(Missing::NotLoaded));
        }
        let debug_origins = if debug { self.debug_origins.as_slice() } else { &[] };
        let declared = Declared {
            origins: [self.origins.as_slice(), debug_origins].concat().into(),
            patterns,
            dangers: self.dangerously_allow.clone().into(),
        };
        Ok(PolicyCell::from_parts(base, declared, variables))
    }
}

/// A policy, and what was left out of its declaration; see [`PolicySpec::build_tolerant`].
///
/// # Examples
///
/// ```
/// use cors_core::Policy;
///
/// let origins = ["https://app.example.com", "https://app.example.com"];
/// let tolerated = Policy::builder().origins(origins).build_tolerant()?;
/// if let Some(warnings) = &tolerated.warnings {
///     eprintln!("{warnings}");
/// }
/// assert!(tolerated.policy.allows_origin("https://app.example.com"));
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug, Clone)]
pub struct Tolerated {
    /// The policy without what was left out.
    pub policy: Policy,
    /// What was left out, and why, at its location in the declaration; `None` if nothing was.
    pub warnings: Option<Violations>,
}

fn compile(checked: Checked) -> Policy {
    if checked.none {
        return Policy::new(Parts { preflight_status: checked.preflight_status, ..Parts::NONE });
    }
    let origins = if checked.any_origin {
        Origins::Any
    } else {
        let set = OriginSet::new(checked.exact, checked.wildcards, checked.patterns, checked.open);
        Origins::These(set)
    };
    let headers = match (checked.any_header, checked.headers.is_empty()) {
        (true, true) => AllowedHeaders::Any,
        (true, false) => AllowedHeaders::AnyAndAuthorization,
        (false, _) => AllowedHeaders::These(checked.headers.into()),
    };
    let expose = checked.expose.join(",");
    Policy::new(Parts {
        origins,
        switches: Switches {
            credentials: checked.credentials,
            private_network: checked.private_network,
            enforce: checked.enforce,
        },
        methods: checked.methods.map(Texts::from),
        headers,
        expose: if expose.is_empty() { None } else { ValueRef::from_text(expose) },
        max_age: checked.max_age.and_then(|seconds| ValueRef::from_text(seconds.to_string())),
        preflight_status: checked.preflight_status,
    })
}
