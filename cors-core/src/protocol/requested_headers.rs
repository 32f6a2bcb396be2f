//! The names in `Access-Control-Request-Headers`, read once, with a bound on what they cost.

use crate::header::texts::Texts;
use crate::header::value::Wire;
use crate::policy::AllowedHeaders;
use crate::protocol::request::{RequestHead, RequestHeader};
use crate::validate::names::token::is_token_byte;

/// Empty elements that a list of header names may hold before it is rejected: proxies that
/// merge lines leave a few behind, thousands are an attack.
const EMPTY_ELEMENTS: usize = 16;

/// The longest list of header names that is read where any name is allowed, in bytes.
const LONGEST_ANY_LIST: usize = 1024;

/// How the response to a preflight names the request headers.
#[derive(Debug, Clone)]
pub(crate) enum GrantedHeaders<V> {
    /// None were requested.
    None,
    /// The requested ones, as the request lists them.
    Requested(V),
    /// The same, in several lines.
    RequestedLines(Vec<V>),
    /// `*`
    Any,
    /// `*,authorization`
    AnyAndAuthorization,
}

impl AllowedHeaders {
    /// Whether all requested headers are allowed, and how that is written; with credentials, browsers
    /// read `*` as a header of that name.
    pub(crate) fn grant<H: RequestHead>(
        &self,
        head: &H,
        credentials: bool,
    ) -> Option<GrantedHeaders<H::Value>> {
        let mut lines = head.lines(RequestHeader::AccessControlRequestHeaders);
        let first = lines.next();
        let granted = match (self, credentials) {
            (Self::These(names), _) => {
                let Some(first) = first else { return Some(GrantedHeaders::None) };
                let mut list = NameList::of_known(names);
                let is_single = list.admit_lines(first, lines, |name| self.allows(name))?;
                return Some(requested(head, first, is_single));
            }
            (_, true) => None,
            (Self::Any, false) => Some(GrantedHeaders::Any),
            (Self::AnyAndAuthorization, false) => Some(GrantedHeaders::AnyAndAuthorization),
        };
        let Some(first) = first else { return Some(granted.unwrap_or(GrantedHeaders::None)) };
        let mut list = NameList::of_any();
        let is_single = list.admit_lines(first, lines, |name| {
            name.iter().copied().all(is_token_byte) && self.allows(name)
        })?;
        Some(granted.unwrap_or_else(|| requested(head, first, is_single)))
    }

    /// Whether a header of this name is allowed.
    pub(crate) fn allows(&self, name: &[u8]) -> bool {
        match self {
            Self::These(names) => names.iter().any(|it| it.as_bytes().eq_ignore_ascii_case(name)),
            Self::Any => !name.eq_ignore_ascii_case(b"authorization"),
            Self::AnyAndAuthorization => true,
        }
    }
}

/// The list as the request has it.
fn requested<H: RequestHead>(
    head: &H,
    first: &H::Value,
    is_single: bool,
) -> GrantedHeaders<H::Value> {
    if is_single {
        return GrantedHeaders::Requested(first.clone());
    }
    let lines = head.lines(RequestHeader::AccessControlRequestHeaders);
    GrantedHeaders::RequestedLines(lines.cloned().collect())
}

/// The requested names of a preflight, without the empty elements.
pub(crate) fn names<H: RequestHead>(head: &H) -> impl Iterator<Item = &[u8]> {
    head.lines(RequestHeader::AccessControlRequestHeaders)
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
        .filter(|name| !name.is_empty())
}

/// A comma-separated list of names, which may span lines, while it is read: what is left of
/// the length of a valid one.
struct NameList<'p> {
    /// Names that are allowed, in lower case.
    known: &'p Texts,
    bytes: usize,
    names: usize,
    empty: usize,
}

impl<'p> NameList<'p> {
    /// A browser names each header once, so no list of a browser is longer than all the allowed
    /// names with generous white space.
    fn of_known(known: &'p Texts) -> Self {
        let longest: usize = known.iter().map(|name| name.len() + 8).sum();
        Self { known, bytes: longest + EMPTY_ELEMENTS, names: known.len(), empty: EMPTY_ELEMENTS }
    }

    fn of_any() -> Self {
        let known = const { &Texts::NONE };
        Self { known, bytes: LONGEST_ANY_LIST, names: LONGEST_ANY_LIST, empty: EMPTY_ELEMENTS }
    }

    /// Whether there is but one line; `None` unless every name of all lines is known, or one
    /// that `is_allowed`.
    fn admit_lines<'a, V: Wire + 'a>(
        &mut self,
        first: &V,
        mut rest: impl Iterator<Item = &'a V>,
        is_allowed: impl Fn(&[u8]) -> bool,
    ) -> Option<bool> {
        self.admit(first.as_bytes(), &is_allowed)?;
        let Some(second) = rest.next() else { return Some(true) };
        self.admit(second.as_bytes(), &is_allowed)?;
        rest.try_for_each(|line| self.admit(line.as_bytes(), &is_allowed))?;
        Some(false)
    }

    fn admit(&mut self, line: &[u8], is_allowed: impl Fn(&[u8]) -> bool) -> Option<()> {
        self.bytes = self.bytes.checked_sub(line.len())?;
        let mut left = Some(line);
        while let Some(line) = left {
            // Browsers write names in lower case with nothing but commas between them: what
            // starts with a known name need not be searched for its end.
            if let Some(rest) = self.known.iter().find_map(|name| strip_name(line, name)) {
                self.names = self.names.checked_sub(1)?;
                left = rest.get(1..);
                continue;
            }
            let mut elements = line.splitn(2, |byte| *byte == b',');
            let name = elements.next().unwrap_or_default().trim_ascii();
            left = elements.next();
            let count = if name.is_empty() { &mut self.empty } else { &mut self.names };
            *count = count.checked_sub(1)?;
            if !name.is_empty() && !is_allowed(name) {
                return None;
            }
        }
        Some(())
    }
}

/// What follows a name at the start: nothing, or a comma and more.
#[inline]
fn strip_name<'a>(line: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let (start, rest) = line.split_at_checked(name.len())?;
    (matches!(rest, [] | [b',', ..]) && start == name.as_bytes()).then_some(rest)
}
