//! From a checked declaration to the form in which requests are compared with it.

use std::borrow::Cow;

use crate::declaration::spec::PolicySpec;
use crate::declaration::violation::Violations;
use crate::header::value::Value;
use crate::origin::set::{OriginSet, Origins};
use crate::policy::{AllowedHeaders, Policy, Switches};
use crate::validate::checked::Checked;
use crate::validate::validate;

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
        validate(self).map(compile)
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
