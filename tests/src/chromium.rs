//! A headless Chromium, and the program that drives it.
//!
//! Needs `chromium` and `chromedriver`, from the search path or named by the environment
//! variables `CHROMIUM` and `CHROMEDRIVER`.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use url::Url;

/// What a browser does, or why it does not.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// How long the driver may take to start or to stop, and a page to make its calls.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The programs, or `None` where they are missing: then nothing is tested, and that is said aloud.
///
/// # Panics
///
/// If they are missing with `CI=true`.
#[must_use]
pub fn programs() -> Option<Programs> {
    let found = Programs::find();
    if found.is_none() {
        let message = "no `chromium` and `chromedriver` found: the browser test is SKIPPED";
        assert!(env::var("CI").as_deref() != Ok("true"), "{message}, which CI must not do");
        // Past the test harness, which swallows what `eprintln!` says in a test that passes.
        let _ = writeln!(io::stderr(), "\n{message}\n");
    }
    found
}

/// The command behind it.
#[derive(Debug)]
struct ReadConsole;

impl WebDriverCompatibleCommand for ReadConsole {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

/// Reads the console of the page, and empties it.
///
/// # Errors
///
/// The driver does not answer.
pub async fn read_console(client: &Client) -> Outcome<Vec<String>> {
    #[derive(Deserialize)]
    struct Line {
        message: String,
    }
    let lines: Vec<Line> = serde_json::from_value(client.issue_cmd(ReadConsole).await?)?;
    Ok(lines.into_iter().map(|line| line.message).collect())
}

/// A command of [Chromium's own protocol](https://chromedevtools.github.io/devtools-protocol/).
#[derive(Debug)]
struct DevTools {
    name: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let command = json!({ "cmd": self.name, "params": self.parameters });
        (Method::POST, Some(command.to_string()))
    }
}

/// Gives a command of Chromium's own protocol, for what the driver has no word for.
///
/// # Errors
///
/// The driver does not answer, or the browser refuses.
pub async fn command(client: &Client, name: &'static str, parameters: Value) -> Outcome<Value> {
    Ok(client.issue_cmd(DevTools { name, parameters }).await?)
}

/// Removes all cookies.
///
/// # Errors
///
/// The driver does not answer.
pub async fn forget_cookies(client: &Client) -> Outcome<()> {
    command(client, "Network.clearBrowserCookies", json!({})).await.map(drop)
}

/// Where the two programs are.
#[derive(Debug)]
pub struct Programs {
    chromium: PathBuf,
    chromedriver: PathBuf,
}

impl Programs {
    fn find() -> Option<Self> {
        let chromium = find("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])?;
        let chromedriver = find("CHROMEDRIVER", &["chromedriver"])?;
        Some(Self { chromium, chromedriver })
    }
}

fn find(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(path) = env::var_os(variable) {
        return Some(path.into());
    }
    let folders = env::var_os("PATH")?;
    names
        .iter()
        .flat_map(|name| env::split_paths(&folders).map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

/// A driver that runs; it and its browser end when this is dropped, on a panic too.
#[derive(Debug)]
pub struct Driver {
    process: Child,
    port: u16,
    profile: TempDir,
}

impl Driver {
    /// Starts the driver on a port of its own choice, which it prints.
    ///
    /// # Errors
    ///
    /// It does not start.
    pub fn start(programs: &Programs) -> Outcome<Self> {
        let mut process = Command::new(&programs.chromedriver)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = process.stdout.take();
        // From here on, whatever fails ends the process.
        let mut driver = Self { process, port: 0, profile: TempDir::new()? };
        let port = listen_for_port(output.ok_or("no output")?);
        driver.port = port.recv_timeout(PATIENCE).map_err(|_| "chromedriver does not start")?;
        Ok(driver)
    }

    /// Opens a browser, with these arguments besides.
    ///
    /// # Errors
    ///
    /// It does not open.
    pub async fn open_browser(&self, programs: &Programs, more: &[&str]) -> Outcome<Client> {
        let profile = format!("--user-data-dir={}", self.profile.path().display());
        let mut arguments = vec![
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &profile,
        ];
        arguments.extend(more);
        let options = json!({
            "binary": programs.chromium,
            "args": arguments,
            // Third-party cookies are allowed, so that nothing but the policies keeps the
            // hostile page from reading as the user who is signed in.
            "prefs": { "profile": { "cookie_controls_mode": 0, "block_third_party_cookies": false } },
        });
        let console = json!({ "browser": "ALL" });
        let capabilities: Map<String, Value> =
            [("goog:chromeOptions".to_owned(), options), ("goog:loggingPrefs".to_owned(), console)]
                .into_iter()
                .collect();
        let url = format!("http://127.0.0.1:{}", self.port);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let connecting = builder.capabilities(capabilities).connect(&url);
        Ok(tokio::time::timeout(PATIENCE, connecting).await??)
    }

    /// Asks the driver to end, which ends its browser too.
    fn shut_down(&self) -> io::Result<()> {
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        connection.set_read_timeout(Some(PATIENCE))?;
        write!(
            connection,
            "GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )?;
        connection.read_to_end(&mut Vec::new()).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let asked = self.shut_down();
        let deadline = Instant::now() + PATIENCE;
        while asked.is_ok() && Instant::now() < deadline {
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Finds the port in what the driver prints, and keeps reading, so that it never blocks.
fn listen_for_port(output: ChildStdout) -> mpsc::Receiver<u16> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let last = line.trim_end_matches('.').rsplit(' ').next();
            if let (true, Some(Ok(port))) = (line.contains("started"), last.map(str::parse)) {
                let _ = sender.send(port);
            }
        }
    });
    receiver
}
