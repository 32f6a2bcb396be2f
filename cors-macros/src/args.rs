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

/// What an attribute, or the declaration of a named policy, holds.
pub(crate) struct Declaration {
    pub(crate) args: Args,
    pub(crate) candidate: Option<Candidate>,
    pub(crate) from: Option<Crate>,
    pub(crate) base: Option<Base>,
}

/// `candidate = PATH`
pub(crate) struct Candidate {
    pub(crate) key: Span,
    /// Missing if it could not be read.
    pub(crate) path: Option<Path>,
}

/// `..BASE`
pub(crate) struct Base {
    /// Missing if it could not be read.
    pub(crate) name: Option<Ident>,
    /// What was written.
    pub(crate) tokens: TokenStream,
}

/// `crate = PATH`
pub(crate) struct Crate {
    pub(crate) key: Span,
    /// Missing if it could not be read.
    pub(crate) path: Option<Path>,
}

/// What an attribute declares of the policy.
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
    /// No policy: the handler handles CORS itself.
    Delegated(Ident),
}

/// One key with its value; no two entries are about the same field.
pub(crate) struct Entry {
    pub(crate) field: Field,
    pub(crate) key: Span,
    /// Missing if it could not be read.
    pub(crate) value: Option<Value>,
}

impl Declaration {
    pub(crate) fn parse(tokens: TokenStream, report: &mut Report) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let mut instead: Option<Args> = None;
        let (mut candidate, mut from) = (None, None);
        let mut base: Option<Base> = None;
        let mut seen: Vec<Ident> = Vec::new();
        // Something that may have been meant as the origins.
        let mut riddle = None;
        for (index, entry) in split::at_commas(tokens, report).into_iter().enumerate() {
            if let Some(read) = Base::read(&entry, report) {
                if base.is_some() {
                    let help = "name one of them, and let that one extend the other";
                    report.error_over(&entry, "a policy extends one other at most", help);
                } else if index > 0 {
                    let help = "the keys behind it replace those of the base: write it first";
                    report.error_over(&entry, "the base comes after keys", help);
                }
                base.get_or_insert(read);
                continue;
            }
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
                    let read = Args::read_instead(key, &written, &rest, report);
                    if let Some(before) = &instead {
                        let message =
                            format!("`{}` and `{}` exclude each other", before.key(), read.key());
                        report.error(written.span(), &message, "keep one of them");
                    } else {
                        instead = Some(read);
                    }
                }
                Some(Key::Candidate) => {
                    let path = value::read_candidate(&written, &rest, report);
                    candidate = Some(Candidate { key: written.span(), path });
                }
                Some(Key::Crate) => {
                    let path = value::read_crate(&written, &rest, report);
                    from = Some(Crate { key: written.span(), path });
                }
                Some(Key::Field(_)) => {}
                None => riddle = Some(written.span()),
            }
            seen.push(written);
        }
        if let Some(instead) = instead {
            instead.refuse_beside(&entries, base.as_ref(), report);
            return Self { args: instead, candidate, from, base: None };
        }
        if let Some(key) = riddle.filter(|_| entries.iter().all(|it| it.field != Field::Origins)) {
            entries.push(Entry { field: Field::Origins, key, value: None });
        }
        Self { args: Args::Declared(entries), candidate, from, base }
    }

    /// Reports a candidate where there is nothing that it could be compared with.
    pub(crate) fn refuse_candidate(&mut self, report: &mut Report) {
        if let Args::Delegated(_) = self.args
            && let Some(Candidate { key, .. }) = self.candidate.take()
        {
            report.error(
                key,
                "`candidate` and `delegated` exclude each other",
                "a candidate is compared with the policy in force, and a handler that handles CORS \
                 itself has none: keep one of the two",
            );
        }
    }

    /// Reports a base where there can be none.
    pub(crate) fn refuse_base(&mut self, report: &mut Report) {
        let Some(base) = self.base.take() else { return };
        report.error_over(
            &base.tokens,
            "`#[cors]` extends no policy",
            "extend it where it is declared: `policy! { static BASE = { ... } static ADMIN = \
             { ..BASE, credentials } }`, and write `#[cors(policy = ADMIN)]`",
        );
        // The origins may be those of the base.
        if let Args::Declared(entries) = &mut self.args
            && entries.iter().all(|entry| entry.field != Field::Origins)
        {
            let key = base.tokens.span();
            entries.push(Entry { field: Field::Origins, key, value: None });
        }
    }
}

impl Base {
    /// Reads what begins with two dots; nothing if something else stands there.
    fn read(entry: &TokenStream, report: &mut Report) -> Option<Self> {
        let mut tokens = entry.clone().into_iter();
        let mut is_dot =
            || matches!(tokens.next(), Some(TokenTree::Punct(mark)) if mark.as_char() == '.');
        if !(is_dot() && is_dot()) {
            return None;
        }
        let rest: Vec<TokenTree> = tokens.collect();
        let name = match rest.as_slice() {
            [TokenTree::Ident(name)] => return Some(Self::named(Some(name), entry)),
            // A path leads elsewhere.
            [TokenTree::Ident(_), TokenTree::Punct(mark), ..] if mark.as_char() == ':' => None,
            [TokenTree::Ident(name), ..] => Some(name),
            _ => None,
        };
        report.error_over(
            entry,
            "`..` takes the name of a policy of the same `policy!`",
            "write `..BASE` in front of the keys, where `static BASE = { ... }` is in the \
             same `policy!`",
        );
        Some(Self::named(name, entry))
    }

    fn named(name: Option<&Ident>, entry: &TokenStream) -> Self {
        Self { name: name.cloned(), tokens: entry.clone() }
    }
}

impl Args {
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
    fn refuse_beside(&self, entries: &[Entry], base: Option<&Base>, report: &mut Report) {
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
        if let Some(base) = base {
            let message = format!("a base and `{name}` exclude each other");
            report.error_over(&base.tokens, &message, help);
        }
        for entry in entries {
            let key = entry.field.key();
            report.error(entry.key, &format!("`{key}` and `{name}` exclude each other"), help);
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
