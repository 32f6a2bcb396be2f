// Makes the calls of calls.js for real, and fills in the table.

import { groups, roles } from "./calls.js";

const frameworks = ["axum", "actix"];
const role = location.hostname.replace(/\.localhost$/, "");
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
async function call(base, { by = "fetch", ...request }) {
  const seen = await ways[by](base, request);
  if (seen.outcome !== "blocked" && seen.outcome !== "refused") return seen;
  // A script cannot tell a blocked answer from a server that is down, so look whether it is.
  const alive = await fetch(`${base}/status`, { mode: "no-cors" }).then(() => true, () => false);
  return alive ? seen : { ...seen, outcome: "unreachable" };
}

const ways = {
  async fetch(base, { path, times = 1, ...options }) {
    const once = () => fetch(base + path, { cache: "no-store", ...options });
    try {
      for (let time = 1; time < times; time += 1) await once().catch(() => {});
      const response = await once();
      const outcome = response.type === "opaque" ? "opaque" : String(response.status);
      return { outcome, body: await response.text(), headers: response.headers };
    } catch (error) {
      return { outcome: "blocked", error: error.name };
    }
  },

  socket: (base, { path }) => new Promise((resolve) => {
    const socket = new WebSocket(base.replace("http", "ws") + path);
    socket.onmessage = ({ data }) => {
      socket.close();
      resolve({ outcome: "open", body: data });
    };
    socket.onerror = ({ type }) => resolve({ outcome: "refused", error: type });
  }),

  frame: (base, { path }) => new Promise((resolve) => {
    const url = JSON.stringify(base + path);
    const frame = make("iframe", {
      hidden: "",
      sandbox: "allow-scripts",
      srcdoc: `<script>(${callInFrame})(${url})</script>`,
    });
    addEventListener("message", function listen({ source, data }) {
      if (source !== frame.contentWindow) return;
      removeEventListener("message", listen);
      frame.remove();
      resolve(data);
    });
    document.body.append(frame);
  }),
};

/** Runs in a frame, which has this function and nothing else of the page. */
async function callInFrame(url) {
  const tell = (seen) => parent.postMessage(seen, "*");
  try {
    const response = await fetch(url, { cache: "no-store" });
    tell({ outcome: String(response.status), body: await response.text() });
  } catch (error) {
    tell({ outcome: "blocked", error: error.name });
  }
}

/** What a framework was promised to show this page. */
function promised({ promise, except = {} }, framework) {
  return (except[framework] ?? promise)[role];
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
    for (const call of group.calls) {
      const { id, title, note, request, promise } = call;
      const path = request.path.replace(/[0-9a-f-]{36}/, "{reference}");
      const details = [
        request.credentials === "include" && "with cookies",
        request.times && `${request.times} times`,
        request.mode === "no-cors" && "no-cors",
        request.by === "socket" && "as a WebSocket",
        request.by === "frame" && "in a sandboxed frame",
      ].filter(Boolean);
      body.append(make("tr", {},
        make("th", { scope: "row" },
          title,
          make("small", {},
            make("code", {}, `${request.method ?? "GET"} ${path}`), ` ${details.join(", ")}`),
          make("small", { class: "note" }, note ?? "")),
        make("td", { class: "promise" }, ...showPromise(promise[role])),
        ...frameworks.map((framework) => make("td", {
          id: `${id}-${framework}`,
          class: "seen",
          "data-call": id,
          "data-framework": framework,
          "data-promised": promised(call, framework).outcome,
        }, "…"))));
    }
    find("calls").append(body);
  }
}

function showOrigin() {
  const { badge, about } = roles[role] ?? {
    badge: "No page of the demo",
    about: "The policies know four origins. Open one of them above.",
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
    for (const declared of calls) {
      const seen = await call(addresses[framework], declared.request);
      showSeen(find(`${declared.id}-${framework}`), promised(declared, framework), seen);
    }
  }));
  showSummary();
} else {
  find("calls").remove();
  find("summary").remove();
}
document.body.dataset.done = "true";
