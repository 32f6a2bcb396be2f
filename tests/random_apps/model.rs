//! What a random app is made of, and what its responses may be.
//!
//! The model is the handler that the framework really ran: it matches no path.

use std::collections::BTreeMap;
use std::sync::Mutex;

use cors_core::{Policy, PolicyCell, PolicyRef, Selection, Snapshot};

use tests::dice::Dice;

cors_axum::policy! {
    pub(crate) static PUBLIC = { origins = "*" }
    pub(crate) static APP = { origins = ["https://app.example.com"], credentials, headers = ["content-type"] }
    pub(crate) static PARTNER = { origins = ["https://partner.example.net"], credentials }
    pub(crate) static APP_ENFORCE = { origins = ["https://app.example.com"], credentials, enforce }
    pub(crate) static PARTNER_READS = { origins = ["https://partner.example.net"], methods = ["GET", "HEAD"] }
    pub(crate) static BOTH = { origins = ["https://app.example.com", "https://partner.example.net"] }

    // What the model takes for a policy that allows no origin: no request is from this page.
    static NOBODY = { origins = ["https://nobody.example.org"], credentials }
    static NOBODY_ENFORCE = { origins = ["https://nobody.example.org"], enforce }

    // Like the ones of the same names, known when the program runs.
    pub(crate) static APP_CELL = { origins = runtime, credentials, headers = ["content-type"] }
    pub(crate) static ENFORCE_CELL = { origins = runtime, credentials, enforce }
    pub(crate) static READS_CELL = { origins = runtime, methods = ["GET", "HEAD"] }

    // Never known.
    pub(crate) static EMPTY_CELL = { origins = runtime, credentials }
    pub(crate) static EMPTY_ENFORCE_CELL = { origins = runtime, enforce }
}

/// What apps name by a number, as the model knows it and as the library is given it.
enum Known {
    Policy(&'static Policy),
    /// A cell, and the policy that it is as good as.
    Cell(&'static PolicyCell, &'static Policy),
    /// A selector, and what it chooses for a request.
    Selector(fn() -> PolicyRef, fn(&Request) -> &'static Policy),
}

/// How many of them are plain policies.
const PLAIN: usize = 6;

static KNOWN: [Known; 13] = [
    Known::Policy(&PUBLIC),
    Known::Policy(&APP),
    Known::Policy(&PARTNER),
    Known::Policy(&APP_ENFORCE),
    Known::Policy(&PARTNER_READS),
    Known::Policy(&BOTH),
    Known::Cell(&APP_CELL, &APP),
    Known::Cell(&ENFORCE_CELL, &APP_ENFORCE),
    Known::Cell(&READS_CELL, &PARTNER_READS),
    Known::Cell(&EMPTY_CELL, &NOBODY),
    Known::Cell(&EMPTY_ENFORCE_CELL, &NOBODY_ENFORCE),
    Known::Selector(
        || PolicyRef::select(by_path),
        |request| of_path(request.path).unwrap_or(&NOBODY),
    ),
    Known::Selector(|| PolicyRef::select(by_host), |request| of_host(request).unwrap_or(&NOBODY)),
];

/// By the end of the path, which a router that takes a prefix away leaves.
fn of_path(path: &str) -> Option<&'static Policy> {
    match path.rsplit('/').next()? {
        "a" => Some(&APP),
        "admin" => Some(&PARTNER),
        "b" => Some(&APP_ENFORCE),
        _ => None,
    }
}

pub(crate) fn by_path(request: &Selection<'_>) -> Option<&'static Policy> {
    of_path(request.path())
}

const HOSTS: [&str; 3] = ["public.example.org", "partner.example.org", "cell.example.org"];

fn of_host(request: &Request) -> Option<&'static Policy> {
    match request.header("host")? {
        "public.example.org" => Some(&PUBLIC),
        "partner.example.org" => Some(&PARTNER),
        "cell.example.org" => Some(&APP),
        _ => None,
    }
}

pub(crate) fn by_host(request: &Selection<'_>) -> Option<Snapshot> {
    match request.host()? {
        "public.example.org" => Some(Snapshot::from(&PUBLIC)),
        "partner.example.org" => Some(Snapshot::from(&PARTNER)),
        "cell.example.org" => Some(Snapshot::from(&APP_CELL)),
        _ => None,
    }
}

/// Sets the origins of the cells, but of those that are never known.
pub(crate) fn set_origins() {
    APP_CELL.set_origins([ORIGINS[0]]).unwrap();
    ENFORCE_CELL.set_origins([ORIGINS[0]]).unwrap();
    READS_CELL.set_origins([ORIGINS[1]]).unwrap();
}

/// What the library is given for a number: for some, with a candidate, of which the model knows
/// nothing.
pub(crate) fn reference(number: usize) -> PolicyRef {
    let candidate = (number * 5 + 3) % KNOWN.len();
    let policy = in_force(number);
    if number.is_multiple_of(2) { policy.with_candidate(in_force(candidate)) } else { policy }
}

fn in_force(number: usize) -> PolicyRef {
    match &KNOWN[number] {
        Known::Policy(policy) => PolicyRef::from(*policy),
        Known::Cell(cell, _) => PolicyRef::from(*cell),
        Known::Selector(selector, _) => selector(),
    }
}

/// The policy of a number, for a request.
fn policy_of(number: usize, request: &Request) -> &'static Policy {
    match &KNOWN[number] {
        Known::Policy(policy) | Known::Cell(_, policy) => policy,
        Known::Selector(_, choose) => choose(request),
    }
}

