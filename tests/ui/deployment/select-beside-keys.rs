use cors_axum::{Policy, Selection, cors};

fn by_tenant(_: &Selection<'_>) -> Option<Policy> {
    None
}

#[cors(select = by_tenant, credentials)]
#[get("/users")]
async fn users() {}

#[cors(select = by_tenant, none)]
#[get("/none")]
async fn none() {}

#[cors(select = |request| by_tenant(request))]
#[get("/closure")]
async fn closure() {}

fn main() {}
