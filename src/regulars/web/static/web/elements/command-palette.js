// Cmd/Ctrl+K: go to a page, find a customer, change the look. A combobox over the <option-list> in a <dialog>.
customElements.define("command-palette", class extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.list = this.querySelector("option-list");
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.altKey) this.toggle(event);
    });
    document.addEventListener("click", (event) => event.target.closest("[data-opens=palette]") && this.open());
    this.input.addEventListener("input", () => this.ask());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("selected", (event) => this.input.setAttribute("aria-activedescendant", event.detail));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
      else this.choose(event.target.closest("[role=option]"));
    });
  }

  toggle(event) {
    event.preventDefault();
    this.dialog.open ? this.dialog.close() : this.open();
  }

  open() {
    document.querySelector("[popover]:popover-open")?.hidePopover();
    this.input.value = "";
    this.ask();
    this.dialog.showModal();
    this.input.focus();
  }

  ask() {
    const text = this.input.value.trim();
    this.querySelector("found-customers").ask(text);
    this.querySelector("found-macros")?.ask(text);
    this.list.filter(text);
  }

  press(event) {
    const moved = this.list.move(event.key);
    if (moved || event.key === "Enter") event.preventDefault();
    if (event.key === "Enter") this.choose(this.list.selected, event);
  }

  choose(option, event) {
    if (!option) return;
    this.dialog.close();
    option.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
    const { url, clicks } = option.dataset;
    if (clicks) document.querySelector(clicks)?.click();
    else if (event?.metaKey || event?.ctrlKey) window.open(url, "_blank", "noopener");
    else location.assign(url);
  }
});