fn random_policy(dice: &mut Dice) -> usize {
    if dice.once_in(3) { PLAIN + dice.below(KNOWN.len() - PLAIN) } else { dice.below(PLAIN) }
}

const ORIGINS: [&str; 3] =
    ["https://app.example.com", "https://partner.example.net", "https://evil.example.org"];

/// The last one is that of a scope itself, and `/` where a router has it.
pub(crate) const PATHS: [&str; 5] = ["/a", "/files/{name}", "/files/admin", "/a/b", ""];
pub(crate) const METHODS: [&str; 3] = ["GET", "PUT", "DELETE"];
const REQUESTED: [&str; 11] = [
    "/a",
    "/files/x",
    "/files/admin",
    "/a/b",
    "/n/a",
    "/n/files/admin",
    "/n/n/a",
    "/nowhere",
    "/",
    "/n",
    "/n/n",
];
const SENT: [&str; 5] = ["GET", "HEAD", "PUT", "DELETE", "POST"];

/// A handler on a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Registered {
    pub(crate) path: &'static str,
    pub(crate) method: &'static str,
    /// The number of its policy; a plain handler has none.
    pub(crate) policy: Option<usize>,
    /// Whether it is annotated, and not registered explicitly; a plain one has the name of an annotated
    /// one then, where the framework has names.
    pub(crate) is_annotated: bool,
    /// Whether a guard chooses when it serves, where the framework has guards.
    pub(crate) is_guarded: bool,
}

/// What users put around handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noise {
    /// 401 without `Authorization`.
    Authenticate,
    /// The response built anew: status and body, no header and no extension.
    Rebuild,
    /// What is inside runs in a task of its own.
    Spawn,
    /// `Vary` written anew.
    Vary,
    /// `X-HTTP-Method-Override`. Inside of the app only: axum has chosen the handler before its
    /// layers run, so outside of the app this would hide from the app which one.
    OverrideMethod,
    /// Every origin is allowed, with credentials. Inside of policies only, and beside no handler
    /// without one: outside it is what it says.
    Reflect,
}

const NOISE: [Noise; 6] = [
    Noise::Authenticate,
    Noise::Rebuild,
    Noise::Spawn,
    Noise::Vary,
    Noise::OverrideMethod,
    Noise::Reflect,
];

