//! The calls in Chromium.

use std::collections::BTreeMap;

use fantoccini::Client;
use serde_json::{Value, json};
use tests::chromium::{Outcome, read_console};

use super::compare::Seen;
use super::mirror::{Caller, Mirror};
use super::plan::{PageKind, Plan};

/// Makes all calls of some plans, by their numbers, and returns what the page saw of each.
const MAKE_CALLS: &str = r#"
    const [plans, done] = arguments;
    async function callAll(url, calls) {
        const all = [];
        for (const { body, ...options } of calls) {
            try {
                const response = await fetch(url, { ...options, ...(body === null ? {} : { body: new TextEncoder().encode(body) }) });
                all.push({
                    kind: response.type,
                    status: response.status,
                    url: response.url,
                    redirected: response.redirected,
                    headers: [...response.headers],
                    body: await response.text(),
                });
            } catch (error) {
                all.push({ error: `${error.name}: ${error.message}` });
            }
        }
        return all;
    }
    const inFrame = (url, calls) => new Promise((resolve) => {
        const frame = document.createElement("iframe");
        frame.sandbox = "allow-scripts";
        const call = `(${callAll})(${JSON.stringify(url)}, ${JSON.stringify(calls)})`;
        frame.srcdoc = `<script>${call}.then((seen) => parent.postMessage(seen, "*"))</` + "script>";
        addEventListener("message", function listen({ source, data }) {
            if (source !== frame.contentWindow) return;
            removeEventListener("message", listen);
            frame.remove();
            resolve(data);
        });
        document.body.append(frame);
    });
    (async () => {
        const all = [];
        for (const { url, frame, calls } of plans) {
            all.push(await (frame ? inFrame(url, calls) : callAll(url, calls)));
        }
        done(all);
    })();
"#;

/// Makes the calls of some plans on a page that is open; the lines of the console are by plan.
pub(crate) async fn make_calls(
    client: &Client,
    mirror: &Mirror,
    plans: &[(usize, &Plan)],
) -> Outcome<(Vec<Vec<Seen>>, BTreeMap<usize, Vec<String>>)> {
    let arguments: Vec<Value> = plans
        .iter()
        .map(|(number, plan)| {
            json!({
                "url": mirror.url(Caller::Real, *number, plan),
                "frame": plan.page == PageKind::Frame,
                "calls": plan.calls,
            })
        })
        .collect();
    let reported = client.execute_async(MAKE_CALLS, vec![Value::Array(arguments)]).await?;
    let reported: Vec<Vec<Seen>> = serde_json::from_value(reported)?;
    let seen = reported.into_iter().map(|it| it.into_iter().map(comparable).collect()).collect();
    let mut console: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for line in read_console(client).await? {
        if let Some((number, text)) = read_line(&line) {
            console.entry(number).or_default().push(text);
        }
    }
    Ok((seen, console))
}

/// The plan that a line is about, and what it says.
fn read_line(line: &str) -> Option<(usize, String)> {
    let said = ["Access to fetch at", "Fetch API cannot load"];
    let start = said.iter().find_map(|it| line.find(it))?;
    let text = line[start..].trim_end().to_owned();
    let (_, number) = text.split_once(Caller::Real.prefix())?;
    let number = number.trim_start_matches('/').split('/').next()?.parse().ok()?;
    Some((number, normalized(&text)))
}

/// As the other browser would say it.
fn normalized(text: &str) -> String {
    text.replace(Caller::Real.prefix(), Caller::Simulated.prefix())
}

/// As the other browser would see it.
fn comparable(mut seen: Seen) -> Seen {
    match &mut seen {
        Seen::Failed { error } => *error = normalized(error),
        Seen::Response { url, headers, .. } => {
            *url = normalized(url);
            headers.retain(|(name, _)| name != "date");
        }
    }
    seen
}
