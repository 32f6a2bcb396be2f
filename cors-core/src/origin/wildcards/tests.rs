use super::*;

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
    Wildcards { slots: set.fixed_slots().into(), keys: Keys::FIXED, ..set.clone() }
}

#[test]
fn says_what_each_wildcard_says() {
    let mut random = Random(0x5EED);
    let (mut allowed, mut refused) = (0, 0);
    for _ in 0..100 {
        let count = 1 + random.below(40);
        let list: Vec<Wildcard> = (0..count).map(|_| random.wildcard()).collect();
        let own = Wildcards::new(list.clone());
        for set in [fixed(&own), own] {
            for _ in 0..100 {
                let near = &list[random.below(list.len())];
                let origin = random.near(near);
                let naive = list.iter().any(|wildcard| wildcard.matches(&origin));
                let shown = origin.escape_ascii();
                assert_eq!(set.matches(&origin), naive, "{shown} for {list:?}");
                *(if naive { &mut allowed } else { &mut refused }) += 1;
            }
        }
    }
    assert!(allowed > 2000 && refused > 2000, "{allowed} allowed, {refused} refused");
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
    let falls_low = |it: &Wildcard| hash(it, &Keys::FIXED).trailing_zeros() >= 8;
    let ordinary: Vec<Wildcard> = (0..20_000).map(tenant).collect();
    let chosen: Vec<Wildcard> = (0..).map(tenant).filter(falls_low).take(800).collect();
    let run = |set: &Wildcards| set.slots.split(|slot| *slot == 0).map(<[u32]>::len).max();
    for list in [ordinary, chosen.clone()] {
        let set = Wildcards::new(list);
        assert!(run(&set).unwrap() <= keys::FARTHEST, "a run of {:?}", run(&set));
        assert!(set.matches(b"https://app.t0.example.com") || set.list.len() == 800);
    }
    assert!(run(&fixed(&Wildcards::new(chosen))).unwrap() > keys::FARTHEST);
}
