//! Rewrites the vendored public suffix rules from the official list.
//!
//! ```text
//! curl -s https://publicsuffix.org/list/public_suffix_list.dat \
//!     | cargo run -p cors-policy-core --example refresh_suffixes
//! ```
//!
//! A path may be given instead of standard input. The form of what is written is described in
//! `src/origin/suffix/mod.rs`; nothing is written unless every line of the list was understood.

use std::{env, error::Error, fs, io::Read as _};

const TARGET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/origin/suffix/rules.txt");

fn main() -> Result<(), Box<dyn Error>> {
    let mut list = String::new();
    match env::args_os().nth(1) {
        Some(path) => list = fs::read_to_string(path)?,
        None => {
            std::io::stdin().read_to_string(&mut list)?;
        }
    }
    let version = list
        .lines()
        .find_map(|line| line.strip_prefix("// VERSION: "))
        .ok_or("the list has no `// VERSION:` line")?;
    let date = version.get(..10).ok_or("the version does not start with a date")?;
    for section in ["ICANN", "PRIVATE"] {
        for edge in ["BEGIN", "END"] {
            if !list.contains(&format!("// ==={edge} {section} DOMAINS===")) {
                return Err(format!("the list is cut: no {edge} of the section {section}").into());
            }
        }
    }

    let mut rules = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|rule| !rule.starts_with("//"))
        .map(reversed)
        .collect::<Result<Vec<_>, _>>()?;
    rules.sort_unstable();
    rules.dedup();

    // The first line is a fixed form: `src/origin/suffix/mod.rs` reads the date out of it.
    let mut text = format!(
        "# {date} is the date of this copy of the public suffix list (version {version}).\n\
         # Made by examples/refresh_suffixes.rs from https://publicsuffix.org/list/public_suffix_list.dat\n\
         # This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0.\n\
         # If a copy of the MPL was not distributed with this file, You can obtain one at\n\
         # https://mozilla.org/MPL/2.0/.\n"
    );
    for rule in &rules {
        text.push_str(rule);
        text.push('\n');
    }
    fs::write(TARGET, text)?;
    println!("{} rules of {date} written to {TARGET}", rules.len());
    Ok(())
}

/// Turns `!city.kawasaki.jp` into `jp kawasaki city !`, and `*.ck` into `ck *`.
fn reversed(rule: &str) -> Result<String, Box<dyn Error>> {
    let (name, mark) = if let Some(name) = rule.strip_prefix('!') {
        (name, " !")
    } else if let Some(name) = rule.strip_prefix("*.") {
        (name, " *")
    } else {
        (rule, "")
    };
    let ascii = idna::domain_to_ascii(name).map_err(|error| format!("`{rule}`: {error}"))?;
    let labels: Vec<&str> = ascii.rsplit('.').collect();
    for label in &labels {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if label.is_empty() || !label.bytes().all(plain) {
            // The look-up relies on it: a `*` inside a rule is allowed by the list's format, but
            // was never used.
            return Err(format!("`{rule}`: the label `{label}` is not understood").into());
        }
    }
    Ok(labels.join(" ") + mark)
}
