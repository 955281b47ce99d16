// Says in a corner what just happened. Anything may `dispatchEvent(new CustomEvent("toast", {bubbles, detail}))`;
// the server does so with the header HX-Trigger: {"toast": {"text": "…", "tone": "good"}}.
customElements.define("toast-list", class extends HTMLElement {
  connectedCallback() {
    this.words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
    document.addEventListener("toast", (event) => [].concat(event.detail.toasts ?? event.detail).forEach((one) => this.say(one)));
    document.addEventListener("htmx:responseError", (event) => this.explain(event.detail.xhr));
    document.addEventListener("htmx:beforeSwap", (event) => this.refuse(event.detail));
    document.addEventListener("allauth.error", (event) => this.passkeyFailed(event));
    document.addEventListener("htmx:sendError", (event) => this.lost(event.detail.requestConfig));
    document.addEventListener("htmx:afterOnLoad", (event) => this.found(event.detail.requestConfig));
    window.addEventListener("online", () => this.found());
    document.addEventListener("htmx:timeout", () => this.say({ text: this.words.late, tone: "bad" }));
  }

  // However many requests fail meanwhile, it is said once: until the connection is back, and where somebody's deed
  // was lost, until that is done after all.
  lost({ verb, path }) {
    if (!this.away?.isConnected) {
      this.undone = new Set();
      this.away = this.say({ text: this.words.unreachable, tone: "bad" });
    }
    if (verb !== "get") this.undone.add(path);
  }

  found({ path } = {}) {
    this.undone?.delete(path);
    if (!this.undone?.size) this.away?.remove();
  }

  // A refusal brings its own sentence; for anything else there is one that promises nothing false.
  explain(xhr) {
    const { forbidden, gone, often, broke, failed } = this.words;
    const known = { 403: forbidden, 404: gone, 429: often }[xhr.status] ?? (xhr.status >= 500 ? broke : failed);
    this.say({ text: this.reason(xhr) ?? known, tone: "bad" });
  }

  // The person closed the browser's prompt, or no passkey of theirs is on this device.
  passkeyFailed(event) {
    event.preventDefault();
    this.say({ text: this.words.no_passkey, tone: "bad" });
  }

  // A form with its errors (422) is shown in its place; a refusal (422 too) is said here, and the form stays as it is.
  refuse(detail) {
    if (detail.xhr.status !== 422 || !this.reason(detail.xhr)) return;
    detail.shouldSwap = false;
    this.explain(detail.xhr);
  }

  reason(xhr) {
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    return page.querySelector(".refusal p")?.textContent.trim();
  }

  // `act` is a way back or on: {url, name}, a button that posts there and takes the toast away.
  say({ text, tone = "", act }) {
    const toast = document.createElement("div");
    toast.className = `toast ${tone}`;
    toast.setAttribute("role", tone === "bad" ? "alert" : "status");
    toast.append(Object.assign(document.createElement("p"), { textContent: text }));
    if (act) toast.append(this.way(act, toast));
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    close.setAttribute("aria-label", this.words.close);
    close.addEventListener("click", () => toast.remove());
    toast.append(close);
    this.append(toast);
    if (tone !== "bad") this.fade(toast, act ? 10000 : 7000);
    while (this.children.length > 4) this.firstElementChild.remove();
    return toast;
  }

  // Good news leaves by itself, but not while it is being read; bad news stays until it is closed.
  fade(toast, wait) {
    setTimeout(() => (toast.matches(":hover, :focus-within") ? this.fade(toast, wait) : toast.remove()), wait);
  }

  way({ url, name }, toast) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "act", textContent: name });
    button.addEventListener("click", () => {
      toast.remove();
      htmx.ajax("POST", url, { source: document.body, swap: "none" });
    });
    return button;
  }
});
