// A group of options with the customers whom data-search finds for what is typed, asked for when typing pauses.
customElements.define("found-customers", class extends HTMLElement {
  ask(text) {
    clearTimeout(this.timer);
    this.asked?.abort();
    if (this.dataset.search && text.length > 1) this.timer = setTimeout(() => this.fetch(text), 150);
    else this.show([]);
  }

  async fetch(text) {
    this.asked = new AbortController();
    const headers = { Accept: "application/json" };
    const url = `${this.dataset.search}?${new URLSearchParams({ q: text })}`;
    const answer = await fetch(url, { headers, signal: this.asked.signal }).then((got) => (got.ok ? got.json() : null)).catch(() => null);
    if (answer && this.closest("dialog[open]")) this.show(answer.customers.slice(0, 8));
  }

  show(customers) {
    for (const option of this.querySelectorAll("[role=option]")) option.remove();
    this.append(...customers.map((customer, index) => this.option(customer, index)));
    this.dispatchEvent(new CustomEvent("changed", { bubbles: true }));
  }

  option({ url, name, detail = "" }, index) {
    const option = this.querySelector("template").content.firstElementChild.cloneNode(true);
    Object.assign(option, { id: `palette-customer-${index}` }).dataset.url = url;
    option.querySelector(".name").textContent = name;
    option.querySelector(".detail").textContent = detail;
    return option;
  }
});
