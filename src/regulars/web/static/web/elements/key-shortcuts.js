// "g" then a letter goes to a place, "?" shows the keys, "/" goes to the page's own search.
// Single keys can be turned off (WCAG 2.1.4); the choice stays in this browser.
customElements.define("key-shortcuts", class extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.switch = this.querySelector("input[type=checkbox]");
    this.switch.checked = localStorage.getItem("single-keys") !== "off";
    this.switch.addEventListener("change", () => localStorage.setItem("single-keys", this.switch.checked ? "on" : "off"));
    document.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("click", (event) => event.target.closest("[data-opens=keys]") && this.open());
  }

  open() {
    document.querySelector("[popover]:popover-open")?.hidePopover();
    this.dialog.showModal();
  }

  press(event) {
    if (!this.switch.checked || event.ctrlKey || event.metaKey || event.altKey || this.isTyping(event.target)) return;
    if (this.afterG && Date.now() - this.afterG < 1500) {
      const place = document.querySelector(`.rail [data-key="${CSS.escape(event.key)}"]`);
      this.afterG = 0;
      if (place) return place.click();
    }
    if (event.key === "g") this.afterG = Date.now();
    if (event.key === "?") this.open();
    if (event.key === "/") this.search(event);
  }

  isTyping(field) {
    return field.isContentEditable || field.closest("input, textarea, select, dialog[open]");
  }

  search(event) {
    const field = document.querySelector("main input[type=search]");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  }
});
