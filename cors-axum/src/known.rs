//! The annotated routes that a layer knows of.

use matchit::Router;

use crate::endpoint::Endpoint;
use crate::siblings::Siblings;

/// Annotated routes, found by path the way axum finds them.
#[derive(Debug, Default)]
pub(crate) struct Known {
    router: Router<Siblings>,
}

impl Known {
    /// Gathers the routes by path. A path that axum would refuse is left out here: axum
    /// refuses it loudly.
    pub(crate) fn new<'a>(routes: impl Iterator<Item = (&'a str, Endpoint)>) -> Self {
        let mut paths: Vec<(&str, Vec<Endpoint>)> = Vec::new();
        for (path, endpoint) in routes {
            match paths.iter_mut().find(|(earlier, _)| *earlier == path) {
                Some((_, endpoints)) => endpoints.push(endpoint),
                None => paths.push((path, vec![endpoint])),
            }
        }
        let mut known = Self::default();
        for (path, endpoints) in paths {
            let _ = known.router.insert(path, Siblings::new(endpoints));
        }
        known
    }

    /// The handlers of a path.
    pub(crate) fn at(&self, path: &str) -> Option<&Siblings> {
        self.router.at(path).ok().map(|found| found.value)
    }
}
