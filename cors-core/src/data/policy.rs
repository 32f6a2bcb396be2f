//! Policies as bytes: what was declared, and the automata of patterns. Tables of hashes are left out: they
//! are built when the policy is read.

use std::borrow::Cow;

use super::{Malformed, Reader, Writer};
use crate::header::texts::Texts;
use crate::header::value::ValueRef;
use crate::origin::automaton::{Automaton, Rows};
use crate::origin::patterns::{Pattern, Patterns};
use crate::origin::set::{Missing, OriginSet, Origins};
use crate::origin::wildcard::{Port, Wildcard};
use crate::policy::{AllowedHeaders, Parts, Policy, Switches};

/// The kinds of what can be one of several.
mod kind {
    pub(super) const ANY: u8 = 0;
    pub(super) const THESE: u8 = 1;
    pub(super) const DISABLED: u8 = 2;
    pub(super) const NOT_LOADED: u8 = 3;
    pub(super) const NOT_SELECTED: u8 = 4;
    pub(super) const ANY_AND_AUTHORIZATION: u8 = 5;
    pub(super) const NONE: u8 = 6;
    pub(super) const ONE: u8 = 7;
    pub(super) const SEVERAL: u8 = 8;
    pub(super) const NUMBER: u8 = 9;
    pub(super) const NARROW: u8 = 10;
    pub(super) const WIDE: u8 = 11;
}

impl Writer {
    /// A policy.
    pub fn policy(&mut self, policy: &Policy) {
        let Parts { origins, switches, methods, headers, expose, max_age, preflight_status } =
            policy.parts();
        self.origins(origins);
        let Switches { credentials, private_network, enforce } = *switches;
        self.flag(credentials);
        self.flag(private_network);
        self.flag(enforce);
        self.option(methods.as_ref(), Self::texts);
        match headers {
            AllowedHeaders::These(names) => {
                self.byte(kind::THESE);
                self.texts(names);
            }
            AllowedHeaders::Any => self.byte(kind::ANY),
            AllowedHeaders::AnyAndAuthorization => self.byte(kind::ANY_AND_AUTHORIZATION),
        }
        self.option(expose.as_ref(), |to, value| to.text(value.as_str()));
        self.option(max_age.as_ref(), |to, value| to.text(value.as_str()));
        self.number((*preflight_status).into());
    }

    fn texts(&mut self, texts: &Texts) {
        self.list(texts.iter(), Self::text);
    }

    fn origins(&mut self, origins: &Origins) {
        match origins {
            Origins::Any => self.byte(kind::ANY),
            Origins::Disabled => self.byte(kind::DISABLED),
            Origins::Missing(Missing::NotLoaded) => self.byte(kind::NOT_LOADED),
            Origins::Missing(Missing::NotSelected) => self.byte(kind::NOT_SELECTED),
            Origins::These(OriginSet { exact, wildcards, patterns, open }) => {
                self.byte(kind::THESE);
                self.texts(&exact.origins);
                self.list(wildcards.list.iter(), Self::wildcard);
                self.patterns(patterns);
                self.option(open.as_deref(), Self::text);
            }
        }
    }

    fn wildcard(&mut self, Wildcard { scheme, host, subdomains, port }: &Wildcard) {
        self.text(scheme);
        self.text(host);
        self.flag(*subdomains);
        match port {
            Port::Default => self.byte(kind::NONE),
            Port::Any => self.byte(kind::ANY),
            Port::Number(number) => {
                self.byte(kind::NUMBER);
                self.number((*number).into());
            }
        }
    }

    fn patterns(&mut self, patterns: &Patterns) {
        match patterns {
            Patterns::None => self.byte(kind::NONE),
            Patterns::One(pattern) => {
                self.byte(kind::ONE);
                self.pattern(pattern);
            }
            Patterns::Several { list, union } => {
                self.byte(kind::SEVERAL);
                self.list(list.iter(), Self::pattern);
                self.automaton(union);
            }
        }
    }

