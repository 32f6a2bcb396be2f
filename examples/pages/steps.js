// Shows what is predicted, and what was seen.

import { fill, make, showOutcome } from "./dom.js";

/** The headers that the CORS protocol is about; the others are folded away. */
const matters = (name) =>
  /^(origin|vary|cookie|set-cookie|authorization|location|sec-fetch-site)$|^access-control-/.test(name);

/** Why a call fails, in terms of the policy and in those of the console. */
export function reasons({ why, console: said }) {
  return [
    why ? make("p", {}, make("b", {}, "Why: "), ...inCodes(why), ".") : null,
    said ? make("p", {}, make("b", {}, "The console: "), make("code", {}, said)) : null,
  ];
}

/** Shows what is predicted: the verdict, and what the page and the console say. */
export function showPrediction(place, prediction) {
  const { outcome, verdict, preflight, seen } = prediction;
  const because = preflight.because.join("; ");
  fill(place,
    make("p", {}, showOutcome(outcome), " ", ...inCodes(verdict)),
    make("p", {}, make("b", {}, preflight.is_sent ? "Preflight: " : "No preflight: "),
      ...inCodes(because), "."),
    ...reasons(prediction),
    seen ? showVisible(seen.body, seen.headers, seen.hidden) : null);
}

/** Shows each request, and what came back. */
export function showSteps(place, { steps }) {
  fill(place,
    make("h3", {}, steps.length > 0 ? "What is sent, and what comes back" : "Nothing is sent"),
    make("ol", { class: "steps", role: "list" }, ...steps.map(showStep)));
}

function showStep({ is_preflight, method, target, sent, status, received }, index) {
  return make("li", {},
    make("h4", {}, `${index + 1}. ${is_preflight ? "Preflight" : "The call itself"}`),
    make("div", {},
      make("p", {}, make("code", {}, `${method} ${target}`)),
      ...showHeaders(sent, "sent")),
    make("div", {},
      make("p", {}, status === null ? "No response" : make("code", {}, `status ${status}`)),
      ...showHeaders(received, "received")));
}

function showHeaders(headers, way) {
  const lines = (list) => make("ul", { class: "headers" },
    ...list.map(([name, value]) => make("li", {}, make("code", {}, `${name}: ${value}`))));
  const main = headers.filter(([name]) => matters(name));
  const others = headers.filter(([name]) => !matters(name));
  return [
    main.length > 0 ? lines(main) : null,
    others.length > 0
      ? make("details", {}, make("summary", {}, others.length === 1 ? `1 more header ${way}` : `${others.length} more headers ${way}`), lines(others))
      : null,
  ].filter(Boolean);
}

/** What the page sees of a response. */
function showVisible(body, headers, hidden) {
  const names = (list) => (list.length > 0 ? list.join(", ") : "none");
  const visible = headers.map(([name]) => name);
  return make("dl", {},
    make("dt", {}, "Body"), make("dd", {}, make("code", {}, body || "empty")),
    make("dt", {}, "Headers that the page sees"), make("dd", {}, names(visible)),
    ...(hidden
      ? [make("dt", {}, "Headers that are hidden"), make("dd", {}, names([...new Set(hidden)]))]
      : []));
}

/** Shows what the page saw. */
export function showSeen(place, { outcome, body, headers, error }) {
  const verdict = outcome === "unreachable" ? "The server does not answer: does the demo still run?" : "";
  fill(place,
    make("p", {}, showOutcome(outcome), ` ${verdict}`),
    error ? make("p", {}, "The script got ", make("code", {}, error),
      ". Only the console of the browser knows more.") : null,
    error ? null : showVisible(body, [...(headers ?? [])], null));
}

/** What stands between backticks, as code. */
function inCodes(text) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? make("code", {}, part) : part));
}
