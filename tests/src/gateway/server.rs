//! The servers that are run: NGINX and HAProxy, from Debian's packages.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cors_core::RouteTable;
use cors_core::gateway::{self, GatewayErrors};
use tempfile::TempDir;

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// A gateway that runs.
pub trait Server: Sized {
    /// Its name in the table.
    const NAME: &'static str;

    /// Starts it in front of an upstream.
    ///
    /// # Errors
    ///
    /// If it cannot be given the policies.
    fn start(table: &RouteTable, upstream: u16) -> Result<Self, GatewayErrors>;

    /// Where it listens.
    fn port(&self) -> u16;
}

/// Whether the servers are installed; the gate installs them.
#[must_use]
pub fn are_installed() -> bool {
    let found = |name: &str, version: &str| {
        let command =
            Command::new(name).arg(version).stderr(Stdio::null()).stdout(Stdio::null()).status();
        command.is_ok_and(|status| status.success())
    };
    found(NGINX, "-v") && found(HAPROXY, "-v")
}

/// Debian has both where the search path of users does not look.
const NGINX: &str = "/usr/sbin/nginx";
const HAPROXY: &str = "/usr/sbin/haproxy";

/// NGINX.
#[derive(Debug)]
pub struct Nginx(Process);

impl Server for Nginx {
    const NAME: &'static str = "NGINX";

    fn start(table: &RouteTable, upstream: u16) -> Result<Self, GatewayErrors> {
        let config = gateway::nginx(table)?;
        let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
        let of = |name: &str| folder.path().join(name).display().to_string();
        fs::write(of("cors-http.conf"), &config.http).unwrap();
        fs::write(of("cors-server.conf"), &config.server).unwrap();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|it| format!("    {it}_temp_path {};\n", of(it)))
            .concat();
        let main = format!(
            "daemon off;\nmaster_process off;\npid {pid};\nerror_log {log} warn;\nevents {{}}\nhttp {{\n\
             {temporary}    access_log off;\n    large_client_header_buffers 4 64k;\n    \
             include {http};\n    server {{\n        listen 127.0.0.1:{port};\n        include {server};\n        \
             location / {{ proxy_pass http://127.0.0.1:{upstream}; proxy_set_header Host $http_host; }}\n    }}\n}}\n",
            pid = of("pid"),
            log = of("log"),
            http = of("cors-http.conf"),
            server = of("cors-server.conf"),
        );
        fs::write(of("nginx.conf"), main).unwrap();
        let mut command = Command::new(NGINX);
        command.args(["-c", &of("nginx.conf"), "-e", &of("log")]);
        Ok(Self(Process::start(command, folder, port)))
    }

    fn port(&self) -> u16 {
        self.0.port
    }
}

/// HAProxy.
#[derive(Debug)]
pub struct Haproxy(Process);

impl Server for Haproxy {
    const NAME: &'static str = "HAProxy";

    fn start(table: &RouteTable, upstream: u16) -> Result<Self, GatewayErrors> {
        let config = gateway::haproxy(table)?;
        let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
        let main = format!(
            "global\n    log stderr format raw daemon warning\n    tune.bufsize 65536\ndefaults\n    \
             mode http\n    timeout connect 5s\n    timeout client 5s\n    timeout server 5s\nlisten api\n    \
             bind 127.0.0.1:{port}\n{config}    server app 127.0.0.1:{upstream}\n"
        );
        let file = folder.path().join("haproxy.cfg");
        fs::write(&file, main).unwrap();
        let mut command = Command::new(HAPROXY);
        command.args(["-db", "-f"]).arg(file);
        Ok(Self(Process::start(command, folder, port)))
    }

    fn port(&self) -> u16 {
        self.0.port
    }
}

/// A program that listens, until it is dropped.
#[derive(Debug)]
struct Process {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Process {
    fn start(mut command: Command, folder: TempDir, port: u16) -> Self {
        let errors = fs::File::create(folder.path().join("stderr")).unwrap();
        let child = command.stdout(Stdio::null()).stderr(errors).spawn().unwrap();
        let mut process = Self { child, port, folder };
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let ended = process.child.try_wait().unwrap();
            assert!(
                ended.is_none() && start.elapsed() < PATIENCE,
                "{command:?} does not listen:\n{}",
                said(process.folder.path())
            );
            thread::sleep(Duration::from_millis(5));
        }
        process
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a server wrote, with the configuration that it is about.
fn said(folder: &Path) -> String {
    let files = ["stderr", "log", "cors-http.conf", "cors-server.conf", "haproxy.cfg"];
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    files.map(|name| format!("== {name}\n{}", text(name))).concat()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}
