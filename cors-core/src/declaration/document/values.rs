//! Values as documents have them: what is a list or a number in one is a text in another.

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, IntoDeserializer, SeqAccess, Unexpected,
    Visitor,
};

use super::unknown::shown;
use crate::declaration::meant::nearest;
use crate::declaration::spec::{Danger, MaxAge};

/// A list, or one text with its elements separated by commas or white space.
pub(super) struct Names<T = String>(pub(super) Vec<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Names<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let separates = |c: char| c == ',' || c.is_whitespace();
        deserializer.deserialize_any(ListVisitor { separates, element: PhantomData }).map(Self)
    }
}

/// A list of patterns, or one text with patterns separated by white space: a comma is part of a
/// pattern such as `[a-z]{1,8}`.
pub(super) struct Patterns(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Patterns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let separates = char::is_whitespace;
        deserializer.deserialize_any(ListVisitor { separates, element: PhantomData }).map(Self)
    }
}

struct ListVisitor<T> {
    separates: fn(char) -> bool,
    element: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of strings, or one string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        let elements = text.split(self.separates).filter(|element| !element.is_empty());
        elements.map(|element| T::deserialize(element.into_deserializer())).collect()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = seq.next_element()? {
            list.push(element);
        }
        Ok(list)
    }
}

/// `true` or `false`, also as a text.
pub(super) struct Flag(pub(super) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FlagVisitor).map(Self)
    }
}

struct FlagVisitor;

impl Visitor<'_> for FlagVisitor {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`true` or `false`")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<bool, E> {
        Ok(flag)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// A number, also as a text.
pub(super) struct Status(pub(super) u16);

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StatusVisitor).map(Self)
    }
}

struct StatusVisitor;

impl Visitor<'_> for StatusVisitor {
    type Value = u16;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number from 200 to 299")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u16, E> {
        number.try_into().map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u16, E> {
        number.try_into().map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<u16, E> {
        text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

impl<'de> Deserialize<'de> for MaxAge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MaxAgeVisitor)
    }
}

struct MaxAgeVisitor;

impl Visitor<'_> for MaxAgeVisitor {
    type Value = MaxAge;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of seconds, or a string such as \"2h\"")
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<MaxAge, E> {
        Ok(seconds.into())
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<MaxAge, E> {
        Ok(seconds.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<MaxAge, E> {
        Ok(text.into())
    }
}

impl<'de> Deserialize<'de> for Danger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DangerVisitor)
    }
}

struct DangerVisitor;

impl Visitor<'_> for DangerVisitor {
    type Value = Danger;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a danger")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Danger, E> {
        text.parse().map_err(|_| {
            let written = shown(text);
            let dangers = Danger::ALL.iter().map(|danger| (danger.as_str(), *danger));
            if let Some(meant) = nearest(text, dangers) {
                let words = format_args!("unknown danger `{written}`, did you mean `{meant}`?");
                return E::custom(words);
            }
            let names: Vec<&str> = Danger::ALL.iter().map(|danger| danger.as_str()).collect();
            let names = names.join("`, `");
            E::custom(format_args!("unknown danger `{written}`; the dangers are `{names}`"))
        })
    }
}
