// What the browser for tests predicts: the server of this page makes the call with it, and returns each
// step. Nothing is decided here.

import { wayOf } from "./choice.js";

/** The call as the server reads it. */
function asData(server, page, { by, mode, method, path, credentials, headers = {}, body }) {
  const isForm = body instanceof URLSearchParams;
  return {
    server,
    page: by === "frame" ? "null" : page,
    way: wayOf({ by, mode }),
    method: method ?? "GET",
    path,
    credentials: credentials ?? "same-origin",
    headers: Object.entries(headers),
    body: body === undefined ? null : isForm ? { form: String(body) } : { text: body },
  };
}

/** Predicts a call of a page; `request` is written as in calls.js. */
export async function predict(server, page, request) {
  const response = await fetch("/prediction", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asData(server, page, request)),
  });
  const prediction = await response.json();
  if (!response.ok) throw new Error(prediction.error);
  return prediction;
}

/** How much of a body a prediction has. */
const LONGEST_BODY = 2000;

// What the server adds where it has a socket.
const isOfTheApp = (name) => name !== "content-length";

/** What a page has seen and was not predicted, in words. */
export function surprises(prediction, seen) {
  if (prediction.outcome !== seen.outcome) {
    return [`${prediction.outcome} was predicted, and ${seen.outcome} seen`];
  }
  const found = [];
  if (!/^\d+$/.test(seen.outcome)) return found;
  const body = [...seen.body].slice(0, LONGEST_BODY).join("");
  if (prediction.seen.body !== body) {
    found.push(`the body “${prediction.seen.body}” was predicted, and “${body}” seen`);
  }
  const names = (headers) => [...new Set(headers)].filter(isOfTheApp).sort().join(", ");
  const predicted = names(prediction.seen.headers.map(([name]) => name));
  const real = names(seen.headers.keys());
  if (predicted !== real) found.push(`headers ${predicted} were predicted, and ${real} seen`);
  return found;
}
