use super::{DATE, Node, RULES, has_rules_below, is_public_suffix, registrable_domain};

/// The rules as the list writes them: `*.ck`, `!www.ck`.
fn rules() -> impl Iterator<Item = String> {
    RULES.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut labels: Vec<&str> = line.split(' ').collect();
        labels.reverse();
        match labels.join(".") {
            name if name.starts_with("!.") => name.replacen("!.", "!", 1),
            name => name,
        }
    })
}

#[track_caller]
fn owner(host: &str, expected: Option<&str>) {
    assert_eq!(registrable_domain(host), expected, "{host}");
    assert_eq!(is_public_suffix(host), expected.is_none(), "{host}");
}

#[test]
fn owners() {
    owner("com", None);
    owner("example.com", Some("example.com"));
    owner("a.b.example.com", Some("example.com"));
    owner("co.uk", None);
    owner("www.example.co.uk", Some("example.co.uk"));
    owner("github.io", None);
    owner("alice.github.io", Some("alice.github.io"));
    owner("kawasaki.jp", Some("kawasaki.jp"));
    owner("x.kawasaki.jp", None);
    owner("a.x.kawasaki.jp", Some("a.x.kawasaki.jp"));
    owner("city.kawasaki.jp", Some("city.kawasaki.jp"));
    owner("www.city.kawasaki.jp", Some("city.kawasaki.jp"));
    owner("amazonaws.com", Some("amazonaws.com"));
    owner("s3.amazonaws.com", None);
    owner("bucket.s3.amazonaws.com", Some("bucket.s3.amazonaws.com"));
    owner("xn--55qx5d.cn", None);
    owner("a.xn--55qx5d.cn", Some("a.xn--55qx5d.cn"));
    owner("localhost", None);
    owner("printer.unlisted", Some("printer.unlisted"));
    owner("*.ck", None);
    owner("!.ck", None);
    owner("www.ck", Some("www.ck"));
}

#[test]
fn a_host_with_an_empty_label_has_no_owner() {
    for host in ["", ".", ".com", "..com", "a..com", "com."] {
        assert_eq!(registrable_domain(host), None, "{host}");
        assert!(!is_public_suffix(host), "{host}");
    }
}

#[test]
fn rules_below() {
    for host in ["com", "amazonaws.com", "kawasaki.jp", "unlisted", "s3.amazonaws.com"] {
        assert!(has_rules_below(host), "{host}");
    }
    for host in ["example.com", "www.ck", "a.unlisted", "alice.github.io"] {
        assert!(!has_rules_below(host), "{host}");
    }
}

#[test]
fn the_text_is_in_the_form_that_the_lookup_relies_on() {
    let lines: Vec<&str> = RULES.lines().skip_while(|line| line.starts_with('#')).collect();
    assert!(lines.len() > 9_000, "{}", lines.len());
    assert!(lines.is_sorted());
    let mark = |label: &str| label == "*" || label == "!";
    for line in lines {
        let labels: Vec<&str> = line.split(' ').collect();
        for (index, label) in labels.iter().enumerate() {
            let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
            let last = index > 0 && index + 1 == labels.len();
            assert!(
                !label.is_empty() && (label.bytes().all(plain) || last && mark(label)),
                "{line}"
            );
        }
    }
    assert!(DATE.starts_with("20") && DATE.len() == 10 && DATE.is_ascii());
}

#[test]
fn walking_meets_every_rule_once() {
    fn walk(node: Node, name: &str, found: &mut Vec<String>) {
        for (label, child) in node.children() {
            let name = if name.is_empty() { label.into() } else { format!("{label}.{name}") };
            found.extend(child.is_rule().then(|| name.clone()));
            found.extend(child.is_exception().then(|| format!("!{name}")));
            found.extend(child.has_wildcard().then(|| format!("*.{name}")));
            walk(child, &name, found);
        }
    }
    let mut found = Vec::new();
    walk(Node::root(), "", &mut found);
    found.sort();
    let mut expected: Vec<String> = rules().collect();
    expected.sort();
    assert_eq!(found, expected);
}
