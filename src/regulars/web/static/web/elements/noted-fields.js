// The fields beside a conversation. When resolving was stopped because some are empty, the first of them is shown
// and ready to be filled in; the event comes from the server, after any deed that would have resolved.
customElements.define("noted-fields", class extends HTMLElement {
  connectedCallback() {
    this.heard = new AbortController();
    document.addEventListener("fields-missing", ({ detail }) => this.show(detail.keys), { signal: this.heard.signal });
  }

  disconnectedCallback() {
    this.heard.abort();
  }

  show(keys) {
    const lines = [...this.querySelectorAll("[data-key]")].filter((line) => keys.includes(line.dataset.key));
    lines.forEach((line) => line.classList.add("is-missing"));
    const first = lines[0]?.querySelector(".control :is(input, select, textarea)");
    first?.scrollIntoView({ block: "center" });
    first?.focus();
  }
});
