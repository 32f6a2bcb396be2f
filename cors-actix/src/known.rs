//! The annotated routes that a middleware knows of.

use actix_web::dev::ResourceDef;

use crate::endpoint::Endpoint;
use crate::siblings::Siblings;

/// Annotated routes, found by path the way actix finds them.
#[derive(Debug, Default)]
pub(crate) struct Known {
    paths: Vec<(ResourceDef, String, Siblings)>,
}

impl Known {
    /// Gathers the routes by path.
    pub(crate) fn new<'a>(routes: impl Iterator<Item = (&'a str, &'static Endpoint)>) -> Self {
        let mut known = Self::default();
        for (path, endpoint) in routes {
            match known.paths.iter_mut().find(|(_, earlier, _)| earlier == path) {
                Some((.., siblings)) => siblings.add(endpoint),
                None => known.paths.push((
                    ResourceDef::new(path),
                    path.to_owned(),
                    Siblings::new(endpoint),
                )),
            }
        }
        known
    }

    /// The handlers of a path: like actix, of the first pattern that matches and serves the
    /// method; where none does, of the first that matches.
    pub(crate) fn find(&self, path: &str, method: &[u8]) -> Option<&Siblings> {
        let matching = || self.paths.iter().filter(|(pattern, ..)| pattern.is_match(path));
        let serving = matching().find(|(.., siblings)| siblings.find(method).is_some());
        serving.or_else(|| matching().next()).map(|(.., siblings)| siblings)
    }
}
