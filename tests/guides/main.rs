//! The migration guides of `docs`: what they write for the other library and for this one is
//! compiled, gets the same requests, and is compared by what a page sees of the responses.
//!
//! `GUIDES_BLESS=1 cargo test -p tests --test guides` writes what was seen into the guides.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod actix;
mod guide;
mod links;
mod page;
mod tower;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use cors_core::Rule;
use guide::{Here, Section};
use page::{ASKS, Response, sees};

/// What the two policies of a section answered to each of [`ASKS`].
#[derive(Debug)]
pub(crate) struct Seen {
    theirs: Option<Vec<Response>>,
    ours: Option<Vec<Response>>,
}

/// The name of the other library, as its guide writes it.
const TOWER_HTTP: &str = "tower-http";
const ACTIX_CORS: &str = "actix-cors";

#[tokio::test]
async fn from_tower_http() {
    let seen = tower::seen().await;
    for seen in &seen {
        assert_general_differences(seen, Statuses { allowed: 200, rejected: 200 });
    }
    assert!(answers(&seen).any(|it| {
        it.header("access-control-allow-origin").is_some_and(|it| it != "*")
            && it.header("vary").is_none()
    }));
    compare(TOWER_HTTP, &seen);
}

#[actix_web::test]
async fn from_actix_cors() {
    let seen = actix::seen().await;
    for seen in &seen {
        assert_general_differences(seen, Statuses { allowed: 200, rejected: 400 });
    }
    assert!(answers(&seen).any(|it| it.elements("vary").len() > 1));
    compare(ACTIX_CORS, &seen);
}

#[test]
fn every_method_of_tower_http_is_in_the_guide() {
    assert_complete(TOWER_HTTP, "src/cors");
}

#[test]
fn every_method_of_actix_cors_is_in_the_guide() {
    assert_complete(ACTIX_CORS, "src/builder.rs");
}

/// The responses of the other library to requests without a preflight, one of which names
/// credentials to an origin that may not read it.
fn answers(seen: &[Seen]) -> impl Iterator<Item = &Response> {
    let responses = seen.iter().filter_map(|it| it.theirs.as_ref());
    let mut answers =
        responses.flat_map(|it| ASKS.iter().zip(it)).filter(|(ask, _)| ask.preflight.is_none());
    assert!(answers.clone().any(|(ask, response)| {
        sees(ask, response) == "not readable"
            && response.header("access-control-allow-credentials").is_some()
    }));
    std::iter::from_fn(move || answers.next().map(|(_, response)| response))
}

/// What the other library answers to preflights.
#[derive(Clone, Copy)]
struct Statuses {
    allowed: u16,
    rejected: u16,
}

/// What the section "In every row" of both guides says.
fn assert_general_differences(seen: &Seen, statuses: Statuses) {
    let names_origins = |response: &Response| {
        response.header("access-control-allow-origin").is_some_and(|it| it != "*")
    };
    let varies = seen.ours.iter().flatten().any(names_origins);
    for (number, ask) in ASKS.iter().enumerate() {
        let theirs = seen.theirs.as_ref().map(|it| &it[number]);
        let is_private = ask.preflight.is_some_and(|it| it.private_network);
        if let (Some(theirs), Some(_)) = (theirs, ask.preflight)
            && !theirs.handler_ran()
        {
            if sees(ask, theirs).starts_with("allowed") {
                assert_eq!(theirs.status, statuses.allowed, "{ask:?}");
            } else if !is_private {
                assert_eq!(theirs.status, statuses.rejected, "{ask:?}");
            }
        }
        let Some(ours) = seen.ours.as_ref().map(|it| &it[number]) else { continue };
        let page = sees(ask, ours);
        let vary: BTreeSet<String> = ours.elements("vary").into_iter().collect();
        // Without `private_network` the preflight is allowed, and the browser looks for one more header.
        if ask.preflight.is_some() && !is_private {
            let status = if page == "blocked" { 403 } else { 204 };
            assert_eq!(ours.status, status, "{ask:?} {ours:?}");
            assert!(!ours.handler_ran(), "{ask:?}");
        }
        if page == "not readable" || (page == "blocked" && !is_private) {
            assert_eq!(ours.cors().count(), 0, "{ask:?} {ours:?}");
        }
        if ask.preflight.is_none() {
            assert_eq!(vary.contains("origin"), varies, "{ask:?} {ours:?}");
        }
    }
}

/// Holds the guide against what was seen, or writes it.
fn compare(peer: &str, seen: &[Seen]) {
    let path = path(peer);
    let guide = fs::read_to_string(&path).unwrap();
    let sections = guide::sections(&guide);
    assert_eq!(sections.len(), seen.len(), "the build script reads the same guide");
    for section in &sections {
        assert_names_its_rule(section);
    }

    let tables: Vec<String> = seen.iter().map(|it| table(peer, it)).collect();
    let index = index(peer, &sections, seen);
    let expected = guide::rewritten(&guide, &index, &tables);
    if env::var_os("GUIDES_BLESS").is_some() {
        fs::write(&path, expected).unwrap();
        return;
    }
    for (line, (guide, seen)) in guide.lines().zip(expected.lines()).enumerate() {
        assert_eq!(guide, seen, "{}:{}: the guide, and what was seen", path.display(), line + 1);
    }
    assert_eq!(guide, expected);
}

