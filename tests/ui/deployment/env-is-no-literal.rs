use cors_axum::cors;

const NAME: &str = "FRONT_ORIGINS";

#[cors(origins = env!("FRONT_ORIGINS"))]
#[get("/macro")]
async fn by_macro() {}

#[cors(origins = env(NAME))]
#[get("/constant")]
async fn by_constant() {}

#[cors(origins = [env("FRONT_ORIGINS", required)])]
#[get("/required")]
async fn required() {}

#[cors(origins = [env])]
#[get("/nothing")]
async fn nothing() {}

fn main() {}
