//! What is in the configuration of the shop's gateway, and what keeps it from being written.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use examples::gateway::configuration;

#[test]
fn a_gateway_that_can_reject_has_the_policies() {
    for target in ["nginx", "haproxy"] {
        let text = configuration(target).unwrap();
        assert!(text.contains("/api/v1/admin/products/[^/?]+"), "{text}");
        assert!(text.contains(r"staff\.shop\.example"), "{text}");
    }
}

#[test]
fn an_unknown_gateway_is_an_error_with_its_name() {
    for target in ["envoy", "http-route"] {
        let error = configuration(target).unwrap_err().to_string();
        assert_eq!(
            error,
            "1 policy cannot be said at the gateway:\n\n`GET /api/v1/live` \
             (`examples::shop_axum::live::live`): the policy rejects requests of origins that are \
             not allowed (`enforce`), and this target forwards them\nhelp: use NGINX or HAProxy, or \
             leave the CORS of the route to the program"
        );
    }
}
