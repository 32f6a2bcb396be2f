//! What an engine answered, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Expect;

/// An answer, as it would go over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The status.
    pub status: u16,
    /// The header lines, names in lower case.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, of engines that have bodies.
    pub body: Option<Vec<u8>>,
    /// Whether a handler was called.
    pub handler_ran: bool,
}

impl Seen {
    /// Every difference to what was expected.
    #[must_use]
    pub fn differences(&self, expect: &Expect) -> Vec<String> {
        let mut differences = Vec::new();
        let mut compare = |what: &str, expected: String, seen: String| {
            if expected != seen {
                differences.push(format!("{what}: expected {expected}, seen {seen}"));
            }
        };
        compare("status", expect.status.to_string(), self.status.to_string());

        let expected: BTreeMap<&str, Vec<String>> =
            expect.cors.iter().map(|(name, it)| (name.as_str(), it.as_slice().to_vec())).collect();
        let mut seen: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (name, value) in &self.headers {
            if let Some(name) = name.strip_prefix("access-control-") {
                seen.entry(name).or_default().push(readable(value));
            }
        }
        let names: BTreeSet<&&str> = expected.keys().chain(seen.keys()).collect();
        for name in names {
            let value = |of: &BTreeMap<&str, Vec<String>>| {
                of.get(*name).map_or_else(|| "none".to_owned(), |lines| format!("{lines:?}"))
            };
            compare(&format!("access-control-{name}"), value(&expected), value(&seen));
        }

        compare("vary", sorted(expect.vary()), sorted(self.elements("vary")));
        if let Some(allow) = &expect.allow {
            compare("allow", sorted(allow.clone()), sorted(self.elements("allow")));
        }
        if let Some(ran) = expect.handler_ran {
            compare("handler ran", ran.to_string(), self.handler_ran.to_string());
        }
        if let (Some(part), Some(body)) = (&expect.body_contains, &self.body) {
            let body = readable(body);
            if !body.contains(part.as_str()) {
                differences.push(format!("body: expected to contain {part:?}, seen {body:?}"));
            }
        }
        if let (Some(whole), Some(body)) = (&expect.body_is, &self.body) {
            let body = readable(body);
            if body != *whole {
                differences.push(format!("body: expected {whole:?}, seen {body:?}"));
            }
        }
        differences.extend(self.broken_laws().map(str::to_owned));
        differences
    }

    /// What holds for every answer, whatever its case is about.
    fn broken_laws(&self) -> impl Iterator<Item = &'static str> {
        let has = |name: &str, value: &[u8]| {
            self.headers.iter().any(|(it, line)| it == name && line == value)
        };
        let public = has("access-control-allow-origin", b"*");
        let laws = [
            (
                public && has("access-control-allow-credentials", b"true"),
                "law: `*` never stands with credentials",
            ),
            (
                self.status == 403
                    && self.headers.iter().any(|(it, _)| it == "access-control-allow-origin")
                    && !self.handler_ran,
                "law: no rejection allows anything",
            ),
        ];
        laws.into_iter().filter(|(broken, _)| *broken).map(|(_, law)| law)
    }

    /// The elements of all lines of a list header, in lower case; repeated ones are kept.
    fn elements(&self, name: &str) -> Vec<String> {
        let lines = self.headers.iter().filter(|(it, _)| it == name);
        lines
            .flat_map(|(_, line)| {
                let line = readable(line);
                line.split(',').map(|it| it.trim().to_owned()).collect::<Vec<_>>()
            })
            .collect()
    }
}

fn readable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn sorted(mut elements: Vec<String>) -> String {
    for element in &mut elements {
        element.make_ascii_lowercase();
    }
    elements.sort_unstable();
    elements.join(", ")
}
