//! What the compiler has written, without what depends on the machine or on the lines of other
//! crates.

use std::iter;

use crate::here;

/// Paragraphs that follow the last error.
const SUMMARIES: [&str; 3] = [
    "error: aborting due to ",
    "Some errors have detailed explanations: ",
    "For more information about ",
];

pub(crate) fn normalized(stderr: &str) -> String {
    let diagnostics = stderr.trim_end().split("\n\n");
    let texts: Vec<String> = diagnostics
        .filter(|it| !SUMMARIES.iter().any(|summary| it.starts_with(summary)))
        .map(diagnostic)
        .collect();
    texts.join("\n\n") + "\n"
}

fn diagnostic(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut foreign = false;
    for line in text.lines().filter(|line| !names_a_file_of_types(line)) {
        let mut line = others(line);
        if let Some(at) = ["--> ", "::: "].iter().find_map(|arrow| find_arrow(&line, arrow)) {
            let place = with_known_roots(&line[at..]);
            foreign = place.starts_with('$');
            let place = if foreign { place.split(':').next().unwrap() } else { &place };
            line = format!("{}{place}", &line[..at]);
        } else if !line.starts_with(' ') && !line.starts_with(|it: char| it.is_ascii_digit()) {
            foreign &= line == "...";
        } else if foreign {
            line = without_number(&line);
        }
        lines.push(line.replace(&here_as_written(), ""));
    }
    narrow(&mut lines);
    lines.join("\n")
}

/// Where the path behind an arrow starts.
fn find_arrow(line: &str, arrow: &str) -> Option<usize> {
    line.trim_start().starts_with(arrow).then(|| line.len() - line.trim_start().len() + arrow.len())
}

/// The path from here, or with a name for the workspace or for a package from the registry.
fn with_known_roots(path: &str) -> String {
    if let Some(case) = path.strip_prefix(&here_as_written()) {
        return case.to_owned();
    }
    // Cargo compiles the packages of the workspace by their relative paths.
    if !path.starts_with('/') {
        return format!("$WORKSPACE/{path}");
    }
    if let Some((_, inside)) = path.split_once("/registry/src/")
        && let Some((_registry, inside)) = inside.split_once('/')
        && let Some((package, file)) = inside.split_once('/')
    {
        let starts_version = |(at, _): &(usize, &str)| {
            package[at + 1..].starts_with(|first: char| first.is_ascii_digit())
        };
        let version = package.match_indices('-').find(starts_version);
        let name = version.map_or(package, |(at, _)| &package[..at]);
        return format!("$CARGO/{name}-$VERSION/{file}");
    }
    path.to_owned()
}

fn here_as_written() -> String {
    format!("{}/", here().display())
}

/// The line without the number of the source line that it shows.
fn without_number(line: &str) -> String {
    let digits = line.trim_start().chars().take_while(char::is_ascii_digit).count();
    let end = line.len() - line.trim_start().len() + digits;
    let blank: String = iter::repeat_n(' ', end).collect();
    blank + &line[end..]
}

/// Makes the margin as wide as the numbers that are left in it.
fn narrow(lines: &mut [String]) {
    let Some(width) = lines.iter().find_map(|line| line.find("--> ")) else { return };
    let numbers = lines.iter().filter_map(|line| {
        let (margin, _) = line.split_once(" |")?;
        let number = margin.trim_start();
        number.bytes().all(|it| it.is_ascii_digit()).then_some(number.len())
    });
    let excess = " ".repeat(width.saturating_sub(numbers.max().unwrap_or(1).max(1)));
    for line in lines {
        if let Some(rest) = line.strip_prefix(&excess) {
            *line = rest.to_owned();
        }
    }
}

/// How many types implement a trait depends on the features of other crates.
fn others(line: &str) -> String {
    let number = line.trim_start().strip_prefix("and ").and_then(|it| it.strip_suffix(" others"));
    match number {
        Some(number) if number.bytes().all(|it| it.is_ascii_digit()) => line.replace(number, "$N"),
        _ => line.to_owned(),
    }
}

/// The name of that file is another one in each run.
fn names_a_file_of_types(line: &str) -> bool {
    line.contains("the full type name has been written to")
        || line.contains("the full name for the type has been written to")
}
