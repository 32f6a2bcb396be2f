//! The keys that an attribute knows, and what somebody meant who wrote another.

use cors_core::{Danger, Field};
use proc_macro2::Ident;

use crate::report::Report;

/// What a key is about.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Key {
    Field(Field),
    Instead(Instead),
    /// `crate = PATH`
    Crate,
}

/// What stands in the place of a declaration.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Instead {
    /// `policy = PATH`
    Policy,
    /// `select = PATH`
    Select,
    /// `none`
    None,
    /// `delegated`
    Delegated,
}

impl Instead {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Select => "select",
            Self::None => "none",
            Self::Delegated => "delegated",
        }
    }
}

const KEYS: [(&str, Key); 18] = [
    ("origins", Key::Field(Field::Origins)),
    ("debug_origins", Key::Field(Field::DebugOrigins)),
    ("origin_patterns", Key::Field(Field::OriginPatterns)),
    ("sites", Key::Field(Field::Sites)),
    ("credentials", Key::Field(Field::Credentials)),
    ("headers", Key::Field(Field::Headers)),
    ("expose_headers", Key::Field(Field::ExposeHeaders)),
    ("methods", Key::Field(Field::Methods)),
    ("max_age", Key::Field(Field::MaxAge)),
    ("preflight_status", Key::Field(Field::PreflightStatus)),
    ("private_network", Key::Field(Field::PrivateNetwork)),
    ("enforce", Key::Field(Field::Enforce)),
    ("dangerously_allow", Key::Field(Field::DangerouslyAllow)),
    ("policy", Key::Instead(Instead::Policy)),
    ("select", Key::Instead(Instead::Select)),
    ("none", Key::Instead(Instead::None)),
    ("delegated", Key::Instead(Instead::Delegated)),
    ("crate", Key::Crate),
];

/// What other libraries call the same thing, in lower case and without underscores.
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

impl Key {
    /// The key that was written, or else the one that was probably meant, so that its value
    /// is judged in the same go.
    pub(crate) fn find(written: &Ident, report: &mut Report) -> Option<Self> {
        let name = written.to_string();
        if let Some((_, key)) = KEYS.iter().find(|(known, _)| *known == name) {
            return Some(*key);
        }
        let meant = foreign(&name).or_else(|| nearest(&name, KEYS));
        let help = match meant {
            Some(key) => format!("did you mean `{}`?", key.name()),
            None => format!("the keys are `{}`", KEYS.map(|(known, _)| known).join("`, `")),
        };
        report.error(written.span(), &format!("unknown key `{name}`"), &help);
        meant
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Field(field) => field.key(),
            Self::Instead(instead) => instead.name(),
            Self::Crate => "crate",
        }
    }
}

/// The danger that was written, or else the one that was probably meant.
pub(crate) fn find_danger(written: &Ident, report: &mut Report) -> Option<Danger> {
    let name = written.to_string();
    if let Ok(danger) = name.parse() {
        return Some(danger);
    }
    let dangers = Danger::ALL.iter().map(|danger| (danger.as_str(), *danger));
    let meant = nearest(&name, dangers);
    let help = match meant {
        Some(danger) => format!("did you mean `{danger}`?"),
        None => format!("the dangers are {}", list_dangers()),
    };
    report.error(written.span(), &format!("unknown danger `{name}`"), &help);
    meant
}

/// Every danger, for a message.
pub(crate) fn list_dangers() -> String {
    let names: Vec<&str> = Danger::ALL.iter().map(|danger| danger.as_str()).collect();
    format!("`{}`", names.join("`, `"))
}

fn foreign(unknown: &str) -> Option<Key> {
    let unknown = unknown.to_ascii_lowercase().replace('_', "");
    let known = FOREIGN.iter().find(|(foreign, _)| *foreign == unknown);
    known.map(|(_, field)| Key::Field(*field))
}

/// The name that is only a slip away.
pub(crate) fn nearest<'a, T>(
    unknown: &str,
    known: impl IntoIterator<Item = (&'a str, T)>,
) -> Option<T> {
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
