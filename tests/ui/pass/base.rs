//! A base is used by what extends it, and by nothing else it need be.

#![deny(warnings, missing_docs, let_underscore_drop)]

mod policies {
    cors_axum::policy! {
        pub(crate) static ADMIN = { ..STAFF, headers = ["content-type", "x-admin"] }
        static STAFF = { ..BASE, credentials };
        static BASE = { origins = ["https://app.example.com"], headers = ["content-type"] }
    }
}

fn main() {
    let _: &cors_axum::Policy = &policies::ADMIN;
}
