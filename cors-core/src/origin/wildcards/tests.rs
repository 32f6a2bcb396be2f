use std::slice;

use regex::bytes::Regex;
use regex::escape;

use super::*;
use crate::origin::keys::{self, Keys};
use crate::origin::wildcard::Port;

/// A small generator, so that a failure comes back: xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn host(&mut self) -> String {
        let count = 1 + self.below(4);
        let label = |random: &mut Self| random.of(&["a", "b", "ab", "example", "x-1", "com"]);
        (0..count).map(|_| label(self)).collect::<Vec<_>>().join(".")
    }

    fn wildcard(&mut self) -> Wildcard {
        let host = if self.below(20) == 0 { "[::1]".to_owned() } else { self.host() };
        let number = self.of(&[1, 80, 443, 444, 8080, 65535]);
        Wildcard {
            scheme: self.of(&["http", "https", "app"]).into(),
            host: host.into(),
            subdomains: self.below(3) > 0,
            port: self.of(&[Port::Default, Port::Any, Port::Number(number)]),
        }
    }

    /// An origin that a wildcard nearly or fully stands for.
    fn near(&mut self, wildcard: &Wildcard) -> Vec<u8> {
        let front = self.of(&[
            "", "", "x.", "a.b.", "_x.", ".", "x..", "X.", "evil", "a-.", "a!.", "*.", "example.",
        ]);
        let own = match wildcard.port {
            Port::Number(number) => format!(":{number}"),
            Port::Default | Port::Any => String::new(),
        };
        let other = self.of(&[
            "", ":", ":0", ":080", ":80", ":443", ":444", ":8080", ":65535", ":65536", ":8a", "/",
            ".",
        ]);
        let port = if self.below(2) == 0 { own.as_str() } else { other };
        let between =
            if self.below(30) == 0 { self.of(&["", ":", ":/", "//", ":///"]) } else { "://" };
        let scheme = if self.below(10) == 0 { "https" } else { &wildcard.scheme };
        let mut origin = format!("{scheme}{between}{front}{}{port}", wildcard.host).into_bytes();
        if self.below(8) == 0 && !origin.is_empty() {
            let at = self.below(origin.len());
            match self.below(3) {
                0 => drop(origin.remove(at)),
                1 => origin.insert(at, self.of(b".:/a0A*\xff")),
                _ => origin[at] = self.of(b".:/a0A*\xff"),
            }
        }
        if self.below(100) == 0 {
            let long = ["x".repeat(64), "x.".repeat(130), "x.".repeat(100)];
            let at = long[self.below(3)].bytes();
            let behind = origin.len().min(8);
            origin.splice(behind..behind, at);
        }
        origin
    }
}

/// The same set as the macro would write it down.
fn fixed(set: &Wildcards) -> Wildcards {
    let table = set.table.clone().map(|table| WildcardTable {
        slots: table.fixed_slots(&set.list).into(),
        keys: Keys::FIXED,
        ..table
    });
    Wildcards { table, ..set.clone() }
}

/// The same set with a hash that is the same for everything: texts alone tell entries apart.
fn colliding(set: &Wildcards) -> Wildcards {
    let table = set.table.clone().map(|table| {
        let keys = Keys::random(0);
        let count = set.list.len() + table.markers.len();
        let hash = |number| build::hash(&keys, &set.list, &table.markers, number);
        let slots = keys::place(keys::size(count), (0..count).map(hash)).0;
        WildcardTable { slots: slots.into(), keys, ..table }
    });
    Wildcards { table, ..set.clone() }
}

/// A wildcard as its documentation defines it, without any of the code it is made of.
fn naive(wildcard: &Wildcard) -> Regex {
    let Wildcard { scheme, host, subdomains, port } = wildcard;
    let subdomains = if *subdomains { r"(?:[a-z0-9_-]{1,63}\.)+" } else { "" };
    let port = match port {
        Port::Default => String::new(),
        Port::Number(number) => format!(":{number}"),
        Port::Any => "(?::(?P<port>[1-9][0-9]{0,4}))?".to_owned(),
    };
    let (scheme, host) = (escape(scheme), escape(host));
    Regex::new(&format!("(?-u)^{scheme}://(?P<host>{subdomains}{host}){port}$")).unwrap()
}

fn is_allowed(list: &[(Wildcard, Regex)], origin: &[u8]) -> bool {
    list.iter().any(|(wildcard, regex)| {
        let Some(captures) = regex.captures(origin) else { return false };
        let is_port = captures.name("port").is_none_or(|port| {
            let port: u32 = std::str::from_utf8(port.as_bytes()).unwrap().parse().unwrap();
            let own = match &*wildcard.scheme {
                "http" => 80,
                "https" => 443,
                _ => 0,
            };
            port != own && port < 65_536
        });
        is_port && (!wildcard.subdomains || captures["host"].len() <= 253)
    })
}

/// How many lists are tried; `WILDCARDS=100000` for more.
fn rounds(usual: usize) -> usize {
    std::env::var("WILDCARDS").map_or(usual, |count| count.parse().unwrap())
}

