//! The policies of the shop on axum, for the gateway in front of it.

use std::error::Error;

use cors_core::gateway::{self, Backend};

use crate::shop_axum;

/// The configuration for a gateway, by its name: `nginx`, `haproxy`, `envoy` or `http-route`.
///
/// # Errors
///
/// If the gateway cannot be given some policy, or there is no such gateway.
pub fn configuration(target: &str) -> Result<String, Box<dyn Error>> {
    let table = shop_axum::table();
    Ok(match target {
        "nginx" => {
            let config = gateway::nginx(&table)?;
            format!("{}\n# In the `server` block:\n{}", config.http, config.server)
        }
        "haproxy" => gateway::haproxy(&table)?,
        "envoy" => gateway::envoy(&table, "shop")?,
        "http-route" => {
            let backend = Backend { name: "shop", gateway: "public", service: "shop", port: 80 };
            gateway::http_route(&table, &backend)?
        }
        other => return Err(format!("no gateway is called `{other}`").into()),
    })
}
