//! What the compiler is given for a handler. Time depends on the machine; this does not, and it is
//! what the time of a program with many handlers grows with: `cargo bench -p tests --features
//! compile-time --bench compile_time` says how much. A commit that raises a number says why.

use proc_macro2::{TokenStream, TokenTree};

use crate::expand::{Actix, Axum, Framework, attribute};

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Cost {
    tokens: usize,
    /// Functions, constants and statics: each has an expression that is checked.
    bodies: usize,
    /// Each is proved `Sync`, judged for destructors and evaluated.
    statics: usize,
}

impl Cost {
    fn add(&mut self, tokens: TokenStream) {
        let mut is_lifetime = false;
        let mut is_const = false;
        for token in tokens {
            self.tokens += 1;
            if let TokenTree::Ident(word) = &token
                && !is_lifetime
            {
                let is_fn = word == "fn" && !is_const;
                is_const = word == "const";
                self.bodies += usize::from(is_fn || is_const || word == "static");
                self.statics += usize::from(word == "static");
            }
            is_lifetime = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '\'');
            if let TokenTree::Group(group) = token {
                self.add(group.stream());
            }
        }
    }
}

const LITERALS: &str = "origins = [\"https://app.example.com\", \"https://*.example.org\"], \
                        credentials, headers = [\"content-type\"], max_age = \"2h\"";

/// Attributes with tokens, bodies and statics of a handler, on axum and on actix.
const COSTS: [(&str, [usize; 3], [usize; 3]); 8] = [
    ("none", [185, 4, 1], [251, 5, 1]),
    ("origins = \"*\"", [185, 4, 1], [251, 5, 1]),
    (LITERALS, [185, 4, 1], [251, 5, 1]),
    ("origin_patterns = [r\"^https://[a-z]+\\.example\\.com$\"]", [185, 4, 1], [251, 5, 1]),
    ("origins = \"*\", expose_headers = [\"etag\"]", [185, 4, 1], [251, 5, 1]),
    ("policy = FRONT", [189, 4, 1], [255, 5, 1]),
    ("policy = FRONT, candidate = NEXT", [194, 4, 1], [260, 5, 1]),
    ("origins = \"*\", candidate = NEXT", [190, 4, 1], [256, 5, 1]),
];

#[track_caller]
fn assert_costs(
    framework: &dyn Framework,
    expected: impl Fn([usize; 3], [usize; 3]) -> [usize; 3],
) {
    let handler = "#[get(\"/me\")] async fn me() -> String { String::new() }";
    let costs = COSTS.map(|(text, axum, actix)| {
        let mut cost = Cost::default();
        cost.add(attribute(framework, &text.parse().unwrap(), handler.parse().unwrap()));
        let [tokens, bodies, statics] = expected(axum, actix);
        ((text, cost), (text, Cost { tokens, bodies, statics }))
    });
    assert_eq!(costs.map(|(cost, _)| cost), costs.map(|(_, expected)| expected));
}

#[test]
fn of_a_handler_on_axum() {
    assert_costs(&Axum, |axum, _| axum);
}

#[test]
fn of_a_handler_on_actix() {
    assert_costs(&Actix, |_, actix| actix);
}
