//! The values of a list header ([Fetch, extract header list values](https://fetch.spec.whatwg.org/#extract-header-list-values)).

use super::headers::Headers;
use crate::validate::names::token::is_token;

/// The names in a header of a response.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ListValues {
    Missing,
    /// An element is no token.
    Malformed,
    These(Vec<String>),
}

impl ListValues {
    /// Reads the header; empty elements are skipped
    /// ([RFC 9110, 5.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1)).
    pub(super) fn of(headers: &Headers, name: &str) -> Self {
        let Some(value) = headers.get(name) else { return Self::Missing };
        let elements = value.split(',').map(|it| it.trim_matches([' ', '\t']));
        let names: Vec<String> = elements.filter(|it| !it.is_empty()).map(Into::into).collect();
        if names.iter().all(|it| is_token(it)) { Self::These(names) } else { Self::Malformed }
    }

    /// The names; none if the header is missing.
    pub(super) fn parsed(self) -> Option<Vec<String>> {
        match self {
            Self::Missing => Some(Vec::new()),
            Self::Malformed => None,
            Self::These(names) => Some(names),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> ListValues {
        let mut headers = Headers::new();
        for line in lines {
            headers.append("x", *line);
        }
        ListValues::of(&headers, "x")
    }

    #[test]
    fn lines_and_elements() {
        assert_eq!(read(&[]), ListValues::Missing);
        assert_eq!(
            read(&["a, b,,", "c"]),
            ListValues::These(["a", "b", "c"].map(Into::into).into())
        );
        assert_eq!(read(&["a b"]), ListValues::Malformed);
        assert_eq!(read(&[""]), ListValues::These(Vec::new()));
    }
}
