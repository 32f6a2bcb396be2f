//! Which ports the demo listens on.

/// The ports of the three servers; 0 stands for any free one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
pub struct Ports {
    /// Port of the pages
    #[arg(long, value_name = "PORT", env = "DEMO_PAGES_PORT", default_value_t = 4000)]
    pub pages: u16,
    /// Port of the API on axum
    #[arg(long, value_name = "PORT", env = "DEMO_AXUM_PORT", default_value_t = 4001)]
    pub axum: u16,
    /// Port of the API on actix-web
    #[arg(long, value_name = "PORT", env = "DEMO_ACTIX_PORT", default_value_t = 4002)]
    pub actix: u16,
}

impl Ports {
    /// Any free ports, for tests.
    pub const FREE: Self = Self { pages: 0, axum: 0, actix: 0 };

    /// The address of the page of a role: `app`, `admin`, `eu.app` or `evil`.
    #[must_use]
    pub fn page_of(&self, role: &str) -> String {
        format!("http://{role}.localhost:{}", self.pages)
    }

    /// The address of the API on axum.
    #[must_use]
    pub fn axum_api(&self) -> String {
        format!("http://axum.app.localhost:{}", self.axum)
    }

    /// The address of the API on actix-web.
    #[must_use]
    pub fn actix_api(&self) -> String {
        format!("http://actix.app.localhost:{}", self.actix)
    }
}
