//! Why a declared policy must not become one: data first, words second.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::declaration::rule::Rule;

/// The part of a declaration that something is about.
///
/// # Examples
///
/// ```
/// use cors_core::{Field, Policy};
///
/// let violations = Policy::builder().origins(["*"]).credentials().build().unwrap_err();
/// assert_eq!(violations.iter().next().unwrap().location().field, Field::Origins);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// `origins`
    Origins,
    /// `debug_origins`
    DebugOrigins,
    /// `origin_patterns`
    OriginPatterns,
    /// `sites`
    Sites,
    /// `credentials`
    Credentials,
    /// `headers`
    Headers,
    /// `expose_headers`
    ExposeHeaders,
    /// `methods`
    Methods,
    /// `max_age`
    MaxAge,
    /// `preflight_status`
    PreflightStatus,
    /// `private_network`
    PrivateNetwork,
    /// `enforce`
    Enforce,
    /// `dangerously_allow`
    DangerouslyAllow,
}

impl Field {
    /// Every field, in the order of the documentation.
    pub const ALL: &[Self] = &[
        Self::Origins,
        Self::DebugOrigins,
        Self::OriginPatterns,
        Self::Sites,
        Self::Credentials,
        Self::Headers,
        Self::ExposeHeaders,
        Self::Methods,
        Self::MaxAge,
        Self::PreflightStatus,
        Self::PrivateNetwork,
        Self::Enforce,
        Self::DangerouslyAllow,
    ];

    /// The key of the attribute that this field is written with.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(cors_core::Field::MaxAge.key(), "max_age");
    /// ```
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Origins => "origins",
            Self::DebugOrigins => "debug_origins",
            Self::OriginPatterns => "origin_patterns",
            Self::Sites => "sites",
            Self::Credentials => "credentials",
            Self::Headers => "headers",
            Self::ExposeHeaders => "expose_headers",
            Self::Methods => "methods",
            Self::MaxAge => "max_age",
            Self::PreflightStatus => "preflight_status",
            Self::PrivateNetwork => "private_network",
            Self::Enforce => "enforce",
            Self::DangerouslyAllow => "dangerously_allow",
        }
    }
}

/// Where in a declaration a violation is: which field, which element of its list, and
/// which bytes of that element.
///
/// # Examples
///
/// ```
/// use cors_core::Policy;
///
/// let violations =
///     Policy::builder().origins(["https://a.example", "https://b.example/x"]).build().unwrap_err();
/// let location = violations.iter().next().unwrap().location();
/// assert_eq!(location.element, Some(1));
/// assert_eq!(location.range, Some(17..19));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The field.
    pub field: Field,
    /// The index in the field's list; `None` where the violation is about the whole field.
    pub element: Option<usize>,
    /// The bytes of that element; `None` where it is about the whole element.
    pub range: Option<Range<usize>>,
    /// The environment variable whose elements are meant; `None` where it is the declaration.
    pub variable: Option<Cow<'static, str>>,
}

impl Location {
    pub(crate) const fn field(field: Field) -> Self {
        Self { field, element: None, range: None, variable: None }
    }

    pub(crate) const fn element(field: Field, index: usize) -> Self {
        Self { field, element: Some(index), range: None, variable: None }
    }

    pub(crate) fn bytes(field: Field, index: usize, range: Range<usize>) -> Self {
        Self { field, element: Some(index), range: Some(range), variable: None }
    }
}

/// One reason why a declared policy is not valid.
///
/// Its [`Display`](fmt::Display) is word for word what the compiler prints for the
/// attribute: what is wrong, `help:` with what to write instead, `note:` with what an
/// attacker or a browser would do with it.
///
/// # Examples
///
/// ```
/// use cors_core::{Policy, Rule};
///
/// let violations = Policy::builder().origins(["https://app.example.com/"]).build().unwrap_err();
/// let violation = violations.iter().next().unwrap();
/// assert_eq!(violation.rule(), Rule::OriginPath);
/// assert_eq!(violation.value(), "https://app.example.com/");
/// assert!(violation.help().contains("`https://app.example.com`"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub(crate) rule: Rule,
    pub(crate) location: Location,
    pub(crate) value: String,
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) note: Option<String>,
}

