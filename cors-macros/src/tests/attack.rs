//! Ways to write a policy so that the rules might not see it.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens as _;

use crate::expand::{self, Actix, Axum, Framework};
use crate::function::{Function, is_cors};

const HANDLER: &str = "#[get(\"/me\")] async fn me() {}";

/// What the attribute expands to, for both frameworks.
fn expand(attribute: &TokenStream, item: &str) -> [String; 2] {
    let item: TokenStream = item.parse().unwrap();
    [expand::attribute(&Axum, attribute, item.clone()), expand::attribute(&Actix, attribute, item)]
        .map(|expanded| expanded.to_string())
}

fn assert_refused(attribute: &str, item: &str, because: &str) {
    for expanded in expand(&attribute.parse().unwrap(), item) {
        assert!(expanded.contains("compile_error"), "{attribute}: {expanded}");
        assert!(expanded.contains(because), "{attribute}: {expanded}");
    }
}

/// The groups without delimiters in which `macro_rules!` macros pass on what they matched,
/// around every literal and every list.
fn wrapped(tokens: TokenStream) -> TokenStream {
    let wrap = |token: TokenTree| match token {
        TokenTree::Literal(_) => Group::new(Delimiter::None, token.into()).into(),
        TokenTree::Group(group) => {
            let inner = Group::new(group.delimiter(), wrapped(group.stream()));
            Group::new(Delimiter::None, TokenTree::from(inner).into()).into()
        }
        token => token,
    };
    tokens.into_iter().map(wrap).collect()
}

#[test]
fn spellings_of_a_literal() {
    for star in [r#""*""#, r#""\x2a""#, r#""\u{2A}""#, r#"r"*""#, r###"r##"*"##"###, "\"\\\n   *\""]
    {
        let rule = "[origin-any-with-credentials]";
        assert_refused(&format!("origins = {star}, credentials"), HANDLER, rule);
        assert_refused(&format!("origins = [{star}], credentials"), HANDLER, rule);
    }
}

#[test]
fn what_is_no_literal() {
    for star in [
        "b\"*\"",
        "c\"*\"",
        "'*'",
        "\"*\"x",
        "ANY",
        "self::ANY",
        "concat!(\"*\")",
        "&\"*\"",
        "(\"*\")",
        "{ \"*\" }",
        "\"*\".trim()",
        "\"*\" \"*\"",
        "*",
    ] {
        assert_refused(&format!("origins = {star}, credentials"), HANDLER, "`origins` takes");
        assert_refused(
            &format!("origins = [{star}], credentials"),
            HANDLER,
            "an element of `origins`",
        );
        assert_refused(
            &format!("origins = [{star}, \"*\"], credentials"),
            HANDLER,
            "[origin-any-with-credentials]",
        );
    }
}

#[test]
fn variables_that_cannot_be_read() {
    for env in ["env!(\"A\")", "env", "env()", "env(A)", "env(\"A\",,)", "env(\"A\", optional = 1)"]
    {
        let because = "`env` takes the name of an environment variable";
        assert_refused(&format!("origins = {env}"), HANDLER, because);
        assert_refused(&format!("origins = [{env}]"), HANDLER, because);
        let rule = "[origin-any-with-credentials]";
        assert_refused(&format!("origins = [{env}, \"*\"], credentials"), HANDLER, rule);
    }
}

#[test]
fn groups_without_delimiters() {
    for attribute in [
        "origins = \"*\", credentials",
        "origins = [\"https://a.example/\", \"https://b.example\"], max_age = 90000",
        "origins = [\"https://a.example\"], headers = [\"content-type\"], max_age = \"2h\"",
        "origins = [\"null\"], dangerously_allow(null_origin)",
        "origins = [\"https://a.example\", env(\"A\")], debug_origins = [\"http://localhost:*\"]",
        "origins = env(\"A\", optional)",
        "origins = runtime, credentials",
    ] {
        let tokens: TokenStream = attribute.parse().unwrap();
        assert_eq!(
            expand(&wrapped(tokens.clone()), HANDLER),
            expand(&tokens, HANDLER),
            "{attribute}"
        );
        let whole = TokenStream::from(TokenTree::from(Group::new(Delimiter::None, tokens.clone())));
        assert_eq!(expand(&whole, HANDLER), expand(&tokens, HANDLER), "{attribute}");
    }
}

#[test]
fn second_attributes() {
    let second = "#[cors(origins = \"*\")] #[get(\"/me\")] async fn me() {}";
    assert_refused("origins = [\"https://a.example\"]", second, "more than one `#[cors]`");
    let below = "#[get(\"/me\")] #[cors_axum::cors(origins = \"*\")] async fn me() {}";
    assert_refused("origins = [\"https://a.example\"]", below, "more than one `#[cors]`");
}

/// Another crate's attribute in between hides neither a second policy nor a second route.
#[test]
fn second_attributes_behind_others() {
    for item in [
        "#[other] #[cors(origins = \"*\")] #[get(\"/me\")] async fn me() {}",
        "#[cors(origins = \"*\")] #[other] #[get(\"/me\")] async fn me() {}",
        "#[other] #[get(\"/me\")] #[other] #[cors(origins = \"*\")] async fn me() {}",
    ] {
        for expanded in expand_fully("origins = [\"https://a.example\"]", item) {
            assert!(expanded.contains("more than one `#[cors]`"), "{item}: {expanded}");
        }
    }
}

/// What the attribute expands to once it stands directly above the route attribute: the compiler
/// expands others before that, which here stay as they are.
fn expand_fully(attribute: &str, item: &str) -> [String; 2] {
    let frameworks: [&dyn Framework; 2] = [&Axum, &Actix];
    frameworks.map(|framework| {
        let mut args: TokenStream = attribute.parse().unwrap();
        let mut item: TokenStream = item.parse().unwrap();
        // Behind each of the others at most once.
        for _ in 0..4 {
            let expanded = expand::attribute(framework, &args, item);
            let Ok(mut function) = Function::parse(expanded.clone()) else {
                return expanded.to_string();
            };
            let Some(cors) = function.attributes.iter().position(is_cors) else {
                return expanded.to_string();
            };
            args = function.attributes.remove(cors).parse_args().unwrap();
            function.attributes.drain(..cors);
            item = function.into_token_stream();
        }
        panic!("it never expands")
    })
}

/// A wrong key never takes its value out of sight.
#[test]
fn wrong_keys() {
    for attribute in [
        "allow_origins = \"*\", supports_credentials",
        "allowedOrigins = [\"*\"], allowCredentials",
        "r#origins = \"*\", credentals",
        "origins = \"*\", origins = [\"https://a.example\"], credentials",
    ] {
        assert_refused(attribute, HANDLER, "[origin-any-with-credentials]");
    }
}