/// The requests of a section whose responses a page tells apart.
fn table(peer: &str, seen: &Seen) -> String {
    let rows: Vec<String> = ASKS
        .iter()
        .enumerate()
        .filter_map(|(number, ask)| {
            let cell = |responses: &Option<Vec<Response>>| {
                responses.as_ref().map(|responses| sees(ask, &responses[number]))
            };
            let (theirs, ours) = (cell(&seen.theirs), cell(&seen.ours));
            match (theirs, ours) {
                (Some(theirs), Some(ours)) if theirs == ours => None,
                (Some(theirs), Some(ours)) => {
                    Some(format!("| {} | {theirs} | {ours} |\n", ask.name))
                }
                (Some(theirs), None) if theirs != "blocked" && theirs != "not readable" => {
                    Some(format!("| {} | {theirs} | |\n", ask.name))
                }
                _ => None,
            }
        })
        .collect();
    match seen {
        Seen { theirs: None, .. } => String::new(),
        _ if rows.is_empty() => "A page sees no difference.\n".to_owned(),
        Seen { ours: Some(_), .. } => {
            format!("| request | {peer} | here |\n| --- | --- | --- |\n{}", rows.concat())
        }
        Seen { ours: None, .. } => {
            format!("| request | {peer} | |\n| --- | --- | --- |\n{}", rows.concat())
        }
    }
}

/// One row for each section.
fn index(peer: &str, sections: &[Section], seen: &[Seen]) -> String {
    let mut index = format!("| {peer} | here | a page sees |\n| --- | --- | --- |\n");
    for (section, seen) in sections.iter().zip(seen) {
        let here = match &section.here {
            Here::Code(code) => code.lines().next().map_or_else(String::new, keys),
            Here::Refused(_) => "does not compile".to_owned(),
            Here::Absent => "not there".to_owned(),
        };
        let page = match seen {
            Seen { theirs: Some(theirs), ours: Some(ours) } => {
                let differ = ASKS
                    .iter()
                    .zip(theirs.iter().zip(ours))
                    .filter(|(ask, (theirs, ours))| sees(ask, theirs) != sees(ask, ours))
                    .count();
                if differ == 0 {
                    "the same".to_owned()
                } else {
                    format!("{differ} of {} responses differ", ASKS.len())
                }
            }
            _ => String::new(),
        };
        let heading = &section.heading;
        writeln!(index, "| [{heading}](#{}) | {here} | {page} |", anchor(heading)).unwrap();
    }
    index
}

/// What stands in the braces of a policy.
fn keys(line: &str) -> String {
    let keys = line.split_once("= { ").and_then(|(_, rest)| rest.strip_suffix(" } }"));
    keys.map_or_else(|| "a few lines".to_owned(), |keys| format!("`{}`", keys.replace('|', "\\|")))
}

/// Where a forge puts a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// What does not compile says why, by the identifier of a rule.
fn assert_names_its_rule(section: &Section) {
    if let Here::Refused(code) = &section.here {
        let id = code.rsplit_once('[').and_then(|(_, rest)| rest.split_once(']'));
        let id = id.unwrap_or_else(|| panic!("{}: no rule", section.heading)).0;
        assert!(id.parse::<Rule>().is_ok(), "{}: {id} is no rule", section.heading);
    }
}

/// Every public method that builds the other library's policies is named by its guide.
fn assert_complete(peer: &str, sources: &str) {
    let guide = fs::read_to_string(path(peer)).unwrap();
    let sources = folder(peer).join(sources);
    let files: Vec<PathBuf> = if sources.is_dir() {
        fs::read_dir(&sources).unwrap().map(|it| it.unwrap().path()).collect()
    } else {
        vec![sources]
    };
    let mut methods = BTreeSet::new();
    for file in files {
        methods.extend(public_methods(&fs::read_to_string(file).unwrap()));
    }
    assert!(methods.len() > 15, "{methods:?}");
    let missing: Vec<_> =
        methods.iter().filter(|method| !guide.contains(&format!("`{method}`"))).collect();
    assert!(missing.is_empty(), "not in the guide: {missing:?}");
}

/// `Type::method`, for all of a file in the layout of rustfmt.
fn public_methods(source: &str) -> Vec<String> {
    let mut of = None;
    let mut methods = Vec::new();
    for line in source.lines() {
        if line.starts_with("impl") {
            let name = line.trim_end_matches(" {").rsplit(' ').next().unwrap_or_default();
            of = Some(name.split('<').next().unwrap_or_default());
        }
        if let (Some(of), Some(rest)) = (of, line.strip_prefix("    pub fn ")) {
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            methods.push(format!("{of}::{name}"));
        }
    }
    methods
}

/// Where the sources of a dependency are.
fn folder(package: &str) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        // What other platforms need may not have been downloaded.
        .args(["--filter-platform", env!("TARGET")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let manifest = packages.iter().find(|it| it["name"] == package).unwrap();
    let manifest = manifest["manifest_path"].as_str().unwrap();
    Path::new(manifest).parent().unwrap().to_owned()
}

fn path(peer: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/migrate-from-{peer}.md"))
}
