// Cmd/Ctrl+K: go to a page, find a customer, change the look. A combobox over one listbox in a <dialog>.
customElements.define("command-palette", class extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.found = this.querySelector("[data-found]");
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.altKey) this.toggle(event);
    });
    document.addEventListener("click", (event) => event.target.closest("[data-opens=palette]") && this.open());
    this.input.addEventListener("input", () => this.ask());
    this.input.addEventListener("keydown", (event) => this.press(event));
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

  get options() {
    return [...this.querySelectorAll("[role=option]")].filter((option) => !option.hidden);
  }

  // What is on the page is matched at once; customers are asked for when typing pauses.
  ask() {
    const words = this.input.value.trim().toLocaleLowerCase().split(/\s+/);
    for (const option of this.querySelectorAll("[role=option][data-words]")) {
      option.hidden = !words.every((word) => option.dataset.words.toLocaleLowerCase().includes(word));
    }
    clearTimeout(this.timer);
    this.asked?.abort();
    if (this.dataset.search && this.input.value.trim().length > 1) this.timer = setTimeout(() => this.fetchCustomers(), 150);
    else this.found.replaceChildren();
    this.settle();
  }

  async fetchCustomers() {
    this.asked = new AbortController();
    const url = `${this.dataset.search}?${new URLSearchParams({ q: this.input.value.trim() })}`;
    const headers = { Accept: "application/json" };
    const answer = await fetch(url, { headers, signal: this.asked.signal }).then((got) => (got.ok ? got.json() : null), () => null);
    if (!answer || !this.dialog.open) return;
    const { customers } = answer;
    const make = this.querySelector("template").content.firstElementChild;
    this.found.replaceChildren(...customers.slice(0, 8).map((customer, index) => {
      const option = make.cloneNode(true);
      option.id = `palette-customer-${index}`;
      option.dataset.url = customer.url;
      option.querySelector(".name").textContent = customer.name;
      option.querySelector(".detail").textContent = customer.detail ?? "";
      return option;
    }));
    this.settle();
  }

  // The first match is chosen; groups without matches step aside.
  settle() {
    for (const group of this.querySelectorAll("[role=group]")) {
      group.hidden = ![...group.querySelectorAll("[role=option]")].some((option) => !option.hidden);
    }
    const options = this.options;
    this.querySelector(".none").hidden = options.length > 0;
    this.select(options.find((option) => option.getAttribute("aria-selected") === "true") ?? options[0]);
  }

  select(chosen) {
    for (const option of this.querySelectorAll("[role=option]")) option.setAttribute("aria-selected", String(option === chosen));
    this.input.setAttribute("aria-activedescendant", chosen?.id ?? "");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    const options = this.options;
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const next = { ArrowDown: now + 1, ArrowUp: now - 1, PageDown: options.length - 1, PageUp: 0 }[event.key];
    if (next !== undefined && options.length) {
      event.preventDefault();
      this.select(options[(next + options.length) % options.length]);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      this.choose(options[now], event);
    }
  }

  choose(option, event) {
    if (!option) return;
    this.dialog.close();
    const { url, clicks } = option.dataset;
    if (clicks) document.querySelector(clicks)?.click();
    else if (event?.metaKey || event?.ctrlKey) window.open(url, "_blank", "noopener");
    else location.assign(url);
  }
});
