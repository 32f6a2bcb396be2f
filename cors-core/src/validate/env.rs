//! The rules about environment variables that origins come from.

use std::collections::HashSet;

use super::sink::{Sink, quote};
use crate::declaration::rule::Rule;
use crate::declaration::variable::Variable;
use crate::declaration::violation::{Field, Location, Violations};

/// Applies the rules about the names of variables, which stand behind as many origins.
pub(crate) fn check(variables: &[Variable], origins: usize) -> Result<(), Violations> {
    let mut sink = Sink::default();
    let mut seen = HashSet::new();
    for (index, variable) in variables.iter().enumerate() {
        let name = variable.name();
        let at = Location::element(Field::Origins, origins + index);
        if name.is_empty() || name.contains(['=', '\0']) {
            let message = format!("no environment variable can have the name {}", quote(name));
            let help = "write the name of the variable, such as `env(\"FRONT_ORIGINS\")`";
            sink.report(Rule::EnvName, at, name, message, help);
        } else if !seen.insert(name) {
            let message = format!("environment variable {} is listed twice", quote(name));
            sink.report(Rule::OriginDuplicate, at, name, message, "remove one of them");
        }
    }
    sink.finish(())
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::declaration::rule::Rule;
    use crate::declaration::variable::Variable;

    #[test]
    fn names_are_what_an_environment_can_have() {
        let names = ["A", "", "B=C", "D\0", "A", "E"];
        let variables: Vec<_> = names.map(Variable::required).into();
        let violations = check(&variables, 2).unwrap_err();
        let found: Vec<_> =
            violations.iter().map(|it| (it.rule(), it.location().element)).collect();
        let expected = [
            (Rule::EnvName, Some(3)),
            (Rule::EnvName, Some(4)),
            (Rule::EnvName, Some(5)),
            (Rule::OriginDuplicate, Some(6)),
        ];
        assert_eq!(found, expected);
        assert!(check(&["A", "B"].map(Variable::required), 0).is_ok());
    }
}
