//! The same policies at the gateway: a configuration for NGINX, HAProxy, Envoy and the Kubernetes
//! Gateway API, from a [`RouteTable`].
//!
//! What a target cannot express is a comment in its configuration, if leaving it out allows less.
//! Where leaving it out would allow more, or let a request run that the program rejects, there is no
//! configuration, but [an error for each route](GatewayErrors). Origins are matched exactly: whole,
//! in their case, from the automata of the proofs where they are patterns.
//!
//! | | NGINX | HAProxy | Envoy | Gateway API |
//! | --- | --- | --- | --- | --- |
//! | exact origins, wildcards of subdomains | yes | yes | yes | `http` and `https` only |
//! | any port, patterns, `null`, other schemes | yes | yes | yes | left out |
//! | a policy for each method of a path | yes | yes | yes | yes |
//! | preflights that are not allowed get 403 | yes | yes | yes | as the implementation has it |
//! | `enforce` | yes | yes | error | error |
//! | `private_network` | yes | yes | yes | left out |
//! | `preflight_status` | yes | yes | always 200 | as the implementation has it |
//! | headers of the upstream are replaced | yes | yes | yes | as the implementation has it |
//!
//! The origins of a [`PolicyCell`](crate::PolicyCell) are those of the moment. A configuration that
//! is made when the program is deployed, by the same environment, has the right ones.
//!
//! # One of the two
//!
//! A gateway replaces the CORS headers of its upstream, so a program that goes on to handle CORS itself
//! does no harm: no header is there twice. To hand the routes over for good, register them with
//! [`PolicyRef::delegated`](crate::PolicyRef::delegated) where the program runs behind the gateway, and
//! with their policies where the configuration is made:
//!
//! ```
//! use cors_core::{Policy, PolicyRef};
//!
//! fn policy(behind_gateway: bool) -> Result<PolicyRef, cors_core::Violations> {
//!     if behind_gateway {
//!         return Ok(PolicyRef::delegated());
//!     }
//!     Ok(Policy::builder().origins(["https://app.example.com"]).build()?.into())
//! }
//! assert!(policy(true)?.is_delegated());
//! # Ok::<(), cors_core::Violations>(())
//! ```
//!
//! # Paths
//!
//! A path is matched as it is sent. The upstream must not normalise it to another one before it is
//! routed (a doubled or a trailing slash that is taken away): what it would then find under the other
//! path does not have that path's policy here.
//!
//! An upstream that decodes paths before it routes them, as actix-web does, may find another route than the
//! one that is matched here if a client escapes what needs no escape. NGINX, HAProxy and Envoy give such a
//! path no policy, and the first two reject it where some policy has `enforce`. The Gateway API cannot tell
//! such paths from others.

mod automaton;
mod envoy;
mod haproxy;
mod headers;
mod http_route;
mod nginx;
mod origins;
mod path;
mod plan;
mod problem;
mod regex;
#[cfg(test)]
mod tests;
mod yaml;

pub use self::envoy::envoy;
pub use self::haproxy::haproxy;
pub use self::http_route::{Backend, http_route};
pub use self::nginx::{Nginx, nginx};
pub use self::problem::{GatewayError, GatewayErrors, Unsayable};

#[cfg(doc)]
use crate::adapter::table::RouteTable;

/// The headers that a gateway writes in the place of those of the upstream.
const HEADERS: [&str; 7] = [
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Expose-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Max-Age",
    "Access-Control-Allow-Private-Network",
];

/// A comment of one line, whatever its text is: a line break would end it.
fn comment(start: &str, text: &str) -> String {
    let mut line = String::from(start);
    for c in text.chars() {
        match c {
            ' '..='~' => line.push(c),
            other => line.extend(other.escape_unicode()),
        }
    }
    line + "\n"
}
