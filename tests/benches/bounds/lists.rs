//! The lists that are compared.

use cors_core::Policy;

use super::{List, colliding};

/// A name of another owner, as long as the names of the lists.
const FOREIGN: &str = "https://x0000000.example.net";

/// Every list is beside one that stands above it.
pub(super) fn all() -> impl Iterator<Item = List> {
    let few = ["1 origin", "10 origins", "1,000 origins", "177,147 origins"];
    let exact = few.into_iter().zip([1, 10, 1_000, 177_147]);
    let exact = exact.map(|(name, count)| exact_origins(name, (0..count).map(origin), "1 origin"));
    let long = |number| {
        let number = format!("{number:063}");
        format!("https://{number}.{number}.{}.example.app.com", &number[..39])
    };
    let long = [
        exact_origins("177,147 long origins", (0..177_147).map(long), "177,147 long origins"),
        exact_origins("177,147 that collide", colliding_origins(), "177,147 long origins"),
    ];
    let counts = [1, 8, 9, 1_000, 1_000_000];
    let names =
        ["1 wildcard", "8 wildcards", "9 wildcards", "1,000 wildcards", "1,000,000 wildcards"];
    let wild = names.into_iter().zip(counts).map(|(name, count)| wildcards(name, count));
    let deep = ["1 deep wildcard", "250,000 deep wildcards"].into_iter().zip([1, 250_000]);
    let deep = deep.map(|(name, count)| deep_wildcards(name, count));
    exact.chain(long).chain(wild).chain(deep).chain(patterns())
}

fn origin(number: usize) -> String {
    format!("https://t{number:07}.example.com")
}

fn exact_origins(
    name: &'static str,
    origins: impl Iterator<Item = String>,
    usual: &'static str,
) -> List {
    let origins: Vec<String> = origins.collect();
    let allowed = origins.last().cloned().unwrap_or_default();
    // As long as an origin of the list, so that it is looked up.
    let worst = format!("https://{}.com", "x".repeat(allowed.len() - 12));
    List {
        name,
        count: origins.len(),
        builder: Policy::builder().origins(origins),
        allowed,
        refused: FOREIGN.to_owned(),
        worst,
        usual,
    }
}

fn colliding_origins() -> impl Iterator<Item = String> {
    let origins = colliding::origins();
    let of_first = origins.first().map(|it| colliding::hash(it.as_bytes()));
    assert!(origins.iter().all(|it| Some(colliding::hash(it.as_bytes())) == of_first));
    origins.into_iter()
}

/// An origin with as many labels as a host may have.
fn many_labels() -> String {
    format!("https://{}com", "a.".repeat(125))
}

fn wildcards(name: &'static str, count: usize) -> List {
    let wildcard = |number: usize| format!("https://*.t{number:07}.example.com");
    List {
        name,
        count,
        builder: Policy::builder().origins((0..count).map(wildcard)),
        allowed: format!("https://a.t{:07}.example.com", count - 1),
        refused: "https://a.x0000000.example.net".to_owned(),
        worst: many_labels(),
        usual: "1 wildcard",
    }
}

/// Wildcards of every depth, so that a request with many labels is looked up at every one.
fn deep_wildcards(name: &'static str, count: usize) -> List {
    let wildcard = |number: usize| {
        let depth = if count == 1 { 110 } else { 1 + number % 110 };
        format!("https://*.t{number:06}.{}com", "a.".repeat(depth))
    };
    List {
        name,
        count,
        builder: Policy::builder().origins((0..count).map(wildcard)),
        allowed: wildcard(count - 1).replace('*', "a"),
        refused: FOREIGN.to_owned(),
        worst: many_labels(),
        usual: "1 deep wildcard",
    }
}

fn patterns() -> Vec<List> {
    let simple = |number: usize| format!(r"^https://t{number:07}-[0-9]+\.example\.com$");
    // Each matches only after a host was read to its end. More letters would be too complex.
    let letters = |number: usize| 1 + number % 6;
    let long = |number: usize| {
        let letters = letters(number);
        format!(
            r"^https://([a-z0-9-]+\.)*[a-z]*(aa|bb)[a-z]{{{letters}}}\.t{number}\.example\.com$"
        )
    };
    let of = |name, patterns: Vec<String>, allowed: String, usual| List {
        name,
        count: patterns.len(),
        builder: Policy::builder().origin_patterns(patterns),
        allowed,
        refused: FOREIGN.to_owned(),
        worst: format!("https://{}com", "aaaaaaaaaaaaaaaaaaaaaaaa.".repeat(9)),
        usual,
    };
    let some = |count, pattern: &dyn Fn(usize) -> String| (0..count).map(pattern).collect();
    vec![
        of("1 pattern", some(1, &simple), "https://t0000000-1.example.com".to_owned(), "1 pattern"),
        of(
            "32 patterns",
            some(32, &simple),
            "https://t0000031-1.example.com".to_owned(),
            "1 pattern",
        ),
        of("1 long pattern", some(1, &long), "https://aaz.t0.example.com".to_owned(), "1 pattern"),
        of(
            "32 long patterns",
            some(32, &long),
            format!("https://aa{}.t31.example.com", "z".repeat(letters(31))),
            "1 long pattern",
        ),
    ]
}
