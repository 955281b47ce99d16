// A note beside a figure, shown on hover and focus by the style sheet; Escape puts it away.
customElements.define("explain-note", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.toggleAttribute("data-dismissed", true));
    for (const name of ["focusout", "mouseleave"]) {
      this.addEventListener(name, () => this.removeAttribute("data-dismissed"));
    }
  }
});
