//! A finite automaton as a regular expression, by elimination of its states.
//!
//! The text of a pattern is written for one syntax of regular expressions, and means something
//! else in another. The automaton means what the policy does.

use std::collections::{BTreeMap, BTreeSet};

use super::regex;
use crate::origin::automaton::Automaton;

/// What is written, at most, before the elimination gives up.
const MOST: usize = 8 * regex::LONGEST;

/// A regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expr {
    /// Nothing is read.
    Empty,
    Class(BTreeSet<u8>),
    Concat(Vec<Expr>),
    Either(Vec<Expr>),
    /// Any number of times.
    Star(Box<Expr>),
    /// At most once.
    Maybe(Box<Expr>),
}

/// A regular expression for what an automaton accepts; `None` if that is too long.
pub(super) fn regex(table: &Automaton) -> Option<String> {
    const START: usize = usize::MAX - 1;
    const END: usize = usize::MAX;
    let mut edges = edges_of(table);
    edges.insert((START, 1), Expr::Empty);
    let states: BTreeSet<usize> = edges.keys().flat_map(|&(from, to)| [from, to]).collect();
    for &state in states.iter().filter(|state| **state >= table.first_accepting) {
        if state < START {
            edges.insert((state, END), Expr::Empty);
        }
    }
    let mut left: BTreeSet<usize> = states.into_iter().filter(|state| *state < START).collect();
    while let Some(state) = cheapest(&edges, &left) {
        left.remove(&state);
        eliminate(&mut edges, state);
        if edges.values().map(Expr::size).sum::<usize>() > MOST {
            return None;
        }
    }
    edges.get(&(START, END)).map(Expr::write)
}

fn edges_of(table: &Automaton) -> BTreeMap<(usize, usize), Expr> {
    let mut edges: BTreeMap<(usize, usize), BTreeSet<u8>> = BTreeMap::new();
    let stride = table.stride;
    for state in 1..table.rows.len().checked_div(stride).unwrap_or(0) {
        for (byte, class) in (0_u8..).zip(&*table.classes) {
            let to = table.rows.get(state * stride + usize::from(*class));
            if to != 0 {
                edges.entry((state, to)).or_default().insert(byte);
            }
        }
    }
    edges.into_iter().map(|(edge, bytes)| (edge, Expr::Class(bytes))).collect()
}

/// The state whose elimination writes the least.
fn cheapest(edges: &BTreeMap<(usize, usize), Expr>, left: &BTreeSet<usize>) -> Option<usize> {
    let cost = |state: usize| {
        let (mut ins, mut outs, mut ways_in, mut ways_out, mut own) = (0, 0, 0, 0, 0);
        for (&(from, to), expr) in edges {
            match (from == state, to == state) {
                (true, true) => own = expr.size(),
                (true, false) => (outs, ways_out) = (outs + expr.size(), ways_out + 1),
                (false, true) => (ins, ways_in) = (ins + expr.size(), ways_in + 1),
                (false, false) => {}
            }
        }
        ins * ways_out + outs * ways_in + own * ways_in * ways_out
    };
    left.iter().copied().min_by_key(|state| cost(*state))
}

fn eliminate(edges: &mut BTreeMap<(usize, usize), Expr>, state: usize) {
    let own = edges.remove(&(state, state));
    let ins: Vec<_> = edges.iter().filter(|((_, to), _)| *to == state).collect();
    let ins: Vec<(usize, Expr)> =
        ins.into_iter().map(|(&(from, _), it)| (from, it.clone())).collect();
    let outs: Vec<_> = edges.iter().filter(|((from, _), _)| *from == state).collect();
    let outs: Vec<(usize, Expr)> =
        outs.into_iter().map(|(&(_, to), it)| (to, it.clone())).collect();
    edges.retain(|(from, to), _| *from != state && *to != state);
    for (from, first) in &ins {
        for (to, last) in &outs {
            let again = own.clone().map_or(Expr::Empty, Expr::star);
            let way = first.clone().then(again).then(last.clone());
            let both = match edges.remove(&(*from, *to)) {
                Some(other) => other.or(way),
                None => way,
            };
            edges.insert((*from, *to), both);
        }
    }
}

