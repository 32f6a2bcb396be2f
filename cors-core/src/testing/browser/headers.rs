//! A header list ([Fetch, header list](https://fetch.spec.whatwg.org/#concept-header-list)).

/// The header fields of a request or of a response, in their order.
///
/// Names are in lower case. A value is what scripts see of it: each byte is the character of the same
/// number (Latin-1), so that nothing is lost.
///
/// # Examples
///
/// ```
/// use cors_core::testing::Headers;
///
/// let mut headers = Headers::new();
/// headers.append("Vary", "Origin");
/// headers.append("vary", "Accept");
/// assert_eq!(headers.get("VARY").as_deref(), Some("Origin, Accept"));
/// assert_eq!(headers.iter().count(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// No header fields.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Appends a field.
    pub fn append(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_ascii_lowercase(), value.into()));
    }

    /// Appends a field as a server or a framework holds it.
    pub fn append_bytes(&mut self, name: &str, value: &[u8]) {
        let value: String = value.iter().map(|byte| char::from(*byte)).collect();
        self.append(name, value.trim_matches([' ', '\t', '\r', '\n']));
    }

    /// The value; where there are several fields of the name, all of them, separated by `, `
    /// ([Fetch, get](https://fetch.spec.whatwg.org/#concept-header-list-get)).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.contains(name).then(|| self.get_all(name).collect::<Vec<_>>().join(", "))
    }

    /// The values of all fields of a name.
    pub fn get_all(&self, name: &str) -> impl Iterator<Item = &str> {
        let fields = self.0.iter().filter(move |(it, _)| it.eq_ignore_ascii_case(name));
        fields.map(|(_, value)| value.as_str())
    }

    /// Whether there is a field of a name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.get_all(name).next().is_some()
    }

    /// Name and value of all fields.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Name and value of all fields, the value in the bytes that are sent.
    pub fn iter_bytes(&self) -> impl Iterator<Item = (&str, Vec<u8>)> {
        self.iter().map(|(name, value)| (name, encode(value)))
    }

    /// One field for each name, as servers receive what a script has set.
    pub(super) fn combined(&self) -> Self {
        let mut all = Self::new();
        for (name, _) in self.iter() {
            if all.contains(name) {
                continue;
            }
            if let Some(value) = self.get(name) {
                all.append(name, value);
            }
        }
        all
    }

    pub(super) fn remove(&mut self, names: &[&str]) {
        self.0.retain(|(name, _)| !names.contains(&name.as_str()));
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.0.retain(|(name, _)| keep(name));
    }
}

/// [Isomorphic encode](https://infra.spec.whatwg.org/#isomorphic-encode); what has no byte was refused
/// when the script set it.
fn encode(value: &str) -> Vec<u8> {
    value.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_byte_is_lost() {
        let mut headers = Headers::new();
        headers.append_bytes("x", b" caf\xe9 ");
        assert_eq!(headers.get("x").as_deref(), Some("café"));
        assert_eq!(headers.iter_bytes().next().unwrap().1, b"caf\xe9");
    }

    #[test]
    fn several_fields_become_one() {
        let mut headers = Headers::new();
        for (name, value) in [("A", "1"), ("b", "2"), ("a", "3")] {
            headers.append(name, value);
        }
        assert!(headers.combined().iter().eq([("a", "1, 3"), ("b", "2")]));
    }
}
