//! Tokens of the attribute in, typed entries out. Every entry is read, whatever is wrong
//! with the others.

use cors_core::Field;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::Path;
use syn::spanned::Spanned;

use crate::keys::{Instead, Key};
use crate::report::Report;
use crate::split;
use crate::value::{self, Value};

/// What an attribute says.
pub(crate) enum Args {
    /// A policy, declared here.
    Declared(Vec<Entry>),
    /// A policy that is declared elsewhere; its path is missing if it could not be read.
    Named(Option<Path>),
    /// A function that chooses a policy for each request; its path is missing if it could not be
    /// read.
    Select(Option<Path>),
    /// No policy: the handler is taken out of CORS.
    None(Ident),
    /// No policy: the handler speaks CORS itself.
    Delegated(Ident),
}

/// One key with its value; no two entries are about the same field.
pub(crate) struct Entry {
    pub(crate) field: Field,
    pub(crate) key: Span,
    /// Missing if it could not be read.
    pub(crate) value: Option<Value>,
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream, report: &mut Report) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let mut instead: Option<Self> = None;
        let mut seen: Vec<Ident> = Vec::new();
        // Something that may have been meant as the origins.
        let mut riddle = None;
        for entry in split::at_commas(tokens, report) {
            let Some((written, rest)) = read_key(&entry, report) else {
                riddle = Some(entry.span());
                continue;
            };
            if seen.contains(&written) {
                let message = format!("the key `{written}` is given twice");
                report.error(written.span(), &message, "keep one of them");
                continue;
            }
            match Key::find(&written, report) {
                Some(Key::Field(field)) if entries.iter().all(|entry| entry.field != field) => {
                    let value = value::read(field, &written, &rest, report);
                    entries.push(Entry { field, key: written.span(), value });
                }
                Some(Key::Instead(key)) => {
                    let read = Self::read_instead(key, &written, &rest, report);
                    if let Some(before) = &instead {
                        let message = format!(
                            "`{}` and `{}` stand beside each other",
                            before.key(),
                            read.key()
                        );
                        report.error(written.span(), &message, "keep one of them");
                    } else {
                        instead = Some(read);
                    }
                }
                Some(Key::Field(_)) => {}
                None => riddle = Some(written.span()),
            }
            seen.push(written);
        }
        if let Some(instead) = instead {
            instead.refuse_beside(&entries, report);
            return instead;
        }
        if let Some(key) = riddle.filter(|_| entries.iter().all(|it| it.field != Field::Origins)) {
            entries.push(Entry { field: Field::Origins, key, value: None });
        }
        Self::Declared(entries)
    }

    fn read_instead(
        key: Instead,
        written: &Ident,
        rest: &TokenStream,
        report: &mut Report,
    ) -> Self {
        match key {
            Instead::Policy => Self::Named(value::read_path(key, written, rest, report)),
            Instead::Select => Self::Select(value::read_path(key, written, rest, report)),
            Instead::None => {
                value::read_nothing(key, rest, report);
                Self::None(written.clone())
            }
            Instead::Delegated => {
                value::read_nothing(key, rest, report);
                Self::Delegated(written.clone())
            }
        }
    }

    /// The key of what stands in the place of a declaration.
    fn key(&self) -> &'static str {
        match self {
            Self::Declared(_) => "origins",
            Self::Named(_) => Instead::Policy.name(),
            Self::Select(_) => Instead::Select.name(),
            Self::None(_) => Instead::None.name(),
            Self::Delegated(_) => Instead::Delegated.name(),
        }
    }

    /// What is used as it is can't have settings beside it.
    fn refuse_beside(&self, entries: &[Entry], report: &mut Report) {
        let name = self.key();
        let help = match self {
            Self::None(_) => {
                "`#[cors(none)]` takes the handler out of CORS, whatever else is declared: keep \
                 one of the two"
            }
            Self::Delegated(_) => {
                "`#[cors(delegated)]` leaves CORS to the handler, whatever else is declared: keep \
                 one of the two"
            }
            Self::Select(_) => {
                "the function returns a whole policy: write the key where that policy is declared, \
                 or leave `select` out"
            }
            Self::Named(_) | Self::Declared(_) => {
                "a named policy is used as it is: write the key into its declaration, or leave \
                 `policy` out and declare everything here"
            }
        };
        for entry in entries {
            let key = entry.field.key();
            report.error(entry.key, &format!("`{key}` stands beside `{name}`"), help);
        }
    }
}

fn read_key(entry: &TokenStream, report: &mut Report) -> Option<(Ident, TokenStream)> {
    let mut tokens = entry.clone().into_iter();
    if let Some(TokenTree::Ident(key)) = tokens.next() {
        return Some((key, tokens.collect()));
    }
    report.error_over(
        entry,
        "expected a key",
        "an attribute looks like `#[cors(origins = [\"https://app.example.com\"], credentials)]`",
    );
    None
}
