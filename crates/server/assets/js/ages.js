// Ages tick: "3분 전" becomes "4분 전". The words and steps are those of View::relative on the server.
(() => {
  "use strict";
  const korean = document.documentElement.lang === "ko";
  const steps = [[86400, "일", "d"], [3600, "시간", "h"], [60, "분", "min"]];
  const far = 60 * 86400;
  // The server's clock counts: that of this machine may be wrong. The page is as old as its script is late, a second or so.
  const ahead = Number(document.body.dataset.now) * 1000 - Date.now() || 0;

  const words = (seconds) => {
    const length = Math.abs(seconds);
    if (length < 60) return korean ? "방금" : "just now";
    const [unit, ko, en] = steps.find(([unit]) => length >= unit);
    const count = Math.floor(length / unit);
    if (seconds > 0) return korean ? `${count}${ko} 전` : `${count} ${en} ago`;
    return korean ? `${count}${ko} 뒤` : `in ${count} ${en}`;
  };

  const tick = () => {
    for (const time of document.querySelectorAll("time[data-age]")) {
      const seconds = Math.floor((Date.now() + ahead - Date.parse(time.dateTime)) / 1000);
      if (Number.isNaN(seconds) || Math.abs(seconds) >= far) continue;
      const text = words(seconds);
      if (time.textContent !== text) time.textContent = text;
    }
  };

  setInterval(tick, 15000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
})();