fn says_what_each_says(random: &mut Random, lists: usize, wildcard: fn(&mut Random) -> Wildcard) {
    let (mut allowed, mut refused) = (0, 0);
    for _ in 0..lists {
        let count = 1 + random.below(40);
        let list: Vec<Wildcard> = (0..count).map(|_| wildcard(random)).collect();
        let own = Wildcards::new(list.clone());
        let list: Vec<_> = list.into_iter().map(|it| (it.clone(), naive(&it))).collect();
        for set in [colliding(&own), fixed(&own), own] {
            for _ in 0..50 {
                let near = &list[random.below(list.len())].0;
                let origin = random.near(near);
                let is_allowed = is_allowed(&list, &origin);
                let shown = origin.escape_ascii();
                assert_eq!(set.matches(&origin), is_allowed, "{shown} for {:?}", set.list);
                *(if is_allowed { &mut allowed } else { &mut refused }) += 1;
            }
        }
    }
    assert!(allowed > lists * 15 && refused > lists * 15, "{allowed} allowed, {refused} refused");
}

#[test]
fn says_what_each_wildcard_says() {
    says_what_each_says(&mut Random(0x5EED), rounds(100), Random::wildcard);
}

/// Hosts of up to 100 labels, many of which are the ends of others.
#[test]
fn says_what_each_wildcard_says_however_deep() {
    let wildcard = |random: &mut Random| {
        let most = random.of(&[3, 8, 100]);
        let labels: Vec<&str> = (0..=random.below(most))
            .map(|_| if random.below(most) == 0 { "b" } else { "a" })
            .collect();
        Wildcard {
            scheme: random.of(&["http", "https"]).into(),
            host: labels.join(".").into(),
            subdomains: random.below(20) > 0,
            port: random.of(&[Port::Default, Port::Default, Port::Any, Port::Number(8080)]),
        }
    };
    says_what_each_says(&mut Random(0xDEE9), rounds(100), wildcard);
}

#[test]
fn many_are_no_farther_from_their_place_than_few() {
    // As tenants would name them, and as an attacker would who has the keys of the macro.
    let tenant = |n: usize| Wildcard {
        scheme: "https".into(),
        host: format!("t{n}.example.com").into(),
        subdomains: true,
        port: Port::Default,
    };
    let falls_low = |it: &Wildcard| {
        build::hash(&Keys::FIXED, slice::from_ref(it), &[], 0).trailing_zeros() >= 8
    };
    let ordinary: Vec<Wildcard> = (0..20_000).map(tenant).collect();
    let chosen: Vec<Wildcard> = (0..).map(tenant).filter(falls_low).take(800).collect();
    let slots = |set: &Wildcards| set.table.as_ref().unwrap().slots.to_vec();
    let run = |set: &Wildcards| slots(set).split(|slot| *slot == 0).map(<[u32]>::len).max();
    for list in [ordinary, chosen.clone()] {
        let set = Wildcards::new(list);
        assert!(run(&set).unwrap() <= keys::FARTHEST, "a run of {:?}", run(&set));
        assert!(set.matches(b"https://app.t0.example.com") || set.list.len() == 800);
    }
    assert!(run(&fixed(&Wildcards::new(chosen))).unwrap() > keys::FARTHEST);
}

/// Markers are as many as bisection has steps, at most, and none where all are of one depth.
#[test]
fn tables_grow_with_their_lists() {
    let of = |depths: usize| {
        let wildcard = |n: usize| Wildcard {
            scheme: "https".into(),
            host: format!("t{n}.{}com", format!("b{n}.").repeat(n % depths)).into(),
            subdomains: true,
            port: Port::Default,
        };
        let table = Wildcards::new((0..2000).map(wildcard).collect()).table.unwrap();
        assert_eq!(table.depths.len(), depths);
        table.markers.len()
    };
    assert_eq!(of(1), 0);
    assert!(of(2) <= 2000);
    assert!(of(3) <= 2000);
    assert!(of(30) <= 4 * 2000);
}

#[test]
fn no_wildcard_is_found_past_one_that_stands_for_it() {
    // Each is the end of the next, so there is nothing to be marked.
    let host = |n: usize| format!("{}example.com", "a.".repeat(n));
    let wildcard = |n: usize| Wildcard {
        scheme: "https".into(),
        host: host(n).into(),
        subdomains: true,
        port: Port::Default,
    };
    let set = Wildcards::new((3..103).map(wildcard).collect());
    assert!(set.table.as_ref().unwrap().markers.is_empty());
    for n in 0..120 {
        let origin = format!("https://{}", host(n));
        assert_eq!(set.matches(origin.as_bytes()), n > 3, "{n}");
    }
    assert!(!set.matches(format!("https://!.{}", host(60)).as_bytes()));
    assert!(!set.matches(format!("https://{}", host(60).replacen("a.", "a!.", 1)).as_bytes()));
}
