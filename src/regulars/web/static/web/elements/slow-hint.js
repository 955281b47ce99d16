// A line at the top of the page while a request takes longer than a blink.
customElements.define("slow-hint", class extends HTMLElement {
  connectedCallback() {
    let open = 0;
    let timer;
    document.addEventListener("htmx:beforeRequest", () => {
      if (open++ === 0) timer = setTimeout(() => this.classList.add("shown"), 350);
    });
    document.addEventListener("htmx:afterRequest", () => {
      if (open > 0 && --open === 0) {
        clearTimeout(timer);
        this.classList.remove("shown");
      }
    });
  }
});
