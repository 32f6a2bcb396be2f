use cors_axum::cors;

#[cors(origins = ["https://app.example.com"])]
#[get("/double/{n}")]
async fn double(axum::extract::Path(n): axum::extract::Path<u32>) -> String {
    (2 * n).to_string()
}

async fn caller() -> String {
    double(axum::extract::Path(2)).await
}

fn main() {
    drop(caller());
}
