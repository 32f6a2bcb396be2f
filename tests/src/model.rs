//! The table of cases, as its files say it.
//!
//! Also a part of the build script: attributes are read at compile time, so the build script
//! writes the handlers down, and both sides must read the table in the same way.

use serde::Deserialize;

/// Files in `cases/` that hold declarations, not requests; other tests read them.
pub const OTHER_TABLES: [&str; 2] = ["accepted", "refused"];

/// One file: cases about one subject.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// The file's name, without `.toml`.
    #[serde(skip)]
    pub name: String,
    /// The routes of every case that declares none.
    #[serde(default, rename = "route")]
    pub routes: Vec<Route>,
    /// The cases.
    #[serde(rename = "case")]
    pub cases: Vec<Case>,
}

/// An app and what it must answer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the case shows; together with the topic, its address.
    pub name: String,
    /// The only engines that run it, where not all that can do.
    #[serde(default)]
    pub engines: Vec<EngineName>,
    /// Why the other engines don't.
    pub reason: Option<String>,
    /// What the app serves.
    #[serde(default, rename = "route")]
    pub routes: Vec<Route>,
    /// Whether rejections are explained.
    #[serde(default)]
    pub explain: bool,
    /// The policy of what is none of the routes, in an app that knows them.
    pub default: Option<Policy>,
    /// Policies of layers around the whole app that were not given the routes, the outermost
    /// first.
    #[serde(default)]
    pub around: Vec<Policy>,
    /// What stands between the policies and the handlers.
    pub between: Option<Between>,
    /// What stands between the annotations and the layers around the app.
    pub outside: Option<Outside>,
    /// What is asked, in this order.
    #[serde(rename = "request")]
    pub requests: Vec<Request>,
}

/// A handler on a path.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The methods of its route attribute.
    #[serde(default = "get")]
    pub method: Texts,
    /// Its path.
    #[serde(default = "data")]
    pub path: String,
    /// Which of the canned handlers answers.
    #[serde(default)]
    pub handler: Handler,
    /// The module it is declared in, where that is not the one of the first route.
    pub module: Option<String>,
    /// Whether each method has its own route attribute, where the framework can gather them.
    #[serde(default)]
    pub gathered: bool,
    /// Whether the annotation names a policy that is declared beside the handler.
    #[serde(default)]
    pub named: bool,
    /// Whether its annotation is `#[cors(none)]`.
    #[serde(default)]
    pub none: bool,
    /// Its annotation; a route without one is registered plainly.
    pub policy: Option<Policy>,
}

/// The keys of the attribute.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the attribute's documentation is theirs")]
pub struct Policy {
    pub origins: Texts,
    pub origin_patterns: Texts,
    pub sites: Texts,
    pub credentials: bool,
    pub headers: Texts,
    pub expose_headers: Texts,
    pub methods: Option<Vec<String>>,
    pub max_age: Option<MaxAge>,
    pub preflight_status: Option<u16>,
    pub private_network: bool,
    pub enforce: bool,
    pub dangerously_allow: Vec<String>,
}

/// `600` or `"10m"`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "see above")]
pub enum MaxAge {
    Seconds(i64),
    Text(String),
}

/// `"*"` or `["a", "b"]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "see above")]
pub enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Texts {
    /// All of them.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

impl Default for Texts {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

fn get() -> Texts {
    Texts::One("GET".to_owned())
}

fn data() -> String {
    "/data".to_owned()
}

/// What a handler does; what each answers stands in `canned.rs`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Handler {
    #[default]
    Ok,
    Created,
    NotFound,
    Redirect,
    /// Fails: an `Err` in both frameworks.
    Err,
    /// Has an extractor that rejects what is no JSON.
    JsonExtractor,
    SetsAcao,
    SetsAcaoAlone,
    SetsEverything,
    VaryTwoLines,
    VaryStar,
    VaryOrigin,
    VaryOriginInAList,
    VaryNearMiss,
    OwnOptions,
}

/// A layer of the user's between CORS and the handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Between {
    /// Answers 401 to what has no `Authorization`.
    Auth,
    /// The same, as an `Err` of the middleware where the framework has such.
    AuthErr,
}

