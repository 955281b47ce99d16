// Keeps the form inside as it is typed: at once in this browser, a second later on the server. What the server has not
// confirmed is put back into the form when the page opens again: the text, or the fields that data-keeps names. Another
// form inside throws it away.
customElements.define("draft-keeper", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.text = this.form.elements.text;
    this.names = this.dataset.keeps?.split(" ") ?? ["text"];
    this.form.addEventListener("input", ({ target }) => this.note("files" in target.dataset ? 0 : 1000));
    this.form.addEventListener("focusout", () => this.isNew && this.note(0));
    this.form.addEventListener("submit", () => clearTimeout(this.timer));
    this.form.addEventListener("htmx:beforeOnLoad", (event) => event.target === this.form && this.sent(event.detail.xhr.status));
    this.form.addEventListener("htmx:sendError", () => this.note(3000));
    this.addEventListener("submit", (event) => event.target === this.form || event.defaultPrevented || this.sent(200));
    this.bring();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    if (this.isNew && !this.isSent) this.save();
  }

  bring() {
    const kept = JSON.parse(localStorage.getItem(this.dataset.name) ?? "null");
    const typed = ({ key, ...said }) => JSON.stringify(said);
    if (!(kept?.text || kept?.subject) || typed(kept) === typed(this.said())) return localStorage.removeItem(this.dataset.name);
    for (const name of this.names) this.form.elements[name].value = kept[name];
    this.say(this.dataset.back);
    this.note(500);
  }

  // What was sent is no draft any more, though its field loses the focus only as it leaves the page.
  note(wait) {
    if (this.isSent) return;
    this.isNew = true;
    localStorage.setItem(this.dataset.name, JSON.stringify(this.said()));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  said() {
    return Object.fromEntries(this.names.map((name) => [name, this.form.elements[name].value]));
  }

  sent(status) {
    this.isSent = status < 300;
    if (this.isSent) localStorage.removeItem(this.dataset.name);
    else this.note(0);
  }

  async save() {
    const said = JSON.stringify(this.said());
    const body = new FormData(this.form);
    body.delete("upload");
    body.delete("seen");
    this.isNew = false;
    const answer = await fetch(this.dataset.url, { method: "POST", body, keepalive: said.length < 30000, headers: { "HX-Request": "true" } }).catch(() => null);
    if (this.isSent) return;
    if (!answer?.ok) {
      this.say(this.dataset.here);
      if (this.isConnected) this.note(5000);
    } else if (said === JSON.stringify(this.said())) {
      localStorage.removeItem(this.dataset.name);
      this.say(this.text.value.trim() ? this.dataset.saved : "");
    }
  }

  say(words) {
    this.querySelector("[data-said]").textContent = words;
  }
});
