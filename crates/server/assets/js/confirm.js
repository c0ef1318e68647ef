// A form with data-confirm asks once more before it is sent. Without scripts it is sent with nothing more, and the server
// answers with a page that asks; the field "confirmed" tells the two apart.
(() => {
  "use strict";
  const part = (name, text, values = {}) => Object.assign(document.createElement(name), { textContent: text, ...values });

  const ask = (form, button) => {
    const { sure, yes, no } = document.body.dataset;
    const dialog = document.createElement("dialog");
    const choices = part("form", "", { method: "dialog" });
    const go = part("button", button?.textContent.trim() || yes, { value: "yes", className: "danger" });
    choices.append(part("button", no, { value: "" }), go);
    dialog.append(part("h2", sure), part("p", form.dataset.confirm), choices);
    dialog.addEventListener("close", () => {
      const agreed = dialog.returnValue === "yes";
      dialog.remove();
      if (!agreed) return button?.focus();
      // A part of the page that was replaced meanwhile has the same form anew, or it has gone with what it was about.
      const same = (one) => one.dataset.confirm && one.action === form.action;
      const now = form.isConnected ? form : [...document.forms].find(same);
      if (!now) return;
      now.append(part("input", "", { type: "hidden", name: "confirmed", value: "yes" }));
      now.requestSubmit(now === form ? button : undefined);
    });
    document.body.append(dialog);
    dialog.showModal();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.querySelector("[name=confirmed]")) return;
    event.preventDefault();
    ask(form, event.submitter);
  });
})();
