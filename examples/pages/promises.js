// What the policies promise to this page, and whether it was kept.

import { role } from "./origin.js";

/** What a server was promised to show this page. */
export function promised({ promise, except = {} }, server) {
  return (except[server] ?? promise)[role];
}

/** What differs from the promise, in words; nothing if it was kept. */
export function differences(promise, seen) {
  if (seen.outcome === "unreachable") return ["the server does not answer"];
  if (promise.outcome !== seen.outcome) return [`should be ${promise.outcome}`];
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
