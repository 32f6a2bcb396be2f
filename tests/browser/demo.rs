//! The pages of the demo: they call both APIs and compare what they see with what the policies
//! promise; the verdicts are read off their tables.

use std::collections::BTreeSet;
use std::fmt;

use examples::demo::{Ports, serve};
use fantoccini::{Client, Locator};
use serde::Deserialize;
use tests::chromium::{Driver, Outcome, PATIENCE, programs, read_console};

pub(crate) const ROLES: [&str; 4] = ["app", "admin", "eu.app", "evil"];
pub(crate) const FRAMEWORKS: [&str; 2] = ["axum", "actix"];

/// The page's own table says what every call must show. These few are said twice, so that a
/// mistake in that table cannot make everything green: a call, and what each role sees of it.
const CORNERSTONES: [(&str, [&str; 4]); 15] = [
    ("status", ["200", "200", "200", "200"]),
    ("status-with-cookies", ["blocked", "blocked", "blocked", "blocked"]),
    ("me-without-cookie", ["401", "blocked", "blocked", "blocked"]),
    ("me", ["200", "blocked", "blocked", "blocked"]),
    ("article-read", ["200", "200", "blocked", "blocked"]),
    ("article-bad-json", ["blocked", "400", "blocked", "blocked"]),
    ("article-patch", ["blocked", "200", "blocked", "blocked"]),
    ("article-moved", ["200", "200", "blocked", "blocked"]),
    ("order-arrived", ["200", "404", "404", "404"]),
    ("order-blind-arrived", ["200", "404", "404", "404"]),
    ("live", ["open", "refused", "refused", "refused"]),
    ("header-authorization", ["blocked", "blocked", "blocked", "blocked"]),
    ("header-authorization-by-name", ["200", "200", "blocked", "blocked"]),
    ("subdomain", ["blocked", "blocked", "200", "blocked"]),
    ("frame-article", ["blocked", "blocked", "blocked", "blocked"]),
];

/// What the console shows on an allowed page, with debug builds: not that its origin is not allowed,
/// but what is not.
const CONSOLE: [&str; 3] = [
    "Method patch is not allowed by Access-Control-Allow-Methods in preflight response",
    "field x-debug is not allowed by Access-Control-Allow-Headers in preflight response",
    "field authorization is not allowed by Access-Control-Allow-Headers in preflight response",
];

#[tokio::test(flavor = "multi_thread")]
async fn pages_see_what_the_policies_promise() {
    let Some(programs) = programs() else { return };
    let running = serve(Ports::FREE).unwrap();
    let driver = Driver::start(&programs).unwrap_or_else(|error| panic!("no driver: {error}"));
    let client = driver.open_browser(&programs, &[]).await;
    let client = client.unwrap_or_else(|error| panic!("no browser: {error}"));
    let mut failures = Vec::new();
    let mut seen = 0;
    // The user signs in at `app` first, so the hostile page comes upon a cookie.
    for (index, role) in ROLES.into_iter().enumerate() {
        match read_page(&client, &running.ports().page_of(role)).await {
            Ok(page) => {
                seen += page.cells.len();
                failures.extend(page.failures(index).map(|it| format!("{role}: {it}")));
            }
            Err(error) => failures.push(format!("{role}: the page cannot be read: {error}")),
        }
        match read_console(&client).await {
            Ok(lines) if role == "admin" => failures.extend(silences(&lines)),
            Ok(_) => {}
            Err(error) => failures.push(format!("{role}: the console cannot be read: {error}")),
        }
    }
    client.close().await.unwrap();
    assert!(
        failures.is_empty(),
        "{} mistakes in {seen} cells:\n  {}",
        failures.len(),
        failures.join("\n  ")
    );
}

/// What a page shows, and what its table of calls declares.
#[derive(Debug, Deserialize)]
struct Page {
    score: String,
    declared: Vec<String>,
    cells: Vec<Cell>,
}

