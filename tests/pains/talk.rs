//! A request and its answer, whatever the framework.

/// The front end that policies here allow.
pub(crate) const APP: &str = "https://app.example.com";
/// A second one.
pub(crate) const ADMIN: &str = "https://admin.example.com";
/// Of another site, allowed where the front end is not.
pub(crate) const PARTNER: &str = "https://partner.example.net";
/// A page that none allows.
pub(crate) const EVIL: &str = "https://evil.example.net";

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Ask {
    /// A request that no page sends.
    pub(crate) fn new(method: &'static str, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: Vec::new(), body: String::new() }
    }

    /// A request from a page.
    pub(crate) fn from(origin: &str, method: &'static str, path: &str) -> Self {
        Self::new(method, path).with("origin", origin)
    }

    /// What a browser asks before the request that is meant.
    pub(crate) fn before(origin: &str, method: &str, path: &str) -> Self {
        Self::from(origin, "OPTIONS", path).with("access-control-request-method", method)
    }

    /// The same, with a header line more.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same, with a body of JSON.
    pub(crate) fn json(self, body: &str) -> Self {
        Self { body: body.to_owned(), ..self }.with("content-type", "application/json")
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// All lines of a header.
    pub(crate) fn lines(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(it, _)| it == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The elements of `Vary`, sorted.
    pub(crate) fn vary(&self) -> Vec<String> {
        let lines = self.lines("vary").into_iter();
        let mut elements: Vec<String> =
            lines.flat_map(|line| line.split(',')).map(|it| it.trim().to_lowercase()).collect();
        elements.sort_unstable();
        elements
    }

    /// It has this status, and the page can read it. (Repeated headers are unreadable.)
    #[track_caller]
    pub(crate) fn reads(&self, origin: &str, status: u16) -> &Self {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.lines("access-control-allow-origin"), [origin], "{self:?}");
        self
    }

    /// It has this status, and no page can read it: nothing of CORS is in it.
    #[track_caller]
    pub(crate) fn hides(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{self:?}");
        let told = self.headers.iter().any(|(name, _)| name.starts_with("access-control-"));
        assert!(!told, "{self:?}");
        self
    }

    /// It lets a page send the request that it asked for.
    #[track_caller]
    pub(crate) fn allows(&self, origin: &str, method: &str) -> &Self {
        self.reads(origin, 204);
        assert_eq!(self.lines("access-control-allow-methods"), [method], "{self:?}");
        self
    }

    /// It rejects a preflight, as in every build: without a body, and without a word of CORS.
    #[track_caller]
    pub(crate) fn rejects(&self) -> &Self {
        self.hides(403);
        assert_eq!(self.body, "", "{self:?}");
        self
    }

    /// It rejects the origin of a preflight, and the body says why.
    #[track_caller]
    pub(crate) fn explains_origin(&self, why: &str) -> &Self {
        self.hides(403);
        assert!(self.body.contains(why), "{self:?}");
        self
    }

    /// It rejects the method of a preflight from this origin, and says so: the origin is not to
    /// blame, so the console of the page names the method.
    #[track_caller]
    pub(crate) fn explains_method(&self, origin: &str, why: &str) -> &Self {
        self.reads(origin, 200);
        for name in ["access-control-allow-methods", "access-control-allow-headers"] {
            assert_eq!(self.lines(name), Vec::<&str>::new(), "{self:?}");
        }
        assert!(self.body.contains(why), "{self:?}");
        self
    }

    /// It rejects a header name of a preflight, but not the others, and says so.
    #[track_caller]
    pub(crate) fn explains_header(&self, origin: &str, others: &[&str], why: &str) -> &Self {
        self.reads(origin, 200);
        assert_eq!(self.lines("access-control-allow-methods").len(), 1, "{self:?}");
        assert_eq!(self.lines("access-control-allow-headers"), others, "{self:?}");
        assert!(self.body.contains(why), "{self:?}");
        self
    }
}

/// What a panic says that a start-up ends with.
#[track_caller]
pub(crate) fn panic_of<T>(start: impl FnOnce() -> T) -> String {
    let start = std::panic::AssertUnwindSafe(start);
    let Err(panic) = std::panic::catch_unwind(start) else { panic!("it started") };
    let text = panic.downcast_ref::<&str>().map(|it| (*it).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}
