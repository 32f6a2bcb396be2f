//! What stands beside the handlers of a module with `#[cors]`.

use actix_web::App;
use cors_actix::{cors, routes};

macro_rules! module {
    ($(#[$attribute:meta])* $name:ident { $($item:item)* }) => {
        $(#[$attribute])*
        pub mod $name {
            $($item)*
        }
    };
}

module! {
    #[cors(origins = ["https://app.example.com"])]
    made {
        use actix_web::put;

        #[put("/made")]
        pub async fn made() -> &'static str {
            ""
        }
    }
}

macro_rules! route {
    ($name:ident, $route:meta) => {
        #[cors(origins = ["https://app.example.com"])]
        pub mod $name {
            #[allow(unused_imports)]
            use actix_web::put;

            #[$route]
            pub async fn handler() -> &'static str {
                ""
            }
        }
    };
}

route!(one, put("/one"));

#[cors(origins = ["https://app.example.com"])]
mod api {
    #![allow(dead_code)]
    use std::cell::Cell;

    use actix_web::{put, scope};
    use cors_actix::{cors, policy};

    policy! { pub static PUBLIC = { origins = "*" } }
    std::thread_local! {
        static COUNT: Cell<usize> = const { Cell::new(0) };
    }
    macro_rules! zero {
        () => {
            0
        };
    }

    const COUNTS: [usize; 2] = [zero!(), { 1 }];

    struct Counts<const N: usize>([u8; N]);

    impl Default for Counts<{ COUNTS.len() }> {
        fn default() -> Self {
            Self([0; COUNTS.len()])
        }
    }

    #[cfg_attr(all(), doc = "The first.")]
    #[put("/first")]
    pub async fn first() -> &'static str {
        assert_eq!(Counts::default().0.len(), 2);
        ""
    }

    #[allow(unused_imports)]
    pub mod inside {
        use super::put;

        #[put("/inside")]
        pub async fn inside() -> &'static str {
            ""
        }
    }

    #[scope("/scope")]
    pub mod scoped {
        use actix_web::put;

        #[put("/second")]
        pub async fn second() -> &'static str {
            ""
        }
    }

    #[cors(policy = PUBLIC)]
    #[put("/public")]
    pub async fn public() -> &'static str {
        ""
    }
}

fn main() {
    let list = || routes![made::made, one::handler, api::first, api::inside::inside, api::public];
    let table = list().table().to_string();
    assert_eq!(table.matches("https://app.example.com").count(), 4, "{table}");
    assert_eq!(table.matches("any origin").count(), 1, "{table}");
    let _ = App::new().service(list()).service(api::scoped::second);
}
