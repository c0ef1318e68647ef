// A form that was refused answers at its own address, where nothing can be read: loading again, coming back and the live parts
// go by the address of the page that is shown.
(() => {
  "use strict";
  const { path } = document.body.dataset;
  if (path && path !== location.pathname + location.search) history.replaceState(history.state, "", path);
})();
