//! What the toolkit costs a build: 500 handlers on both frameworks,
//! plain and annotated, and a program with one handler, from scratch.
//!
//! `cargo bench -p tests --features compile-time --bench compile_time`, on an idle machine.
//!
//! Times are CPU seconds of cargo and all that it starts, as Linux counts them; elsewhere they
//! are seconds on the clock. Nothing is held against a baseline: they vary with the machine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on must stop"
)]

use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{env, fs, io};

const HANDLERS: usize = 500;

/// What is touched before the incremental builds.
const TOUCHED: usize = 250;

fn main() -> io::Result<()> {
    // `cargo test --all-targets` runs this too, and wants no measuring.
    if !env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile-time");
    let _ = fs::remove_dir_all(&place);
    let workspace = Workspace::create(place)?;

    println!("## {HANDLERS} handlers, the dependencies built before\n");
    println!("| | `check` | after a touch | `build` | after a touch | binary, MB |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for framework in Framework::ALL {
        // The dependencies, which both kinds of program share.
        let warm = workspace.member(framework, Kind::Pattern, 1)?;
        workspace.run("check", &warm)?;
        workspace.run("build", &warm)?;
        let mut plain = None;
        for kind in Kind::ALL {
            let member = workspace.member(framework, kind, HANDLERS)?;
            let row = Row {
                check: workspace.run("check", &member)?,
                check_again: workspace
                    .touch(&member)
                    .and_then(|()| workspace.run("check", &member))?,
                build: workspace.run("build", &member)?,
                build_again: workspace
                    .touch(&member)
                    .and_then(|()| workspace.run("build", &member))?,
                bytes: workspace.size(&member)?,
            };
            println!("| {framework}, {kind} | {} |", row.beside(plain.as_ref()));
            plain.get_or_insert(row);
        }
    }

    println!("\n## One handler, from scratch, debug\n");
    println!("| | plain | annotated | the toolkit |");
    println!("| --- | --- | --- | --- |");
    for framework in Framework::ALL {
        let mut costs = [0.0; 2];
        for (cost, kind) in costs.iter_mut().zip([Kind::Plain, Kind::Literal]) {
            let member = workspace.member(framework, kind, 1)?;
            fs::remove_dir_all(workspace.target())?;
            *cost = workspace.run("build", &member)?;
        }
        let [plain, annotated] = costs;
        println!("| {framework} | {plain:.1} s | {annotated:.1} s | {:.1} s |", annotated - plain);
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Framework {
    Axum,
    Actix,
}

impl Framework {
    const ALL: [Self; 2] = [Self::Axum, Self::Actix];
}

impl fmt::Display for Framework {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Axum => "axum",
            Self::Actix => "actix",
        })
    }
}

/// What stands above the handlers.
#[derive(Clone, Copy)]
enum Kind {
    Plain,
    Literal,
    Pattern,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Plain, Self::Literal, Self::Pattern];

    fn attribute(self, number: usize) -> String {
        match self {
            Self::Plain => String::new(),
            Self::Literal => format!(
                "#[cors(origins = [\"https://app{number}.example.com\", \
                 \"https://*.example.org\"], credentials, headers = [\"content-type\"], \
                 max_age = \"2h\")]\n"
            ),
            Self::Pattern => format!(
                "#[cors(origin_patterns = [r\"^https://[a-z]+-{number}\\.example\\.com$\"], \
                 credentials)]\n"
            ),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "plain",
            Self::Literal => "annotated with literals",
            Self::Pattern => "annotated with a pattern",
        })
    }
}

/// A source file of handlers; `touched` changes what one of them says.
fn source(framework: Framework, kind: Kind, handlers: usize, touched: bool) -> String {
    let is_annotated = !matches!(kind, Kind::Plain);
    let mut code = match (framework, is_annotated) {
        (Framework::Axum, false) => "use axum::{Router, routing::get};\n".to_owned(),
        (Framework::Axum, true) => "use axum::Router;\nuse cors_axum::{cors, routes};\n".to_owned(),
        (Framework::Actix, false) => "use actix_web::{App, Responder, get, web};\n".to_owned(),
        (Framework::Actix, true) => {
            "use actix_web::{App, Responder, get, web};\nuse cors_actix::cors;\n".to_owned()
        }
    };
    for number in 0..handlers {
        let attribute = kind.attribute(number);
        let route = match (framework, kind) {
            (Framework::Axum, Kind::Plain) => String::new(),
            _ => format!("#[get(\"/r{number}\")]\n"),
        };
        let answer = match framework {
            Framework::Axum => "&'static str",
            Framework::Actix => "impl Responder",
        };
        let word = if touched && number == TOUCHED.min(handlers - 1) { "touched" } else { "fine" };
        writeln!(code, "{attribute}{route}async fn h{number}() -> {answer} {{ \"{word}\" }}")
            .unwrap();
    }
    let names = || (0..handlers).map(|number| format!("h{number}"));
    match (framework, is_annotated) {
        (Framework::Axum, false) => {
            let routes = (0..handlers).map(|it| format!("    .route(\"/r{it}\", get(h{it}))\n"));
            let routes: String = routes.collect();
            write!(code, "fn main() {{ drop(Router::<()>::new()\n{routes}); }}\n").unwrap();
        }
        (Framework::Axum, true) => {
            let names = names().collect::<Vec<_>>().join(", ");
            writeln!(code, "fn main() {{ drop(Router::<()>::new().merge(routes![{names}])); }}")
                .unwrap();
        }
        (Framework::Actix, _) => {
            let services: Vec<String> =
                names().map(|name| format!("    config.service({name});")).collect();
            let services = services.join("\n");
            writeln!(code, "fn api(config: &mut web::ServiceConfig) {{\n{services}\n}}").unwrap();
            code.push_str("fn main() { drop(App::new().configure(api)); }\n");
        }
    }
    code
}

