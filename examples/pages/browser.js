// Makes calls for real, and returns what the page sees of them.

import { make } from "./dom.js";

/** Where the APIs are. */
export const addresses = await (await fetch("addresses.json")).json();

/** What a page can learn from one call. */
export async function makeCall(server, { by = "fetch", ...request }) {
  const base = addresses[server];
  const seen = await ways[by](base, request);
  if (seen.outcome !== "blocked" && seen.outcome !== "refused") return seen;
  // A script cannot tell a blocked response from a server that is down, so look whether it is.
  const alive = await fetch(`${base}/status`, { mode: "no-cors" }).then(() => true, () => false);
  return alive ? seen : { ...seen, outcome: "unreachable" };
}

const ways = {
  async fetch(base, { path, times = 1, ...options }) {
    for (let time = 1; time < times; time += 1) await fetchAndRead(base + path, options);
    return fetchAndRead(base + path, options);
  },

  socket: (base, { path }) => new Promise((resolve) => {
    const socket = new WebSocket(base.replace("http", "ws") + path);
    socket.onmessage = ({ data }) => {
      socket.close();
      resolve({ outcome: "open", body: data });
    };
    socket.onerror = ({ type }) => resolve({ outcome: "refused", error: type });
  }),

  frame: (base, { path, body, ...options }) => new Promise((resolve) => {
    const form = body instanceof URLSearchParams ? String(body) : null;
    const call = { ...options, ...(form === null ? { body } : { form }) };
    // No text of a call may end the script of the frame.
    const words = [base + path, call].map((it) => JSON.stringify(it).replaceAll("<", "\\u003c"));
    const frame = make("iframe", {
      hidden: "",
      title: "a sandboxed frame",
      sandbox: "allow-scripts",
      srcdoc: `<script>(${fetchAndRead})(${words.join(", ")})`
        + `.then((seen) => parent.postMessage(seen, "*"))</script>`,
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

/** What the page sees of a call. Frames run it too, and have nothing else of the page. */
async function fetchAndRead(url, { form, ...options }) {
  try {
    const body = form === undefined ? options.body : new URLSearchParams(form);
    const response = await fetch(url, { cache: "no-store", ...options, body });
    const outcome = response.type === "opaque" ? "opaque" : String(response.status);
    return { outcome, body: await response.text(), headers: new Map(response.headers) };
  } catch (error) {
    return { outcome: "blocked", error: `${error.name}: ${error.message}` };
  }
}
