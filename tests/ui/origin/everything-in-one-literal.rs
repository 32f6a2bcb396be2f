use cors_axum::cors;

#[cors(origins = ["HTTPS://me@App.Example.com:443/x?y#z"])]
#[get("/users")]
async fn users() {}

fn main() {}
