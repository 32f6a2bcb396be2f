//! The settings, and all that can be wrong with them.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use config::{Config, ConfigError, Environment, File};
use cors_core::{Policy, PolicySpec, RouteTable, Violations};
use serde::Deserialize;

use super::live::LIVE;

/// What is read from the file and the environment.
#[derive(Debug, Deserialize)]
pub struct Settings {
    /// A policy, with the keys of the attribute.
    pub cors: PolicySpec,
    /// The origins of the handlers whose origins change while the service runs.
    #[serde(default)]
    pub live: Vec<String>,
}

impl Settings {
    /// Reads the file, and over it the environment: `APP_CORS__MAX_AGE` is `max_age` of `[cors]`.
    ///
    /// # Errors
    ///
    /// If there is no such file, or a key is unknown or holds something else than it must.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        Config::builder()
            .add_source(File::from(file))
            .add_source(Environment::with_prefix("APP").prefix_separator("_").separator("__"))
            .build()?
            .try_deserialize()
    }

    /// The policy of the settings, once the other origins are known: those of `live`, and of the
    /// variables that the routes name.
    ///
    /// # Errors
    ///
    /// All violations of all of them, so that a service need not be started once for each mistake.
    pub fn policy(&self, routes: &RouteTable) -> Result<Arc<Policy>, Mistakes> {
        let policy = self.cors.build();
        let others = [routes.load(), self.set_live()];
        let others: Vec<Violations> = others.into_iter().filter_map(Result::err).collect();
        match policy {
            Ok(policy) if others.is_empty() => Ok(Arc::new(policy)),
            policy => Err(Mistakes::Violations(policy.err().into_iter().chain(others).collect())),
        }
    }

    /// Replaces the origins of `live`, all or none.
    ///
    /// # Errors
    ///
    /// All violations.
    pub fn set_live(&self) -> Result<(), Violations> {
        LIVE.set_origins(self.live.clone())
    }
}

/// All that keeps the service from starting, or from using what is in the file now.
#[derive(Debug)]
pub enum Mistakes {
    /// The file cannot be read.
    File(ConfigError),
    /// What is in it, or in the environment, breaks rules.
    Violations(Vec<Violations>),
}

impl From<ConfigError> for Mistakes {
    fn from(error: ConfigError) -> Self {
        Self::File(error)
    }
}

impl From<Violations> for Mistakes {
    fn from(violations: Violations) -> Self {
        Self::Violations(vec![violations])
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(f, "{error}"),
            Self::Violations(violations) => {
                let violations: Vec<String> = violations.iter().map(ToString::to_string).collect();
                f.write_str(&violations.join("\n\n"))
            }
        }
    }
}

impl Error for Mistakes {}
