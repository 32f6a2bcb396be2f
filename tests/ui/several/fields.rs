use actix_web::get;
use cors_actix::cors;

#[cors(origins = "*", credentials, headers = ["cookie"], expose_headers = "*", methods = ["TRACE"], max_age = "7d", private_network, enforce, dangerously_allow(null_origin))]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
