use cors_axum::cors;

macro_rules! handler {
    ($attribute:meta, $item:item) => {
        #[$attribute]
        $item
    };
}

handler!(
    cors(origins = "*", credentials),
    #[get("/users")]
    async fn users() {}
);

macro_rules! settings {
    ($settings:meta, $visibility:vis) => {
        #[cors($settings, credentials)]
        #[get("/people")]
        $visibility async fn people() {}
    };
}

settings!(origins = "*", pub(crate));

fn main() {}
