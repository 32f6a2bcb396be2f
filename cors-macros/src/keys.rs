//! The keys of an attribute, and the one that was probably meant by another.

use cors_core::__private::meant::{foreign, nearest};
use cors_core::{Danger, Field};
use proc_macro2::Ident;

use crate::report::Report;

/// What a key is about.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Key {
    Field(Field),
    Instead(Instead),
    /// `candidate = PATH`
    Candidate,
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
    const ALL: [Self; 4] = [Self::Policy, Self::Select, Self::None, Self::Delegated];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Select => "select",
            Self::None => "none",
            Self::Delegated => "delegated",
        }
    }
}

impl Key {
    /// The key that was written, or else the one that was probably meant, so that its value
    /// is judged in the same go.
    pub(crate) fn find(written: &Ident, report: &mut Report) -> Option<Self> {
        let name = written.to_string();
        if let Some(key) = Self::all().find(|key| key.name() == name) {
            return Some(key);
        }
        let known = Self::all().map(|key| (key.name(), key));
        let meant = foreign(&name).map(Self::Field).or_else(|| nearest(&name, known));
        let help = match meant {
            Some(key) => format!("did you mean `{}`?", key.name()),
            None => format!("the keys are {}", list_keys()),
        };
        report.error(written.span(), &format!("unknown key `{name}`"), &help);
        meant
    }

    /// In the order of the documentation.
    fn all() -> impl Iterator<Item = Self> {
        let fields = Field::ALL.iter().copied().map(Self::Field);
        fields.chain(Instead::ALL.map(Self::Instead)).chain([Self::Candidate, Self::Crate])
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Field(field) => field.key(),
            Self::Instead(instead) => instead.name(),
            Self::Candidate => "candidate",
            Self::Crate => "crate",
        }
    }
}

/// Every key, for a message.
fn list_keys() -> String {
    let names: Vec<&str> = Key::all().map(Key::name).collect();
    format!("`{}`", names.join("`, `"))
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
