use cors_axum::cors;

#[cors(debug_origins = ["http://localhost:*"])]
#[get("/alone")]
async fn alone() {}

#[cors(origins = ["https://app.example.com"], debug_origins = ["http://dev.example.com/"], credentials)]
#[get("/wrong")]
async fn wrong() {}

#[cors(origins = ["https://app.example.com"], debug_origins = "*")]
#[get("/any")]
async fn any() {}

fn main() {}
