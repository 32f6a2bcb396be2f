use cors_axum::cors;

#[cors(origin_patterns = [
    r"^https://([a-z0-9-]+\.)*[a-z]*a[a-z]{5}\.a\.example\.com$",
    r"^https://([a-z0-9-]+\.)*[a-z]*b[a-z]{5}\.b\.example\.com$",
    r"^https://([a-z0-9-]+\.)*[a-z]*c[a-z]{5}\.c\.example\.com$",
    r"^https://([a-z0-9-]+\.)*[a-z]*d[a-z]{5}\.d\.example\.com$",
    r"^https://([a-z0-9-]+\.)*[a-z]*e[a-z]{5}\.e\.example\.com$",
    r"^https://([a-z0-9-]+\.)*[a-z]*f[a-z]{5}\.f\.example\.com$",
])]
#[get("/users")]
async fn users() {}

fn main() {}
