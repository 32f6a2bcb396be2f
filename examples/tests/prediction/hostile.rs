//! Malformed and hostile calls: no error of the server, and no call to another one.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use examples::demo::{Ports, serve};
use serde_json::json;

use super::{SERVERS, ask, predict, predict_at};

#[tokio::test]
async fn what_is_no_call_is_an_error_in_words() {
    let demo = serve(Ports::FREE).unwrap();
    let long = format!(r#"{{"server":"axum","page":"null","path":"/{}"}}"#, "a".repeat(16 * 1024));
    let deep = format!(r#"{{"server":"axum","page":"null","path":{}"#, "[".repeat(10_000));
    for (body, status, error) in [
        ("", 400, "EOF"),
        ("{", 400, "EOF"),
        ("[]", 422, "struct Call"),
        ("null", 422, "struct Call"),
        (r#"{"server":"axum","page":"null"}"#, 422, "missing field `path`"),
        (r#"{"server":"poem","page":"null","path":"/"}"#, 422, "unknown variant `poem`"),
        (r#"{"server":"axum","page":"null","path":"/","x":1}"#, 422, "unknown field `x`"),
        (r#"{"server":"axum","page":"null","path":""}"#, 422, "a path begins with `/`"),
        (r#"{"server":"axum","page":"null","path":"@a.example/"}"#, 422, "a path begins with `/`"),
        (r#"{"server":"axum","page":"null","path":"http://a.example"}"#, 422, "begins with `/`"),
        (&long, 413, "length limit"),
        (&deep, 422, "invalid type"),
    ] {
        let (seen, body) = predict(&demo, body.as_bytes()).await.unwrap();
        assert_eq!(seen, status, "{body}");
        assert!(body["error"].as_str().unwrap().contains(error), "{error}: {body}");
    }
    let pages = demo.ports().pages;
    // What other sites can send without a preflight is not even read.
    let text = "content-type: text/plain\r\n";
    let valid = br#"{"server":"axum","page":"null","path":"/"}"#;
    let (status, _) = ask(pages, "POST", "/prediction", text, valid).await.unwrap();
    assert_eq!(status, 415);
}

#[tokio::test]
async fn hostile_calls_are_predicted_like_others() {
    let demo = serve(Ports::FREE).unwrap();
    for server in SERVERS {
        for (field, value, outcome) in [
            ("method", json!("A B"), "blocked"),
            ("method", json!(""), "blocked"),
            ("method", json!("GET / HTTP/1.1\r\nx: y"), "blocked"),
            ("method", json!("λ"), "blocked"),
            ("method", json!("CONNECT"), "blocked"),
            ("method", json!("M".repeat(9_000)), "blocked"),
            ("page", json!(""), "blocked"),
            ("page", json!("no url"), "blocked"),
            ("page", json!("http://"), "blocked"),
            ("page", json!("http://a\r\nb"), "200"),
            ("page", json!("file:///etc/passwd"), "200"),
            ("page", json!("javascript:alert(1)"), "200"),
            ("page", json!("http://user:password@app.localhost:1"), "200"),
            ("page", json!(format!("https://{}.example", "a.".repeat(3_000))), "200"),
            ("headers", json!([["a\r\nb", "c"]]), "blocked"),
            ("headers", json!([["a", "b\r\nc: d"]]), "blocked"),
            ("headers", json!([["", ""]]), "blocked"),
            ("headers", json!([["host", "a.example"], ["cookie", "session=1"]]), "200"),
            ("headers", json!([["origin", "http://app.localhost:1"]]), "200"),
            ("headers", json!([["a", "\u{1}"]]), "blocked"),
            ("headers", json!(vec![["accept", "*/*"]; 600]), "blocked"),
            ("body", json!({ "text": "x" }), "blocked"),
            ("path", json!("/../../etc/passwd"), "blocked"),
            ("path", json!("/%00%ff?%zz#a"), "blocked"),
            ("path", json!("/a b\u{7f}\r\n"), "blocked"),
        ] {
            let mut call =
                json!({ "server": server, "page": "https://a.example", "path": "/status" });
            call[field] = value;
            let (status, seen) = predict(&demo, call.to_string().as_bytes()).await.unwrap();
            assert_eq!(status, 200, "{call}: {seen}");
            assert_eq!(seen["outcome"], outcome, "{call}: {seen:#}");
        }
    }
}

#[tokio::test]
async fn broken_bytes_never_break_the_server() {
    let demo = serve(Ports::FREE).unwrap();
    let valid =
        br#"{"server":"actix","page":"null","path":"/a","method":"PUT","headers":[["x","y"]]}"#;
    for (index, _) in valid.iter().enumerate() {
        let mut broken = vec![valid[..index].to_vec()];
        for byte in [b'"', b'\\', 0, 0xff] {
            let mut bytes = valid.to_vec();
            bytes[index] = byte;
            broken.push(bytes);
        }
        for bytes in broken {
            let (status, seen) = predict(&demo, &bytes).await.unwrap();
            assert!(matches!(status, 200 | 400 | 422), "{status} {seen}: {bytes:?}");
        }
    }
}

#[tokio::test]
async fn no_other_server_is_ever_called() {
    let demo = serve(Ports::FREE).unwrap();
    let trap = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    trap.set_nonblocking(true).unwrap();
    let there = trap.local_addr().unwrap().to_string();
    for server in SERVERS {
        for path in ["//@", "/\\@", "//", "/\\", "/@", "/?@", "/#@", "/../@", "/%2f%2f"] {
            for way in ["fetch", "no-cors", "socket"] {
                let call = json!({
                    "server": server,
                    "page": format!("http://{there}"),
                    "path": format!("{path}{there}/"),
                    "way": way,
                    "headers": [["host", there], ["x-forwarded-host", there]],
                });
                let (status, seen) = predict(&demo, call.to_string().as_bytes()).await.unwrap();
                assert_eq!(status, 200, "{seen}");
            }
        }
    }
    assert_eq!(trap.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_visitors_wait_for_each_other() {
    let demo = serve(Ports::FREE).unwrap();
    let pages = demo.ports().pages;
    let calls: Vec<_> = (0..40)
        .map(|number| {
            let server = SERVERS[number % 2];
            let call = json!({ "server": server, "page": "null", "path": "/widget" }).to_string();
            tokio::spawn(async move { predict_at(pages, call.as_bytes()).await })
        })
        .collect();
    for call in calls {
        let (status, seen) = call.await.unwrap().unwrap();
        assert_eq!((status, &seen["outcome"]), (200, &json!("200")), "{seen}");
    }
}
