// Makes the calls of calls.js for real, and fills in the table.

import { addresses, makeCall } from "./browser.js";
import { groups } from "./calls.js";
import { choose } from "./choice.js";
import { excerpt, fill, find, make, showOutcome } from "./dom.js";
import { isKnown, role, showOrigin } from "./origin.js";
import { predict } from "./prediction.js";
import { differences, promised } from "./promises.js";
import { reasons } from "./steps.js";

const servers = ["axum", "actix"];
const names = { axum: "axum", actix: "actix-web" };
const calls = groups.flatMap((group) => group.calls);

// ---- the table ----

/** Draws the table, with room for what each call will show. */
function showCalls() {
  find("calls").append(...groups.map((group) => make("tbody", { role: "rowgroup" },
    make("tr", { role: "row", class: "group" },
      make("th", { role: "rowheader", colspan: 4, scope: "rowgroup" },
        group.title, make("code", {}, group.policy))),
    ...group.calls.map(showCall))));
}

function showCall(call) {
  const { id, title, note, request, promise } = call;
  const path = request.path.replace(/[0-9a-f-]{36}/, "{reference}");
  const details = [
    request.credentials === "include" && "with cookies",
    request.times && `${request.times} times`,
    request.mode === "no-cors" && "no-cors",
    request.by === "socket" && "as a WebSocket",
    request.by === "frame" && "in a sandboxed frame",
  ].filter(Boolean);
  const steps = make("a", { class: "to-steps", href: `explore#${choose(request)}` },
    "Step by step", make("span", { class: "unseen" }, `: ${title}`));
  return make("tr", { role: "row" },
    make("th", { role: "rowheader", scope: "row" },
      title,
      make("small", {},
        make("code", {}, `${request.method ?? "GET"} ${path}`), ` ${details.join(", ")}`),
      note ? make("small", { class: "note" }, note) : null,
      steps),
    make("td", { role: "cell", class: "promise" }, ...showPromise(promise[role])),
    ...servers.map((server) => {
      const expected = promised(call, server);
      const room = make("div", { class: "room" }, "…");
      room.style.setProperty("--lines", linesOf(expected));
      return make("td", {
        role: "cell",
        id: `${id}-${server}`,
        class: "seen",
        "data-call": id,
        "data-framework": server,
        "data-promised": expected.outcome,
      }, room);
    }));
}

function showPromise(promise) {
  const details = [];
  if (promise.body) details.push(`“${promise.body}”`);
  for (const name of promise.shown ?? []) details.push(`${name} visible`);
  for (const name of promise.hidden ?? []) details.push(`${name} hidden`);
  return [
    showOutcome(promise.outcome),
    ...details.map((detail) => make("small", {}, detail)),
  ];
}

/** How many lines a call shows if the promise is kept: what happened, the body or the reason, headers. */
const linesOf = ({ outcome, shown = [] }) => (outcome === "opaque" ? 1 : 2 + shown.length);

// ---- what was seen ----

function showSeen(cell, call, seen) {
  const server = cell.dataset.framework;
  const promise = promised(call, server);
  const wrong = differences(promise, seen);
  const isKept = wrong.length === 0;
  const lines = [];
  if (seen.body) lines.push(make("code", {}, excerpt(seen.body)));
  for (const name of [...(promise.shown ?? []), ...(promise.hidden ?? [])]) {
    const value = seen.headers?.get(name);
    if (value) lines.push(make("code", {}, `${name}: ${value}`));
  }
  cell.dataset.seen = seen.outcome;
  cell.dataset.detail = [seen.error ?? seen.body, ...wrong].join("; ");
  cell.dataset.verdict = isKept ? "green" : "red";
  fill(cell.firstChild,
    make("span", { class: "verdict", "aria-hidden": "true" }, isKept ? "✓" : "✗"),
    make("span", { class: "unseen" }, isKept ? "as promised: " : "not as promised: "),
    showOutcome(seen.outcome),
    ...lines.map((line) => make("small", { class: "line" }, line)),
    seen.error ? showReason(server, call, seen) : null,
    ...wrong.map((difference) => make("em", {}, difference)),
  );
}

/** The reason of an error, which is fetched when the button is pressed. */
function showReason(server, call, seen) {
  const reason = make("div", { class: "reason", "aria-live": "polite" });
  const details = make("details", {},
    make("summary", {}, "Why?", make("span", { class: "unseen" },
      ` ${call.title}, ${names[server]}: ${seen.outcome}`)),
    reason);
  details.addEventListener("toggle", async () => {
    if (!details.open || reason.hasChildNodes()) return;
    try {
      const prediction = await predict(server, location.origin, call.request);
      fill(reason, make("p", {}, prediction.verdict), ...reasons(prediction));
    } catch (error) {
      reason.replaceChildren(`The reason is not known: ${error.message}`);
    }
  });
  return details;
}

function showSummary() {
  const cells = [...document.querySelectorAll("[data-verdict]")];
  const red = cells.filter((cell) => cell.dataset.verdict === "red");
  const total = calls.length * servers.length;
  find("score").replaceChildren(`${cells.length - red.length} of ${total} as promised`);
  const remark = ["Both servers kept every promise that the policies make to this origin."];
  if (red.length > 0) {
    const [{ id, dataset }] = red;
    const { title } = calls.find((call) => call.id === dataset.call);
    remark.splice(0, 1, "The browser showed this page more or less than promised, first in ",
      make("a", { href: `#${id}` }, `${title} (${names[dataset.framework]})`), ".");
  }
  find("remark").replaceChildren(...remark);
  find("summary").dataset.verdict = red.length === 0 ? "green" : "red";
}

// ---- all of it ----

async function callAll() {
  find("progress").max = calls.length * servers.length;
  // The servers in parallel; the calls to one of them in order, since they build on each other.
  await Promise.all(servers.map(async (server) => {
    for (const call of calls) {
      const seen = await makeCall(server, call.request);
      showSeen(find(`${call.id}-${server}`), call, seen);
      find("progress").value += 1;
    }
  }));
  showSummary();
}

if (isKnown) {
  for (const server of servers) {
    find(`${server}-address`).append(new URL(addresses[server]).host);
  }
  showCalls();
} else {
  for (const id of ["calls", "calls-title", "summary"]) find(id).remove();
}
showOrigin("CORS policies, as a browser sees them");
if (isKnown) await callAll();
document.body.dataset.done = "true";
