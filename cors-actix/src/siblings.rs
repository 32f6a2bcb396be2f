//! The annotated handlers of one path, and which of them a request belongs to.

use actix_web::dev::ServiceRequest;
use actix_web::http::header::HeaderValue;
use actix_web::{HttpResponse, http};
use cors_core::{Actual, Policy, Site, decide_shared};

use crate::answer;
use crate::endpoint::Endpoint;
use crate::head::Head;

/// The handlers of one path.
#[derive(Debug, Clone)]
pub(crate) struct Siblings(Vec<&'static Endpoint>);

impl Siblings {
    pub(crate) fn new(endpoint: &'static Endpoint) -> Self {
        Self(vec![endpoint])
    }

    pub(crate) fn add(&mut self, endpoint: &'static Endpoint) {
        self.0.push(endpoint);
    }

    /// The handler of a method.
    pub(crate) fn find(&self, method: &[u8]) -> Option<&'static Endpoint> {
        let is = |it: &&str| it.as_bytes() == method;
        self.0.iter().copied().find(|endpoint| endpoint.served.iter().any(is))
    }

    /// What all policies of the path agree on, for an answer that belongs to none of them.
    pub(crate) fn decide_shared(
        &self,
        request: &ServiceRequest,
    ) -> Option<(&'static Policy, Actual<HeaderValue>)> {
        decide_shared(self.0.iter().map(|endpoint| endpoint.policy), &Head::of(request.head()))
    }

    /// Nobody serves the method, so nobody's policy allows it.
    pub(crate) fn refuse_method(&self, request: &ServiceRequest) -> HttpResponse {
        let served: Vec<&str> =
            self.0.iter().flat_map(|endpoint| endpoint.served).copied().collect();
        let site = Site { handler: None, served: Some(&served) };
        match self.decide_shared(request) {
            Some((policy, _)) => answer::refuse_method(policy, request, &site),
            None => HttpResponse::new(http::StatusCode::FORBIDDEN),
        }
    }
}
