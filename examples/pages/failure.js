// Says on the page what would stand in the console alone: a script that fails, or is not there.

function fail(reason) {
  const place = document.querySelector("[role=status]");
  place.textContent = `This page does not work (${reason}). Does the demo still run?`;
  place.closest("section").dataset.verdict = "red";
  document.body.dataset.role ??= "none";
  document.body.dataset.done = "true";
}

// What cannot be loaded tells nobody but those who listen on the way down.
addEventListener("error", ({ message, target }) => fail(message ?? target.src), true);
addEventListener("unhandledrejection", ({ reason }) => fail(reason.message));
