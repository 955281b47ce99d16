// Keeps the place in the list beside: whoever comes back to the same list from another page finds it scrolled as it
// was, with the rows that had come by then. Whoever scrolls meanwhile goes on from where they are.
const PLACE = "list-place";

customElements.define("list-place", class extends HTMLElement {
  connectedCallback() {
    this.list = document.getElementById(this.dataset.list);
    this.heard = new AbortController();
    const { signal } = this.heard;
    addEventListener("pagehide", () => this.keep(), { signal });
    const kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
    if (kept?.top && kept.asked === location.search) this.wanted = kept.top;
    document.addEventListener("htmx:afterSettle", () => this.goOn(), { signal });
    for (const name of ["wheel", "pointerdown", "keydown"]) this.list.addEventListener(name, () => (this.wanted = 0), { signal });
    this.goOn();
  }

  disconnectedCallback() {
    this.heard.abort();
  }

  keep() {
    sessionStorage.setItem(PLACE, JSON.stringify({ asked: location.search, top: this.wanted || this.list.scrollTop }));
  }

  // As far down as there are rows; what comes next asks for itself once it is seen.
  goOn() {
    if (!this.wanted) return;
    this.list.scrollTop = this.wanted;
    const isThere = Math.abs(this.list.scrollTop - this.wanted) < 2;
    if (isThere || !this.list.querySelector("[data-more]")) this.wanted = 0;
  }
});
