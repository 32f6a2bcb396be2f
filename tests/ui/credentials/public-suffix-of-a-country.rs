use cors_axum::cors;

#[cors(origins = ["https://*.co.uk"], credentials)]
#[get("/users")]
async fn users() {}

fn main() {}
