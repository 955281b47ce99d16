// Keeps the list around it as it stands now: rows that changed are put in their place, rows that left go. What is
// the reader's own stays: what they picked, their draft's mark, the row that is open, the one that has the focus.
const OWN = ".draft, .mention";
const LATER_MS = 4000;

customElements.define("live-rows", class extends HTMLElement {
  connectedCallback() {
    this.change = (event) => this.apply(event.detail);
    this.fresh = () => this.refresh(0);
    document.addEventListener("live-rows", this.change);
    document.addEventListener("live-reload", this.fresh);
  }

  disconnectedCallback() {
    document.removeEventListener("live-rows", this.change);
    document.removeEventListener("live-reload", this.fresh);
    clearTimeout(this.later);
  }

  apply({ order, rows, gone }) {
    const list = this.querySelector(".inbox-rows");
    if (!order.length && !gone.length) return null;
    if (!list) return order.length ? this.refresh(0) : null;
    gone.forEach((id) => document.getElementById(`row-${id}`)?.remove());
    for (const [id, html] of Object.entries(rows)) this.put(list, id, html);
    const places = order.map((id) => document.getElementById(`row-${id}`));
    if (places.includes(null)) this.refresh(LATER_MS);
    let before = null;
    for (const row of places.filter(Boolean)) {
      const right = before ? before.nextElementSibling : list.firstElementChild;
      if (right !== row) list.insertBefore(row, right);
      before = row;
    }
    if (!list.querySelector(".inbox-row")) this.refresh(0);
    document.dispatchEvent(new CustomEvent("live-counts"));
  }

  put(list, id, html) {
    const made = document.createRange().createContextualFragment(html).querySelector(".inbox-row");
    const old = document.getElementById(made.id);
    if (!old) return void (list.prepend(made), made.classList.add("fresh"), htmx.process(made));
    const [was, is] = [old, made].map((row) => row.querySelector("input[type=checkbox]"));
    if (was && is) is.checked = was.checked;
    if (old.querySelector("[aria-current]")) made.querySelector(".row-link")?.setAttribute("aria-current", "true");
    const mark = old.querySelector(OWN);
    if (mark) made.querySelector(".preview")?.prepend(mark, " ");
    const focused = old.contains(document.activeElement);
    old.replaceWith(made);
    htmx.process(made);
    if (focused) made.querySelector(".row-link")?.focus({ preventScroll: true });
  }

  refresh(ms) {
    clearTimeout(this.later);
    this.later = setTimeout(() => htmx.trigger(this, "list-stale"), ms);
  }
});
