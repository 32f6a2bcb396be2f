//! The demo is for everybody: on a phone, by keyboard, read aloud, and without anything that jumps.

use std::{env, fs};

use examples::demo::{Ports, Running, serve};
use fantoccini::{Client, Locator};
use serde::Deserialize;
use serde_json::json;
use tests::chromium::{Driver, Outcome, PATIENCE, command, programs};

use super::demo::ROLES;
use super::keyboard::{Node, tree};

/// Mistakes of the page, in words.
const MISTAKES: &str = include_str!("usable.js");

/// A small phone, and a desktop.
pub(crate) const SCREENS: [(u32, u32); 2] = [(360, 640), (1280, 800)];
/// The colours of one screen each; they do not depend on it.
const SCHEMES: [&str; 2] = ["dark", "light"];

/// A call that is predicted as soon as the page is open.
const LINKED: &str = "/explore#path=%2Farticles%2F2&method=PUT&cookies=on&headers=x-debug%3A+1";

/// The layout shift that is too small to be seen.
const NOTHING: f64 = 0.001;

/// How much has moved since the page was opened, without a visitor having done anything
/// ([Layout Instability](https://wicg.github.io/layout-instability/)).
const SHIFTS: &str = r#"
    const done = arguments[arguments.length - 1];
    const found = [];
    new PerformanceObserver((list) => found.push(...list.getEntries()))
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done({
        moved: found.filter((it) => !it.hadRecentInput).reduce((sum, it) => sum + it.value, 0),
        what: found.flatMap(({ sources }) => sources)
            .map(({ node }) => `${node?.nodeName} ${node?.id ?? ""} ${node?.className ?? ""}`),
    }), 150);
"#;

#[derive(Debug, Deserialize)]
pub(crate) struct Shifts {
    moved: f64,
    what: Vec<String>,
}

impl Shifts {
    pub(crate) fn is_nothing(&self) -> bool {
        self.moved <= NOTHING
    }
}

