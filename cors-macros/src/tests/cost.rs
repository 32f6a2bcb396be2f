//! What the compiler is given for a handler. Time depends on the machine; this does not, and it is
//! what the time of a program with many handlers grows with: `cargo bench -p tests --features
//! compile-time --bench compile_time` says how much. A commit that raises a number says why.
//!
//! The value of `Access-Control-Expose-Headers` is a `static`: as text it would cost each response some
//! 250 instructions.

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
        for token in tokens {
            self.tokens += 1;
            if let TokenTree::Ident(word) = &token
                && !is_lifetime
            {
                self.bodies += usize::from(word == "fn" || word == "const" || word == "static");
                self.statics += usize::from(word == "static");
            }
            is_lifetime = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '\'');
            if let TokenTree::Group(group) = token {
                self.add(group.stream());
            }
        }
    }
}

#[track_caller]
fn assert_costs(framework: &dyn Framework, attributes: &[(&str, [usize; 3])]) {
    let handler = "#[get(\"/me\")] async fn me() -> String { String::new() }";
    let costs = attributes.iter().map(|(text, expected)| {
        let mut cost = Cost::default();
        cost.add(attribute(framework, &text.parse().unwrap(), handler.parse().unwrap()));
        let [tokens, bodies, statics] = *expected;
        (*text, cost, Cost { tokens, bodies, statics })
    });
    let (costs, expected): (Vec<_>, Vec<_>) =
        costs.map(|(text, cost, expected)| ((text, cost), (text, expected))).unzip();
    assert_eq!(costs, expected);
}

const LITERALS: &str = "origins = [\"https://app.example.com\", \"https://*.example.org\"], \
                        credentials, headers = [\"content-type\"], max_age = \"2h\"";

#[test]
fn of_a_handler_on_axum() {
    assert_costs(
        &Axum,
        &[
            ("none", [321, 4, 0]),
            ("origins = \"*\"", [439, 4, 0]),
            (LITERALS, [677, 4, 0]),
            ("origin_patterns = [r\"^https://[a-z]+\\.example\\.com$\"]", [605, 4, 0]),
            ("origins = \"*\", expose_headers = [\"etag\"]", [494, 7, 3]),
            ("policy = FRONT", [281, 5, 1]),
            ("policy = FRONT, candidate = NEXT", [340, 6, 2]),
            ("origins = \"*\", candidate = NEXT", [513, 6, 2]),
        ],
    );
}

#[test]
fn of_a_handler_on_actix() {
    assert_costs(
        &Actix,
        &[
            ("none", [397, 5, 0]),
            ("origins = \"*\"", [515, 5, 0]),
            (LITERALS, [753, 5, 0]),
            ("origin_patterns = [r\"^https://[a-z]+\\.example\\.com$\"]", [681, 5, 0]),
            ("origins = \"*\", expose_headers = [\"etag\"]", [570, 8, 3]),
            ("policy = FRONT", [357, 6, 1]),
            ("policy = FRONT, candidate = NEXT", [416, 7, 2]),
            ("origins = \"*\", candidate = NEXT", [589, 7, 2]),
        ],
    );
}