/// Programs that share their dependencies.
struct Workspace {
    place: PathBuf,
}

/// One of them.
struct Member {
    name: String,
    framework: Framework,
    kind: Kind,
    handlers: usize,
}

impl Workspace {
    fn create(place: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&place)?;
        fs::write(
            place.join("Cargo.toml"),
            "[workspace]\nresolver = \"3\"\nmembers = [\"programs/*\"]\n",
        )?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        fs::copy(root.join("Cargo.lock"), place.join("Cargo.lock"))?;
        let workspace = Self { place };
        for framework in Framework::ALL {
            for kind in Kind::ALL {
                workspace.member(framework, kind, 1)?;
            }
        }
        Ok(workspace)
    }

    fn target(&self) -> PathBuf {
        self.place.join("target")
    }

    /// Writes a program down.
    fn member(&self, framework: Framework, kind: Kind, handlers: usize) -> io::Result<Member> {
        let name = match kind {
            Kind::Plain => format!("{framework}-plain"),
            Kind::Literal => format!("{framework}-literal"),
            Kind::Pattern => format!("{framework}-pattern"),
        };
        let root = env!("CARGO_MANIFEST_DIR");
        let mut manifest =
            format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\n");
        manifest.push_str(match framework {
            Framework::Axum => "axum = \"0.8\"\n",
            Framework::Actix => "actix-web = \"4\"\n",
        });
        if !matches!(kind, Kind::Plain) {
            writeln!(manifest, "cors-{framework} = {{ path = \"{root}/../cors-{framework}\" }}")
                .unwrap();
        }
        let folder = self.place.join("programs").join(&name);
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::write(folder.join("src/main.rs"), source(framework, kind, handlers, false))?;
        Ok(Member { name, framework, kind, handlers })
    }

    /// Changes one handler.
    fn touch(&self, member: &Member) -> io::Result<()> {
        let file = self.place.join("programs").join(&member.name).join("src/main.rs");
        let Member { framework, kind, handlers, .. } = *member;
        let touched = source(framework, kind, handlers, true);
        // The second touch goes back.
        let is_touched = fs::read_to_string(&file)? == touched;
        let code = if is_touched { source(framework, kind, handlers, false) } else { touched };
        fs::write(file, code)
    }

    /// Runs cargo for a program; returns the seconds it took.
    fn run(&self, command: &str, member: &Member) -> io::Result<f64> {
        let clock = Clock::start();
        let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args([command, "--quiet", "--package", &member.name])
            .current_dir(&self.place)
            // What the benchmark itself was built with must not be used in there.
            .env_remove("RUSTFLAGS")
            .env("CARGO_TARGET_DIR", self.target())
            .stdout(Stdio::null())
            .status()?;
        assert!(status.success(), "cargo {command} failed on {}", member.name);
        Ok(clock.seconds())
    }

    fn size(&self, member: &Member) -> io::Result<u64> {
        Ok(fs::metadata(self.target().join("debug").join(&member.name))?.len())
    }
}

/// What a kind of handlers costs.
struct Row {
    check: f64,
    check_again: f64,
    build: f64,
    build_again: f64,
    bytes: u64,
}

impl Row {
    /// The row, and how many times the plain one it is.
    fn beside(&self, plain: Option<&Self>) -> String {
        let cell = |read: fn(&Self) -> f64, unit: &str| {
            let own = read(self);
            let times = plain.map(|plain| format!(" (x {:.2})", own / read(plain)));
            format!("{own:.1}{unit}{}", times.unwrap_or_default())
        };
        #[expect(clippy::cast_precision_loss, reason = "megabytes")]
        let megabytes: fn(&Self) -> f64 = |row| row.bytes as f64 / 1e6;
        [
            cell(|row| row.check, " s"),
            cell(|row| row.check_again, " s"),
            cell(|row| row.build, " s"),
            cell(|row| row.build_again, " s"),
            cell(megabytes, ""),
        ]
        .join(" | ")
    }
}

/// The CPU time of child processes, or the time on the clock where that is not counted.
struct Clock {
    children: Option<f64>,
    started: Instant,
}

impl Clock {
    fn start() -> Self {
        Self { children: children_seconds(), started: Instant::now() }
    }

    fn seconds(&self) -> f64 {
        match (self.children, children_seconds()) {
            (Some(before), Some(after)) => after - before,
            _ => self.started.elapsed().as_secs_f64(),
        }
    }
}

/// The fields `cutime` and `cstime` of `/proc/self/stat`, which count hundredths of a second.
fn children_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may hold blanks.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(13);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / 100.0)
}
