use cors_actix::cors;

#[cors(origins = "*")]
struct User;

fn main() {
    let _ = User;
}
