//! The path of a route, as far as a gateway can match it.

use super::regex;
use crate::adapter::table::segments;

/// A path in segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path(Vec<Segment>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Static(String),
    /// Anything but a slash, and at least one byte.
    Parameter,
    /// The rest of the path.
    Rest {
        may_be_empty: bool,
    },
}

impl Path {
    /// Reads a path in the syntax of either framework; `None` if a gateway cannot match it.
    pub(super) fn read(path: &str) -> Option<Self> {
        let rest = path.strip_prefix('/')?;
        let read: Option<Vec<Segment>> = segments(rest).map(Segment::read).collect();
        let read = read?;
        let is_rest = |segment: &Segment| matches!(segment, Segment::Rest { .. });
        let before_last = read.iter().rev().skip(1);
        (!before_last.into_iter().any(is_rest)).then_some(Self(read))
    }

    /// As a regular expression for a path without a query.
    pub(super) fn regex(&self) -> String {
        let segments: Vec<String> = self.0.iter().map(Segment::regex).collect();
        format!("/{}", segments.join("/"))
    }

    /// The same, with signs that are escaped; `None` if there are none that an upstream may decode.
    pub(super) fn escaped_regex(&self) -> Option<String> {
        let segments: Vec<String> = self.0.iter().map(Segment::escaped_regex).collect();
        let escaped = format!("/{}", segments.join("/"));
        (escaped != self.regex()).then_some(escaped)
    }

    /// The text, if it has no parameter.
    pub(super) fn literal(&self) -> Option<String> {
        self.0
            .iter()
            .map(|segment| match segment {
                Segment::Static(text) => Some(format!("/{text}")),
                Segment::Parameter | Segment::Rest { .. } => None,
            })
            .collect()
    }

    /// Whether some path is matched by both.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let (mut one, mut other) = (self.0.iter(), other.0.iter());
        loop {
            match (one.next(), other.next()) {
                (None, None)
                | (Some(Segment::Rest { .. }), _)
                | (_, Some(Segment::Rest { .. })) => return true,
                (Some(Segment::Static(one)), Some(Segment::Static(other))) if one != other => {
                    return false;
                }
                (Some(_), Some(_)) => {}
                (None, Some(_)) | (Some(_), None) => return false,
            }
        }
    }

    /// Whether whatever is matched by the other is matched by this one.
    pub(super) fn covers(&self, other: &Self) -> bool {
        let (mut own, mut others) = (self.0.iter(), other.0.iter());
        loop {
            return match (own.next(), others.next()) {
                (None, None) | (Some(Segment::Rest { may_be_empty: true }), Some(_)) => true,
                (Some(Segment::Rest { may_be_empty: false }), Some(first)) => match first {
                    Segment::Static(text) => !text.is_empty() || others.next().is_some(),
                    Segment::Parameter => true,
                    Segment::Rest { may_be_empty } => !may_be_empty,
                },
                (Some(Segment::Parameter), Some(Segment::Parameter)) => continue,
                (Some(Segment::Parameter), Some(Segment::Static(text))) if !text.is_empty() => {
                    continue;
                }
                (Some(Segment::Static(one)), Some(Segment::Static(other))) if one == other => {
                    continue;
                }
                _ => false,
            };
        }
    }

    /// Whether both frameworks choose this path for what both match, if it is registered first.
    pub(super) fn is_first_of(&self, other: &Self) -> bool {
        let ranks = self.0.iter().zip(&other.0).map(|(one, other)| (one.rank(), other.rank()));
        match ranks.into_iter().find(|(one, other)| one != other) {
            Some((one, other)) => one < other,
            None => self.0.len() >= other.0.len(),
        }
    }
}

