// Live parts. The server names topics of which something changed; each element with one of them in data-live is asked for
// anew, as part of the page it is on, and replaced if it differs. Focus, open details and scroll stay as they are.
//   event "changed":  {"topics": ["runs", "publications"]}
//   event "progress": {"source": "regtech", "done": 3, "of": 5, "text": "3/5창, 12,040행"}
(() => {
  "use strict";
  const url = document.body.dataset.events;
  const lost = document.querySelector("#lost");
  const parts = () => [...document.querySelectorAll("[data-live][id]")];
  if (!url || !window.EventSource || parts().length === 0) return;

  const topics = (element) => element.dataset.live.split(/\s+/);
  let waiting = new Set();
  let timer = 0;
  let wasLost = false;

  const isBusy = (element) => {
    const active = document.activeElement;
    return element.contains(active) && active.matches("input, textarea, select");
  };

  const replace = (old, next) => {
    const active = document.activeElement;
    const focus = old.contains(active) ? { id: active.id, href: active.getAttribute("href") } : null;
    const opened = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
    next.querySelectorAll("details[id]").forEach((one) => { if (opened.includes(one.id)) one.open = true; });
    const [x, y] = [old.scrollLeft, old.scrollTop];
    old.replaceWith(next);
    next.scrollTo?.(x, y);
    if (!focus) return;
    const same = (focus.id && document.getElementById(focus.id)) ||
      (focus.href && next.querySelector(`a[href="${CSS.escape(focus.href)}"]`));
    if (same) same.focus({ preventScroll: true });
  };

  const refresh = async () => {
    const wanted = waiting;
    waiting = new Set();
    const old = parts().filter((one) => topics(one).some((topic) => wanted.has(topic)));
    if (old.length === 0) return;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", headers: { accept: "text/html" } });
      // Signed out meanwhile: the page that would come is another one.
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const one of old) {
        const next = page.getElementById(one.id);
        if (next && !isBusy(one) && next.outerHTML !== one.outerHTML) replace(one, document.adoptNode(next));
      }
    } catch {
      // The network; what is lost is told by the stream, which also says when it is back.
    }
  };

  // Several changes come at once; one page answers all of them.
  const soon = (names) => {
    names.forEach((name) => waiting.add(name));
    clearTimeout(timer);
    timer = setTimeout(refresh, 250);
  };

  const progress = ({ source, done, of, text }) => {
    for (const bar of document.querySelectorAll("progress[data-run]")) {
      if (bar.dataset.run !== source) continue;
      if (Number.isFinite(of)) Object.assign(bar, { max: of, value: done });
      bar.hidden = false;
    }
    for (const line of document.querySelectorAll("[data-run-text]")) {
      if (line.dataset.runText === source) line.textContent = text;
    }
  };

  const listen = () => {
    const stream = new EventSource(url);
    stream.addEventListener("open", () => {
      if (lost) lost.hidden = true;
      if (wasLost) soon(parts().flatMap(topics));
      wasLost = false;
    });
    stream.addEventListener("changed", (event) => soon(JSON.parse(event.data).topics));
    stream.addEventListener("progress", (event) => progress(JSON.parse(event.data)));
    stream.addEventListener("error", () => {
      wasLost = true;
      if (lost) lost.hidden = false;
      // The browser tries again by itself, unless the server answered with something else than a stream.
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 10000);
    });
    addEventListener("pagehide", () => stream.close(), { once: true });
  };
  listen();
})();
