// The calls, and what the policies promise about them to each origin. This is written down by
// hand: nothing here asks the servers or the policies what to expect.

/** The pages, by the first label of their host. */
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
  evil: {
    badge: "Hostile page",
    about:
      "Some page on the web that a signed-in user happens to open. It may read what is public, " +
      "and nothing else: not even if the browser sends the user's cookies along with its calls.",
  },
};

const blocked = { outcome: "blocked" };

/** An answer that the page can read: its status, and what must be in it. */
const sees = (status, expected = {}) => ({ outcome: String(status), ...expected });

const everybody = (promise) => ({ app: promise, admin: promise, evil: promise });
const only = (role, promise) => ({ ...everybody(blocked), [role]: promise });
const frontEnds = (promise) => ({ ...everybody(promise), evil: blocked });

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
    policy: "GET: origins = [app, admin] · PUT, DELETE: origins = [admin], credentials",
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
];
