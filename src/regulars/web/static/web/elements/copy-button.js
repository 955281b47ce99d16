// Copies data-text, or the text of the element data-from names, and says so.
customElements.define("copy-button", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => this.copy());
  }

  get text() {
    const from = this.dataset.from && document.querySelector(this.dataset.from);
    return from ? (from.value ?? from.textContent).trim() : this.dataset.text;
  }

  async copy() {
    const words = JSON.parse(document.getElementById("words").textContent);
    const done = await this.put(this.text).then(() => true, () => false);
    const detail = { text: done ? words.copied : words.not_copied, tone: done ? "good" : "bad" };
    this.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail }));
  }

  // Browsers give the clipboard to secure pages only; plain http gets the old way.
  put(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = Object.assign(document.createElement("textarea"), { value: text, className: "visually-hidden" });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject();
  }
});
