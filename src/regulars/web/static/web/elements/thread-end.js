// A thread opens at its end, or at the message the address names, or where the last message begins if it is longer than
// the window; new lines at the end are followed while one reads there.
const NEAR_PX = 80;
const BEFORE_PX = 20;

customElements.define("thread-end", class extends HTMLElement {
  connectedCallback() {
    this.place = this.firstElementChild;
    const named = location.hash.startsWith("#message-") && document.getElementById(location.hash.slice(1));
    named ? named.scrollIntoView({ block: "center" }) : this.begin();
    this.watching = new MutationObserver(() => this.isAtEnd && this.end());
    this.watching.observe(this.querySelector("ol"), { childList: true });
    this.heard = new AbortController();
    const { signal } = this.heard;
    for (const one of [this.place, this.page]) {
      one?.addEventListener("scroll", () => (this.isAtEnd = Math.abs(this.left()) < NEAR_PX), { passive: true, signal });
    }
    this.isAtEnd = !named;
  }

  disconnectedCallback() {
    this.watching.disconnect();
    this.heard.abort();
  }

  get page() {
    return this.closest("#conversation");
  }

  // On a phone the thread does not scroll in itself: the page does.
  get scrolls() {
    return getComputedStyle(this.place).overflowY === "visible" ? this.page : this.place;
  }

  // How far the end is below what is seen; on a phone the composer lies over it, and the card comes after.
  left() {
    const { place, scrolls } = this;
    if (scrolls === place) return place.scrollHeight - place.scrollTop - place.clientHeight;
    const composer = this.parentElement.querySelector("#composer");
    return this.getBoundingClientRect().bottom + (composer?.offsetHeight ?? 0) - (scrolls?.getBoundingClientRect().bottom ?? 0);
  }

  begin() {
    this.end();
    const [last] = [...this.querySelectorAll(".turn")].slice(-1);
    if (!last || !this.scrolls) return;
    const head = this.scrolls === this.page ? this.page.querySelector(".standing-top") : null;
    const above = (head?.getBoundingClientRect().bottom ?? this.place.getBoundingClientRect().top) - last.getBoundingClientRect().top;
    if (above > 0) this.scrolls.scrollTop -= above + BEFORE_PX;
  }

  end() {
    if (this.scrolls) this.scrolls.scrollTop += this.left();
  }
});