    fn pattern(&mut self, Pattern { source, table }: &Pattern) {
        self.text(source);
        self.automaton(table);
    }

    fn automaton(&mut self, table: &Automaton) {
        let Automaton { classes, rows, stride, first_accepting } = table;
        self.bytes(classes);
        let (kind, rows) = match rows {
            Rows::Narrow(rows) => (kind::NARROW, rows),
            Rows::Wide(rows) => (kind::WIDE, rows),
        };
        self.byte(kind);
        self.bytes(rows);
        self.number(*stride);
        self.number(*first_accepting);
    }
}

impl Reader {
    /// A policy.
    pub(crate) fn policy(&mut self) -> Result<Policy, Malformed> {
        Ok(Policy::new(Parts {
            origins: self.origins()?,
            switches: Switches {
                credentials: self.flag()?,
                private_network: self.flag()?,
                enforce: self.flag()?,
            },
            methods: self.option(Self::texts)?,
            headers: match self.byte()? {
                kind::THESE => AllowedHeaders::These(self.texts()?),
                kind::ANY => AllowedHeaders::Any,
                kind::ANY_AND_AUTHORIZATION => AllowedHeaders::AnyAndAuthorization,
                _ => return Err(Malformed),
            },
            expose: self.option(|from| ValueRef::of_program(from.text()?).ok_or(Malformed))?,
            max_age: self.option(|from| ValueRef::of_program(from.text()?).ok_or(Malformed))?,
            preflight_status: self.short()?,
        }))
    }

    fn texts(&mut self) -> Result<Texts, Malformed> {
        self.strings().map(Texts::from)
    }

    fn strings(&mut self) -> Result<Vec<String>, Malformed> {
        self.list(|from| from.text().map(str::to_owned))
    }

    fn origins(&mut self) -> Result<Origins, Malformed> {
        Ok(match self.byte()? {
            kind::ANY => Origins::Any,
            kind::DISABLED => Origins::Disabled,
            kind::NOT_LOADED => Origins::Missing(Missing::NotLoaded),
            kind::NOT_SELECTED => Origins::Missing(Missing::NotSelected),
            kind::THESE => Origins::These(OriginSet::new(
                self.strings()?,
                self.list(Self::wildcard)?,
                self.patterns()?,
                self.option(Self::text)?.map(str::to_owned),
            )),
            _ => return Err(Malformed),
        })
    }

    fn wildcard(&mut self) -> Result<Wildcard, Malformed> {
        Ok(Wildcard {
            scheme: Cow::Borrowed(self.text()?),
            host: Cow::Borrowed(self.text()?),
            subdomains: self.flag()?,
            port: match self.byte()? {
                kind::NONE => Port::Default,
                kind::ANY => Port::Any,
                kind::NUMBER => Port::Number(self.short()?),
                _ => return Err(Malformed),
            },
        })
    }

    fn patterns(&mut self) -> Result<Patterns, Malformed> {
        Ok(match self.byte()? {
            kind::NONE => Patterns::None,
            kind::ONE => Patterns::One(self.pattern()?),
            kind::SEVERAL => Patterns::Several {
                list: Cow::Owned(self.list(Self::pattern)?),
                union: self.automaton()?,
            },
            _ => return Err(Malformed),
        })
    }

    fn pattern(&mut self) -> Result<Pattern, Malformed> {
        Ok(Pattern { source: Cow::Borrowed(self.text()?), table: self.automaton()? })
    }

    fn automaton(&mut self) -> Result<Automaton, Malformed> {
        Ok(Automaton {
            classes: Cow::Borrowed(self.bytes()?),
            rows: match self.byte()? {
                kind::NARROW => Rows::Narrow(Cow::Borrowed(self.bytes()?)),
                kind::WIDE => Rows::Wide(Cow::Borrowed(self.bytes()?)),
                _ => return Err(Malformed),
            },
            stride: self.number()?,
            first_accepting: self.number()?,
        })
    }
}
