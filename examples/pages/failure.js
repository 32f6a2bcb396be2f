// Shows on the page what would be in the console alone: a script that fails, or is not there.

function fail(reason) {
  const place = document.querySelector("[role=status]");
  place.textContent = `This page does not work (${reason}). Does the demo still run?`;
  place.closest("section").dataset.verdict = "red";
  document.body.dataset.role ??= "none";
  document.body.dataset.done = "true";
}

// The event of a file that cannot be loaded does not bubble; it can be captured.
addEventListener("error", ({ message, target }) => fail(message ?? target.src), true);
addEventListener("unhandledrejection", ({ reason }) => fail(reason.message));