/// A layer or a middleware.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Around {
    Noise(Noise),
    /// Ours, without the routes.
    Cors(usize),
}

/// A router or a scope.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) list: Vec<Registered>,
    /// Between the policies of the list and its handlers, where the framework has that.
    pub(crate) list_noise: Option<Noise>,
    pub(crate) plain: Vec<Registered>,
    /// Whether plain handlers are registered before the list.
    pub(crate) plain_first: bool,
    /// Whether it is built with CORS outermost, and the policy for the rest.
    pub(crate) is_app: bool,
    pub(crate) default: Option<usize>,
    /// Inside of the app, from the inside out.
    pub(crate) inside: Vec<Around>,
    /// Outside of it.
    pub(crate) outside: Vec<Around>,
    /// Below `/n`; as a service of its own, where the framework has that.
    pub(crate) child: Option<Box<Node>>,
    pub(crate) is_child_a_service: bool,
    pub(crate) has_fallbacks: bool,
}

impl Node {
    pub(crate) fn random(dice: &mut Dice, depth: usize) -> Self {
        let mut list: Vec<Registered> = Vec::new();
        let mut plain: Vec<Registered> = Vec::new();
        for (has_policy, one) in dice.some(5, |dice| (!dice.once_in(3), Registered::random(dice))) {
            let is_free =
                list.iter().chain(&plain).all(|it| it.path != one.path || it.method != one.method);
            match (has_policy, is_free) {
                (true, true) => list.push(one),
                (false, true) => plain.push(Registered { policy: None, ..one }),
                _ => {}
            }
        }
        // A guard may send what was allowed for its handler on to another one: a documented limit.
        plain.retain(|it| !list.iter().any(|one| one.is_guarded && one.method == it.method));
        let child = (depth > 0 && dice.once_in(2)).then(|| Box::new(Self::random(dice, depth - 1)));
        let keep = |it: &Around| !matches!(it, Around::Noise(Noise::OverrideMethod));
        let mut inside = dice.some(2, Around::random);
        inside.retain(|it| child.is_none() || keep(it));
        let mut outside = dice.some(2, Around::random);
        let (is_app, has_fallbacks) = (!dice.once_in(3), dice.once_in(3));
        let reflects = |it: &Around| matches!(it, Around::Noise(Noise::Reflect));
        let is_all_policies = is_app && plain.is_empty() && child.is_none() && !has_fallbacks;
        inside.retain(|it| is_all_policies || !reflects(it));
        outside.retain(|it| keep(it) && !reflects(it));
        Self {
            list,
            list_noise: dice.once_in(4).then(|| *dice.pick(&NOISE)),
            plain,
            plain_first: dice.once_in(2),
            is_app,
            default: dice.once_in(4).then(|| random_policy(dice)),
            inside,
            outside,
            child,
            is_child_a_service: dice.once_in(2),
            has_fallbacks,
        }
    }
}

impl Registered {
    fn random(dice: &mut Dice) -> Self {
        Self {
            path: *dice.pick(&PATHS),
            method: *dice.pick(&METHODS),
            policy: Some(random_policy(dice)),
            is_annotated: dice.once_in(2),
            is_guarded: dice.once_in(4),
        }
    }
}

