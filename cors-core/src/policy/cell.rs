//! A policy whose origins become known while the program runs.

use std::borrow::Cow;
use std::env;
use std::sync::Arc;

use once_cell::sync::OnceCell;

use crate::declaration::rule::Rule;
use crate::declaration::spec::{Danger, PolicySpec};
use crate::declaration::variable::Variable;
use crate::declaration::violation::{Field, Location, Violation, Violations};
use crate::header::texts::Texts;
use crate::origin::patterns::Patterns;
use crate::origin::set::Origins;
use crate::policy::Policy;
use crate::policy::current::Current;
use crate::validate::known::Known;

/// A policy whose origins become known while the program runs: from the environment
/// (`env("NAME")`), or by [`set_origins`](Self::set_origins) (`runtime`).
///
/// Every other setting was judged while the program was compiled, and the origins are judged by the
/// same rules when they become known. Until then no origin is allowed. Reading it takes no lock.
///
/// # Examples
///
/// Made at run time; `policy!` and the attribute make a `static` one:
///
/// ```
/// use std::sync::Arc;
/// use cors_core::{Policy, PolicyCell};
///
/// let tenants: Arc<PolicyCell> = Arc::new(Policy::builder().credentials().build_cell([])?);
/// tenants.set_origins(["https://ada.example.com", "https://bob.example.org"])?;
///
/// // Refused as a whole: what was allowed before stays.
/// assert!(tenants.set_origins(["https://ada.example.com", "http://bob.example.org"]).is_err());
/// assert!(tenants.current().is_some_and(|it| it.allows_origin("https://bob.example.org")));
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug)]
pub struct PolicyCell {
    /// The policy without its origins.
    base: Policy,
    /// What is declared beside the origins that come later, and judged together with them.
    declared: Declared,
    /// The variables that the origins come from; none where the program sets them.
    variables: Cow<'static, [Variable]>,
    /// The policy with the first origins. It stays when they are replaced, so that a cell whose
    /// origins come from the environment, or are set once, is read like a static policy.
    first: OnceCell<Arc<Policy>>,
    /// The one that replaced it.
    later: OnceCell<Current>,
}

/// The part of a declaration that the rules about origins need.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The origins of the list.
    pub origins: Texts,
    /// The patterns, proved.
    pub patterns: Patterns,
    /// The dangers that are accepted by name.
    pub dangers: Cow<'static, [Danger]>,
}

impl PolicyCell {
    pub(crate) const fn from_parts(
        base: Policy,
        declared: Declared,
        variables: Cow<'static, [Variable]>,
    ) -> Self {
        Self { base, declared, variables, first: OnceCell::new(), later: OnceCell::new() }
    }

    pub(crate) fn parts(&self) -> (&Policy, &Declared, &[Variable]) {
        (&self.base, &self.declared, &self.variables)
    }

    /// The policy without its origins.
    pub(crate) const fn base(&self) -> &Policy {
        &self.base
    }

    /// The policy as it is now, if it was replaced.
    #[inline]
    pub(crate) fn later(&self) -> Option<Arc<Policy>> {
        self.later.get().map(Current::get)
    }

    /// The policy with the first origins, or as long as those are not known without any.
    #[inline]
    pub(crate) fn first(&self) -> &Policy {
        self.first.get().map_or(&self.base, |policy| policy)
    }

    /// The policy as it is now; `None` as long as its origins are not known.
    #[must_use]
    pub fn current(&self) -> Option<Arc<Policy>> {
        self.later().or_else(|| self.first.get().cloned())
    }

    /// Reads the variables that the origins come from, unless that was done before.
    ///
    /// A variable holds origins that commas, semicolons or white space separate. Whatever registers
    /// a route with the policy calls this; a program that calls it first, for each of its cells,
    /// can end with a message of its own.
    ///
    /// # Errors
    ///
    /// All violations, of all variables: each names the variable and the element, in the words of
    /// the compile error. A variable that is missing or empty is one, unless it is declared
    /// `optional`. Nothing is changed, and the next call reads again.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Policy, Variable};
    ///
    /// let cell = Policy::builder().build_cell([Variable::required("FRONT_ORIGINS")])?;
    /// let violations = cell.load().unwrap_err();
    /// assert!(violations.to_string().starts_with(
    ///     "environment variable `FRONT_ORIGINS` is not set, and the origins of a policy come from \
    ///      it [env-missing]",
    /// ));
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub fn load(&self) -> Result<(), Violations> {
        self.load_from(|name| env::var_os(name).map(|it| it.to_string_lossy().into_owned()))
    }

