// A side conversation that is open: ends at its last word, follows what comes while one looks, and goes away on Escape
// or with its button, without a reload.
customElements.define("side-lines", class extends HTMLElement {
  connectedCallback() {
    this.end();
    this.ask = ({ detail }) => detail.id === Number(this.dataset.conversation) && this.bring();
    document.addEventListener("live-conversation", this.ask);
  }

  disconnectedCallback() {
    document.removeEventListener("live-conversation", this.ask);
  }

  async bring() {
    const answer = await fetch(this.dataset.src, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || !this.isConnected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = page.querySelector("ol");
    const old = this.querySelector("ol");
    if (!made || made.innerHTML === old.innerHTML) return;
    const isAtEnd = this.scrollHeight - this.scrollTop - this.clientHeight < 80;
    old.replaceWith(made);
    htmx.process(made);
    if (isAtEnd) this.end();
  }

  end() {
    this.scrollTop = this.scrollHeight;
  }
});

function away(event) {
  const panel = document.querySelector("#side > .side");
  if (!panel) return;
  event.preventDefault();
  panel.remove();
  document.getElementById("do-ask")?.focus();
}

document.addEventListener("click", (event) => event.target.closest("[data-closes-side]") && away(event));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest("#side") && !event.target.closest("details[open]")) away(event);
});