impl Around {
    fn random(dice: &mut Dice) -> Self {
        if dice.once_in(3) {
            Self::Cors(random_policy(dice))
        } else {
            Self::Noise(*dice.pick(&NOISE))
        }
    }
}

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Request {
    /// An actual request, and its preflight.
    pub(crate) fn random(dice: &mut Dice) -> (Self, Option<Self>) {
        let (method, path) = (*dice.pick(&SENT), *dice.pick(&REQUESTED));
        let origin = (!dice.once_in(6)).then(|| (*dice.pick(&ORIGINS)).to_owned());
        let mut headers: Vec<(&str, String)> = Vec::new();
        headers.extend(origin.clone().map(|it| ("origin", it)));
        if !dice.once_in(3) {
            headers.push(("authorization", "yes".to_owned()));
        }
        if dice.once_in(3) {
            headers.push(("cookie", "session=1".to_owned()));
        }
        if dice.once_in(6) {
            headers.push(("x-http-method-override", (*dice.pick(&METHODS)).to_owned()));
        }
        if dice.once_in(4) {
            headers.push(("x-guard", "yes".to_owned()));
        }
        let host = (!dice.once_in(4)).then(|| ("host", (*dice.pick(&HOSTS)).to_owned()));
        headers.extend(host.clone());
        let preflight = origin.map(|origin| {
            let lines = [("origin", origin), ("access-control-request-method", method.to_owned())];
            Self { method: "OPTIONS", path, headers: lines.into_iter().chain(host).collect() }
        });
        (Self { method, path, headers }, preflight)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| *it == name).map(|(_, value)| value.as_str())
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
}

impl Response {
    fn all(&self, name: &str) -> Vec<&str> {
        let lines = self.headers.iter().filter(|(it, _)| it == name);
        lines.map(|(_, value)| value.as_str()).collect()
    }

    fn varies_by_origin(&self) -> bool {
        self.all("vary")
            .iter()
            .flat_map(|it| it.split(','))
            .any(|it| it.trim() == "*" || it.trim().eq_ignore_ascii_case("origin"))
    }

    /// Whether a page of this origin may read it, and with credentials.
    fn readable_by(&self, origin: &str) -> (bool, bool) {
        match self.all("access-control-allow-origin")[..] {
            ["*"] => (true, false),
            [one] if one == origin => {
                (true, self.all("access-control-allow-credentials") == ["true"])
            }
            _ => (false, false),
        }
    }
}

/// What ran for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ran {
    /// A handler, with the number of its policy, and of those of layers of ours around it that were
    /// not given the routes.
    Handler { policy: Option<usize>, around: Vec<usize>, defaults: Vec<usize> },
    /// Something of the user's in between, inside of a layer of ours that answers preflights: the
    /// layer without the routes, or the app.
    Between { is_inside: bool },
}

/// What ran, by the number of the request.
static RAN: Mutex<BTreeMap<u64, Vec<Ran>>> = Mutex::new(BTreeMap::new());

pub(crate) fn note(number: Option<&str>, ran: Ran) {
    let number = number.and_then(|it| it.parse().ok()).expect("requests have numbers");
    RAN.lock().unwrap().entry(number).or_default().push(ran);
}

pub(crate) fn take(number: u64) -> Vec<Ran> {
    RAN.lock().unwrap().remove(&number).unwrap_or_default()
}

/// How many requests did what, so that a test that tests nothing is seen.
#[derive(Debug, Default)]
pub(crate) struct Count {
    pub(crate) requests: usize,
    pub(crate) granted: usize,
    pub(crate) readable: usize,
    pub(crate) rejected: usize,
}

/// A pair of requests with what came of them.
pub(crate) struct Observed {
    pub(crate) request: Request,
    pub(crate) response: Response,
    pub(crate) ran: Vec<Ran>,
    pub(crate) preflight: Option<(Request, Response, Vec<Ran>)>,
}