pub(crate) async fn shifts(client: &Client) -> Outcome<Shifts> {
    Ok(serde_json::from_value(client.execute_async(SHIFTS, Vec::new()).await?)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_fit_every_screen_and_do_not_jump() {
    let Some(browser) = Browser::open().await else { return };
    let checked = check_screens(&browser.client, &browser.demo).await;
    browser.client.close().await.unwrap();
    let (pages, mistakes) = checked.unwrap_or_else(|error| panic!("not checked: {error}"));
    assert!(mistakes.is_empty(), "{pages} pages:\n{}", mistakes.join("\n"));
    assert_eq!(pages, SCREENS.len() * ROLES.len() * 3);
}

async fn check_screens(client: &Client, demo: &Running) -> Outcome<(usize, Vec<String>)> {
    let (mut pages, mut mistakes) = (0, Vec::new());
    let axe = axe()?;
    for (screen, scheme) in SCREENS.into_iter().zip(SCHEMES) {
        resize(client, screen).await?;
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        command(client, "Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        let pages_of = |role| ["/", "/explore", LINKED].into_iter().map(move |path| (role, path));
        for (role, path) in ROLES.into_iter().flat_map(pages_of) {
            visit(client, &format!("{}{path}", demo.ports().page_of(role))).await?;
            let mut found = mistakes_of_page(client).await?;
            let shifts = shifts(client).await?;
            if !shifts.is_nothing() {
                found.push(format!("moved by {}: {:?}", shifts.moved, shifts.what));
            }
            if let Some(axe) = &axe {
                client.execute(axe, Vec::new()).await?;
                let violations = client.execute_async(RUN_AXE, Vec::new()).await?;
                found.extend(serde_json::from_value::<Vec<String>>(violations)?);
            }
            pages += 1;
            let at = format!("{role}{path}, {screen:?}, {scheme}");
            mistakes.extend(found.into_iter().map(|it| format!("{at}: {it}")));
        }
    }
    Ok((pages, mistakes))
}

async fn mistakes_of_page(client: &Client) -> Outcome<Vec<String>> {
    Ok(serde_json::from_value(client.execute(MISTAKES, Vec::new()).await?)?)
}

/// The script of [axe-core](https://github.com/dequelabs/axe-core): the file
/// that the environment variable `AXE_CORE` names, if it is set.
fn axe() -> Outcome<Option<String>> {
    let file = env::var_os("AXE_CORE");
    Ok(file.map(fs::read_to_string).transpose()?)
}

const RUN_AXE: &str = r"
    const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => done(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ));
";

/// Mistakes, each of its kind.
const SPOIL: &str = r#"
    document.querySelector("main").insertAdjacentHTML("afterbegin", `
        <p id="about" style="width: 2000px">wide</p>
        <h5>deep</h5>
        <h1>again</h1>
        <p style="color: #999; background: #fff">pale</p>
        <button style="font-size: 4px; padding: 0">x</button>
        <button><img src="data:,"></button>`);
"#;

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_found() {
    let Some(browser) = Browser::open().await else { return };
    let client = &browser.client;
    resize(client, SCREENS[0]).await.unwrap();
    visit(client, &browser.demo.ports().page_of("evil")).await.unwrap();
    let jump = "document.querySelector('main').prepend(document.createElement('hr'))";
    client.execute(jump, Vec::new()).await.unwrap();
    let shifts = shifts(client).await.unwrap();
    client.execute(SPOIL, Vec::new()).await.unwrap();
    let found = mistakes_of_page(client).await.unwrap().join("\n");
    let nodes = tree(client).await.unwrap();
    browser.client.close().await.unwrap();
    for mistake in [
        "pixels wide, of 360",
        "is out of the screen",
        "follows a heading of level",
        "2 headings of the first level",
        "two #about",
        "has a contrast of 2.85",
        "“x” is ",
    ] {
        assert!(found.contains(mistake), "{mistake}: {found}");
    }
    assert!(!shifts.is_nothing(), "{shifts:?}");
    let unnamed = nodes.iter().filter_map(Node::mistake).collect::<Vec<_>>();
    assert_eq!(unnamed, ["a button without a name"]);
}

const VERDICT: &str = r#"
    const score = document.getElementById("score");
    return {
        bottom: score.getBoundingClientRect().bottom,
        height: innerHeight,
        live: score.closest("[aria-live=polite][role=status]") !== null,
        text: score.closest("p").innerText,
    };
"#;

#[derive(Debug, Deserialize)]
struct Verdict {
    bottom: f64,
    height: f64,
    live: bool,
    text: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verdict_is_at_the_top_and_errors_are_explained() {
    let Some(browser) = Browser::open().await else { return };
    let checked = check_verdict(&browser.client, &browser.demo).await;
    browser.client.close().await.unwrap();
    checked.unwrap_or_else(|error| panic!("not checked: {error}"));
}

async fn check_verdict(client: &Client, demo: &Running) -> Outcome<()> {
    resize(client, SCREENS[0]).await?;
    let evil = demo.ports().page_of("evil");
    visit(client, &evil).await?;
    let verdict: Verdict = serde_json::from_value(client.execute(VERDICT, Vec::new()).await?)?;
    assert!(verdict.live && verdict.bottom < verdict.height, "{verdict:?}");
    assert!(verdict.text.contains("Both servers kept every promise"), "{verdict:?}");

    for server in ["axum", "actix"] {
        let cell = format!("#article-write-{server}");
        client.find(Locator::Css(&format!("{cell} summary"))).await?.click().await?;
        let reason = format!("{cell} .reason p + p");
        client.wait().at_most(PATIENCE).for_element(Locator::Css(&reason)).await?;
        let reason = client.find(Locator::Css(&format!("{cell} .reason"))).await?.text().await?;
        assert!(reason.contains("The call itself is never sent"), "{reason}");
        assert!(reason.contains(&format!("the origin {evil} is not allowed here")), "{reason}");
        assert!(reason.contains("has been blocked by CORS policy"), "{reason}");
    }

    // A script that is gone.
    command(client, "Network.enable", json!({})).await?;
    for (gone, path) in [("addresses.json", ""), ("steps.js", "/explore"), ("calls.js", "")] {
        let urls = json!({ "urls": [format!("*/{gone}")] });
        command(client, "Network.setBlockedURLs", urls).await?;
        visit(client, &format!("{evil}{path}")).await?;
        let status = client.find(Locator::Css("[role=status]")).await?;
        assert!(status.is_displayed().await?);
        let status = status.text().await?;
        assert!(status.contains("This page does not work"), "{gone}: {status}");
    }

    // A server that is gone.
    let urls = json!({ "urls": [format!("{}/*", demo.ports().actix_api())] });
    command(client, "Network.setBlockedURLs", urls).await?;
    visit(client, &evil).await?;
    let cell = client.find(Locator::Id("status-actix")).await?.text().await?;
    assert!(cell.contains("the server does not answer"), "{cell}");
    let verdict: Verdict = serde_json::from_value(client.execute(VERDICT, Vec::new()).await?)?;
    assert!(verdict.text.contains("first in Read the status (actix-web)"), "{verdict:?}");
    visit(client, &format!("{evil}/explore#path=/status")).await?;
    let server = Locator::Css("[name=server][value=actix]");
    client.find(server).await?.click().await?;
    client.find(Locator::Css("button")).await?.click().await?;
    let red = Locator::Css("#agreement[data-verdict=red]");
    client.wait().at_most(PATIENCE).for_element(red).await?;
    let seen = client.find(Locator::Id("seen")).await?.text().await?;
    assert!(seen.contains("The server does not answer"), "{seen}");
    Ok(())
}

/// The demo, and a browser that has nothing open yet.
pub(crate) struct Browser {
    pub(crate) client: Client,
    pub(crate) demo: Running,
    /// Ends when it is dropped.
    _driver: Driver,
}

impl Browser {
    pub(crate) async fn open() -> Option<Self> {
        let programs = programs()?;
        let demo = serve(Ports::FREE).unwrap();
        let driver = Driver::start(&programs).unwrap_or_else(|error| panic!("no driver: {error}"));
        let client = driver.open_browser(&programs, &[]).await;
        let client = client.unwrap_or_else(|error| panic!("no browser: {error}"));
        Some(Self { client, demo, _driver: driver })
    }
}

pub(crate) async fn resize(client: &Client, (width, height): (u32, u32)) -> Outcome<()> {
    let metrics = json!({
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500,
    });
    command(client, "Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
}

/// Opens a page afresh, also where only the fragment of its address differs.
pub(crate) async fn visit(client: &Client, url: &str) -> Outcome<()> {
    client.goto("about:blank").await?;
    client.goto(url).await?;
    client.wait().at_most(PATIENCE).for_element(Locator::Css("body[data-done=true]")).await?;
    Ok(())
}
