// The list beside the conversation: which rows are ticked, which one is open. A list that comes anew
// keeps its ticks, unless they were what was just done.
customElements.define("inbox-list", class extends HTMLElement {
  connectedCallback() {
    this.heard = new AbortController();
    const { signal } = this.heard;
    document.addEventListener("conversation-changed", ({ detail }) => (this.kept = detail?.ids ? [] : this.ids), { signal });
    document.addEventListener("htmx:afterSettle", (event) => this.settle(event.target), { signal });
    this.addEventListener("click", ({ target, shiftKey }) => target.name === "ids" && this.pick(target, { isRange: shiftKey }));
    this.mark();
  }

  disconnectedCallback() {
    this.heard.abort();
  }

  get boxes() {
    return [...this.querySelectorAll(".pick input")];
  }

  get ids() {
    return this.boxes.filter((box) => box.checked).map((box) => box.value);
  }

  // The row one is at: the one with the focus, else the open one.
  get row() {
    return document.activeElement.closest(".inbox-row") ?? this.querySelector(".inbox-row:has([aria-current])");
  }

  pick(box, { isRange = false, value = box.checked } = {}) {
    const { boxes } = this;
    const last = boxes.findIndex((each) => each.value === this.last);
    const [from, to] = [last, boxes.indexOf(box)].sort((one, other) => one - other);
    for (const each of isRange && from >= 0 ? boxes.slice(from, to + 1) : [box]) each.checked = value;
    this.last = box.value;
    this.count();
  }

  // The bar of deeds goes with the last tick; who was in it is back at the row they ticked.
  untick() {
    const isInside = document.activeElement.closest(".bulk-bar");
    for (const box of this.querySelectorAll(":is(.pick, .everything) input")) box.checked = false;
    if (isInside) this.querySelector(`#open-${CSS.escape(this.last)}`)?.focus();
  }

  count() {
    const said = this.querySelector("[data-picked]");
    said.textContent = said.dataset.picked.replace("0", this.ids.length);
  }

  mark() {
    const open = location.pathname.match(/conversations\/(\d+)/)?.[1];
    for (const link of this.querySelectorAll(".row-link")) {
      const isOpen = link.id === `open-${open}`;
      if (isOpen && this.open !== open) link.closest(".inbox-row").scrollIntoView({ block: "nearest" });
      isOpen ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    }
    this.open = open;
  }

  // A search came: it is of everything, and so no view is the one looked at.
  showSearch() {
    this.last = null;
    document.querySelector("#views [aria-current]")?.removeAttribute("aria-current");
    this.querySelector(".inbox-search input")?.focus({ preventScroll: true });
  }

  settle(target) {
    if (target.id === "list") {
      for (const box of this.boxes) box.checked = this.kept?.includes(box.value);
      if (!this.ids.length) this.untick();
      this.count();
    }
    if (target === this) this.showSearch();
    if (target.closest("#list, #conversation")) this.mark();
  }
});
