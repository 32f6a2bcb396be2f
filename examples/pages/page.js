// Makes the calls of calls.js for real, and fills in the table.

import { groups, roles } from "./calls.js";

const frameworks = ["axum", "actix"];
const role = location.hostname.split(".")[0];
const calls = groups.flatMap((group) => group.calls);

const find = (id) => document.getElementById(id);

/** An element with attributes and children. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// ---- calling ----

/** What a page can learn from one call. */
async function call(base, { path, ...options }) {
  try {
    const response = await fetch(base + path, { cache: "no-store", ...options });
    const body = await response.text();
    return { outcome: String(response.status), body, headers: response.headers };
  } catch (error) {
    // A script cannot tell a blocked answer from a server that is down, so look whether it is.
    const alive = await fetch(`${base}/status`, { mode: "no-cors" }).then(() => true, () => false);
    return { outcome: alive ? "blocked" : "unreachable", error: error.name };
  }
}

/** What differs from the promise, in words; nothing if it was kept. */
function differences(promise, seen) {
  if (promise.outcome !== seen.outcome) {
    return [`should be ${promise.outcome}`];
  }
  const found = [];
  if (promise.body && !seen.body.includes(promise.body)) {
    found.push(`promised “${promise.body}” in the body`);
  }
  for (const name of promise.shown ?? []) {
    if (!seen.headers.has(name)) found.push(`${name} is hidden`);
  }
  for (const name of promise.hidden ?? []) {
    if (seen.headers.has(name)) found.push(`${name} is visible`);
  }
  return found;
}

// ---- showing ----

function showOutcome({ outcome }) {
  const answered = /^\d+$/.test(outcome);
  const kind = answered ? "answered" : "unanswered";
  return make("span", { class: `outcome ${kind}` }, answered ? `status ${outcome}` : outcome);
}

function showPromise(promise) {
  const details = [];
  if (promise.body) details.push(`“${promise.body}”`);
  for (const name of promise.shown ?? []) details.push(`${name} visible`);
  for (const name of promise.hidden ?? []) details.push(`${name} hidden`);
  return [
    showOutcome(promise),
    ...details.map((detail) => make("small", {}, detail)),
  ];
}

function showSeen(cell, promise, seen) {
  const wrong = differences(promise, seen);
  const verdict = wrong.length === 0 ? "green" : "red";
  const details = [];
  if (seen.error) details.push(seen.error);
  if (seen.body) details.push(make("code", {}, excerpt(seen.body)));
  for (const name of [...(promise.shown ?? []), ...(promise.hidden ?? [])]) {
    const value = seen.headers?.get(name);
    if (value) details.push(make("code", {}, `${name}: ${value}`));
  }
  cell.dataset.seen = seen.outcome;
  cell.dataset.detail = [seen.error ?? seen.body, ...wrong].join("; ");
  cell.dataset.verdict = verdict;
  cell.replaceChildren(
    make("span", { class: "verdict", title: verdict === "green" ? "as promised" : "not as promised" },
      verdict === "green" ? "✓" : "✗"),
    showOutcome(seen),
    ...details.map((detail) => make("small", {}, detail)),
    ...wrong.map((difference) => make("em", {}, difference)),
  );
}

function excerpt(text) {
  return text.length > 48 ? `${text.slice(0, 47)}…` : text;
}

/** Draws the table, with a place for what each call will show. */
function showCalls() {
  for (const group of groups) {
    const body = make("tbody", {},
      make("tr", { class: "group" },
        make("th", { colspan: 4, scope: "rowgroup" },
          group.title, make("code", {}, group.policy))));
    for (const { id, title, note, request, promise } of group.calls) {
      const path = request.path.replace(/[0-9a-f-]{36}/, "{reference}");
      const cookies = request.credentials === "include" ? " with cookies" : "";
      body.append(make("tr", {},
        make("th", { scope: "row" },
          title,
          make("small", {}, make("code", {}, `${request.method ?? "GET"} ${path}`), cookies),
          make("small", { class: "note" }, note ?? "")),
        make("td", { class: "promise" }, ...showPromise(promise[role])),
        ...frameworks.map((framework) => make("td", {
          id: `${id}-${framework}`,
          class: "seen",
          "data-call": id,
          "data-framework": framework,
          "data-promised": promise[role].outcome,
        }, "…"))));
    }
    find("calls").append(body);
  }
}

function showOrigin() {
  const { badge, about } = roles[role] ?? {
    badge: "No page of the demo",
    about: "The policies know three origins. Open one of them above.",
  };
  document.body.dataset.role = role in roles ? role : "none";
  document.title = `${role}: CORS policies, as a browser sees them`;
  find("badge").append(badge);
  find("origin").append(location.origin);
  find("about").append(about);
  for (const name of Object.keys(roles)) {
    const here = name === role ? { "aria-current": "page" } : {};
    const url = `${location.protocol}//${name}.localhost:${location.port}/`;
    find("origins").append(make("a", { href: url, ...here }, `${name}.localhost`));
  }
}

function showSummary() {
  const cells = [...document.querySelectorAll("[data-verdict]")];
  const green = cells.filter((cell) => cell.dataset.verdict === "green").length;
  const total = calls.length * frameworks.length;
  find("score").replaceChildren(`${green} of ${total} as promised`);
  find("remark").replaceChildren(green === total
    ? "Both servers kept every promise that the policies make to this origin."
    : "The browser showed this page more or less than promised: see the red cells.");
  find("summary").dataset.verdict = green === total ? "green" : "red";
}

// ---- all of it ----

showOrigin();
if (role in roles) {
  showCalls();
  const addresses = await (await fetch("addresses.json")).json();
  // The frameworks in parallel; the calls to one of them in order, since they build on each other.
  await Promise.all(frameworks.map(async (framework) => {
    find(`${framework}-address`).append(new URL(addresses[framework]).host);
    for (const { id, request, promise } of calls) {
      const seen = await call(addresses[framework], request);
      showSeen(find(`${id}-${framework}`), promise[role], seen);
    }
  }));
  showSummary();
} else {
  find("calls").remove();
  find("summary").remove();
}
document.body.dataset.done = "true";
