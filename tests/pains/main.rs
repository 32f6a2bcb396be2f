//! What users of CORS libraries struggle with most, tried in apps of the shape that people
//! have. A test bears the rank of a complaint, and fails if the behaviour comes back.
//!
//! | rank | complaint | where |
//! | --- | --- | --- |
//! | 1 | any origin together with credentials, by reflection | `declarations`, `headers` |
//! | 2 | headers vanish on errors | `errors` |
//! | 3 | the preflight never reaches CORS | `preflights` |
//! | 4 | authentication runs before the preflight | `preflights` |
//! | 5 | an origin written slightly wrong never matches | `declarations` |
//! | 6 | no policy per route and method | `policies` |
//! | 7 | the preflight is answered by a sibling's policy | `policies` |
//! | 8 | `Vary` is lost, repeated, or missing | `headers` |
//! | 9 | the reason of a rejection is not visible | `verdicts` |
//! | 10 | every `OPTIONS` is taken for a preflight | `preflights` |
//! | 11 | wildcards for subdomains, ports and previews | `declarations` |
//! | 12 | patterns that let attackers in | `declarations` |
//! | 13 | a declaration that panics or fails at run time | `declarations` |
//! | 14 | a page is rejected by its own server | `verdicts` |
//! | 15 | CORS should block the request | `verdicts` |
//! | 16 | lists of header names: floods, split lines, white space | `preflights` |
//! | 17 | the check of the preflight is too loose | `preflights` |
//! | 18 | a proxy, or the handler, sets the headers too | `headers` |
//! | 19 | redirects of preflights | `preflights` |
//! | 20 | the order of middlewares | `order` |
//!
//! Attacks that got through, policies that were lost (`composition`), what is known at the deployment
//! alone (`deployment`), and lists of another party (`foreign_lists`) have the rows of
//! another table. Policies that are to come (`candidate`) have no thread yet. The folders of the two
//! frameworks mirror each other. What pages are answered where they are rejected (22) is in `headers` too.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on must stop, and one of them is about panics"
)]

mod actix;
mod axum;
mod candidate;
mod declarations;
mod environment;
mod foreign_lists;
mod log;
mod nested;
mod talk;
