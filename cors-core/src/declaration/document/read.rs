//! A declaration from a document, with the keys of the attribute.

use std::fmt;

use serde_core::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::unknown::UnknownKeys;
use super::values::{Flag, Names, Patterns, Status};
use crate::declaration::spec::PolicySpec;
use crate::declaration::violation::Field;

/// A key of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Field(Field),
    None,
}

impl Key {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Field::ALL.iter().copied().map(Self::Field).chain([Self::None])
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Field(field) => field.key(),
            Self::None => "none",
        }
    }
}

impl<'de> Deserialize<'de> for PolicySpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not as a struct: flattened into another one, it would be shown the known keys alone, and a
        // misspelt `enforce` would be lost without a word.
        deserializer.deserialize_map(DeclarationVisitor)
    }
}

struct DeclarationVisitor;

impl<'de> Visitor<'de> for DeclarationVisitor {
    type Value = PolicySpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a CORS policy: a table with keys such as `origins`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PolicySpec, A::Error> {
        let mut spec = PolicySpec::default();
        let mut seen = Vec::new();
        let mut unknown = UnknownKeys::default();
        while let Some(written) = map.next_key::<String>()? {
            let Some(key) = Key::all().find(|key| key.name() == written) else {
                map.next_value::<IgnoredAny>()?;
                unknown.push(&written);
                continue;
            };
            if seen.contains(&key) {
                return Err(A::Error::duplicate_field(key.name()));
            }
            seen.push(key);
            read_value(key, &mut map, &mut spec)?;
        }
        if unknown.is_empty() { Ok(spec) } else { Err(A::Error::custom(unknown)) }
    }
}

fn read_value<'de, A: MapAccess<'de>>(
    key: Key,
    map: &mut A,
    spec: &mut PolicySpec,
) -> Result<(), A::Error> {
    let field = match key {
        Key::Field(field) => field,
        Key::None => {
            spec.none = map.next_value::<Flag>()?.0;
            return Ok(());
        }
    };
    match field {
        Field::Origins => spec.origins = map.next_value::<Names>()?.0,
        Field::DebugOrigins => spec.debug_origins = map.next_value::<Names>()?.0,
        Field::OriginPatterns => spec.origin_patterns = map.next_value::<Patterns>()?.0,
        Field::Sites => spec.sites = map.next_value::<Names>()?.0,
        Field::Credentials => spec.credentials = map.next_value::<Flag>()?.0,
        Field::Headers => spec.headers = map.next_value::<Names>()?.0,
        Field::ExposeHeaders => spec.expose_headers = map.next_value::<Names>()?.0,
        // Not as an `Option`, which a text of the environment is not.
        Field::Methods => spec.methods = Some(map.next_value::<Names>()?.0),
        Field::MaxAge => spec.max_age = Some(map.next_value()?),
        Field::PreflightStatus => spec.preflight_status = Some(map.next_value::<Status>()?.0),
        Field::PrivateNetwork => spec.private_network = map.next_value::<Flag>()?.0,
        Field::Enforce => spec.enforce = map.next_value::<Flag>()?.0,
        Field::DangerouslyAllow => spec.dangerously_allow = map.next_value::<Names<_>>()?.0,
    }
    Ok(())
}
