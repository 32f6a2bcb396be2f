//! The lists that are compared.

use std::env;

use cors_core::Policy;

use super::{List, colliding};

/// A name of another owner, as long as the names of the lists.
const FOREIGN: &str = "https://x0000000.example.net";

const LONG: &str = "177,147 long origins";

/// Every list is beside one that stands above it. `LISTS="1 wildcard;100"` is for those whose names
/// have one of these texts in them.
pub(super) fn all() -> impl Iterator<Item = List> {
    let asked = env::var("LISTS").unwrap_or_default();
    let is_asked = move |name: &str| asked.split(';').any(|part| name.contains(part));
    named().into_iter().filter(move |(name, _)| is_asked(name)).map(|(name, list)| list(name))
}

type Named = (&'static str, Box<dyn Fn(&'static str) -> List>);

fn named() -> Vec<Named> {
    let few = ["1 origin", "10 origins", "1,000 origins", "177,147 origins"];
    let exact = few.into_iter().zip([1, 10, 1_000, 177_147]).map(|(name, count)| -> Named {
        (name, Box::new(move |name| exact_origins(name, (0..count).map(origin), "1 origin")))
    });
    let long = |number| {
        let number = format!("{number:063}");
        format!("https://{number}.{number}.{}.example.app.com", &number[..39])
    };
    let long: [Named; 2] = [
        (LONG, Box::new(move |name| exact_origins(name, (0..177_147).map(long), LONG))),
        ("177,147 that collide", Box::new(|name| exact_origins(name, colliding_origins(), LONG))),
    ];
    let wild: [Wildcards; 14] = [
        (ONE, 1, flat_wildcard),
        ("8 wildcards", 8, flat_wildcard),
        ("9 wildcards", 9, flat_wildcard),
        ("1,000 wildcards", 1_000, flat_wildcard),
        ("1,000,000 wildcards", 1_000_000, flat_wildcard),
        ("1 wildcard of depth 110", 1, deep_wildcard),
        ("8 of all depths", 8, deep_wildcard),
        ("9 of all depths", 9, deep_wildcard),
        ("1,000 of all depths", 1_000, deep_wildcard),
        ("1,000,000 of all depths", 1_000_000, deep_wildcard),
        ("1,000 of all depths and ports", 1_000, port_wildcard),
        ("100,000 of all depths and ports", 100_000, port_wildcard),
        ("8 within one another", 8, nested_wildcard),
        ("100 within one another", 100, nested_wildcard),
    ];
    let wild = wild.into_iter().map(|(name, count, wildcard)| -> Named {
        (name, Box::new(move |name| wildcards(name, count, &wildcard)))
    });
    exact.chain(long).chain(wild).chain(patterns()).collect()
}

