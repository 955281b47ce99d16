// Ctrl or Cmd with Enter sends the form inside, Shift as well goes on to the next. A send that was stopped because
// somebody else wrote shows what they wrote, above the text, and the text stays.
customElements.define("send-keys", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.send(event);
    });
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=then], [data-send]");
      if (button && event.shiftKey) this.goOn();
      if (event.target.matches("[data-changes]")) this.change(event.target.dataset.changes);
    });
    this.answered = ({ detail }) => detail.requestConfig?.elt === this.form && this.stop(detail);
    document.addEventListener("htmx:beforeSwap", this.answered);
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:beforeSwap", this.answered);
  }

  send(event) {
    event.preventDefault();
    if (event.shiftKey) this.goOn();
    this.querySelector("[data-send]").click();
  }

  goOn() {
    const next = this.form.elements.next;
    if (next) next.checked = true;
  }

  stop(detail) {
    if (detail.xhr.status !== 409 || !detail.xhr.responseText.includes("data-unseen")) return;
    Object.assign(detail, { shouldSwap: true, isError: false, target: this.querySelector(".unseen-place"), swapOverride: "innerHTML" });
  }

  // What came was read; the text is changed or not, and sending is possible again.
  change(seen) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "seen", value: seen });
    this.querySelector(".unseen-place").replaceChildren(field);
    this.form.elements.text.focus();
  }
});
