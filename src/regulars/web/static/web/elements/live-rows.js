// Keeps the list around it as it stands now: rows that changed are put in their place, rows that left go. What is
// the reader's own stays: what they picked, their draft's mark, the row that is open, the one that has the focus.
const OWN = ".draft, .mention";
const LATER_MS = 4000;
// Who else looks at which conversation, or writes in it: all there is when the stream begins, then what changes.
// Kept beside the rows, which are drawn anew again and again.
const present = new Map();

document.addEventListener("live-here", ({ detail }) => {
  present.clear();
  for (const { id, who } of detail.present ?? []) present.set(id, who);
  document.querySelectorAll(".inbox-row").forEach(mark);
});
document.addEventListener("live-presence", ({ detail }) => {
  if (detail.who.length) present.set(detail.id, detail.who);
  else present.delete(detail.id);
  mark(document.getElementById(`row-${detail.id}`));
});

function mark(row) {
  const where = row?.querySelector(".where");
  where?.querySelectorAll(".present").forEach((old) => old.remove());
  const who = where && present.get(Number(row.id.slice("row-".length)));
  if (who?.length) where.prepend(drawn(who, row.closest("live-rows").dataset));
}

// One face for all of them: of who writes, if anybody does; the names are in its title.
function drawn(who, words) {
  const face = document.createElement("span");
  const [first] = [...who].sort((one, other) => other.writes - one.writes);
  face.className = first.writes ? "present writes" : "present";
  const said = ["writes", "looks"].map((key) => [key, who.filter((one) => one.writes === (key === "writes"))]).filter(([, some]) => some.length);
  face.title = said.map(([key, some]) => words[key].replace("{names}", some.map((one) => one.name).join(", "))).join(" · ");
  face.textContent = who.length > 1 ? who.length : [...first.name][0]?.toUpperCase();
  face.setAttribute("role", "img");
  face.setAttribute("aria-label", face.title);
  return face;
}

customElements.define("live-rows", class extends HTMLElement {
  connectedCallback() {
    this.change = (event) => this.apply(event.detail);
    this.fresh = () => this.refresh(0);
    document.addEventListener("live-rows", this.change);
    document.addEventListener("live-reload", this.fresh);
    this.drawn = () => this.querySelectorAll(".inbox-row").forEach(mark);
    this.addEventListener("htmx:afterSwap", this.drawn);
    this.drawn();
  }

  disconnectedCallback() {
    document.removeEventListener("live-rows", this.change);
    document.removeEventListener("live-reload", this.fresh);
    this.removeEventListener("htmx:afterSwap", this.drawn);
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
    if (!old) return void (list.prepend(made), mark(made), made.classList.add("fresh"), htmx.process(made));
    const [was, is] = [old, made].map((row) => row.querySelector("input[type=checkbox]"));
    if (was && is) is.checked = was.checked;
    if (old.querySelector("[aria-current]")) made.querySelector(".row-link")?.setAttribute("aria-current", "true");
    const own = old.querySelector(OWN);
    if (own) made.querySelector(".preview")?.prepend(own, " ");
    const focused = old.contains(document.activeElement);
    old.replaceWith(made);
    mark(made);
    htmx.process(made);
    if (focused) made.querySelector(".row-link")?.focus({ preventScroll: true });
  }

  refresh(ms) {
    clearTimeout(this.later);
    this.later = setTimeout(() => htmx.trigger(this, "list-stale"), ms);
  }
});
