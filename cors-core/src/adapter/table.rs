//! Which route has which policy: for people, for programs, and for self-checks.

use std::fmt;

use crate::policy::Policy;

/// A route with its policy.
///
/// # Examples
///
/// See [`RouteTable`].
#[derive(Debug, Clone)]
pub struct RoutePolicy {
    /// The path, in the framework's own syntax.
    pub path: String,
    /// The methods that the route declares.
    pub methods: &'static [&'static str],
    /// The handler, by its path in the program.
    pub handler: &'static str,
    /// File and line of its attribute.
    pub place: &'static str,
    /// The policy.
    pub policy: &'static Policy,
}

impl RoutePolicy {
    /// Refuses two routes that cannot stand side by side: nothing is ever decided by which
    /// of two comes last.
    ///
    /// # Panics
    ///
    /// If both declare a method of the same path, or name the parameters of one path
    /// differently; the message names both places.
    ///
    /// # Examples
    ///
    /// ```should_panic
    /// use cors_core::{Policy, RoutePolicy};
    ///
    /// # let policy: &'static Policy =
    /// #     Box::leak(Box::new(Policy::builder().origins(["*"]).build().unwrap()));
    /// let route = |handler, place| RoutePolicy {
    ///     path: "/users".into(),
    ///     methods: &["GET"],
    ///     handler,
    ///     place,
    ///     policy,
    /// };
    /// // two handlers for GET /users: `users::list` at src/users.rs:3 and ...
    /// route("users::list", "src/users.rs:3").refuse_conflict(&route("v2::list", "src/v2.rs:9"));
    /// ```
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in the program's routes, found at its start")]
    pub fn refuse_conflict(&self, later: &Self) {
        if !same_shape(&self.path, &later.path) {
            return;
        }
        let places = format!(
            "`{}` at {} and `{}` at {}",
            self.handler, self.place, later.handler, later.place
        );
        if let Some(method) = self.shared_method(later) {
            panic!(
                "two handlers for {method} {}: {places}\nhelp: only one of them can answer, so \
                 take the other out or change its route",
                later.path
            );
        }
        assert!(
            self.path == later.path,
            "two names for one path: `{}` and `{}` ({places})\nhelp: give the parameters the \
             same names in both",
            self.path,
            later.path
        );
    }

    /// A method that both declare.
    ///
    /// # Examples
    ///
    /// ```
    /// # let policy: &'static cors_core::Policy =
    /// #     Box::leak(Box::new(cors_core::Policy::builder().origins(["*"]).build().unwrap()));
    /// let route = |methods| cors_core::RoutePolicy {
    ///     path: "/users".into(),
    ///     methods,
    ///     handler: "users",
    ///     place: "src/users.rs:3",
    ///     policy,
    /// };
    /// assert_eq!(route(&["GET", "PUT"]).shared_method(&route(&["PUT"])), Some("PUT"));
    /// assert_eq!(route(&["GET"]).shared_method(&route(&["PUT"])), None);
    /// ```
    #[must_use]
    pub fn shared_method(&self, later: &Self) -> Option<&'static str> {
        later.methods.iter().copied().find(|it| self.methods.contains(it))
    }
}

/// Whether two paths match the same requests, whatever their parameters are called.
fn same_shape(left: &str, right: &str) -> bool {
    let is_parameter = |it: &str| it.starts_with('{') && !it.starts_with("{{") && it.ends_with('}');
    // What a parameter matches is part of the shape: the rest of the path, or a regex.
    let rest = |it: &str| (it.starts_with("{*"), it.split_once(':').map(|(_, it)| it.to_owned()));
    let (mut left, mut right) = (left.split('/'), right.split('/'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other => {}
            (Some(one), Some(other))
                if is_parameter(one) && is_parameter(other) && rest(one) == rest(other) => {}
            _ => return false,
        }
    }
}

/// The routes of a program with their policies: printed, a table; iterated, data.
///
/// # Examples
///
/// ```
/// use cors_core::{Policy, RoutePolicy, RouteTable};
///
/// # fn table(policy: &'static Policy) {
/// let table: RouteTable = [RoutePolicy {
///     path: "/internal".into(),
///     methods: &["GET"],
///     handler: "app::internal",
///     place: "src/app.rs:12",
///     policy,
/// }]
/// .into_iter()
/// .collect();
/// assert!(table.to_string().contains("/internal"));
/// assert_eq!(table.iter().count(), 1);
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct RouteTable(Vec<RoutePolicy>);

impl RouteTable {
    /// The routes, in the order of their registration.
    pub fn iter(&self) -> std::slice::Iter<'_, RoutePolicy> {
        self.0.iter()
    }
}

impl FromIterator<RoutePolicy> for RouteTable {
    fn from_iter<I: IntoIterator<Item = RoutePolicy>>(routes: I) -> Self {
        Self(routes.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a RouteTable {
    type Item = &'a RoutePolicy;
    type IntoIter = std::slice::Iter<'a, RoutePolicy>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["METHODS", "PATH", "READABLE BY", "CREDENTIALS", "ENFORCED", "HANDLER"];
        let rows: Vec<[String; 6]> =
            std::iter::once(head.map(str::to_owned)).chain(self.iter().map(row)).collect();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|it| it.chars().count()).max()
        };
        let widths: Vec<usize> = (0..head.len()).map(|column| width(column).unwrap_or(0)).collect();
        for row in &rows {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

fn row(route: &RoutePolicy) -> [String; 6] {
    let yes = |it: bool| if it { "yes" } else { "-" }.to_owned();
    let policy = route.policy;
    [
        route.methods.join(" "),
        route.path.clone(),
        readers(policy),
        yes(policy.allows_credentials()),
        yes(policy.enforces()),
        route.handler.to_owned(),
    ]
}

/// The first origins by name, the rest by number: a row stays a row.
fn readers(policy: &Policy) -> String {
    const NAMED: usize = 2;
    if policy.is_public() {
        return "everybody".to_owned();
    }
    if policy.is_none() {
        return "no CORS".to_owned();
    }
    let named: Vec<String> = policy.origins().take(NAMED).collect();
    match policy.count_origins().saturating_sub(NAMED) {
        0 => named.join(" "),
        more => format!("{} +{more}", named.join(" ")),
    }
}
