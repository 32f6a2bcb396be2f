//! The attribute gives the verdict of the builder, in the words of the builder, at the
//! element that the builder names.

use cors_core::{Field, PolicySpec, Violation};
use proc_macro2::Span;

use super::cases::{self, Case};
use crate::args::{Args, Declaration};
use crate::check::check;
use crate::lower::lower;
use crate::report::Report;

/// What the attribute is lowered to, and what it says.
fn judge(case: &Case) -> (PolicySpec, Vec<syn::Error>) {
    let attribute = case.policy.attribute();
    let tokens = attribute.parse().unwrap();
    let mut report = Report::default();
    let declaration = Declaration::parse(tokens, &mut report);
    let Args::Declared(entries) = declaration.args else { panic!("{attribute}") };
    assert!(report.is_empty(), "{}: `{attribute}` can't be read", case.name);
    let (lowered, spans) = lower(&entries, case.served.clone(), Span::call_site());
    check(&lowered, &spans, &mut report);
    (lowered.spec, report.errors())
}

/// The source of what a violation is about: of a literal without escapes, the very bytes.
fn source_of(violation: &Violation) -> Option<String> {
    let (location, value) = (violation.location(), violation.value());
    let literal = format!("{value:?}");
    let is_plain = literal.get(1..literal.len() - 1) == Some(value);
    match (location.field, location.element) {
        (Field::MaxAge | Field::PreflightStatus, _) => None,
        (Field::DangerouslyAllow, Some(_)) => Some(value.to_owned()),
        (_, Some(_)) => match &location.range {
            // What stands in for the compiler here counts characters instead of bytes.
            Some(_) if !value.is_ascii() => None,
            Some(range) if is_plain => value.get(range.clone()).map(str::to_owned),
            _ => Some(literal),
        },
        (field, None) => Some(field.key().to_owned()),
    }
}

#[test]
fn refusals() {
    for case in cases::read("refused.toml") {
        let (spec, errors) = judge(&case);
        let violations = spec.build().unwrap_err();
        let (name, attribute) = (&case.name, case.policy.attribute());
        assert_eq!(errors.len(), violations.len(), "{name}: {attribute}");
        for (error, violation) in errors.iter().zip(&violations) {
            assert_eq!(error.to_string(), violation.to_string(), "{name}: {attribute}");
            let key = violation.location().field.key();
            let is_written =
                attribute.split(", ").any(|it| it.split([' ', '(']).next() == Some(key));
            let source = source_of(violation).filter(|_| is_written);
            if let Some(source) = source {
                assert_eq!(error.span().source_text().unwrap(), source, "{name}: {attribute}");
            }
        }
    }
}

#[test]
fn acceptances() {
    for case in cases::read("accepted.toml") {
        let (spec, errors) = judge(&case);
        assert!(errors.is_empty(), "{}: {}", case.name, errors[0]);
        assert!(spec.build().is_ok(), "{}", case.name);
    }
}

/// Two equal elements have equal sources, so for them the place itself is looked at.
#[test]
fn later_of_two() {
    let attribute = r#"origins = ["https://a.example", "https://a.example"]"#;
    let mut report = Report::default();
    let declaration = Declaration::parse(attribute.parse().unwrap(), &mut report);
    let Args::Declared(entries) = declaration.args else { panic!("{attribute}") };
    let (lowered, spans) = lower(&entries, None, Span::call_site());
    check(&lowered, &spans, &mut report);
    assert_eq!(report.errors()[0].span().start().column, attribute.rfind("\"https").unwrap());
}
