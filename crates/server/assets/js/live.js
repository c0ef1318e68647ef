// Live parts. The server names topics of which something changed; each element with one of them in data-live is asked for
// anew, as part of the page it is on, and replaced if it differs. Focus, open details and scroll stay as they are.
//   event "changed":  {"topics": ["runs", "publications"]}
//   event "progress": {"source": "regtech", "phase": "post", "done": 3, "total": 5, "text": "게시물 3/5 받는 중"}
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
      bar.hidden = false;
      // Without a number the bar says only that something is under way.
      if (Number.isFinite(total)) Object.assign(bar, { max: total, value: done });
      else bar.removeAttribute("value");
    }
    for (const line of document.querySelectorAll("[data-run-text]")) {
      if (line.dataset.runText === source) line.textContent = text;
    }
  };

  // The mark comes only when the stream stays away: a restart of the server is over before anybody has read it.
  let mark = 0;
  const showLost = () => {
    wasLost = true;
    mark ||= setTimeout(() => { if (lost) lost.hidden = false; }, 3000);
  };
  const showBack = () => {
    clearTimeout(mark);
    mark = 0;
    if (lost) lost.hidden = true;
    if (wasLost) soon(parts().flatMap(topics));
    wasLost = false;
  };

  let stream = null;
  let retry = 0;
  const listen = () => {
    clearTimeout(retry);
    stream = new EventSource(url);
    stream.addEventListener("open", showBack);
    stream.addEventListener("changed", (event) => soon(JSON.parse(event.data).topics));
    stream.addEventListener("progress", (event) => progress(JSON.parse(event.data)));
    stream.addEventListener("error", () => {
      showLost();
      // The browser tries again by itself, unless the server answered with something else than a stream.
      if (stream?.readyState === EventSource.CLOSED) retry = setTimeout(listen, 10000);
    });
  };
  const stop = () => {
    clearTimeout(retry);
    stream?.close();
    stream = null;
    // What changes meanwhile is asked for when somebody looks again.
    wasLost = true;
  };

  // A page that nobody looks at needs no stream; the server gives a browser only a few.
  let away = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(away);
    if (document.hidden) away = setTimeout(stop, 20000);
    else if (!stream) listen();
  });
  addEventListener("pagehide", stop);
  // Back from the browser's cache of pages.
  addEventListener("pageshow", (event) => { if (event.persisted && !stream) listen(); });
  if (!document.hidden) listen();
})();
