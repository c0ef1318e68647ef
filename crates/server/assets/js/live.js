// Live parts. The server names topics of which something changed; each element with one of them in data-live is asked for
// anew, as part of the page it is on, and replaced if it differs. Focus, open details and scroll stay as they are.
//   event "changed":  {"topics": ["runs", "publications"]}
//   event "progress": {"source": "secudium", "phase": "post", "done": 3, "total": 5, "text": "게시물 3/5 받는 중"}
// A page that nobody sees does not listen: a browser has few connections, and it looks at all of its parts when it is seen
// again.
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

  const progress = ({ source, done, total, text }) => {
    for (const bar of document.querySelectorAll("progress[data-run]")) {
      if (bar.dataset.run !== source) continue;
      if (Number.isFinite(total)) Object.assign(bar, { max: total, value: done });
      bar.hidden = false;
    }
    for (const line of document.querySelectorAll("[data-run-text]")) {
      if (line.dataset.runText === source) line.textContent = text;
    }
  };

  let stream = null;
  const listen = () => {
    const own = (stream = new EventSource(url));
    own.addEventListener("open", () => {
      if (lost) lost.hidden = true;
      if (wasLost) soon(parts().flatMap(topics));
      wasLost = false;
    });
    own.addEventListener("changed", (event) => soon(JSON.parse(event.data).topics));
    own.addEventListener("progress", (event) => progress(JSON.parse(event.data)));
    own.addEventListener("error", () => {
      wasLost = true;
      if (lost) lost.hidden = false;
      // The browser tries again by itself, unless the server answered with something else than a stream.
      if (own.readyState === EventSource.CLOSED) setTimeout(() => own === stream && listen(), 10000);
    });
  };
  const leave = () => {
    stream?.close();
    stream = null;
    wasLost = true;
  };
  addEventListener("pagehide", leave);
  addEventListener("pageshow", () => stream || document.hidden || listen());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave();
    else if (!stream) listen();
  });
  if (!document.hidden) listen();
})();