/// So many wildcards, by their numbers.
type Wildcards = (&'static str, usize, fn(usize) -> String);

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
    let worst = vec![format!("https://{}.com", "x".repeat(allowed.len() - 12))];
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

/// The usual list of wildcards.
const ONE: &str = "1 wildcard";

fn flat_wildcard(number: usize) -> String {
    format!("https://*.t{number:07}.example.com")
}

/// Wildcards of every depth, so that there is much to be looked up for an origin of many labels.
fn deep_wildcard(number: usize) -> String {
    let depth = 1 + (number + 109) % 110;
    format!("https://*.t{number:07}.{}com", "a.".repeat(depth))
}

fn port_wildcard(number: usize) -> String {
    let port = ["", ":*", ":8443"][number / 110 % 3];
    format!("{}{port}", deep_wildcard(number))
}

/// Each stands for what the one before it stands for, and is its host besides.
fn nested_wildcard(number: usize) -> String {
    format!("https://*.{}example.com", "a.".repeat(number + 1))
}

/// As long as an origin may be, in different ways.
fn worst_for_wildcards() -> Vec<String> {
    let many_labels = format!("https://{}com", "a.".repeat(125));
    let long_labels = format!("https://{}example.com", format!("{}.", "x".repeat(63)).repeat(3));
    let of_one = |depth| format!("t{:07}.{}com", depth - 1, "a.".repeat(depth));
    let no_label_at = |front: String| format!("https://{front}{}", of_one(1));
    // The host of a single wildcard, and of the first of many that differ in the same label.
    let before_flat = format!("https://{}!.t0000000.example.com", "a.".repeat(113));
    vec![
        before_flat,
        format!("{many_labels}:8443"),
        many_labels,
        long_labels,
        // What is in front of the host of a wildcard is read to its end.
        no_label_at(format!("{}!.", "a.".repeat(115))),
        no_label_at(format!("{}!.", format!("{}.", "x".repeat(57)).repeat(4))),
        format!("https://{}!.a.a.a.a.a.a.a.example.com", "a.".repeat(110)),
        format!("https://!.{}example.com", "a.".repeat(100)),
        format!("https://!.{}", of_one(110)),
    ]
}

fn wildcards(name: &'static str, count: usize, wildcard: &dyn Fn(usize) -> String) -> List {
    let list: Vec<String> = (0..count).map(wildcard).collect();
    let allowed = list.last().cloned().unwrap_or_default();
    let allowed = allowed.replace("*.", "a.").replace('*', "8443");
    let refused = "https://a.x0000000.example.net".to_owned();
    let (builder, worst) = (Policy::builder().origins(list), worst_for_wildcards());
    List { name, count, builder, allowed, refused, worst, usual: ONE }
}

const ONE_PATTERN: &str = "1 small pattern";

fn small_pattern(number: usize) -> String {
    format!(r"^https://t{number:07}-[0-9]+\.example\.com$")
}

/// Each matches only after a host was read to its end.
fn large_pattern(number: usize) -> String {
    let letters = 1 + number % 6;
    format!(r"^https://([a-z0-9-]+\.)*[a-z]*(aa|bb)[a-z]{{{letters}}}\.t{number}\.example\.com$")
}

/// With labels of at most 63 letters, as the DNS has them.
fn label_pattern(number: usize) -> String {
    let label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    format!(r"^https://(?:{label}\.)*t{number:07}-{label}\.example\.com$")
}

fn of_small(number: usize) -> String {
    format!("https://t{number:07}-1.example.com")
}

fn of_large(number: usize) -> String {
    format!("https://aa{}.t{number}.example.com", "z".repeat(1 + number % 6))
}

fn worst_for_patterns() -> Vec<String> {
    let digits = "1".repeat(250);
    vec![
        format!("https://{}com", "aaaaaaaaaaaaaaaaaaaaaaaa.".repeat(9)),
        format!("https://t0000000-{digits}"),
        format!("https://t0000031-{digits}"),
        format!("https://{}t0000000-a.example.con", "a.".repeat(110)),
    ]
}

fn patterns() -> impl Iterator<Item = Named> {
    type Texts = fn(usize) -> String;
    let lists: [(_, _, Texts, Texts); 8] = [
        (ONE_PATTERN, 1, small_pattern, of_small),
        ("8 small patterns", 8, small_pattern, of_small),
        ("32 small patterns", 32, small_pattern, of_small),
        ("1 pattern of labels", 1, label_pattern, of_small),
        ("32 patterns of labels", 32, label_pattern, of_small),
        ("1 large pattern", 1, large_pattern, of_large),
        ("8 large patterns", 8, large_pattern, of_large),
        ("32 large patterns", 32, large_pattern, of_large),
    ];
    lists.into_iter().map(|(name, count, pattern, allowed)| -> Named {
        let list = move |name| List {
            name,
            count,
            builder: Policy::builder().origin_patterns((0..count).map(pattern)),
            allowed: allowed(count - 1),
            refused: FOREIGN.to_owned(),
            worst: worst_for_patterns(),
            usual: ONE_PATTERN,
        };
        (name, Box::new(list))
    })
}