impl Expr {
    fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::Empty, other) | (other, Self::Empty) => other,
            (Self::Concat(mut parts), Self::Concat(more)) => {
                parts.extend(more);
                Self::Concat(parts)
            }
            (Self::Concat(mut parts), one) => {
                parts.push(one);
                Self::Concat(parts)
            }
            (one, Self::Concat(more)) => Self::Concat(std::iter::once(one).chain(more).collect()),
            (one, other) => Self::Concat(vec![one, other]),
        }
    }

    fn star(self) -> Self {
        match self {
            Self::Empty => Self::Empty,
            Self::Star(_) => self,
            Self::Maybe(inner) => Self::Star(inner),
            other => Self::Star(Box::new(other)),
        }
    }

    fn maybe(self) -> Self {
        match self {
            Self::Empty | Self::Star(_) | Self::Maybe(_) => self,
            other => Self::Maybe(Box::new(other)),
        }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Empty, other) | (other, Self::Empty) => other.maybe(),
            (Self::Maybe(one), other) | (other, Self::Maybe(one)) => one.or(other).maybe(),
            (Self::Class(one), Self::Class(other)) => Self::Class(&one | &other),
            (one, other) => one.or_factored(other),
        }
    }

    /// With what both start or end with written once.
    fn or_factored(self, other: Self) -> Self {
        let (mut one, mut other) = (self.parts(), other.parts());
        let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
        let prefix: Vec<Self> = one.drain(..start).collect();
        other.drain(..start);
        let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
        let suffix = one.split_off(one.len() - end);
        other.truncate(other.len() - end);
        let (one, other) = (Self::of(one), Self::of(other));
        let middle = match (one, other) {
            (Self::Empty, other) | (other, Self::Empty) => other.maybe(),
            (Self::Class(one), Self::Class(other)) => Self::Class(&one | &other),
            (Self::Either(mut ways), Self::Either(more)) => {
                ways.extend(more);
                Self::Either(ways)
            }
            (Self::Either(mut ways), way) | (way, Self::Either(mut ways)) => {
                if !ways.contains(&way) {
                    ways.push(way);
                }
                Self::Either(ways)
            }
            (one, other) => Self::Either(vec![one, other]),
        };
        Self::of(prefix).then(middle).then(Self::of(suffix))
    }

    fn parts(self) -> Vec<Self> {
        match self {
            Self::Empty => Vec::new(),
            Self::Concat(parts) => parts,
            other => vec![other],
        }
    }

    fn of(parts: Vec<Self>) -> Self {
        parts.into_iter().fold(Self::Empty, Self::then)
    }

    /// About how long it is when it is written.
    fn size(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Class(set) => {
                if set.len() == 1 {
                    1
                } else {
                    8
                }
            }
            Self::Concat(parts) => parts.iter().map(Self::size).sum(),
            Self::Either(ways) => ways.iter().map(|way| way.size() + 1).sum::<usize>() + 4,
            Self::Star(inner) | Self::Maybe(inner) => inner.size() + 5,
        }
    }

    fn write(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Class(set) => regex::class(&set.iter().copied().collect::<Vec<_>>()),
            Self::Concat(parts) => parts.iter().map(Self::write).collect(),
            Self::Either(ways) => {
                let ways: Vec<String> = ways.iter().map(Self::write).collect();
                format!("(?:{})", ways.join("|"))
            }
            Self::Star(inner) => format!("{}*", inner.atom()),
            Self::Maybe(inner) => format!("{}?", inner.atom()),
        }
    }

    fn atom(&self) -> String {
        match self {
            Self::Class(_) | Self::Either(_) => self.write(),
            _ => format!("(?:{})", self.write()),
        }
    }
}

#[cfg(all(test, feature = "patterns"))]
mod tests {
    use super::regex;
    use crate::policy::Policy;

    #[test]
    fn an_automaton_as_a_regex_matches_the_same() {
        let patterns = [
            r"^https://([a-z0-9-]+\.)*example\.com$",
            r"^https://[ab]\.example\.com(:[0-9]+)?$",
            r"^https://pr-[0-9]{1,5}(-[a-z]+)?\.preview\.example\.com$",
            r"^https?://(app|admin)\.example\.(com|org)$",
            r"(?i)^https://APP\.example\.com$",
        ];
        let origins = [
            "https://example.com",
            "https://www.example.com",
            "https://a.b.example.com",
            "https://.example.com",
            "https://a..example.com",
            "https://evil-example.com",
            "https://a.example.com:8443",
            "https://a.example.com:443",
            "https://a.example.com:65536",
            "https://b.example.com:",
            "https://pr-12345.preview.example.com",
            "https://pr-123456.preview.example.com",
            "https://pr-1-fix.preview.example.com",
            "http://app.example.org",
            "https://admin.example.com",
            "https://app.example.com",
            "https://APP.example.com",
            "https://app.example.com.evil.net",
            "https://app.example.com\n",
            "",
        ];
        let sites = ["example.com", "example.org"];
        for pattern in patterns {
            let policy = Policy::builder().origin_patterns([pattern]).sites(sites).build().unwrap();
            let table = &policy.parts().origins.set().unwrap().patterns.as_slice()[0].table;
            let written = regex(table).unwrap();
            let again = ::regex::Regex::new(&format!(r"\A(?:{written})\z")).unwrap();
            for origin in origins {
                let (own, other) = (table.matches(origin.as_bytes()), again.is_match(origin));
                assert_eq!(own, other, "{origin:?} by {pattern}, written {written}");
            }
            println!("{pattern}: {} bytes", written.len());
        }
    }
}
