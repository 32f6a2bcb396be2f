//! From a checked declaration to the form in which requests are compared with it.

use std::borrow::Cow;

use crate::declaration::spec::PolicySpec;
use crate::declaration::violation::Violations;
use crate::header::value::Value;
use crate::origin::set::{Missing, OriginSet, Origins};
use crate::policy::cell::{Declared, PolicyCell, Variable};
use crate::policy::{AllowedHeaders, Policy, Switches};
use crate::validate::checked::Checked;
use crate::validate::known::Known;
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
        let patterns = match &base.origins {
            Origins::These(set) => set.patterns().to_vec(),
            Origins::Any | Origins::Nobody | Origins::Missing(_) => Vec::new(),
        };
        base.origins = Origins::Missing(Missing::NotLoaded);
        let debug_origins = if debug { self.debug_origins.as_slice() } else { &[] };
        let declared = Declared {
            origins: texts([self.origins.as_slice(), debug_origins].concat()),
            patterns: patterns.into(),
            dangers: self.dangerously_allow.clone().into(),
        };
        Ok(PolicyCell::from_parts(base, declared, variables))
    }
}

fn compile(checked: Checked) -> Policy {
    let origins = if checked.any_origin {
        Origins::Any
    } else {
        // What passed the rules is visible ASCII, which a header can have.
        let exact = checked.exact.into_iter().filter_map(Value::from_text).collect();
        let set = OriginSet::new(exact, checked.wildcards, checked.patterns, checked.open);
        Origins::These(set)
    };
    let headers = match (checked.any_header, checked.headers.is_empty()) {
        (true, true) => AllowedHeaders::Any,
        (true, false) => AllowedHeaders::AnyAndAuthorization,
        (false, _) => AllowedHeaders::These(texts(checked.headers)),
    };
    let expose = checked.expose.join(",");
    Policy::from_parts(
        origins,
        Switches {
            credentials: checked.credentials,
            private_network: checked.private_network,
            enforce: checked.enforce,
        },
        checked.methods.map(texts),
        headers,
        if expose.is_empty() { None } else { Value::from_text(expose) },
        checked.max_age.and_then(|seconds| Value::from_text(seconds.to_string())),
        checked.preflight_status,
    )
}

fn texts(texts: Vec<String>) -> Cow<'static, [Cow<'static, str>]> {
    texts.into_iter().map(Cow::Owned).collect()
}
