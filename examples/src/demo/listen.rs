//! Sockets on this machine only.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

/// How often a free port is looked for that is free in both families.
const ATTEMPTS: u32 = 16;

/// Listens on both loopback addresses: a browser that resolves `*.localhost` to both may try
/// either first. Without IPv6, one is enough.
pub(super) fn bind(port: u16) -> io::Result<(u16, Vec<TcpListener>)> {
    let mut outcome = bind_once(port);
    for _ in 1..ATTEMPTS {
        match &outcome {
            Err(error) if port == 0 && error.kind() == ErrorKind::AddrInUse => {
                outcome = bind_once(port);
            }
            _ => break,
        }
    }
    outcome
}

fn bind_once(port: u16) -> io::Result<(u16, Vec<TcpListener>)> {
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let port = first.local_addr()?.port();
    let second = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
        Ok(listener) => Some(listener),
        // Another program would get half of the calls.
        Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(error),
        Err(_) => None,
    };
    let listeners: Vec<TcpListener> = [first].into_iter().chain(second).collect();
    for listener in &listeners {
        listener.set_nonblocking(true)?;
    }
    Ok((port, listeners))
}
