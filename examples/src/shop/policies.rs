//! The policies, by the front end that they are for.

use cors_axum::policy;

policy! {
    /// The front end of the shop, on its own host and on those of its countries.
    pub(crate) static SHOP = {
        origins = ["https://shop.example", "https://*.shop.example"],
        headers = ["authorization", "content-type"],
        max_age = "1h",
    }

    /// The same for what needs no preflight: a page of another origin is rejected by name.
    pub(crate) static SHOP_LIVE = {
        origins = ["https://shop.example", "https://*.shop.example"],
        enforce,
    }

    /// The front end of the staff, which may have a development server.
    pub(crate) static STAFF = {
        origins = ["https://staff.shop.example", "http://localhost:*"],
        headers = ["authorization", "content-type"],
        expose_headers = ["x-revision"],
    }
}
