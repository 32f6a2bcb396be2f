// A call of the visitor's choice: predicted by the server, made by this page, and both beside each other.

import { makeCall } from "./browser.js";
import { groups, roles } from "./calls.js";
import { choose, read } from "./choice.js";
import { find, make } from "./dom.js";
import { isKnown, originOf, showOrigin } from "./origin.js";
import { predict, surprises } from "./prediction.js";
import { showPrediction, showSeen, showSteps } from "./steps.js";

const form = find("form");
const tables = await (await fetch("routes.json")).json();
const server = () => form.elements.server.value;

// ---- the routes ----

/** The policy as it stands in the attribute. */
function inWords(policy) {
  const keys = Object.entries(policy).map(([key, value]) =>
    (value === true ? key : `${key} = ${JSON.stringify(value).replaceAll('","', '", "')}`));
  return `#[cors(${keys.join(", ")})]`;
}

const routes = () => tables[server()].routes;

function showRoutes() {
  find("routes").replaceChildren(...routes().map(({ path, methods, served, handler, policy }) =>
    make("tr", { role: "row" },
      make("th", { role: "rowheader", scope: "row" },
        make("code", {}, `${(served ?? methods).join(", ")} ${path}`)),
      make("td", { role: "cell" }, make("code", {}, inWords(policy))),
      make("td", { role: "cell" }, make("code", {}, handler.split("::").at(-1))))));
  const chosen = find("route").value;
  find("route").replaceChildren(...routes().flatMap(({ path, methods, served }) =>
    (served ?? methods).map((method) => `${method} ${path}`))
    .map((route) => make("option", { value: route }, route)));
  if ([...find("route").options].some(({ value }) => value === chosen)) find("route").value = chosen;
}

/** The route that is chosen, and the policy above its handler. */
function showPolicy() {
  const [method, path] = find("route").value.split(" ");
  const route = routes().find((it) => it.path === path && (it.served ?? it.methods).includes(method));
  find("policy").replaceChildren(make("code", {}, inWords(route.policy)));
}

const isOf = (route, path) =>
  new RegExp(`^${route.replace(/\{[^}]*\}/g, "[^/]+")}$`).test(path);

/** Chooses the route of the table that a call goes to, as far as the path says it. */
function followCall() {
  const { method, path } = form.elements;
  const route = [...find("route").options].map(({ value }) => value.split(" "))
    .find(([name, route]) => name === method.value && isOf(route, path.value));
  if (route) find("route").value = route.join(" ");
  showPolicy();
}

/** Fills in a call of the chosen route, as calls.js makes one. */
function followRoute() {
  const [method, route] = find("route").value.split(" ");
  const call = groups.flatMap(({ calls }) => calls).map(({ request }) => request)
    .find((it) => (it.method ?? "GET") === method && isOf(route, it.path) && it.by !== "frame");
  const path = route.replace("{kind}", "cached").replace(/\{[^}]*\}/g, "1");
  fill(Object.fromEntries(choose(call ?? { method, path })));
  showPolicy();
}

// ---- the form ----

function fill(fields) {
  const { elements } = form;
  const { path = "/status", method = "GET", way = "fetch", page, headers = "", kind = "", body = "" } =
    fields;
  Object.entries({ path, method, way, headers, kind, body }).forEach(([name, value]) => {
    elements[name].value = value;
  });
  if (fields.server) elements.server.value = fields.server;
  if (page !== undefined) showPage(page);
  elements.cookies.checked = Boolean(fields.cookies);
  allow();
}

function showPage(page) {
  const { page: select, other } = form.elements;
  const isListed = [...select.options].some(({ value }) => value === page);
  select.value = isListed ? page : "other";
  if (!isListed) other.value = page;
}

/** Fields that say nothing now cannot be filled in. */
function allow() {
  const { page, other, way, method, headers, kind, body, cookies } = form.elements;
  const isSocket = way.value === "socket";
  other.disabled = page.value !== "other";
  other.closest(".field").hidden = other.disabled;
  for (const field of [method, headers, kind, cookies]) field.disabled = isSocket;
  body.disabled = isSocket || kind.value === "";
}