impl Violation {
    /// The rule that is violated.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// Where in the declaration it is violated.
    #[must_use]
    pub const fn location(&self) -> &Location {
        &self.location
    }

    /// The offending value as it was written; empty where something is missing.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// What is wrong, in one line; of an environment variable, what follows its name.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to write instead.
    #[must_use]
    pub fn help(&self) -> &str {
        &self.help
    }

    /// What an attacker or a browser would do with it.
    #[must_use]
    pub fn note(&self) -> &str {
        self.note.as_deref().unwrap_or_else(|| self.rule.why())
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(variable) = &self.location.variable {
            write!(f, "environment variable `{variable}`")?;
            match self.location.element {
                Some(element) => write!(f, ", element {}: ", element + 1)?,
                None => f.write_str(" ")?,
            }
        }
        write!(f, "{} [{}]\nhelp: {}\nnote: {}", self.message, self.rule, self.help, self.note())
    }
}

/// The reasons why a declared policy is not valid; never empty.
///
/// A list of origins from outside may hold a million mistakes, and must not
/// cost memory or a log without end for it. All mistakes are counted; the first
/// [`MOST_KEPT`](Self::MOST_KEPT) are kept, each with its place and its words; and
/// [`Display`](fmt::Display) prints the first [`MOST_SHOWN`](Self::MOST_SHOWN), and how many more
/// there are.
///
/// # Examples
///
/// ```
/// use cors_core::Policy;
///
/// let violations = Policy::builder()
///     .origins(["https://app.example.com/", "http://[::01]"])
///     .methods(["TRACE"])
///     .build()
///     .unwrap_err();
/// assert_eq!(violations.len(), 3);
/// println!("{violations}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violations {
    kept: Vec<Violation>,
    /// How many were counted, and not kept.
    more: usize,
}

impl Violations {
    /// How many violations are kept.
    pub const MOST_KEPT: usize = 1000;

    /// How many violations are printed.
    pub const MOST_SHOWN: usize = 20;

    pub(crate) const fn new(kept: Vec<Violation>, more: usize) -> Self {
        Self { kept, more }
    }

    /// These and others, without duplicates.
    pub(crate) fn and(mut self, others: Self) -> Self {
        let mut more = self.more.saturating_add(others.more);
        for violation in others.kept {
            if self.kept.contains(&violation) {
                continue;
            }
            if self.kept.len() < Self::MOST_KEPT {
                self.kept.push(violation);
            } else {
                more = more.saturating_add(1);
            }
        }
        Self { kept: self.kept, more }
    }

    /// The same violations in other places.
    pub(crate) fn map_locations(mut self, place: impl Fn(Location) -> Location) -> Self {
        for violation in &mut self.kept {
            let location = Location::field(violation.location.field);
            let location = std::mem::replace(&mut violation.location, location);
            violation.location = place(location);
        }
        self
    }

    /// The violations in the order of the declaration: all of them, or the first
    /// [`MOST_KEPT`](Self::MOST_KEPT).
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.kept.iter()
    }

    /// How many there are, kept or not; at least one.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Policy, Violations};
    ///
    /// let origins = (0..5000).map(|number| format!("https://tenant-{number}.example.com/"));
    /// let violations = Policy::builder().origins(origins).build().unwrap_err();
    /// assert_eq!(violations.len(), 5000);
    /// assert_eq!(violations.iter().len(), Violations::MOST_KEPT);
    /// assert!(violations.to_string().ends_with("and 4980 more"));
    /// ```
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.kept.len().saturating_add(self.more)
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.kept.into_iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.kept.iter().take(Self::MOST_SHOWN).enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "{violation}")?;
        }
        match self.len().saturating_sub(Self::MOST_SHOWN) {
            0 => Ok(()),
            more => write!(f, "\n\nand {more} more"),
        }
    }
}

impl std::error::Error for Violations {}
