//! What is reached by keyboard, and what a screen reader reads.

use std::collections::BTreeSet;

use examples::demo::Running;
use fantoccini::Client;
use serde::Deserialize;
use serde_json::{Value, json};
use tests::chromium::{Outcome, command};

use super::usable::{Browser, SCREENS, resize, visit};

/// Marks what can be used by a visitor; radio buttons of one name are one stop.
const MARK: &str = r#"
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
        .filter((it) => !it.disabled && it.checkVisibility())
        .filter((it) => it.type !== "radio" || it.checked);
    all.forEach((it, index) => { it.dataset.stop = index; });
    document.activeElement.blur();
    return all.length;
"#;
const FOCUSED: &str = r#"
    const at = document.activeElement;
    const { bottom, top } = at.getBoundingClientRect();
    return {
        stop: at.dataset.stop ?? null,
        // By keyboard, one sees where one is.
        isShown: at === document.body || getComputedStyle(at).outlineStyle !== "none",
        isOnScreen: bottom > 0 && top < innerHeight,
    };
"#;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Focused {
    stop: Option<String>,
    is_shown: bool,
    is_on_screen: bool,
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_reached_by_keyboard_and_has_a_name() {
    let Some(browser) = Browser::open().await else { return };
    let checked = check_keyboard(&browser.client, &browser.demo).await;
    browser.client.close().await.unwrap();
    let stops = checked.unwrap_or_else(|error| panic!("not checked: {error}"));
    assert!(stops > 100, "only {stops} stops");
}

async fn check_keyboard(client: &Client, demo: &Running) -> Outcome<usize> {
    let mut count = 0;
    for (screen, path) in SCREENS.into_iter().zip(["/", "/explore"]) {
        resize(client, screen).await?;
        let page = format!("{}{path}", demo.ports().page_of("evil"));
        visit(client, &page).await?;
        let stops: usize = serde_json::from_value(client.execute(MARK, Vec::new()).await?)?;
        let mut reached = BTreeSet::new();
        for _ in 0..stops {
            press_tab(client).await?;
            let focused = client.execute(FOCUSED, Vec::new()).await?;
            let focused: Focused = serde_json::from_value(focused)?;
            assert!(focused.is_shown && focused.is_on_screen, "{page}: {focused:?}");
            reached.extend(focused.stop.and_then(|it| it.parse::<usize>().ok()));
        }
        let missing: Vec<usize> = (0..stops).filter(|it| !reached.contains(it)).collect();
        assert!(missing.is_empty(), "{page}: {stops} stops, not reached: {missing:?}");
        count += stops;
        let mut mistakes = Vec::new();
        for node in tree(client).await? {
            mistakes.extend(node.mistake());
        }
        assert!(mistakes.is_empty(), "{page}: {mistakes:#?}");
    }
    Ok(count)
}

async fn press_tab(client: &Client) -> Outcome<()> {
    for kind in ["keyDown", "keyUp"] {
        let key = json!({
            "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9,
        });
        command(client, "Input.dispatchKeyEvent", key).await?;
    }
    Ok(())
}

/// What a screen reader reads of an element.
#[derive(Debug, Deserialize)]
pub(crate) struct Node {
    #[serde(default)]
    ignored: bool,
    role: Option<Told>,
    name: Option<Told>,
}

#[derive(Debug, Deserialize)]
struct Told {
    #[serde(default)]
    value: Value,
}

/// The roles whose elements are nothing without a name.
const NAMED: [&str; 15] = [
    "button",
    "checkbox",
    "combobox",
    "DisclosureTriangle",
    "form",
    "heading",
    "link",
    "navigation",
    "progressbar",
    "radio",
    "region",
    "RootWebArea",
    "rowheader",
    "table",
    "textbox",
];

impl Node {
    fn role(&self) -> &str {
        self.role.as_ref().and_then(|it| it.value.as_str()).unwrap_or_default()
    }

    pub(crate) fn mistake(&self) -> Option<String> {
        let name = self.name.as_ref().and_then(|it| it.value.as_str()).unwrap_or_default();
        let needs = NAMED.contains(&self.role()) && !self.ignored;
        (needs && name.trim().is_empty()).then(|| format!("a {} without a name", self.role()))
    }
}

pub(crate) async fn tree(client: &Client) -> Outcome<Vec<Node>> {
    let tree = command(client, "Accessibility.getFullAXTree", json!({})).await?;
    Ok(serde_json::from_value(tree["nodes"].clone())?)
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_are_tables_on_every_screen() {
    let Some(browser) = Browser::open().await else { return };
    let client = &browser.client;
    let mut found = Vec::new();
    for screen in SCREENS {
        resize(client, screen).await.unwrap();
        for path in ["/", "/explore"] {
            let page = format!("{}{path}", browser.demo.ports().page_of("app"));
            visit(client, &page).await.unwrap();
            // On a phone, the long table is folded.
            let unfold = "document.querySelector('#table')?.setAttribute('open', '')";
            client.execute(unfold, Vec::new()).await.unwrap();
            let nodes = tree(client).await.unwrap();
            let count =
                |role: &str| nodes.iter().filter(|it| !it.ignored && it.role() == role).count();
            let counts = ["table", "columnheader", "rowheader", "row", "cell"].map(count);
            let is_table = counts[0] == 1 && counts[1] >= 3 && counts[2] > 15 && counts[4] > 30;
            found.extend((!is_table).then(|| format!("{page}, {screen:?}: {counts:?}")));
        }
    }
    browser.client.close().await.unwrap();
    assert!(found.is_empty(), "{found:#?}");
}