impl Segment {
    fn read(segment: &str) -> Option<Self> {
        let Some(parameter) = segment.strip_prefix('{') else {
            let is_plain = segment.bytes().all(|it| it.is_ascii_graphic())
                && !segment.contains(['{', '}', '?', '#']);
            return is_plain.then(|| Self::Static(segment.to_owned()));
        };
        let parameter = parameter.strip_suffix('}')?;
        let is_name = |it: &str| {
            !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        match (parameter.strip_prefix('*'), parameter.split_once(':')) {
            (Some(name), None) if is_name(name) => Some(Self::Rest { may_be_empty: false }),
            (None, Some((name, ".*"))) if is_name(name) => Some(Self::Rest { may_be_empty: true }),
            (None, Some((name, ".+"))) if is_name(name) => Some(Self::Rest { may_be_empty: false }),
            (None, None) if is_name(parameter) => Some(Self::Parameter),
            _ => None,
        }
    }

    fn regex(&self) -> String {
        match self {
            Self::Static(text) => regex::text(text),
            Self::Parameter => "[^/?]+".to_owned(),
            Self::Rest { may_be_empty: false } => "[^?]+".to_owned(),
            Self::Rest { may_be_empty: true } => "[^?]*".to_owned(),
        }
    }

    fn escaped_regex(&self) -> String {
        match self {
            Self::Static(text) => text.bytes().map(regex::byte_or_escape).collect(),
            Self::Parameter | Self::Rest { .. } => self.regex(),
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Static(_) => 0,
            Self::Parameter => 1,
            Self::Rest { .. } => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn paths_of_both_frameworks_are_read() {
        let regex = |path: &str| Path::read(path).map(|it| it.regex());
        assert_eq!(regex("/").as_deref(), Some("/"));
        assert_eq!(regex("/users/{id}").as_deref(), Some("/users/[^/?]+"));
        assert_eq!(regex("/files/{*rest}").as_deref(), Some("/files/[^?]+"));
        assert_eq!(regex("/files/{rest:.*}").as_deref(), Some("/files/[^?]*"));
        assert_eq!(regex("/a.b/c\"d").as_deref(), Some(r"/a\.b/c\x22d"));
        for path in ["users", "/u{id}", "/{id:[0-9]+}", "/{*a}/b", "/a?b", "/ü"] {
            assert_eq!(regex(path), None, "{path}");
        }
    }

    #[test]
    fn signs_that_are_escaped_are_read_where_a_path_has_some() {
        let regex = |path: &str| Path::read(path).unwrap().escaped_regex();
        assert_eq!(regex("/users-me/{id}/~a_b.c"), None);
        assert_eq!(regex("/a:b/{id}").as_deref(), Some("/a(?::|%3[aA])b/[^/?]+"));
        assert_eq!(regex("/a$b").as_deref(), Some(r"/a(?:\x24|%24)b"));
    }

    #[test]
    fn paths_that_match_whatever_another_one_does() {
        let covers = |one: &str, other: &str| {
            let (one, other) = (Path::read(one).unwrap(), Path::read(other).unwrap());
            one.meets(&other) && one.covers(&other)
        };
        for (one, other) in [
            ("/users/{id}", "/users/me"),
            ("/users/{id}", "/users/{name}"),
            ("/{*rest}", "/users/me"),
            ("/files/{*rest}", "/files//a"),
            ("/files/{rest:.*}", "/files/"),
            ("/files/{rest:.*}", "/files/{*rest}"),
        ] {
            assert!(covers(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("/users/me", "/users/{id}"),
            ("/a/{x}", "/{y}/b"),
            ("/files/{*rest}", "/files/"),
            ("/files/{*rest}", "/files/{rest:.*}"),
            ("/files/{name}", "/files/"),
            ("/files/{rest:.*}", "/files"),
        ] {
            assert!(!covers(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_is_matched_by_two_goes_to_the_closer_one() {
        let case = |one: &str, other: &str, meets: bool, is_first: bool| {
            let (one, other) = (Path::read(one).unwrap(), Path::read(other).unwrap());
            assert_eq!((one.meets(&other), one.is_first_of(&other)), (meets, is_first), "{one:?}");
        };
        case("/users/me", "/users/{id}", true, true);
        case("/users/{id}", "/users/me", true, false);
        case("/users/{id}", "/users/{id}/posts", false, false);
        case("/a/{x}", "/{y}/b", true, true);
        case("/a/b", "/{*rest}", true, true);
        case("/a", "/b", false, true);
    }
}
