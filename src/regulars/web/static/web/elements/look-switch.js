// Theme and density change at once and are kept on the agent; without script the form is simply posted.
customElements.define("look-switch", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      this.choose(event.target, event.submitter);
    });
  }

  async choose(form, button) {
    const before = document.documentElement.dataset[button.name];
    this.show(button.name, button.value);
    const body = new FormData(form, button);
    const kept = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).then((answer) => answer.ok, () => false);
    if (kept) return;
    this.show(button.name, before);
    const words = JSON.parse(document.getElementById("words").textContent);
    this.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text: words.failed, tone: "bad" } }));
  }

  show(name, value) {
    document.documentElement.dataset[name] = value;
    for (const button of this.querySelectorAll(`button[name="${name}"]`)) {
      button.setAttribute("aria-pressed", String(button.value === value));
    }
    document.dispatchEvent(new CustomEvent("look-changed"));
  }
});
