//! A declaration into a document: the keys that are not the default, as they are read.

use serde_core::ser::{Serialize, SerializeMap, Serializer};

use crate::declaration::spec::{Danger, MaxAge, PolicySpec};
use crate::declaration::violation::Field;

impl Serialize for PolicySpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Names all fields, so that a new one is not forgotten here.
        let Self {
            origins,
            debug_origins,
            origin_patterns,
            sites,
            credentials,
            headers,
            expose_headers,
            methods,
            max_age,
            preflight_status,
            private_network,
            enforce,
            none,
            dangerously_allow,
            // Known from the route that the policy stands on.
            served: _,
        } = self;
        let mut map = Keys(serializer.serialize_map(None)?);
        map.list(Field::Origins, origins)?;
        map.list(Field::DebugOrigins, debug_origins)?;
        map.list(Field::OriginPatterns, origin_patterns)?;
        map.list(Field::Sites, sites)?;
        map.flag(Field::Credentials.key(), *credentials)?;
        map.list(Field::Headers, headers)?;
        map.list(Field::ExposeHeaders, expose_headers)?;
        map.option(Field::Methods, methods.as_ref())?;
        map.option(Field::MaxAge, max_age.as_ref())?;
        map.option(Field::PreflightStatus, preflight_status.as_ref())?;
        map.flag(Field::PrivateNetwork.key(), *private_network)?;
        map.flag(Field::Enforce.key(), *enforce)?;
        map.flag("none", *none)?;
        map.list(Field::DangerouslyAllow, dangerously_allow)?;
        map.0.end()
    }
}

/// Writes what is not as it would be if it were left out.
struct Keys<M>(M);

impl<M: SerializeMap> Keys<M> {
    fn list<T: Serialize>(&mut self, field: Field, list: &[T]) -> Result<(), M::Error> {
        self.option(field, (!list.is_empty()).then_some(list))
    }

    fn flag(&mut self, key: &'static str, is_on: bool) -> Result<(), M::Error> {
        if is_on { self.0.serialize_entry(key, &true) } else { Ok(()) }
    }

    fn option<T: Serialize + ?Sized>(
        &mut self,
        field: Field,
        value: Option<&T>,
    ) -> Result<(), M::Error> {
        value.map_or(Ok(()), |value| self.0.serialize_entry(field.key(), value))
    }
}

impl Serialize for MaxAge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Seconds(seconds) => serializer.serialize_i64(*seconds),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl Serialize for Danger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