impl Observed {
    /// Every way in which the model is broken.
    pub(crate) fn violations(&self, count: &mut Count) -> Vec<String> {
        let mut violations = Vec::new();
        let origin = self.request.header("origin");
        count.requests += 1 + usize::from(self.preflight.is_some());
        count.rejected += usize::from(self.response.status == 403);
        let handlers = self.ran.iter().filter_map(|ran| match ran {
            Ran::Handler { policy, around, defaults } => Some((*policy, around, defaults)),
            Ran::Between { .. } => None,
        });
        let handlers: Vec<_> = handlers.collect();
        let mut violate = |what: &str| violations.push(what.to_owned());
        if handlers.len() > 1 {
            violate("two handlers ran");
        }
        if self.response.status == 403 && !handlers.is_empty() {
            violate("rejected after the handler ran");
        }
        let own = |number: usize| policy_of(number, &self.request);
        let allows = |number: usize, origin: &str| own(number).allows_origin(origin);
        if let (Some(origin), Some((policy, around, defaults))) = (origin, handlers.first()) {
            let (is_readable, with_credentials) = self.response.readable_by(origin);
            count.readable += usize::from(is_readable);
            if let Some(policy) = *policy {
                if is_readable && !allows(policy, origin) {
                    violate("readable beyond the handler's policy");
                }
                if with_credentials && !own(policy).allows_credentials() {
                    let has_cookie = self.request.header("cookie").is_some();
                    if has_cookie {
                        violate("readable with cookies beyond the handler's policy");
                    }
                }
                if own(policy).enforces() && !allows(policy, origin) {
                    violate("ran against `enforce`");
                }
                if !around.is_empty() && !allows(policy, origin) {
                    violate("ran inside of another policy, not allowed by its own");
                }
            } else {
                let covers = || around.iter().chain(*defaults).copied();
                if is_readable && !covers().any(|it| allows(it, origin)) {
                    violate("a plain handler is readable beyond what is around it");
                }
                if with_credentials
                    && !covers().any(|it| allows(it, origin) && own(it).allows_credentials())
                {
                    violate("a plain handler is readable with credentials");
                }
            }
            if around.iter().any(|it| own(*it).enforces() && !allows(*it, origin)) {
                violate("ran against `enforce` of what is around it");
            }
            if is_readable
                && self.response.all("access-control-allow-origin") == [origin]
                && !self.response.varies_by_origin()
                && !self.is_vary_rewritten()
            {
                violate("named an origin without `Vary`");
            }
        }
        if let Some((request, response, ran)) = &self.preflight {
            self.preflight_violations(request, response, ran, &handlers, &mut violate, count);
        }
        violations
    }

    /// Noise outside of everything may do to `Vary` what it likes.
    fn is_vary_rewritten(&self) -> bool {
        self.response.headers.iter().any(|(name, _)| name == "x-vary-rewritten")
    }

    fn preflight_violations(
        &self,
        request: &Request,
        response: &Response,
        ran: &[Ran],
        handlers: &[(Option<usize>, &Vec<usize>, &Vec<usize>)],
        violate: &mut impl FnMut(&str),
        count: &mut Count,
    ) {
        let origin = request.header("origin").unwrap();
        let method = request.header("access-control-request-method").unwrap();
        if ran.iter().any(|it| matches!(it, Ran::Handler { policy: Some(_), .. })) {
            violate("a preflight ran a handler that has a policy");
        }
        if ran.iter().any(|it| matches!(it, Ran::Between { is_inside: true })) {
            violate("a preflight ran something inside of a layer that answers preflights");
        }
        let (is_readable, _) = response.readable_by(origin);
        let is_method_allowed = matches!(method, "GET" | "HEAD" | "POST")
            || response.all("access-control-allow-methods").contains(&method);
        let is_granted = (200..300).contains(&response.status) && is_readable && is_method_allowed;
        count.granted += usize::from(is_granted);
        // What is overridden was not asked for.
        if !is_granted || self.request.header("x-http-method-override").is_some() {
            return;
        }
        match handlers.first() {
            Some((Some(policy), ..)) if !policy_of(*policy, request).allows_origin(origin) => {
                violate(
                    "a preflight was granted, and a handler ran that does not allow the origin",
                );
            }
            Some((Some(policy), ..))
                if !policy_of(*policy, request).explain(origin, method, &[]).is_allowed() =>
            {
                violate(
                    "a preflight was granted, and a handler ran that does not allow the method",
                );
            }
            Some((None, around, defaults)) => {
                let covers = around.iter().chain(*defaults);
                if !covers.copied().any(|it| policy_of(it, request).allows_origin(origin)) {
                    violate("a preflight was granted, and a plain handler ran");
                }
            }
            _ => {}
        }
    }
}
