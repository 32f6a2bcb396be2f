//! `crate = PATH`: what is emitted, and what is no path.

use proc_macro2::TokenStream;

use crate::expand::{self, Actix, Axum, Framework};
use crate::{list, named};

fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap()
}

fn assert_refused(expanded: &TokenStream, written: &str) {
    let expanded = expanded.to_string();
    assert!(expanded.contains("compile_error"), "{written}: {expanded}");
}

/// What is left of the published name: nothing may depend on it.
fn assert_elsewhere(expanded: &TokenStream) {
    let expanded = expanded.to_string();
    assert!(!expanded.contains("compile_error"), "{expanded}");
    assert!(expanded.contains("facade :: adapter :: __private"), "{expanded}");
    for published in [":: cors_axum", ":: cors_actix"] {
        assert!(!expanded.contains(published), "{expanded}");
    }
}

const PATH: &str = "crate = my_facade::adapter";

#[test]
fn everything_is_made_of_it() {
    let frameworks: [&dyn Framework; 2] = [&Axum, &Actix];
    for framework in frameworks {
        let args = tokens(&format!("{PATH}, origins = \"*\""));
        for item in [
            "#[get(\"/me\")] async fn me() -> X {}",
            "mod x { #[get(\"/\")] fn me() {} mod y { #[put(\"/\")] fn me() {} } }",
        ] {
            assert_elsewhere(&expand::attribute(framework, &args, tokens(item)));
        }
        let named =
            format!("{PATH}; static A = {{ origins = \"*\" }}; static B = {{ origins = \"*\" }}");
        assert_elsewhere(&named::expand(framework.crate_path(), tokens(&named)));
        for handlers in ["", "a", "crate::a, b::c"] {
            assert_elsewhere(&list::routes(framework, tokens(&format!("{PATH}; {handlers}"))));
        }
    }
    assert_elsewhere(&list::methods(tokens(&format!("{PATH}; a"))));
}

/// From inside of modules a path that is relative leads to the same place.
#[test]
fn modules() {
    for (path, outer, inner) in [
        ("crate::f", "crate :: f ::", "crate :: f ::"),
        ("::f", ":: f ::", ":: f ::"),
        ("f", "f ::", "f ::"),
        ("self::f", "super :: f ::", "super :: super :: f ::"),
        ("super::f", "super :: super :: f ::", "super :: super :: super :: f ::"),
    ] {
        let args = tokens(&format!("crate = {path}, origins = \"*\""));
        let item = tokens("mod x { #[get] fn a() {} mod y { #[get] fn b() {} } }");
        let expanded = expand::attribute(&Axum, &args, item).to_string();
        for attribute in [
            format!("# [{outer} cors (policy = __CORS_DEFAULT ,"),
            format!("# [{inner} cors (policy = super :: __CORS_DEFAULT ,"),
        ] {
            assert!(expanded.contains(&attribute), "{path}: {expanded}");
        }
    }
}

#[test]
fn no_path() {
    for value in
        ["", "=", "= 5", "= \"a\"", "= a::", "= a::<b>", "= a()", "= a b", "= {a}", "::a", "= *"]
    {
        let args = tokens(&format!("crate {value}, origins = \"*\""));
        assert_refused(&expand::attribute(&Axum, &args, tokens("#[get] async fn me() {}")), value);
        let list = tokens(&format!("crate {value}; a"));
        assert_refused(&list::routes(&Actix, list), value);
        let named = tokens(&format!("crate {value}; static A = {{ origins = \"*\" }}"));
        assert_refused(&named::expand(Axum.crate_path(), named), value);
    }
}

/// A value that cannot be read hides nothing that follows.
#[test]
fn what_follows_is_read() {
    for front in
        ["crate = 5;", "crate = 5,", "crate = a", "crate = ", "crate = 5 #[doc = \"\"] pub"]
    {
        let named = tokens(&format!("{front} static A = {{ origins = \"*\", credentials }}"));
        let expanded = named::expand(Axum.crate_path(), named).to_string();
        assert!(expanded.contains("[origin-any-with-credentials]"), "{front}: {expanded}");
    }
}
