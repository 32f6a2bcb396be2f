//! The settings, and all that can be wrong with them.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use config::{Config, ConfigError, Environment, File};
use cors_core::{Policy, PolicySpec, RouteTable, Violations};
use serde::Deserialize;

/// What is read from the file and the environment.
#[derive(Debug, Deserialize)]
pub struct Settings {
    /// A policy, with the keys of the attribute.
    pub cors: PolicySpec,
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

    /// The policy of the settings, once the variables are read that the routes name.
    ///
    /// # Errors
    ///
    /// All violations of both, so that a service need not be started once for each mistake.
    pub fn policy(&self, routes: &RouteTable) -> Result<Arc<Policy>, Mistakes> {
        match (self.cors.build(), routes.load()) {
            (Ok(policy), Ok(())) => Ok(Arc::new(policy)),
            (policy, loaded) => {
                Err(Mistakes(policy.err().into_iter().chain(loaded.err()).collect()))
            }
        }
    }
}

/// All that keeps the service from starting.
#[derive(Debug)]
pub struct Mistakes(Vec<Violations>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let violations: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&violations.join("\n\n"))
    }
}

impl Error for Mistakes {}
