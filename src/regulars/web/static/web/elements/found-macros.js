// The macros by name in the palette, asked for once, where a conversation is open to use them in. A chosen one is
// handed to <macro-menu>, which the palette then opens.
customElements.define("found-macros", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("chosen", ({ target }) => {
      const menu = document.querySelector("macro-menu");
      if (menu) menu.wanted = target.dataset.macro;
    });
  }

  async ask(text) {
    this.text = text;
    if (this.asked || !document.querySelector("macro-menu")) return;
    this.asked = true;
    const answer = await fetch(this.dataset.src, { headers: { Accept: "application/json" } }).then((got) => (got.ok ? got.json() : null)).catch(() => null);
    if (!answer) return (this.asked = false);
    this.append(...answer.macros.map((macro) => this.option(macro)));
    this.closest("option-list").filter(this.text);
  }

  option({ id, name }) {
    const option = this.querySelector("template").content.firstElementChild.cloneNode(true);
    Object.assign(option, { id: `palette-macro-${id}` });
    Object.assign(option.dataset, { macro: id, words: name });
    option.querySelector(".name").textContent = name;
    return option;
  }
});
