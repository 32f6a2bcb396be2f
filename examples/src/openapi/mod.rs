//! Policy, path and documentation above one handler: utoipa on both frameworks.

pub mod on_actix;
pub mod on_axum;

use serde::Serialize;
use utoipa::ToSchema;

/// A user, as the document describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct User {
    /// What the path names.
    pub id: u64,
    /// How the user is called.
    pub name: String,
}

impl User {
    fn of(id: u64) -> Self {
        Self { id, name: "Ada".to_owned() }
    }
}
