//! Which stack is asked what.

use super::ask::{self, Ask, FOREIGN};
use super::{Serve, Stack, on_actix, on_axum, on_tower};

/// A row of a table: a stack, and what it is asked.
pub(crate) struct Row {
    pub(crate) stack: Stack,
    pub(crate) asks: Vec<Ask>,
}

/// Ten origins, two headers, every request.
fn main() -> Vec<Row> {
    let mut stacks = on_axum::stacks();
    stacks.extend(on_tower::stacks());
    stacks.extend(on_actix::stacks());
    #[cfg(feature = "peers")]
    stacks.extend(super::peers::stacks());
    #[cfg(feature = "peers")]
    stacks.extend(super::floor::stacks());
    stacks.into_iter().map(|stack| Row { stack, asks: ask::all() }).collect()
}

/// Other shapes of responses, other ways to name origins: actual requests.
fn variants() -> Vec<Row> {
    let mut stacks = on_axum::shapes();
    stacks.extend(on_tower::shapes());
    stacks.extend(on_actix::shapes());
    stacks.extend(on_tower::origins());
    #[cfg(feature = "peers")]
    stacks.extend(super::floor::shapes());
    let asks: Vec<Ask> = ask::all().into_iter().filter(|ask| !ask.is_preflight()).collect();
    stacks.into_iter().map(|stack| Row { stack, asks: asks.clone() }).collect()
}

/// Lists of origins, made at run time.
fn scale() -> Vec<Row> {
    let row = |name, over, count, serve: Box<dyn Serve>| Row {
        stack: Stack { name, over: Some(over), serve },
        asks: vec![Ask::allowed(&ask::last_origin(count)), Ask::refused(FOREIGN)],
    };
    let ours = OURS
        .into_iter()
        .map(|(name, count)| row(name, "tower bare", count, Box::new(on_tower::of(count))));
    let ours =
        ours.chain(CELLS.iter().map(|(name, count)| {
            row(name, "tower bare", *count, Box::new(on_tower::cell_of(*count)))
        }));
    #[cfg(feature = "peers")]
    let ours = ours.chain(
        THEIRS
            .into_iter()
            .map(|(name, count)| row(name, "axum bare", count, Box::new(super::peers::of(count)))),
    );
    ours.collect()
}

const OURS: [(&str, usize); 4] = [
    ("tower CorsLayer, 1 origin", 1),
    ("tower CorsLayer, 10 origins", 10),
    ("tower CorsLayer, 1,000 origins", 1_000),
    ("tower CorsLayer, 100,000 origins", 100_000),
];

const CELLS: &[(&str, usize)] = &[
    ("tower CorsLayer, a cell of 10 origins", 10),
    ("tower CorsLayer, a cell of 1,000 origins", 1_000),
    // For the table alone: to judge them under valgrind takes half a minute.
    #[cfg(feature = "peers")]
    ("tower CorsLayer, a cell of 100,000 origins", 100_000),
];

#[cfg(feature = "peers")]
const THEIRS: [(&str, usize); 3] = [
    ("axum tower-http inside, 1 origin", 1),
    ("axum tower-http inside, 10 origins", 10),
    ("axum tower-http inside, 1,000 origins", 1_000),
];

/// Every row, in an order that two processes agree on.
pub(crate) fn all() -> Vec<Row> {
    let mut rows = main();
    rows.extend(variants());
    rows.extend(scale());
    rows
}
