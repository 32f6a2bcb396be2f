//! The requests.

use axum::body::Bytes;

/// How long hostile headers are, in bytes.
const HOSTILE: usize = 8192;

/// A request head, its values slices of one buffer, as servers read it off a connection.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// The letter of the column.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) method: &'static str,
    pub(crate) lines: Vec<(&'static str, Bytes)>,
    /// Keeps the buffer shared, as a connection does.
    _buffer: Bytes,
}

impl Ask {
    fn new(
        name: &'static str,
        title: &'static str,
        method: &'static str,
        cors: &[(&'static str, &str)],
    ) -> Self {
        let ordinary = [
            ("host", "api.example.com"),
            ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101"),
            ("accept", "*/*"),
            ("accept-encoding", "gzip, deflate, br, zstd"),
        ];
        let lines = || ordinary.iter().chain(cors);
        let buffer = Bytes::from(lines().map(|(_, value)| *value).collect::<String>());
        let mut start = 0;
        let slices = lines().map(|(name, value)| {
            let slice = buffer.slice(start..start + value.len());
            start += value.len();
            (*name, slice)
        });
        Self { name, title, method, lines: slices.collect(), _buffer: buffer.clone() }
    }

    /// A request that is not of CORS.
    fn plain() -> Self {
        Self::new("a", "no Origin", "GET", &[])
    }

    /// An actual request from a page that is allowed.
    pub(crate) fn allowed(origin: &str) -> Self {
        Self::new("b", "allowed", "GET", &[("origin", origin)])
    }

    /// An actual request from a page that is not.
    pub(crate) fn refused(origin: &str) -> Self {
        Self::new("c", "refused", "GET", &[("origin", origin)])
    }

    fn preflight(name: &'static str, title: &'static str, origin: &str, headers: &str) -> Self {
        let lines = [
            ("origin", origin),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", headers),
        ];
        Self::new(name, title, "OPTIONS", &lines)
    }

    /// Whether it is a preflight, whose cost is the whole answer and not what CORS adds.
    pub(crate) fn is_preflight(&self) -> bool {
        self.method == "OPTIONS"
    }
}

/// The origin that is allowed, the last of `count` declared ones.
pub(crate) fn last_origin(count: usize) -> String {
    origin(count - 1)
}

/// A declared origin of 28 bytes.
pub(crate) fn origin(number: usize) -> String {
    format!("https://t{number:07}.example.com")
}

/// As long as one that is allowed.
pub(crate) const FOREIGN: &str = "https://x0000000.example.net";

const HEADERS: &str = "authorization,content-type,x-requested-with";

/// The columns of the tables.
pub(crate) fn all() -> Vec<Ask> {
    let app = last_origin(10);
    let distinct: String = (0..).map(|n| format!("x-{n},")).take(2000).collect();
    let repeated = "a,".repeat(HOSTILE / 2);
    let spaces = " ".repeat(HOSTILE);
    let commas = ",".repeat(HOSTILE);
    let long = format!("https://{}.example.com", "a".repeat(HOSTILE - 20));
    vec![
        Ask::plain(),
        Ask::allowed(&app),
        Ask::refused(FOREIGN),
        Ask::preflight("d", "preflight", &app, HEADERS),
        Ask::preflight("e", "refused preflight", FOREIGN, HEADERS),
        Ask::preflight("f1", "8 KiB of commas", &app, &commas),
        Ask::preflight("f2", "8 KiB of a,a,a", &app, &repeated),
        Ask::preflight("f3", "8 KiB of names", &app, &distinct[..HOSTILE]),
        Ask::preflight("f4", "8 KiB of spaces", &app, &spaces),
        Ask::new("g", "8 KiB of Origin", "GET", &[("origin", &long)]),
    ]
}
