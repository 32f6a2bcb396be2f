//! The routes and their policies, for the terminal.

use std::fmt::Write as _;

use super::policies::{ROUTES, Route};

const HEADINGS: [&str; 5] = ["METHOD", "PATH", "WHO MAY READ", "COOKIES", "OTHERS"];

/// The table that the demo prints when it starts; what it says of a policy, the policy says.
#[must_use]
pub fn table() -> String {
    let rows: Vec<[String; 5]> =
        [HEADINGS.map(str::to_owned)].into_iter().chain(ROUTES.iter().map(row)).collect();
    let widths: [usize; 5] = std::array::from_fn(|column| {
        rows.iter().map(|row| row[column].len()).max().unwrap_or_default()
    });
    rows.iter().fold(String::new(), |mut table, row| {
        let cells = row.iter().zip(widths);
        let line: String = cells.fold(String::new(), |mut line, (cell, width)| {
            // Writing to a string cannot fail.
            let _ = write!(line, "{cell:width$}  ");
            line
        });
        table.push_str(line.trim_end());
        table.push('\n');
        table
    })
}

fn row(&Route { method, path, policy }: &Route) -> [String; 5] {
    let readers = if policy.is_public() {
        "everybody".to_owned()
    } else {
        policy.origins().collect::<Vec<_>>().join(", ")
    };
    let cookies = if policy.allows_credentials() { "yes" } else { "no" };
    let others = match (policy.is_public(), policy.enforces()) {
        (true, _) => "",
        (false, true) => "are refused",
        (false, false) => "cannot read",
    };
    [method, path, &readers, cookies, others].map(str::to_owned)
}
