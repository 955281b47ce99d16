// Keeps what is typed into the form inside in this browser until the server has it. The page that comes after it was
// sent says so (data-sent), signing out forgets everything (data-forget).
customElements.define("kept-draft", class extends HTMLElement {
  connectedCallback() {
    const kept = Object.keys(localStorage).filter((name) => name.startsWith("portal:"));
    if ("forget" in this.dataset) kept.forEach((name) => localStorage.removeItem(name));
    const form = this.querySelector("form");
    if (!form) return;
    this.text = form.elements.text;
    if (this.dataset.sent) localStorage.removeItem(this.dataset.name);
    const before = localStorage.getItem(this.dataset.name);
    if (before && !this.text.value) {
      this.text.value = before;
      this.querySelector("[data-said]").textContent = this.dataset.back;
    }
    form.addEventListener("input", () => localStorage.setItem(this.dataset.name, this.text.value));
  }
});
