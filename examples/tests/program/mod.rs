//! A program of the examples that runs as its users run it, and is asked over a socket.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

/// Runs until it is dropped.
pub(crate) struct Program {
    child: Child,
    output: RefCell<BufReader<ChildStdout>>,
    address: String,
}

impl Program {
    /// Starts it; the first line that it prints says where it listens.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap().to_owned();
        Self { child, output: RefCell::new(output), address }
    }

    /// Sends `SIGHUP`; whether the log says that the file is used.
    #[cfg(unix)]
    #[allow(dead_code, reason = "not each of the tests that share this does so")]
    pub(crate) fn hang_up(&self) -> bool {
        let kill = Command::new("kill").args(["-HUP", &self.child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.output.borrow_mut().read_line(&mut line).unwrap() > 0, "it has ended");
            match (line.contains(" again"), line.contains("is not used")) {
                (false, false) => {}
                (is_used, _) => return is_used,
            }
        }
    }

    /// Sends a request, and returns the answer as it came over the wire.
    pub(crate) fn ask(&self, method: &str, path: &str, lines: &[&str], body: &str) -> Answer {
        let lines: String = lines.iter().flat_map(|line| [*line, "\r\n"]).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nconnection: close\r\n{lines}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut connection = TcpStream::connect(&self.address).unwrap();
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        Answer(answer)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Without a chance to write anything down: what is kept must have been kept before.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) String);

impl Answer {
    pub(crate) fn status(&self, status: u16) -> bool {
        self.0.starts_with(&format!("HTTP/1.1 {status} "))
    }

    pub(crate) fn reads(&self, origin: &str) -> bool {
        self.0.contains(&format!("\r\naccess-control-allow-origin: {origin}\r\n"))
    }

    pub(crate) fn hides(&self) -> bool {
        !self.0.contains("\r\naccess-control-")
    }
}
