use cors_axum::cors;

#[cors(origins = ["https://*.github.io"], enforce)]
#[get("/users")]
async fn users() {}

fn main() {}
