// The keys of the inbox. A key means what is ticked; else the row one is at, unless it is the open one; else the
// open conversation. With Shift it goes on to the next row. They are off where <key-shortcuts> has single keys off.
const BUTTONS = { e: "#do-resolve", s: "#do-snooze", a: "#do-assign", p: "#do-priority", l: "#do-label", r: "#do-reply", n: "#do-note", m: "#do-macro" };
const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]";

customElements.define("inbox-keys", class extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("inbox-list");
    this.heard = new AbortController();
    const { signal } = this.heard;
    document.addEventListener("keydown", (event) => this.press(event), { signal });
    document.addEventListener("htmx:afterSettle", (event) => this.goOn(event.target), { signal });
    document.addEventListener("htmx:afterRequest", ({ detail }) => detail.failed && (this.next = this.settled = null), { signal });
    this.addEventListener("focusin", ({ target }) => this.isWalking && target.matches(".row-link") && target.click());
  }

  disconnectedCallback() {
    this.heard.abort();
  }

  // What its agent chose; <key-shortcuts> knows.
  get choices() {
    return document.querySelector("key-shortcuts")?.choices ?? { own: {}, single: true };
  }

  press(event) {
    const key = this.meant(event.key.toLowerCase());
    const isSecond = Date.now() - (this.g ?? 0) < 1500;
    this.g = key === "g" ? Date.now() : 0;
    this.isWalking = false;
    if (event.ctrlKey || event.metaKey || event.altKey || isSecond || event.target.closest?.(FIELDS)) return;
    if (key === "escape" && !this.querySelector("details[open]")) this.next = this.list.untick();
    if (!this.choices.single) return;
    if (key === "j" || key === "k") this.isWalking = this.choices.opens;
    if (key === "x") this.tick(event);
    if (key in BUTTONS) this.act(event, key);
  }

  // Somebody may have given a deed another letter: {"e": "y"} lets y resolve, and e do nothing.
  meant(pressed) {
    const { own } = this.choices;
    return Object.keys(own).find((usual) => own[usual] === pressed) ?? (pressed in own ? "" : pressed);
  }

  tick({ shiftKey }) {
    const box = this.list.row?.querySelector(".pick input");
    if (box) this.list.pick(box, { isRange: shiftKey, value: shiftKey || !box.checked });
  }

  act(event, key) {
    event.preventDefault();
    const { row, ids } = this.list;
    const isOpen = !row || row.querySelector("[aria-current]");
    if (event.shiftKey) this.next = (row?.nextElementSibling?.matches(".inbox-row") ? row.nextElementSibling : row?.previousElementSibling)?.id;
    this.settled = event.shiftKey && key === "e" && isOpen && !ids.length ? this.wayBack() : null;
    if (isOpen && (!ids.length || key === "r" || key === "n")) return this.click(BUTTONS[key]);
    if (key === "r" || key === "n") return this.open(row, BUTTONS[key]);
    if (!ids.length) this.list.pick(row.querySelector(".pick input"), { value: true });
    this.use(this.querySelector(`[data-bulk-key="${key}"]`));
  }

  use(control) {
    if (control.localName !== "details") return control.click();
    control.open = true;
    control.querySelector(".items :is(button, input)")?.focus(); // what comes late is focused by <menu-button>
  }

  // What is settled with Shift is out of sight at once: a way back is offered.
  wayBack() {
    const url = document.querySelector("#do-resolve")?.form.getAttribute("action");
    const name = document.querySelector("#card h3")?.textContent.trim();
    return url && !url.endsWith("/remove/") ? { url: `${url}remove/`, name } : null;
  }

  offer() {
    const { settled, dataset } = this;
    this.settled = null;
    if (!settled) return;
    const act = { url: settled.url, name: dataset.undo };
    this.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text: dataset.resolved.replace("{name}", settled.name), tone: "good", act } }));
  }

  open(row, then) {
    this.then = then;
    row.querySelector(".row-link").click();
  }

  click(selector) {
    document.querySelector(selector)?.click();
  }

  // The list came anew after a deed: on to the next row. The conversation came: what it was opened for.
  goOn({ id }) {
    const { next, then } = this;
    if (id === "list" && next) [this.next] = [this.click(`#${next} .row-link`), this.offer()];
    if (id === "conversation" && then) [this.then] = [this.click(then)];
  }
});
