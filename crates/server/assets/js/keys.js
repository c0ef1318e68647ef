// Keys: "/" to the search, "g" and a letter to a page, arrows or j and k along a table, Enter opens, "?" lists them.
(() => {
  "use strict";
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
  let going = 0;

  const rows = () => [...document.querySelectorAll("main table tbody tr")].filter((row) => row.offsetParent);
  const current = () => document.querySelector("tr[data-at]");

  const move = (by) => {
    const all = rows();
    if (all.length === 0) return false;
    const at = current();
    const next = at ? all[Math.min(Math.max(all.indexOf(at) + by, 0), all.length - 1)] : all[0];
    at?.removeAttribute("data-at");
    next.setAttribute("data-at", "");
    // A link and nothing else: Enter should open, never press a button that changes something.
    const link = next.querySelector("a");
    if (link) link.focus({ preventScroll: true });
    else document.activeElement?.blur();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };

  const open = () => {
    const link = current()?.querySelector("a");
    link?.click();
    return Boolean(link);
  };

  const go = (letter) => {
    const link = document.querySelector(`nav a[data-key="${CSS.escape(letter)}"]`);
    link?.click();
    return Boolean(link);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const inDialog = document.querySelector("dialog[open]") !== null;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (inDialog) return;
    // With a Korean keyboard event.key is a jamo; event.code still names the key.
    const letter = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
    const wasGoing = Date.now() - going < 1500;
    going = 0;
    let done = true;
    if (wasGoing && letter.length === 1) done = go(letter);
    else if (letter === "g") going = Date.now();
    else if (event.key === "/") document.querySelector("#search")?.focus();
    else if (event.key === "?") document.querySelector("#keys")?.showModal();
    else if (letter === "j" || event.key === "ArrowDown") done = move(1);
    else if (letter === "k" || event.key === "ArrowUp") done = move(-1);
    else if (event.key === "Enter" && event.target === document.body) done = open();
    else done = false;
    if (done) event.preventDefault();
  });

  // On a small screen the navigation is a bar that scrolls; the place that is open is in sight.
  document.querySelector("nav a[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
