// Looks for an answer with which SHA-256 of "nonce:answer" begins with so many zero bits, a few hundred tries at a
// time, from the first key on. Where a page may not count hashes (plain http), the form waits longer instead.
customElements.define("proof-of-work", class extends HTMLElement {
  connectedCallback() {
    this.closest("form").addEventListener("input", () => this.begin(), { once: true });
    this.closest("form").addEventListener("submit", () => { this.isOver = true; });
  }

  async begin() {
    if (!globalThis.crypto?.subtle) return;
    const { nonce, bits } = this.dataset;
    for (let from = 0; !this.isOver; from += 256) {
      const answer = await this.among(nonce, Number(bits), from, from + 256);
      if (answer !== undefined) {
        this.querySelector("input").value = answer;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  async among(nonce, bits, from, until) {
    const encoder = new TextEncoder();
    const tries = Array.from({ length: until - from }, (_, place) => String(from + place));
    const digests = await Promise.all(tries.map((each) => crypto.subtle.digest("SHA-256", encoder.encode(`${nonce}:${each}`))));
    return tries.find((_, place) => new DataView(digests[place]).getUint32(0) >>> (32 - bits) === 0);
  }
});
