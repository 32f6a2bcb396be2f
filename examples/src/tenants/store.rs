//! The origins of all tenants in a database, and the policies made of them in memory.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use cors_core::{Policy, PolicyRef, Selection, Violations};
use rusqlite::Connection;

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS origins (
    tenant TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (tenant, origin)
)";

/// The tenants of a service; cloning copies a pointer.
#[derive(Debug, Clone)]
pub struct Tenants(Arc<Store>);

#[derive(Debug)]
struct Store {
    database: Mutex<Connection>,
    /// A tenant without origins has no policy here.
    policies: RwLock<HashMap<String, Arc<Policy>>>,
}

impl Tenants {
    /// Reads all tenants. What is in the database is judged like what comes from outside: an administrator
    /// may have written it by hand.
    ///
    /// # Errors
    ///
    /// If the database cannot be read, or an origin in it is refused.
    pub fn open(path: &Path) -> Result<Self, TenantsError> {
        let database = Connection::open(path)?;
        database.execute(SCHEMA, [])?;
        let mut origins: HashMap<String, Vec<String>> = HashMap::new();
        let mut select = database.prepare("SELECT tenant, origin FROM origins")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            origins.entry(row.get("tenant")?).or_default().push(row.get("origin")?);
        }
        drop(rows);
        drop(select);
        let mut policies = HashMap::new();
        for (tenant, origins) in origins {
            let policy = policy_of(&tenant, &origins)?;
            policies.insert(tenant, policy);
        }
        let policies = RwLock::new(policies);
        Ok(Self(Arc::new(Store { database: Mutex::new(database), policies })))
    }

    /// Replaces the origins of a tenant, in the database and for the next request, or in neither.
    /// It blocks: call it where a thread may wait for the disk.
    ///
    /// # Errors
    ///
    /// If an origin is refused, or the database cannot be written.
    pub fn set_origins(&self, tenant: &str, origins: &[String]) -> Result<(), TenantsError> {
        // Judged before anything is written.
        let policy = if origins.is_empty() { None } else { Some(policy_of(tenant, origins)?) };
        // Kept until the policy is replaced, so that the last of several changes is the last one
        // in both places.
        let mut database = self.0.database.lock().unwrap_or_else(PoisonError::into_inner);
        let change = database.transaction()?;
        change.execute("DELETE FROM origins WHERE tenant = ?1", [tenant])?;
        for origin in origins {
            change.execute("INSERT INTO origins VALUES (?1, ?2)", [tenant, origin])?;
        }
        // If the commit fails, as any of the statements above may, the transaction is rolled back
        // when it is dropped, and requests are still decided by the old policy, which is what the
        // database says. After the commit nothing can fail.
        change.commit()?;
        let mut policies = self.0.policies.write().unwrap_or_else(PoisonError::into_inner);
        match policy {
            Some(policy) => policies.insert(tenant.to_owned(), policy),
            None => policies.remove(tenant),
        };
        Ok(())
    }

    /// For what belongs to the tenants: the policy of the one whose host is asked.
    #[must_use]
    pub fn by_host(&self) -> PolicyRef {
        let tenants = self.clone();
        PolicyRef::select(move |request: &Selection<'_>| {
            tenants.policy(request.host()?.strip_suffix(".api.example.com")?)
        })
    }

    fn policy(&self, tenant: &str) -> Option<Arc<Policy>> {
        let policies = self.0.policies.read().unwrap_or_else(PoisonError::into_inner);
        policies.get(tenant).cloned()
    }
}

/// What the policy of every tenant is, beside the origins.
fn policy_of(tenant: &str, origins: &[String]) -> Result<Arc<Policy>, TenantsError> {
    let policy = Policy::builder().origins(origins).credentials().headers(["content-type"]).build();
    policy.map(Arc::new).map_err(|violations| TenantsError::Refused(tenant.to_owned(), violations))
}

/// Why the origins of a tenant were not read or not changed.
#[derive(Debug)]
pub enum TenantsError {
    /// Those of this tenant are no policy.
    Refused(String, Violations),
    /// The database failed.
    Database(rusqlite::Error),
}

impl fmt::Display for TenantsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(tenant, violations) => write!(f, "tenant `{tenant}`:\n{violations}"),
            Self::Database(error) => write!(f, "the database of the tenants: {error}"),
        }
    }
}

impl Error for TenantsError {}

impl From<rusqlite::Error> for TenantsError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}
