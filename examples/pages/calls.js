// The calls, and what the policies promise about them to each origin. This is written down by
// hand: nothing here asks the servers or the policies what to expect.

/** The pages, by their host without `.localhost`. */
export const roles = {
  app: {
    badge: "Allowed front end",
    about:
      "The front end that users work with. It signs them in, reads articles, places orders and " +
      "sends feedback. It may not write articles.",
  },
  admin: {
    badge: "Second allowed front end",
    about:
      "The front end of the editors. It reads and writes articles. It may not see who is signed " +
      "in, and may not place orders.",
  },
  "eu.app": {
    badge: "A subdomain",
    about:
      "A host below that of the front end that users work with. To a browser it is just another " +
      "origin: it may read what subdomains may, and what is public.",
  },
  evil: {
    badge: "Hostile page",
    about:
      "Some page on the web that a signed-in user happens to open. It may read what is public, " +
      "and nothing else: not even if the browser sends the user's cookies along with its calls.",
  },
};

const blocked = { outcome: "blocked" };
/** An answer that arrived and shows nothing, not even its status. */
const opaque = { outcome: "opaque" };

/** An answer that the page can read: its status, and what must be in it. */
const sees = (status, expected = {}) => ({ outcome: String(status), ...expected });

const everybody = (promise) =>
  Object.fromEntries(Object.keys(roles).map((role) => [role, promise]));
const only = (role, promise) => ({ ...everybody(blocked), [role]: promise });
const frontEnds = (promise) => ({ ...everybody(blocked), app: promise, admin: promise });

const asked = (times) => sees(200, { body: `{"preflights":${times}}` });

const json = (method, path, body) => ({
  method,
  path,
  credentials: "include",
  headers: { "content-type": "application/json" },
  body,
});

// What an HTML form sends; browsers ask no preflight for it.
const form = (path, fields) => ({ method: "POST", path, body: new URLSearchParams(fields) });

// A new one with every load of the page, so that pages do not see each other's orders.
const reference = crypto.randomUUID();
const blindly = crypto.randomUUID();

