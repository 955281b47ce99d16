// "g" then a letter goes to a place, "?" shows the keys, "/" goes to the page's own search, "j" and "k" walk its list.
// Single keys can be turned off (WCAG 2.1.4). What somebody chose here is kept with them, whatever machine they sit at.
const STEPS = { j: 1, J: 1, k: -1, K: -1 };

customElements.define("key-shortcuts", class extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.switch = this.querySelector("input[type=checkbox]");
    this.choices = { own: {}, single: true, opens: false, ...JSON.parse(this.dataset.choices || "{}") };
    this.switch.checked = this.choices.single;
    this.switch.addEventListener("change", () => this.keep({ single: this.switch.checked }));
    document.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("click", (event) => event.target.closest("[data-opens=keys]") && this.open());
  }

  // Holds at once; when it cannot be kept it holds until the page is left, and that is said.
  async keep(chosen) {
    Object.assign(this.choices, chosen);
    const [[name, value]] = Object.entries(chosen);
    const body = new URLSearchParams({ [name]: name === "own" ? JSON.stringify(value) : value ? "on" : "off" });
    const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
    const headers = { "HX-Request": "true", "X-CSRFToken": token ?? "" };
    const isKept = await fetch(this.dataset.url, { method: "POST", body, headers, keepalive: true }).then((answer) => answer.ok, () => false);
    const words = JSON.parse(document.getElementById("words").textContent);
    if (!isKept) this.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text: words.failed, tone: "bad" } }));
  }

  open() {
    document.querySelector("[popover]:popover-open")?.hidePopover();
    this.dialog.showModal();
  }

  press(event) {
    if (!this.isTyping(event.target)) this.remember();
    if (!this.switch.checked || event.ctrlKey || event.metaKey || event.altKey || this.isTyping(event.target)) return;
    if (this.afterG && Date.now() - this.afterG < 1500) {
      const place = document.querySelector(`.rail [data-key="${CSS.escape(event.key)}"]`);
      this.afterG = 0;
      if (place) return place.click();
    }
    if (event.key === "g") this.afterG = Date.now();
    if (event.key === "?") this.open();
    if (event.key === "/") this.search(event);
    if (event.key in STEPS) this.walk(STEPS[event.key]);
  }

  isTyping(field) {
    return field.isContentEditable || field.closest("input, textarea, select, dialog[open]");
  }

  // The selection is the focus itself: it is seen and read out, and Enter opens it. A list names its stops
  // in data-walk; they are asked for each time, because "Show more" brings new ones and takes itself away.
  walk(step) {
    const stops = this.stops;
    const here = this.place(stops);
    const next = here < 0 ? this.beside(stops, step) : stops[Math.min(Math.max(here + step, 0), stops.length - 1)];
    if (next && !next.closest("[data-more]")) this.stop = next;
    next?.focus();
  }

  get stops() {
    const list = document.querySelector("main [data-walk]");
    return list ? [...list.querySelectorAll(list.dataset.walk)] : [];
  }

  place(stops) {
    return stops.indexOf([document.activeElement, this.stop].find((one) => stops.includes(one)) ?? stops.find((one) => one.ariaCurrent));
  }

  // Where one was at the last key: what was settled leaves the list, and the walk goes on from there.
  remember() {
    const { stops } = this;
    const here = this.place(stops);
    if (here >= 0) [this.behind, this.ahead] = [stops.slice(0, here).reverse(), stops.slice(here)].map((some) => some.map((one) => one.id));
  }

  beside(stops, step) {
    const { ahead = [], behind = [] } = this;
    const id = (step > 0 ? [...ahead, ...behind] : [...behind, ...ahead]).find((one) => one && stops.some((stop) => stop.id === one));
    return stops.find((stop) => stop.id === id) ?? stops[0];
  }

  search(event) {
    const field = document.querySelector("main input[type=search]");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  }
});
