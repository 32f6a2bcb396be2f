use cors_axum::cors;

#[cors(origins = "*")]
struct User;

fn main() {
    let _ = User;
}
