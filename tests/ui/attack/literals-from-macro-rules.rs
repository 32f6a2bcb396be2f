use cors_axum::cors;

macro_rules! handler {
    ($name:ident, $origin:literal, $list:expr, $max_age:expr, $path:literal) => {
        #[cors(origins = [$origin], headers = $list, max_age = $max_age, credentials)]
        #[get($path)]
        async fn $name() {}
    };
}

handler!(users, "*", ["cookie"], -1, "/users");

fn main() {}