/// A layer of the user's between an annotation and a layer of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outside {
    /// Puts its own `Vary` in the place of all that is there.
    ReplacesVary,
    /// Writes all lines of `Vary` on one.
    JoinsVary,
}

/// What runs the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the modules of the same names say it")]
pub enum EngineName {
    Core,
    AxumAnnotated,
    /// The same cases as `AxumAnnotated`, unless named itself.
    AxumApp,
    AxumLayer,
    ActixAnnotated,
    ActixApp,
    ActixMiddleware,
    /// The same cases as `AxumLayer`, unless named itself.
    PoemMiddleware,
}

/// A request and the answer that it must get.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The method, `GET` unless said, and `OPTIONS` for a preflight.
    pub method: Option<String>,
    /// The path.
    #[serde(default = "data")]
    pub path: String,
    /// The line of `Origin`.
    pub origin: Option<Line>,
    /// The line of `Access-Control-Request-Method`: this is a preflight.
    pub preflight: Option<Line>,
    /// The lines of `Access-Control-Request-Headers`.
    #[serde(default)]
    pub asks: Vec<Line>,
    /// Other lines, behind those.
    #[serde(default)]
    pub headers: Vec<(String, Line)>,
    /// The body.
    #[serde(default)]
    pub body: String,
    /// The answer.
    pub expect: Expect,
}

impl Request {
    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        let usual = if self.preflight.is_some() { "OPTIONS" } else { "GET" };
        self.method.as_deref().unwrap_or(usual)
    }

    /// All header lines, as names in lower case and bytes.
    #[must_use]
    pub fn lines(&self) -> Vec<(String, Vec<u8>)> {
        let origin = self.origin.iter().map(|line| ("origin", line));
        let method = self.preflight.iter().map(|line| ("access-control-request-method", line));
        let names = self.asks.iter().map(|line| ("access-control-request-headers", line));
        let others = self.headers.iter().map(|(name, line)| (name.as_str(), line));
        let lines = origin.chain(method).chain(names).chain(others);
        lines.map(|(name, line)| (name.to_ascii_lowercase(), line.bytes())).collect()
    }
}

/// The value of a header line.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// As it stands, in UTF-8.
    Text(String),
    /// One byte for each character.
    Latin1 {
        /// The characters.
        latin1: String,
    },
    /// Too long to write down.
    Long {
        /// What stands in front.
        #[serde(default)]
        before: String,
        /// What is repeated, `{n}` being the number of the repetition.
        repeat: String,
        /// How often.
        times: usize,
        /// What stands behind.
        #[serde(default)]
        after: String,
    },
}

impl Line {
    /// What goes over the wire.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.clone().into_bytes(),
            Self::Latin1 { latin1 } => {
                latin1.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect()
            }
            Self::Long { before, repeat, times, after } => {
                let middle = (0..*times).map(|n| repeat.replace("{n}", &n.to_string()));
                format!("{before}{}{after}", middle.collect::<String>()).into_bytes()
            }
        }
    }
}

/// An answer. What is not named must not be there.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expect {
    /// The status.
    pub status: u16,
    /// The `Access-Control-*` headers by the rest of their names: one line, or several.
    #[serde(default)]
    pub cors: std::collections::BTreeMap<String, Texts>,
    /// The elements of all lines of `Vary`, in any order and case, each once; `"preflight"`
    /// stands for the three that a preflight depends on.
    #[serde(default)]
    pub vary: Texts,
    /// The elements of `Allow`, where the case is about it.
    pub allow: Option<Vec<String>>,
    /// What stands in the body, where rejections are explained; for engines that have bodies.
    pub body_contains: Option<String>,
    /// The whole body; for engines that have bodies.
    pub body_is: Option<String>,
    /// Whether the handler was called, where the case is about it.
    pub handler_ran: Option<bool>,
}