/// What one call to one framework showed.
#[derive(Debug, Deserialize)]
struct Cell {
    call: String,
    framework: String,
    promised: String,
    seen: Option<String>,
    verdict: Option<String>,
    detail: Option<String>,
}

const READ_PAGE: &str = r#"
    const done = arguments[arguments.length - 1];
    import("/calls.js").then(({ groups }) => done({
        score: document.getElementById("score").textContent,
        declared: groups.flatMap(({ calls }) => calls.map(({ id }) => id)),
        cells: [...document.querySelectorAll("[data-call]")].map(({ dataset }) => ({ ...dataset })),
    }));
"#;

async fn read_page(client: &Client, url: &str) -> Outcome<Page> {
    client.goto(url).await?;
    let done = Locator::Css("body[data-done=true]");
    client.wait().at_most(PATIENCE).for_element(done).await?;
    let page = client.execute_async(READ_PAGE, Vec::new()).await?;
    Ok(serde_json::from_value(page)?)
}

/// What the console does not say of a server, and should.
fn silences(console: &[String]) -> impl Iterator<Item = String> {
    let wanted = CONSOLE.into_iter().flat_map(|it| FRAMEWORKS.map(|framework| (it, framework)));
    wanted.filter_map(|(sentence, framework)| {
        let server = format!("'http://{framework}.app.localhost:");
        let said = console.iter().any(|line| line.contains(&server) && line.contains(sentence));
        (!said).then(|| format!("the console does not say of {framework}: {sentence}"))
    })
}

impl Page {
    /// Everything that is not as promised to the role of this index.
    fn failures(&self, role: usize) -> impl Iterator<Item = String> {
        let red = self.cells.iter().filter(|cell| !cell.is_green()).map(ToString::to_string);
        self.gaps().into_iter().chain(red).chain(self.loose_cornerstones(role))
    }

    /// Calls that the page forgot, or counted wrong.
    fn gaps(&self) -> Vec<String> {
        let declared: BTreeSet<(&str, &str)> = self
            .declared
            .iter()
            .flat_map(|call| FRAMEWORKS.map(|framework| (call.as_str(), framework)))
            .collect();
        let shown: BTreeSet<(&str, &str)> =
            self.cells.iter().map(|cell| (cell.call.as_str(), cell.framework.as_str())).collect();
        let missing = declared.symmetric_difference(&shown).map(|(call, framework)| {
            format!("{call} ({framework}) is not both declared and shown")
        });
        let count = self.declared.len() * FRAMEWORKS.len();
        let count = (self.cells.len() != count)
            .then(|| format!("{} cells shown, {count} declared", self.cells.len()));
        let green = self.cells.iter().filter(|cell| cell.is_green()).count();
        let score = format!("{green} of {} as promised", self.cells.len());
        let score = (self.score != score)
            .then(|| format!("the page says `{}`, the cells say `{score}`", self.score));
        missing.chain(count).chain(score).collect()
    }

    /// Cells that are green although they should not be.
    fn loose_cornerstones(&self, role: usize) -> impl Iterator<Item = String> {
        let pairs = CORNERSTONES.into_iter().flat_map(|it| FRAMEWORKS.map(|that| (it, that)));
        pairs.filter_map(move |((call, roles), framework)| {
            let cell = self.cells.iter().find(|it| it.call == call && it.framework == framework);
            let seen = cell.and_then(|cell| cell.seen.as_deref()).unwrap_or("nothing");
            let expected = roles[role];
            let loose = seen != expected && cell.is_none_or(Cell::is_green);
            loose.then(|| format!("{call} ({framework}): {seen} seen, and must be {expected}"))
        })
    }
}

impl Cell {
    fn is_green(&self) -> bool {
        self.verdict.as_deref() == Some("green")
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call, framework, promised, .. } = self;
        let seen = self.seen.as_deref().unwrap_or("nothing");
        let detail = self.detail.as_deref().unwrap_or_default();
        write!(f, "{call} ({framework}): {promised} promised, {seen} seen: {detail}")
    }
}