/** In the order in which they are made; a later call may depend on an earlier one. */
export const groups = [
  {
    title: "Public",
    policy: 'origins = "*", expose_headers = ["x-request-id"]',
    calls: [
      {
        id: "status",
        title: "Read the status",
        note: "A script sees the exposed header, and not the other one.",
        request: { path: "/status" },
        promise: everybody(
          sees(200, { body: "up", shown: ["x-request-id"], hidden: ["x-served-by"] }),
        ),
      },
      {
        id: "status-with-cookies",
        title: "Read it with cookies",
        note: "“Everybody” never includes cookies.",
        request: { path: "/status", credentials: "include" },
        promise: everybody(blocked),
      },
    ],
  },
  {
    title: "One front end, with cookies",
    policy: "origins = [app], credentials",
    calls: [
      {
        id: "me-without-cookie",
        title: "Who am I, signed out",
        note: "An error from the handler is an answer like any other.",
        request: { path: "/me", credentials: "omit" },
        promise: only("app", sees(401, { body: "nobody is signed in" })),
      },
      {
        id: "login",
        title: "Sign in",
        note: "The JSON body makes the browser ask first, with a preflight.",
        request: json("POST", "/login", JSON.stringify({ name: "Ada" })),
        promise: only("app", sees(200, { body: "Ada" })),
      },
      {
        id: "me",
        title: "Who am I, with the cookie",
        note: "Whether or not the cookie goes along, only one page may read the answer.",
        request: { path: "/me", credentials: "include" },
        promise: only("app", sees(200, { body: "Ada" })),
      },
    ],
  },
  {
    title: "One path, two policies",
    policy: "GET: origins = [app, admin] · PUT, PATCH, DELETE: origins = [admin], credentials",
    calls: [
      {
        id: "article-read",
        title: "Read an article",
        request: { path: "/articles/1" },
        promise: frontEnds(sees(200, { body: "Same origin" })),
      },
      {
        id: "article-missing",
        title: "Read one that is not there",
        request: { path: "/articles/404" },
        promise: frontEnds(sees(404, { body: "no such article" })),
      },
      {
        id: "article-with-header",
        title: "Read one with a header that no policy allows",
        request: { path: "/articles/1", headers: { "x-debug": "1" } },
        promise: everybody(blocked),
      },
      {
        id: "article-write",
        title: "Write an article",
        note: "The preflight for PUT is answered by the policy of PUT.",
        request: json("PUT", "/articles/2", JSON.stringify({ title: "Ask before you write" })),
        promise: only("admin", sees(200, { body: "Ask before you write" })),
      },
      {
        id: "article-bad-json",
        title: "Write one with broken JSON",
        note: "The framework refuses it before the handler runs.",
        request: json("PUT", "/articles/2", '{"title": '),
        promise: only("admin", sees(400)),
      },
      {
        id: "article-delete",
        title: "Delete it",
        request: { method: "DELETE", path: "/articles/2", credentials: "include" },
        promise: only("admin", sees(204)),
      },
      {
        id: "article-head",
        title: "Ask whether one is there",
        request: { method: "HEAD", path: "/articles/1" },
        promise: frontEnds(sees(200)),
      },
      {
        id: "article-patch",
        title: "Rename one",
        request: json("PATCH", "/articles/3", JSON.stringify({ title: "A new name" })),
        promise: only("admin", sees(200, { body: "A new name" })),
      },
      {
        id: "article-patch-in-lower-case",
        title: "Rename one, in lower case",
        note: "Browsers send “patch” as it was written, and methods have a case.",
        request: json("patch", "/articles/3", JSON.stringify({ title: "A new name" })),
        promise: everybody(blocked),
      },
      {
        id: "article-purge",
        title: "A method of one’s own",
        note: "actix-web can route it; axum cannot, so no policy allows it there.",
        request: { method: "PURGE", path: "/articles/3", credentials: "include" },
        promise: only("admin", sees(204)),
        except: { axum: everybody(blocked) },
      },
      {
        id: "article-moved",
        title: "Follow a redirect to one",
        note: "The redirect needs the headers too, or the browser stops there.",
        request: { path: "/moved" },
        promise: frontEnds(sees(200, { body: "Same origin" })),
      },
    ],
  },
  {
    title: "Enforced",
    policy: "origins = [app], enforce",
    calls: [
      {
        id: "order",
        title: "Place an order",
        note: "A form needs no preflight: browsers always send it.",
        request: form("/orders", { reference, item: "tea" }),
        promise: only("app", sees(201, { body: "tea" })),
      },
      {
        id: "order-arrived",
        title: "Did the order arrive?",
        note: "What other pages sent never reached the handler.",
        request: { path: `/orders/${reference}` },
        promise: { ...everybody(sees(404)), app: sees(200, { body: "tea" }) },
      },
      {
        id: "order-blind",
        title: "Place one without reading the answer",
        note: "“no-cors” gives up reading, and so lets every page send.",
        request: { ...form("/orders", { reference: blindly, item: "coffee" }), mode: "no-cors" },
        promise: everybody(opaque),
      },
      {
        id: "order-blind-arrived",
        title: "Did it arrive?",
        request: { path: `/orders/${blindly}` },
        promise: { ...everybody(sees(404)), app: sees(200, { body: "coffee" }) },
      },
      {
        id: "live",
        title: "Open a WebSocket",
        note: "Browsers let every page try. The others are refused before the upgrade.",
        request: { path: "/live", by: "socket" },
        promise: { ...everybody({ outcome: "refused" }), app: { outcome: "open", body: "hello" } },
      },
    ],
  },
  {
    title: "Not enforced",
    policy: "origins = [app]",
    calls: [
      {
        id: "feedback",
        title: "Send feedback",
        request: form("/feedback", { reference, text: "hello" }),
        promise: only("app", sees(201, { body: "hello" })),
      },
      {
        id: "feedback-arrived",
        title: "Did it arrive?",
        note: "CORS guards reading. Without “enforce”, every page can send.",
        request: { path: `/feedback/${reference}` },
        promise: everybody(sees(200, { body: "hello" })),
      },
    ],
  },
  {
    title: "Request headers",
    policy: 'origins = [app, admin], headers = "*"',
    calls: [
      {
        id: "header-any",
        title: "Send a header that is not listed",
        request: { path: "/notes", headers: { "x-debug": "1" } },
        promise: frontEnds(sees(200, { body: "a note" })),
      },
      {
        id: "header-authorization",
        title: "Send Authorization",
        note: "“*” is every header but this one.",
        request: { path: "/notes", headers: { authorization: "Bearer token" } },
        promise: everybody(blocked),
      },
      {
        id: "header-authorization-by-name",
        title: "Send it where it is listed",
        note: "headers = [“*”, “authorization”]",
        request: { path: "/drafts", headers: { authorization: "Bearer token" } },
        promise: frontEnds(sees(200, { body: "a draft" })),
      },
    ],
  },
  {
    title: "Asking once",
    policy: 'origins = [app], max_age = "10m" · max_age = "0"',
    calls: [
      {
        id: "cached",
        title: "Write twice",
        // With `no-store`, browsers do not look up what they remember of preflights.
        request: { method: "PUT", path: `/cached/${reference}`, times: 2, cache: "default" },
        promise: only("app", sees(204)),
      },
      {
        id: "cached-preflights",
        title: "How often did the browser ask?",
        note: "Once for both, if it may remember the answer. It never remembers a refusal.",
        request: { path: `/preflights/cached/${reference}` },
        promise: { ...everybody(asked(2)), app: asked(1) },
      },
      {
        id: "uncached",
        title: "Write twice where it may not remember",
        request: { method: "PUT", path: `/uncached/${reference}`, times: 2, cache: "default" },
        promise: only("app", sees(204)),
      },
      {
        id: "uncached-preflights",
        title: "How often did the browser ask?",
        request: { path: `/preflights/uncached/${reference}` },
        promise: everybody(asked(2)),
      },
    ],
  },
  {
    title: "Many origins at once",
    policy: 'origins = ["http://*.app.localhost:*"] · origin_patterns = ["^http://(app|admin)…$"]',
    calls: [
      {
        id: "subdomain",
        title: "Only for subdomains",
        note: "“*.” stands for whole labels, and for at least one.",
        request: { path: "/regions" },
        promise: only("eu.app", sees(200, { body: "all regions" })),
      },
      {
        id: "pattern",
        title: "Only for what a pattern matches",
        note: "Two hosts, and ports of four or five digits.",
        request: { path: "/partners" },
        promise: frontEnds(sees(200, { body: "all partners" })),
      },
    ],
  },
  {
    title: "From a sandboxed frame",
    policy: 'origins = ["null"], dangerously_allow(null_origin)',
    calls: [
      {
        id: "frame-public",
        title: "Read the status",
        note: "Whichever page embeds the frame: its origin is “null”.",
        request: { path: "/status", by: "frame" },
        promise: everybody(sees(200, { body: "up" })),
      },
      {
        id: "frame-article",
        title: "Read an article",
        request: { path: "/articles/1", by: "frame" },
        promise: everybody(blocked),
      },
      {
        id: "frame-null",
        title: "Read what is for frames",
        request: { path: "/widget", by: "frame" },
        promise: everybody(sees(200, { body: "a widget" })),
      },
      {
        id: "page-null",
        title: "The same from the page itself",
        request: { path: "/widget" },
        promise: everybody(blocked),
      },
    ],
  },
];