function fields() {
  const fields = Object.fromEntries(new FormData(form));
  return { ...fields, page: fields.page === "other" ? fields.other : fields.page };
}

// ---- the call ----

const say = (...words) => find("agreement").replaceChildren(...words);

async function foresee({ page, ...fields }) {
  const prediction = await predict(server(), page, read({ page, ...fields }));
  showPrediction(find("predicted"), prediction);
  showSteps(find("steps"), prediction);
  return prediction;
}

/** Why this page cannot make the call, if it cannot. */
function elsewhere(fields) {
  const role = Object.keys(roles).find((name) => originOf(name) === fields.page);
  if (fields.page === "null" && fields.way === "socket") {
    return ["This page opens no WebSocket in a frame."];
  }
  if (fields.page === location.origin || fields.page === "null") return null;
  if (!role) return ["No page of the demo has this origin, so nothing can be seen."];
  const { other, ...kept } = fields;
  const link = `${fields.page}/explore#${new URLSearchParams(kept)}`;
  return ["Another page makes this call: ", make("a", { href: link }, `open ${fields.page}`), "."];
}

/** The user of the prediction has signed in; where this page may do so, its user does, too. */
async function signIn() {
  const { request } = groups.flatMap(({ calls }) => calls).find(({ id }) => id === "login");
  await makeCall(server(), request);
}

async function run() {
  const chosen = fields();
  const request = read(chosen);
  find("result").setAttribute("aria-busy", "true");
  delete find("agreement").dataset.verdict;
  say("The call is predicted, and made…");
  if (chosen.cookies && chosen.page === originOf("app")) await signIn();
  const prediction = await foresee(chosen);
  const reason = elsewhere(chosen);
  if (reason) {
    find("seen").replaceChildren(make("p", {}, ...reason));
    say(`Predicted: ${prediction.outcome}. This page cannot make the call.`);
  } else {
    const seen = await makeCall(server(), request);
    showSeen(find("seen"), seen);
    const found = surprises(prediction, seen);
    find("agreement").dataset.verdict = found.length === 0 ? "green" : "red";
    say(found.length === 0
      ? `Predicted and seen: ${seen.outcome}. They agree.`
      : `They differ: ${found.join("; ")}.`);
  }
}

async function submit(event) {
  event?.preventDefault();
  find("result-title").focus({ preventScroll: true });
  find("result").scrollIntoView();
  await attempt(run);
}

async function attempt(action) {
  document.body.dataset.done = "false";
  // It is shown again as a whole, so that nothing moves.
  find("outcome").hidden = true;
  try {
    await action();
    find("outcome").hidden = false;
  } catch (error) {
    find("agreement").dataset.verdict = "red";
    say(`There is no prediction: ${error.message}`);
  }
  find("result").setAttribute("aria-busy", "false");
  document.body.dataset.done = "true";
}

// ---- all of it ----

find("page").append(
  ...Object.keys(roles).map((name) => make("option", { value: originOf(name) }, originOf(name))),
  make("option", { value: "null" }, "null: a sandboxed frame"),
  make("option", { value: "other" }, "another origin"),
);
find("page").value = isKnown ? location.origin : "other";
showRoutes();
const linked = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
if (linked.path) {
  fill(linked);
  if (linked.server) showRoutes();
  followCall();
} else {
  followRoute();
  find("table").open = matchMedia("(min-width: 46.01rem)").matches;
}
find("route").addEventListener("change", followRoute);
for (const radio of form.elements.server) {
  radio.addEventListener("change", () => {
    showRoutes();
    showPolicy();
  });
}
form.addEventListener("change", allow);
form.addEventListener("submit", submit);
showOrigin("a call, step by step");
if (linked.path) {
  // A link shows the prediction alone; the call is made when the button is pressed.
  find("seen").replaceChildren(make("p", {}, "The call has not been made yet."));
  await attempt(async () => {
    const { outcome } = await foresee(fields());
    say(`Predicted: ${outcome}.`);
  });
  find("form-title").scrollIntoView();
}
document.body.dataset.done = "true";
