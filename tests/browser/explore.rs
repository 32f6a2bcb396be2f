//! What the demo predicts of its calls, against what Chromium then does; and the page that shows both.

use examples::demo::{Ports, Running, serve};
use fantoccini::{Client, Locator};
use serde::Deserialize;
use serde_json::json;
use tests::chromium::{Driver, Outcome, PATIENCE, programs, read_console};

use super::demo::{FRAMEWORKS, ROLES};
use super::usable::{SCREENS, resize, shifts};

/// Predicts each call of the page, then makes it: what was sent earlier is known to the prediction.
const PREDICT_AND_CALL: &str = r#"
    const [server, done] = arguments;
    const load = (name) => import(`/${name}.js`);
    Promise.all(["calls", "browser", "prediction"].map(load)).then(
        async ([{ groups }, { makeCall }, { predict, surprises }]) => {
            const found = [];
            for (const { id, request } of groups.flatMap(({ calls }) => calls)) {
                const prediction = await predict(server, location.origin, request);
                const seen = await makeCall(server, request);
                const { outcome, console } = prediction;
                const isTold = request.by !== "frame";
                found.push({
                    id,
                    outcome,
                    console: isTold ? console : null,
                    surprises: surprises(prediction, seen),
                });
            }
            done(found);
        },
    );
"#;

