//! Starts and stops the three servers.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::TcpListener as StdListener;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::ports::Ports;
use super::predict::Apis;
use super::store::Store;
use super::{actix_api, axum_api, listen, pages};

/// Starts the demo on these ports. Belongs into a tokio runtime.
///
/// # Errors
///
/// If a port is taken, or cannot be listened on for another reason.
pub fn serve(ports: Ports) -> Result<Running, ServeError> {
    let mut tasks = JoinSet::new();
    let pages = Server { name: "the pages", flag: "--pages", port: ports.pages };
    let axum = Server { name: "the API on axum", flag: "--axum", port: ports.axum };
    let actix = Server { name: "the API on actix-web", flag: "--actix", port: ports.actix };

    let (axum_port, listeners) = axum.check(listen::bind(axum.port))?;
    let (axum_store, actix_store) = (Store::new(), Store::new());
    axum.check(serve_axum(&mut tasks, listeners, &axum_api::app(axum_store.clone())))?;
    let (actix_port, listeners) = actix.check(listen::bind(actix.port))?;
    let handle = actix.check(serve_actix(&mut tasks, listeners, &actix_store))?;
    let (pages_port, listeners) = pages.check(listen::bind(pages.port))?;
    let ports = Ports { pages: pages_port, axum: axum_port, actix: actix_port };
    let apis = Apis { ports, axum: axum_store, actix: actix_store };
    pages.check(serve_axum(&mut tasks, listeners, &pages::app(apis)))?;
    Ok(Running { ports, tasks, actix: handle })
}

fn serve_axum(
    tasks: &mut JoinSet<io::Result<()>>,
    listeners: Vec<StdListener>,
    app: &Router,
) -> io::Result<()> {
    for listener in listeners {
        let listener = TcpListener::from_std(listener)?;
        tasks.spawn(axum::serve(listener, app.clone()).into_future());
    }
    Ok(())
}

fn serve_actix(
    tasks: &mut JoinSet<io::Result<()>>,
    listeners: Vec<StdListener>,
    store: &Store,
) -> io::Result<ServerHandle> {
    // The factory runs once per worker, and all of them share the store.
    let store = store.clone();
    let app = move || actix_api::app(store.clone());
    // The program that started the demo listens for Ctrl-C.
    let mut server = HttpServer::new(app).workers(2).disable_signals();
    for listener in listeners {
        server = server.listen(listener)?;
    }
    let server = server.run();
    let handle = server.handle();
    tasks.spawn(server);
    Ok(handle)
}

/// The three servers, until it is dropped.
#[must_use = "the servers stop when this is dropped"]
pub struct Running {
    ports: Ports,
    tasks: JoinSet<io::Result<()>>,
    actix: ServerHandle,
}

impl Running {
    /// Where they listen.
    #[must_use]
    pub const fn ports(&self) -> Ports {
        self.ports
    }

    /// Waits until one of them fails, which none does by itself.
    ///
    /// # Errors
    ///
    /// Why it failed.
    pub async fn failed(&mut self) -> io::Result<()> {
        match self.tasks.join_next().await {
            Some(ended) => ended?,
            None => Ok(()),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The order is given here and now; only waiting for the end of it would be a future.
        drop(self.actix.stop(false));
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("ports", &self.ports).finish_non_exhaustive()
    }
}

/// One of the servers, as its user names it.
#[derive(Debug, Clone, Copy)]
struct Server {
    name: &'static str,
    flag: &'static str,
    port: u16,
}

impl Server {
    fn check<T>(self, outcome: io::Result<T>) -> Result<T, ServeError> {
        outcome.map_err(|source| ServeError { server: self, source })
    }
}

/// Why the demo did not start.
#[derive(Debug)]
pub struct ServeError {
    server: Server,
    source: io::Error,
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Server { name, flag, port } = self.server;
        if self.source.kind() == io::ErrorKind::AddrInUse {
            write!(f, "port {port} is taken, and {name} would listen there")?;
        } else {
            write!(f, "{name} cannot listen on port {port}: {}", self.source)?;
        }
        write!(f, "\nhelp: choose another port with `{flag} PORT`")
    }
}

impl Error for ServeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}
