//! Whatever tokens come, the macros answer with tokens and never panic. A longer run:
//! `NONSENSE=100000 cargo test -p cors-macros nonsense`.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::expand::{self, Actix, Axum, Framework as _};
use crate::{list, named};

/// Words that get far into the macros.
const WORDS: &[&str] = &[
    "origins",
    "credentials",
    "headers",
    "expose_headers",
    "methods",
    "method",
    "max_age",
    "preflight_status",
    "private_network",
    "enforce",
    "dangerously_allow",
    "policy",
    "candidate",
    "null_origin",
    "allow_origins",
    "insecure_origins",
    "fn",
    "mod",
    "none",
    "sites",
    "origin_patterns",
    "async",
    "pub",
    "crate",
    "self",
    "mut",
    "static",
    "struct",
    "impl",
    "const",
    "unsafe",
    "extern",
    "get",
    "put",
    "route",
    "routes",
    "trace",
    "options",
    "cors",
    "r#move",
    "_",
    "x",
    "Self",
    "in",
    "dyn",
    "where",
    "cfg",
    "cfg_attr",
    "doc",
    "name",
    "guard",
    "wrap",
];

const TEXTS: &[&str] = &[
    "*",
    "https://a.example",
    "https://*.a.example:*",
    "https://A.example/",
    "null",
    "",
    "/",
    "/x",
    "GET",
    "put",
    "content-type",
    "^https://a\\.example$",
    "(",
    "cookie",
    "2h",
    "é\u{0}\n",
    "http://[::1",
    "{",
    "://",
    "https://é.com",
];

const MARKS: &[char] =
    &['=', ',', ',', '=', '#', '!', '-', '&', '\'', ':', ';', '.', '*', '<', '>', '$', '?'];

/// A generator of the linear kind: the same nonsense in every run.
struct Nonsense(u64);

impl Nonsense {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn tokens(&mut self, depth: usize) -> TokenStream {
        (0..self.below(9)).map(|_| self.token(depth)).collect()
    }

    fn token(&mut self, depth: usize) -> TokenTree {
        match self.below(if depth == 0 { 8 } else { 11 }) {
            0..=2 => word(WORDS[self.below(WORDS.len())]),
            3 | 4 => Literal::string(TEXTS[self.below(TEXTS.len())]).into(),
            5 => self.number(),
            6 | 7 => {
                let spacing = if self.below(4) == 0 { Spacing::Joint } else { Spacing::Alone };
                Punct::new(MARKS[self.below(MARKS.len())], spacing).into()
            }
            _ => {
                let delimiters =
                    [Delimiter::Brace, Delimiter::Bracket, Delimiter::Parenthesis, Delimiter::None];
                Group::new(delimiters[self.below(4)], self.tokens(depth - 1)).into()
            }
        }
    }

    fn number(&mut self) -> TokenTree {
        match self.below(6) {
            0 => Literal::u64_suffixed(u64::MAX).into(),
            1 => Literal::f64_unsuffixed(1.5).into(),
            2 => Literal::byte_string(b"https://a.example").into(),
            3 => Literal::character('*').into(),
            4 => "99999999999999999999999999".parse::<Literal>().unwrap().into(),
            _ => Literal::i32_unsuffixed(600).into(),
        }
    }
}

fn word(word: &str) -> TokenTree {
    match word.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()).into(),
        None => Ident::new(word, Span::call_site()).into(),
    }
}

#[test]
fn everywhere() {
    let mut nonsense = Nonsense(0);
    let item: TokenStream = "#[get(\"/\")] async fn x() {}".parse().unwrap();
    let args: TokenStream = "origins = \"*\"".parse().unwrap();
    let rounds = std::env::var("NONSENSE").map_or(800, |rounds| rounds.parse().unwrap());
    for _ in 0..rounds {
        let tokens = nonsense.tokens(3);
        expand::attribute(&Axum, &tokens, item.clone());
        expand::attribute(&Actix, &tokens, item.clone());
        expand::attribute(&Axum, &args, tokens.clone());
        expand::attribute(&Actix, &args, tokens.clone());
        named::expand(Axum.crate_path(), tokens.clone());
        list::routes(&Axum, tokens.clone());
        list::routes(&Actix, tokens.clone());
        list::methods(tokens.clone());
        let route: TokenStream =
            [TokenTree::from(Group::new(Delimiter::Parenthesis, tokens.clone()))]
                .into_iter()
                .collect();
        let handler =
            quote::quote! { #[routes] #[get #route] #[route #route] #tokens async fn x() {} };
        expand::attribute(&Axum, &args, handler.clone());
        expand::attribute(&Actix, &args, handler);
        let module = quote::quote! { mod x { #[get #route] #tokens mod y { #[put] fn z() {} } } };
        expand::attribute(&Axum, &tokens, module.clone());
        expand::attribute(&Actix, &args, module);
        let declared = quote::quote! { static X = { #tokens } #tokens };
        named::expand(Axum.crate_path(), declared);
        let extended = quote::quote! {
            static A = { ..B, #tokens } static B = { #tokens } static C = { .. #tokens }
        };
        named::expand(Axum.crate_path(), extended);
    }
}
