//! The annotated handlers of one path, and which of them a request belongs to.

use std::fmt;
use std::sync::Arc;

use cors_core::{Actual, Policy, Preflight, Site, decide_shared};
use http::{HeaderValue, Request, Response};

use crate::answer;
use crate::endpoint::Endpoint;
use crate::head::Head;

/// The handlers of one path.
#[derive(Debug, Clone)]
pub(crate) struct Siblings(Arc<[Endpoint]>);

impl Siblings {
    pub(crate) fn new(endpoints: Vec<Endpoint>) -> Self {
        Self(endpoints.into())
    }

    /// Whether these are the same, and not just alike.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The handler of a method. `HEAD` belongs to who declares it, else to who serves it
    /// with `GET`.
    pub(crate) fn find(&self, method: &[u8]) -> Option<&Endpoint> {
        let is = |it: &&str| it.as_bytes() == method;
        let declaring = self.0.iter().find(|endpoint| endpoint.methods.iter().any(is));
        declaring.or_else(|| self.0.iter().find(|endpoint| endpoint.served.iter().any(is)))
    }

    /// Answers a preflight by the policy of the method that it asks for.
    pub(crate) fn answer_preflight<B, R: Default + 'static>(
        &self,
        preflight: &Preflight<'_, HeaderValue>,
        request: &Request<B>,
    ) -> Response<R> {
        match self.find(preflight.method().as_bytes()) {
            Some(endpoint) => {
                let Endpoint { policy, .. } = endpoint;
                answer::answer_preflight(policy, preflight, request, &endpoint.site())
            }
            None => self.refuse_method(request),
        }
    }

    /// Nobody serves the method, so nobody's policy allows it.
    fn refuse_method<B, R: Default + 'static>(&self, request: &Request<B>) -> Response<R> {
        let served: Vec<&str> =
            self.0.iter().flat_map(|endpoint| endpoint.served).copied().collect();
        let site = Site { handler: None, served: Some(&served) };
        self.decide_shared(request).map_or_else(Response::default, |(policy, _)| {
            answer::refuse_method(policy, request, &site)
        })
    }

    /// What all policies of the path agree on, for an answer that belongs to none of them.
    pub(crate) fn decide_shared<B>(
        &self,
        request: &Request<B>,
    ) -> Option<(&'static Policy, Actual<HeaderValue>)> {
        decide_shared(self.0.iter().map(|endpoint| endpoint.policy), &Head::of(request))
    }
}

/// The handlers with their places.
impl fmt::Display for Siblings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Endpoint { handler, place, .. }) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}`{handler}` at {place}")?;
        }
        Ok(())
    }
}
