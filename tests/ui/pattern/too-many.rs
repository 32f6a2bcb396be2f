use cors_axum::cors;

#[cors(origin_patterns = [
    r"^https://app0\.example\.com$",
    r"^https://app1\.example\.com$",
    r"^https://app2\.example\.com$",
    r"^https://app3\.example\.com$",
    r"^https://app4\.example\.com$",
    r"^https://app5\.example\.com$",
    r"^https://app6\.example\.com$",
    r"^https://app7\.example\.com$",
    r"^https://app8\.example\.com$",
    r"^https://app9\.example\.com$",
    r"^https://app10\.example\.com$",
    r"^https://app11\.example\.com$",
    r"^https://app12\.example\.com$",
    r"^https://app13\.example\.com$",
    r"^https://app14\.example\.com$",
    r"^https://app15\.example\.com$",
    r"^https://app16\.example\.com$",
    r"^https://app17\.example\.com$",
    r"^https://app18\.example\.com$",
    r"^https://app19\.example\.com$",
    r"^https://app20\.example\.com$",
    r"^https://app21\.example\.com$",
    r"^https://app22\.example\.com$",
    r"^https://app23\.example\.com$",
    r"^https://app24\.example\.com$",
    r"^https://app25\.example\.com$",
    r"^https://app26\.example\.com$",
    r"^https://app27\.example\.com$",
    r"^https://app28\.example\.com$",
    r"^https://app29\.example\.com$",
    r"^https://app30\.example\.com$",
    r"^https://app31\.example\.com$",
    r"^https://app32\.example\.com$",
])]
#[get("/users")]
async fn users() {}

fn main() {}
