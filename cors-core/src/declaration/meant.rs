//! The name that was probably meant by one that does not exist.

use super::violation::Field;

/// What no name is long enough to be mistaken for is not compared: it may be of any length.
const LONGEST: usize = 64;

/// What other libraries call the same thing, in lower case and without separators.
const FOREIGN: [(&str, Field); 34] = [
    ("allowanyheader", Field::Headers),
    ("allowanymethod", Field::Methods),
    ("allowanyorigin", Field::Origins),
    ("allowcredentials", Field::Credentials),
    ("allowedheader", Field::Headers),
    ("allowedheaders", Field::Headers),
    ("allowedmethods", Field::Methods),
    ("allowedorigin", Field::Origins),
    ("allowedorigins", Field::Origins),
    ("allowheader", Field::Headers),
    ("allowheaders", Field::Headers),
    ("allowmethod", Field::Methods),
    ("allowmethods", Field::Methods),
    ("alloworigin", Field::Origins),
    ("alloworigins", Field::Origins),
    ("allowprivatenetwork", Field::PrivateNetwork),
    ("allowprivatenetworkaccess", Field::PrivateNetwork),
    ("blockonoriginmismatch", Field::Enforce),
    ("expose", Field::ExposeHeaders),
    ("exposeanyheader", Field::ExposeHeaders),
    ("exposedheaders", Field::ExposeHeaders),
    ("maxageseconds", Field::MaxAge),
    ("maxagesecs", Field::MaxAge),
    ("method", Field::Methods),
    ("optionsresponsestatuscode", Field::PreflightStatus),
    ("optionssuccessstatus", Field::PreflightStatus),
    ("origin", Field::Origins),
    ("preflightsuccessstatus", Field::PreflightStatus),
    ("privatenetworkaccess", Field::PrivateNetwork),
    ("requestheaders", Field::Headers),
    ("responseheaders", Field::ExposeHeaders),
    ("supportscredentials", Field::Credentials),
    ("usecredentials", Field::Credentials),
    ("withcredentials", Field::Credentials),
];

/// The field that other libraries give this name.
#[must_use]
pub fn foreign(unknown: &str) -> Option<Field> {
    if unknown.len() > LONGEST {
        return None;
    }
    let unknown = unknown.to_ascii_lowercase().replace(['_', '-'], "");
    FOREIGN.iter().find(|(foreign, _)| *foreign == unknown).map(|(_, field)| *field)
}

/// The name that is only a slip away.
#[must_use]
pub fn nearest<'a, T>(unknown: &str, known: impl IntoIterator<Item = (&'a str, T)>) -> Option<T> {
    if unknown.len() > LONGEST {
        return None;
    }
    let unknown = unknown.to_ascii_lowercase();
    let distances = known.into_iter().map(|(name, value)| {
        let distance = strsim::damerau_levenshtein(&unknown, name);
        (distance, distance * 3 <= name.len().max(unknown.len()), value)
    });
    distances
        .min_by_key(|(distance, ..)| *distance)
        .filter(|(_, is_near, _)| *is_near)
        .map(|(.., value)| value)
}