impl Expect {
    /// The elements of `Vary`.
    #[must_use]
    pub fn vary(&self) -> Vec<String> {
        match self.vary.as_slice() {
            [one] if one == "preflight" => PREFLIGHT_VARY.map(str::to_owned).to_vec(),
            elements => elements.to_vec(),
        }
    }
}

const PREFLIGHT_VARY: [&str; 3] =
    ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"];

/// What is written down once for each framework: the same app serves all its cases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct App<'a> {
    /// The routes.
    pub routes: &'a [Route],
    /// What stands around their handlers.
    pub between: Option<Between>,
}

impl Topic {
    /// Reads a file.
    ///
    /// # Panics
    ///
    /// If it is not as this module says.
    #[must_use]
    pub fn parse(name: &str, text: &str) -> Self {
        assert!(text.starts_with("# "), "cases/{name}.toml says what it is about, in a comment");
        let mut topic: Self =
            toml::from_str(text).unwrap_or_else(|error| panic!("cases/{name}.toml: {error}"));
        name.clone_into(&mut topic.name);
        for case in &mut topic.cases {
            let address = format!("cases/{name}/{}", case.name);
            assert_eq!(
                case.engines.is_empty(),
                case.reason.is_none(),
                "{address}: `engines` stands with a `reason`"
            );
            if case.routes.is_empty() {
                case.routes.clone_from(&topic.routes);
            }
            assert!(!case.routes.is_empty(), "{address}: no routes");
        }
        let mut names: Vec<&str> = topic.cases.iter().map(|case| case.name.as_str()).collect();
        names.sort_unstable();
        let twice = names.windows(2).find_map(|pair| match pair {
            [first, second] => (first == second).then_some(*first),
            _ => None,
        });
        assert_eq!(twice, None, "cases/{name}.toml: two cases have one name");
        topic
    }
}

impl Case {
    /// The app that it asks.
    #[must_use]
    pub fn app(&self) -> App<'_> {
        App { routes: &self.routes, between: self.between }
    }

    /// Whether an engine runs it.
    #[must_use]
    pub fn runs_on(&self, engine: EngineName) -> bool {
        let can = match engine {
            EngineName::AxumLayer | EngineName::ActixMiddleware | EngineName::PoemMiddleware => {
                self.only_policy().is_some()
            }
            EngineName::Core
            | EngineName::AxumAnnotated
            | EngineName::AxumApp
            | EngineName::ActixAnnotated
            | EngineName::ActixApp => true,
        };
        let is_named = |engine: EngineName| self.engines.contains(&engine);
        let stands_for = match engine {
            EngineName::AxumApp => is_named(EngineName::AxumAnnotated),
            EngineName::PoemMiddleware => is_named(EngineName::AxumLayer),
            _ => false,
        };
        can && (self.engines.is_empty() || is_named(engine) || stands_for)
    }

    /// The policy of all routes, if there is one: then a layer can stand for the annotations.
    #[must_use]
    pub fn only_policy(&self) -> Option<&Policy> {
        let first = self.routes.first()?.policy.as_ref()?;
        self.routes.iter().all(|route| route.policy.as_ref() == Some(first)).then_some(first)
    }
}

/// The apps that must be written down for an engine of annotated handlers, each once; what is built
/// of them by `into_app` is another engine.
#[must_use]
pub fn apps(topics: &[Topic], engine: EngineName) -> Vec<App<'_>> {
    let app = match engine {
        EngineName::ActixAnnotated => EngineName::ActixApp,
        _ => EngineName::AxumApp,
    };
    let mut apps = Vec::new();
    for case in topics.iter().flat_map(|topic| &topic.cases) {
        let is_built = case.runs_on(engine) || case.runs_on(app);
        if is_built && !apps.contains(&case.app()) {
            apps.push(case.app());
        }
    }
    apps
}
