// Puts a chosen macro into the forms below the thread: its text where the caret is, what it will do as ticks above the
// files. A note's text goes into the note. One that only does something is sent by htmx at once. The palette says by
// `wanted` which one to take as soon as the menu has them.
customElements.define("macro-menu", class extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details");
    this.addEventListener("click", (event) => this.put(event.target.closest("[data-macro]")));
    this.addEventListener("htmx:afterSettle", () => this.take());
    this.addEventListener("htmx:afterRequest", ({ target }) => this.renew(target));
    this.details.addEventListener("toggle", () => this.details.open && this.take());
  }

  take() {
    const choice = this.wanted && this.querySelector(`[data-macro="${this.wanted}"]`);
    if (!choice) return;
    this.wanted = null;
    choice.click();
  }

  // A request sent twice is done once, but whoever uses a macro again means it.
  renew(choice) {
    if (choice.matches("[hx-vals]")) choice.setAttribute("hx-vals", JSON.stringify({ use_key: `${Date.now()}${Math.random()}` }));
  }

  put(choice) {
    if (!choice) return;
    this.details.open = false;
    const { inserts, note } = choice.dataset;
    if (!inserts) return;
    if (note !== undefined) document.getElementById("do-note").click();
    const area = document.getElementById(note === undefined ? "text-message" : "text-note");
    area.focus();
    area.setRangeText(inserts, area.selectionStart, area.selectionEnd, "end");
    this.chips(choice.querySelector("template"), area.form.querySelector("[data-deeds]"));
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // What another macro put there stays; nothing is done twice.
  chips(template, place) {
    const made = template.content.cloneNode(true);
    const there = new Set([...place.querySelectorAll("[name=deed]")].map((box) => box.value));
    for (const box of made.querySelectorAll("[name=deed]")) if (there.has(box.value)) box.parentElement.remove();
    if (place.querySelector(".deed-words")) made.querySelector(".deed-words")?.remove();
    place.append(made);
  }
});
