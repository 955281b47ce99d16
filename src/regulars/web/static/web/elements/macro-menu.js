// Puts the text of a chosen macro into the form around it, where the caret is.
customElements.define("macro-menu", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.put(event.target.closest("[data-inserts]")));
  }

  put(choice) {
    if (!choice) return;
    const area = this.closest("form").elements.text;
    this.querySelector("details").open = false;
    area.focus();
    area.setRangeText(choice.dataset.inserts, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
