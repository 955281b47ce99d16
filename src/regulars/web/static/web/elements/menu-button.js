// A <details class="menu"> that closes on Escape, on a click elsewhere and after a choice.
customElements.define("menu-button", class extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details");
    this.away = (event) => this.contains(event.target) || this.close();
    document.addEventListener("click", this.away);
    this.addEventListener("click", (event) => event.target.closest(".items a, .items button") && this.close());
    this.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("htmx:afterSettle", () => this.details.open && this.querySelector(".items :is(button, input)")?.focus());
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.away);
  }

  close() {
    this.details.open = false;
  }

  press(event) {
    if (event.key === "Escape" && this.details.open) {
      event.stopPropagation();
      this.close();
      this.querySelector("summary").focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.details.open = true;
    const items = [...this.querySelectorAll(".items a, .items button")];
    const next = items.indexOf(document.activeElement) + step;
    items[(next + items.length) % items.length]?.focus();
  }
});
