use cors_axum::{cors, methods, policy, routes};

#[cors(crate = "my_facade::cors_axum", origins = ["https://app.example.com"])]
#[get("/users")]
async fn users() {}

#[cors(crate, origins = ["https://app.example.com"])]
#[get("/orders")]
async fn orders() {}

policy! {
    crate = 5;
    static PARTNERS = { origins = ["https://partner.example.com/"] }
}

#[cors(crate = , origins = ["https://app.example.com"])]
mod admin {}

fn main() {
    let _ = routes!(crate = cors_axum(); users);
    let _ = methods!(crate = ; users);
}
