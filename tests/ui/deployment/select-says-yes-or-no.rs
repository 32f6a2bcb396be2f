use cors_axum::{Selection, cors};

fn is_allowed(request: &Selection<'_>) -> bool {
    request.header("origin").is_some()
}

#[cors(select = is_allowed)]
#[get("/users")]
async fn users() {}

fn main() {}
