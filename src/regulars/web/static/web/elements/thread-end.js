// A thread opens at its end, or at the message the address names; new lines at the end are followed while one reads there.
customElements.define("thread-end", class extends HTMLElement {
  connectedCallback() {
    this.place = this.firstElementChild;
    const named = location.hash.startsWith("#message-") && document.getElementById(location.hash.slice(1));
    named ? named.scrollIntoView({ block: "center" }) : this.end();
    this.watching = new MutationObserver(() => this.isAtEnd && this.end());
    this.watching.observe(this.querySelector("ol"), { childList: true });
    this.place.addEventListener("scroll", () => (this.isAtEnd = this.left() < 80), { passive: true });
    this.isAtEnd = !named;
  }

  disconnectedCallback() {
    this.watching.disconnect();
  }

  left() {
    return this.place.scrollHeight - this.place.scrollTop - this.place.clientHeight;
  }

  end() {
    this.place.scrollTop = this.place.scrollHeight;
  }
});