    /// The same from something else than the environment: `read` returns the value of a variable,
    /// or `None` if there is none.
    ///
    /// # Errors
    ///
    /// See [`PolicyCell::load`].
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Policy, Variable};
    ///
    /// let cell = Policy::builder().build_cell([Variable::required("FRONT_ORIGINS")])?;
    /// cell.load_from(|_| Some("https://a.example.com, https://b.example.com".into()))?;
    /// assert!(cell.current().is_some_and(|it| it.allows_origin("https://b.example.com")));
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub fn load_from(&self, read: impl Fn(&str) -> Option<String>) -> Result<(), Violations> {
        if self.variables.is_empty() {
            return Ok(());
        }
        self.first.get_or_try_init(|| self.read(read).map(Arc::new)).map(drop)
    }

    /// Replaces the origins that come later, as a whole, in effect for the next request. None at
    /// all allow no origin. Declared origins stay. The first origins stay in memory until the cell
    /// is dropped, so that cells that are set once are the cheapest to read.
    ///
    /// # Errors
    ///
    /// All violations; then nothing is changed.
    ///
    /// # Examples
    ///
    /// See [`PolicyCell`].
    pub fn set_origins<T: Into<String>>(
        &self,
        origins: impl IntoIterator<Item = T>,
    ) -> Result<(), Violations> {
        let origins = origins.into_iter().map(Into::into).collect();
        let policy = self
            .judge(origins, |element, location| Location { element: Some(element), ..location })?;
        if let Err(policy) = self.first.set(Arc::new(policy)) {
            self.later.get_or_init(|| Current::new(Arc::clone(&policy))).set(&policy);
        }
        Ok(())
    }

    /// Where the origins come from, and for an operator what they are.
    pub(crate) fn source(&self) -> String {
        if self.variables.is_empty() {
            return "set at run time".to_owned();
        }
        let names: Vec<&str> = self.variables.iter().map(Variable::name).collect();
        format!("from {}", names.join(", "))
    }

    /// The policy with the origins of the variables.
    fn read(&self, read: impl Fn(&str) -> Option<String>) -> Result<Policy, Violations> {
        let mut missing = Vec::new();
        let mut origins = Vec::new();
        let mut places = Vec::new();
        for variable in &*self.variables {
            let value = read(variable.name());
            let before = origins.len();
            origins.extend(elements(value.as_deref().unwrap_or_default()));
            let count = origins.len() - before;
            places.extend((0..count).map(|element| (variable, element)));
            if count == 0 && !variable.is_optional() {
                missing.push(self.missing(variable, value.is_some()));
            }
        }
        let judged = self.judge(origins, |element, location| match places.get(element) {
            Some((variable, element)) => Location {
                variable: Some(variable.name().to_owned().into()),
                element: Some(*element),
                ..location
            },
            None => location,
        });
        if missing.is_empty() {
            return judged;
        }
        let missing = Violations::new(missing, 0);
        Err(match judged {
            Ok(_) => missing,
            Err(others) => missing.and(others),
        })
    }

    fn missing(&self, variable: &Variable, is_set: bool) -> Violation {
        let name = variable.name();
        let what = if is_set { "holds no origin" } else { "is not set" };
        let example = match (self.base.allows_credentials(), self.base.enforces()) {
            (false, false) => "`https://app.example.com`, or `*` for public data",
            _ => "`https://app.example.com`",
        };
        Violation {
            rule: Rule::EnvMissing,
            location: Location {
                variable: Some(name.to_owned().into()),
                ..Location::field(Field::Origins)
            },
            value: String::new(),
            message: format!("{what}, and the origins of a policy come from it"),
            help: format!(
                "set `{name}` to the origins of the pages, such as {example}; write \
                 `env(\"{name}\", optional)` in the program if no origin is to be allowed without it"
            ),
            note: None,
        }
    }

    /// Checks origins by every rule, together with what is declared. `place` is where a violation of
    /// one of them is, by its index.
    fn judge(
        &self,
        origins: Vec<String>,
        place: impl Fn(usize, Location) -> Location,
    ) -> Result<Policy, Violations> {
        let Declared { origins: declared, patterns, dangers } = &self.declared;
        let spec = PolicySpec {
            origins: declared.iter().map(str::to_owned).chain(origins).collect(),
            credentials: self.base.parts().switches.credentials,
            private_network: self.base.parts().switches.private_network,
            enforce: self.base.parts().switches.enforce,
            dangerously_allow: dangers.to_vec(),
            ..PolicySpec::default()
        };
        let place = |location: Location| match location
            .element
            .and_then(|element| element.checked_sub(declared.len()))
        {
            Some(element) => place(element, location),
            None => location,
        };
        let judged = spec.judge(&Known::Later(patterns)).map_err(|it| it.map_locations(place))?;
        // Without CORS, whatever the origins are.
        let is_none = self.base.is_none();
        let origins = if is_none { Origins::Disabled } else { judged.into_parts().origins };
        Ok(self.base.with_origins(origins))
    }
}

/// The origins in a value: separated by commas, semicolons or white space, and none of them empty.
fn elements(value: &str) -> impl Iterator<Item = String> {
    value
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        .filter(|element| !element.is_empty())
        .map(without_password)
}

/// An element without what may be a user's name and password: it is a violation all the same, and must
/// not show in a log.
fn without_password(element: &str) -> String {
    match (element.split_once("://"), element.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://***@{host}"),
        (None, Some((_, host))) => format!("***@{host}"),
        (_, None) => element.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::declaration::rule::Rule;
    use crate::declaration::violation::Violation;
    use crate::policy::Policy;

    #[test]
    fn any_origin_is_not_declared_beside_what_comes_later() {
        let violations = Policy::builder().origins(["*"]).build_cell([]).unwrap_err();
        let rules: Vec<Rule> = violations.iter().map(Violation::rule).collect();
        assert_eq!(rules, [Rule::OriginAnyBesideOthers]);
        assert!(Policy::builder().build_cell([]).unwrap().set_origins(["*"]).is_ok());
    }

    #[cfg(feature = "patterns")]
    #[test]
    fn patterns_stay_when_origins_come() {
        let policy = Policy::builder().origin_patterns([r"^https://pr-[0-9]+\.example\.com$"]);
        let cell = policy.build_cell([]).unwrap();
        cell.set_origins(["https://app.example.com"]).unwrap();
        let current = cell.current().unwrap();
        let set = current.parts().origins.set().unwrap();
        for origin in ["https://app.example.com", "https://pr-1.example.com"] {
            assert!(set.contains(origin.as_bytes()), "{origin}");
        }
        assert!(!set.contains(b"https://evil.example.net"));
        let violations = cell.set_origins(["*"]).unwrap_err();
        assert_eq!(violations.iter().next().unwrap().rule(), Rule::OriginAnyBesideOthers);
    }
}
