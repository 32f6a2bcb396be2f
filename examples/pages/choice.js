// A call of one's own choice: in the fragment of an address, in the fields of a form, and as a call of
// calls.js.

/** How a call is made. */
export const wayOf = ({ by, mode }) =>
  (by === "socket" ? "socket" : mode === "no-cors" ? "no-cors" : "fetch");

/** What a call of calls.js says, as fields, in the fragment of an address. */
export function choose({ by, mode, method = "GET", path, credentials, headers = {}, body }) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const isForm = body instanceof URLSearchParams;
  const fields = {
    path,
    method,
    way: wayOf({ by, mode }),
    page: by === "frame" ? "null" : "",
    cookies: credentials === "include" ? "on" : "",
    headers: lines.join("\n"),
    kind: body === undefined ? "" : isForm ? "form" : "text",
    body: body === undefined ? "" : String(body),
  };
  return new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== ""));
}

/** The call that the fields of a form say, written as in calls.js. */
export function read(fields) {
  const { path, method, way, page, cookies, headers = "", kind, body } = fields;
  const request = { path, method };
  if (way === "socket") return { path, by: "socket" };
  if (way === "no-cors") request.mode = "no-cors";
  if (page === "null") request.by = "frame";
  if (cookies) request.credentials = "include";
  const lines = headers.split("\n").filter((line) => line.trim() !== "");
  if (lines.length > 0) {
    request.headers = Object.fromEntries(lines.map((line) => {
      const [name, ...value] = line.split(":");
      return [name.trim(), value.join(":").trim()];
    }));
  }
  if (kind) request.body = kind === "form" ? new URLSearchParams(body) : body;
  return request;
}
