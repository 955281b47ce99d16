// Sends the form inside as soon as a choice changes or typing pauses; [data-without-script] parts then go.
customElements.define("auto-submit", class extends HTMLElement {
  connectedCallback() {
    this.querySelectorAll("[data-without-script]").forEach((part) => (part.hidden = true));
    this.addEventListener("change", (event) => {
      if (event.target.type !== "search") this.send(event.target, 0);
    });
    this.addEventListener("input", (event) => {
      if (event.target.matches("[type=search], [data-while-typing]")) this.send(event.target, 250);
    });
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  send(field, wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => field.form?.requestSubmit(), wait);
  }
});