#[derive(Debug, Deserialize)]
struct Predicted {
    id: String,
    outcome: String,
    /// Of a call in a sandboxed frame, the driver does not tell what the console says.
    console: Option<String>,
    surprises: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_the_demo_are_predicted() {
    let Some(programs) = programs() else { return };
    let demo = serve(Ports::FREE).unwrap();
    let driver = Driver::start(&programs).unwrap_or_else(|error| panic!("no driver: {error}"));
    let client = driver.open_browser(&programs, &[]).await;
    let client = client.unwrap_or_else(|error| panic!("no browser: {error}"));
    let compared = compare(&client, &demo).await;
    client.close().await.unwrap();
    let (calls, sentences, differences) =
        compared.unwrap_or_else(|error| panic!("no comparison: {error}"));
    assert!(differences.is_empty(), "{calls} calls:\n{}", differences.join("\n"));
    assert!(calls > 200 && sentences > 80, "only {calls} calls, {sentences} sentences");
    println!("{calls} calls are predicted, and {sentences} sentences of the console");
}

async fn compare(client: &Client, demo: &Running) -> Outcome<(usize, usize, Vec<String>)> {
    let (mut calls, mut sentences, mut differences) = (0, 0, Vec::new());
    for role in ROLES {
        client.goto(&format!("{}/explore", demo.ports().page_of(role))).await?;
        wait(client).await?;
        for server in FRAMEWORKS {
            read_console(client).await?;
            let found = client.execute_async(PREDICT_AND_CALL, vec![json!(server)]).await?;
            let found: Vec<Predicted> = serde_json::from_value(found)?;
            let console = read_console(client).await?;
            for Predicted { id, outcome, console: said, surprises } in found {
                let at = format!("{role}, {id} ({server}), {outcome} predicted");
                calls += 1;
                sentences += usize::from(said.is_some());
                differences.extend(surprises.iter().map(|it| format!("{at}: {it}")));
                let silence = said.filter(|said| !console.iter().any(|line| line.contains(said)));
                differences.extend(silence.map(|said| format!("{at}: not in the console: {said}")));
            }
        }
    }
    Ok((calls, sentences, differences))
}

/// What the page shows of a call.
#[derive(Debug, Deserialize)]
struct Shown {
    agreement: String,
    verdict: Option<String>,
    predicted: String,
    seen: String,
    steps: Vec<String>,
}

const READ_RESULT: &str = r#"
    const text = (id) => document.getElementById(id).innerText.replace(/\s+/g, " ");
    return {
        agreement: text("agreement"),
        verdict: document.getElementById("agreement").dataset.verdict ?? null,
        predicted: text("predicted"),
        seen: text("seen"),
        steps: [...document.querySelectorAll("ol.steps > li > h4")].map((it) => it.innerText),
    };
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_sees_prediction_and_reality_beside_each_other() {
    let Some(programs) = programs() else { return };
    let demo = serve(Ports::FREE).unwrap();
    let driver = Driver::start(&programs).unwrap_or_else(|error| panic!("no driver: {error}"));
    let client = driver.open_browser(&programs, &[]).await;
    let client = client.unwrap_or_else(|error| panic!("no browser: {error}"));
    let visited = visit(&client, &demo).await;
    client.close().await.unwrap();
    visited.unwrap_or_else(|error| panic!("no visit: {error}"));
}

async fn visit(client: &Client, demo: &Running) -> Outcome<()> {
    let [evil, admin, app] = ["evil", "admin", "app"].map(|it| demo.ports().page_of(it));
    resize(client, SCREENS[0]).await?;
    for server in FRAMEWORKS {
        // A call that the preflight stops.
        client.goto(&format!("{evil}/explore")).await?;
        wait(client).await?;
        client.find(Locator::Css(&format!("[name=server][value={server}]"))).await?.click().await?;
        choose(client, "route", "PUT /articles/{id}").await?;
        let shown = submit(client).await?;
        assert_eq!(shown.verdict.as_deref(), Some("green"), "{shown:#?}");
        assert_eq!(shown.agreement, "Predicted and seen: blocked. They agree.");
        assert_eq!(shown.steps, ["1. Preflight"], "{shown:#?}");
        assert!(shown.predicted.contains("the method PUT is not CORS-safelisted"), "{shown:#?}");
        assert!(shown.predicted.contains("has been blocked by CORS policy"), "{shown:#?}");
        assert!(
            shown.predicted.contains(&format!("the origin {evil} is not allowed")),
            "{shown:#?}"
        );
        assert!(shown.seen.contains("TypeError: Failed to fetch"), "{shown:#?}");

        // The same of another page, which makes it there.
        choose(client, "page", &admin).await?;
        let shown = submit(client).await?;
        assert_eq!(shown.verdict, None, "{shown:#?}");
        assert_eq!(shown.steps, ["1. Preflight", "2. The call itself"], "{shown:#?}");
        client.find(Locator::Css("#seen a")).await?.click().await?;
        wait(client).await?;
        assert!(client.current_url().await?.as_str().starts_with(&admin));
        let shown = submit(client).await?;
        assert_eq!(shown.agreement, "Predicted and seen: 200. They agree.", "{shown:#?}");

        // A frame, whose origin is `null`.
        choose(client, "route", "GET /widget").await?;
        choose(client, "page", "null").await?;
        let shown = submit(client).await?;
        assert_eq!(shown.agreement, "Predicted and seen: 200. They agree.", "{shown:#?}");

        // With cookies, where the page signs its user in first.
        client.goto(&format!("{app}/explore")).await?;
        wait(client).await?;
        client.find(Locator::Css(&format!("[name=server][value={server}]"))).await?.click().await?;
        choose(client, "route", "GET /me").await?;
        client.execute("document.getElementById('cookies').checked = true", Vec::new()).await?;
        let shown = submit(client).await?;
        assert_eq!(shown.agreement, "Predicted and seen: 200. They agree.", "{shown:#?}");
        assert!(shown.seen.contains("Ada"), "{shown:#?}");

        // What the script may not write.
        let write = "document.getElementById('headers').value = 'a b: c'";
        client.execute(write, Vec::new()).await?;
        let shown = submit(client).await?;
        assert_eq!(shown.agreement, "Predicted and seen: blocked. They agree.", "{shown:#?}");
        assert!(shown.predicted.contains("Nothing is sent"), "{shown:#?}");
        assert!(shown.seen.contains("Invalid name"), "{shown:#?}");
    }
    Ok(())
}

async fn choose(client: &Client, id: &str, value: &str) -> Outcome<()> {
    client.find(Locator::Id(id)).await?.select_by_value(value).await?;
    Ok(())
}

async fn submit(client: &Client) -> Outcome<Shown> {
    let start =
        "document.body.dataset.done = 'false'; document.getElementById('form').requestSubmit()";
    client.execute(start, Vec::new()).await?;
    wait(client).await?;
    let shifts = shifts(client).await?;
    assert!(shifts.is_nothing(), "{shifts:?}");
    Ok(serde_json::from_value(client.execute(READ_RESULT, Vec::new()).await?)?)
}

async fn wait(client: &Client) -> Outcome<()> {
    client.wait().at_most(PATIENCE).for_element(Locator::Css("body[data-done=true]")).await?;
    Ok(())
}
