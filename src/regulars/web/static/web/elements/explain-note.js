// A note beside a figure, shown on hover and focus by the style sheet; Escape puts it away, and it stays on the screen.
customElements.define("explain-note", class extends HTMLElement {
  connectedCallback() {
    this.note = this.querySelector("[role=tooltip]");
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.toggleAttribute("data-dismissed", true));
    for (const name of ["focusout", "mouseleave"]) {
      this.addEventListener(name, () => this.removeAttribute("data-dismissed"));
    }
    for (const name of ["focusin", "mouseenter"]) this.addEventListener(name, () => this.keepOnScreen());
  }

  keepOnScreen() {
    this.note.style.removeProperty("--shift");
    const { left, right } = this.note.getBoundingClientRect();
    const edge = document.documentElement.clientWidth - 8;
    const shift = left < 8 ? 8 - left : Math.min(0, edge - right);
    this.note.style.setProperty("--shift", `${shift}px`);
  }
});
