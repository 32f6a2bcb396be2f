use cors_axum::cors;

#[cors(origins = ["https://app.example.com/", "https://ok.example.com", "http://[0:0::1]:80", "ftp.example.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
