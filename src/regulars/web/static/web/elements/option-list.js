// A listbox in groups of which one option is selected: hides what does not match, steps through the rest. Tells the
// id of the selected one in a "selected" event. What clicks something that is not on the page is not offered. Options without data-words match whatever is typed: somebody else found them.
customElements.define("option-list", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("changed", () => this.settle());
  }

  get options() {
    return [...this.querySelectorAll("[role=option]")].filter((option) => !option.hidden);
  }

  get selected() {
    return this.options.find((option) => option.getAttribute("aria-selected") === "true");
  }

  filter(text) {
    const words = text.toLocaleLowerCase().split(/\s+/);
    for (const option of this.querySelectorAll("[role=option][data-words]")) {
      const { clicks } = option.dataset;
      option.hidden = !words.every((word) => option.dataset.words.toLocaleLowerCase().includes(word)) || Boolean(clicks && !document.querySelector(clicks));
    }
    this.settle();
  }

  // The first match is selected; groups without matches step aside.
  settle() {
    for (const group of this.querySelectorAll("[role=group]")) {
      group.hidden = ![...group.querySelectorAll("[role=option]")].some((option) => !option.hidden);
    }
    this.querySelector(".none").hidden = this.options.length > 0;
    this.select(this.selected ?? this.options[0]);
  }

  // True where the key is one that steps.
  move(key) {
    const { options, selected } = this;
    const now = options.indexOf(selected);
    const next = { ArrowDown: now + 1, ArrowUp: now - 1, PageDown: options.length - 1, PageUp: 0 }[key];
    if (next === undefined || !options.length) return false;
    this.select(options[(next + options.length) % options.length]);
    return true;
  }

  select(chosen) {
    for (const option of this.querySelectorAll("[role=option]")) option.setAttribute("aria-selected", String(option === chosen));
    this.dispatchEvent(new CustomEvent("selected", { bubbles: true, detail: chosen?.id ?? "" }));
    chosen?.scrollIntoView({ block: "nearest" });
  }
});
