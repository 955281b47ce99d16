// Asks before the form inside is sent: data-title, data-text, data-yes. Without script the form is simply sent.
customElements.define("confirm-dialog", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.ask(event), true);
  }

  ask(event) {
    if (this.isSure || event.target.method === "dialog") return;
    event.preventDefault();
    event.stopPropagation();
    const dialog = this.build();
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (dialog.returnValue === "yes") this.send(event);
    });
    dialog.showModal();
  }

  send({ target, submitter }) {
    this.isSure = true;
    target.requestSubmit(submitter);
    this.isSure = false;
  }

  build() {
    const words = JSON.parse(document.getElementById("words").textContent);
    const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
    const dialog = make("dialog", { className: "dialog" });
    const form = make("form", { method: "dialog" });
    const title = make("h2", { id: "confirm-title", textContent: this.dataset.title ?? words.sure });
    const actions = make("div", { className: "actions" });
    const no = make("button", { className: "button", value: "no", textContent: words.cancel });
    const yes = make("button", { className: "button danger", value: "yes", textContent: this.dataset.yes ?? words.yes });
    actions.append(no, yes);
    form.append(title, make("p", { textContent: this.dataset.text ?? "" }), actions);
    dialog.append(form);
    dialog.setAttribute("aria-labelledby", title.id);
    this.append(dialog);
    return dialog;
  }
});
