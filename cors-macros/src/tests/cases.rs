//! The declarations of `tests/cases`, as attributes.

use std::path::Path;

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Cases {
    #[serde(rename = "case")]
    pub(super) cases: Vec<Case>,
}

/// A declaration, with its name.
#[derive(Deserialize)]
pub(super) struct Case {
    pub(super) name: String,
    /// The methods of the route.
    pub(super) served: Option<Vec<String>>,
    pub(super) policy: Policy,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Policy {
    origins: Option<List>,
    debug_origins: Option<List>,
    origin_patterns: Option<List>,
    sites: Option<List>,
    credentials: bool,
    headers: Option<List>,
    expose_headers: Option<List>,
    methods: Option<List>,
    max_age: Option<MaxAge>,
    preflight_status: Option<u16>,
    private_network: bool,
    enforce: bool,
    dangerously_allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum List {
    Star(String),
    Texts(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum MaxAge {
    Seconds(i64),
    Text(String),
}

/// Reads one of the files.
pub(super) fn read(file: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases").join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    toml::from_str::<Cases>(&text).unwrap().cases
}

impl Policy {
    /// What stands between the parentheses of `#[cors(...)]`.
    pub(super) fn attribute(&self) -> String {
        let mut entries = Vec::new();
        let lists = [
            ("origins", &self.origins),
            ("debug_origins", &self.debug_origins),
            ("origin_patterns", &self.origin_patterns),
            ("sites", &self.sites),
            ("headers", &self.headers),
            ("expose_headers", &self.expose_headers),
            ("methods", &self.methods),
        ];
        for (key, list) in lists {
            entries.extend(list.as_ref().map(|list| match list {
                List::Star(star) => format!("{key} = {star:?}"),
                List::Texts(texts) => format!("{key} = {texts:?}"),
            }));
        }
        entries.extend(self.max_age.as_ref().map(|max_age| match max_age {
            MaxAge::Seconds(seconds) => format!("max_age = {seconds}"),
            MaxAge::Text(text) => format!("max_age = {text:?}"),
        }));
        entries.extend(self.preflight_status.map(|status| format!("preflight_status = {status}")));
        let flags = [
            ("credentials", self.credentials),
            ("private_network", self.private_network),
            ("enforce", self.enforce),
        ];
        entries.extend(flags.iter().filter(|(_, is_on)| *is_on).map(|(key, _)| (*key).to_owned()));
        if !self.dangerously_allow.is_empty() {
            entries.push(format!("dangerously_allow({})", self.dangerously_allow.join(", ")));
        }
        entries.join(", ")
    }
}
