// Offers how the last word of a search may go on: the operators, and what may stand behind each.
const MOST = 12;

customElements.define("search-words", class extends HTMLElement {
  connectedCallback() {
    this.words = JSON.parse(this.querySelector("script")?.textContent ?? "{}");
    this.field = this.parentElement.querySelector("input");
    this.list = this.parentElement.querySelector("datalist");
    this.field?.addEventListener("input", () => this.offer());
    this.field?.addEventListener("focus", () => this.offer());
  }

  offer() {
    const [, before, last] = this.field.value.match(/^(.*?)(-?[a-z0-9_]+:"[^"]*|\S*)$/is);
    const options = this.endings(last.replace(/^-/, "")).map((ending) => {
      const option = document.createElement("option");
      option.value = `${before}${last.startsWith("-") ? "-" : ""}${ending}`;
      return option;
    });
    this.list.replaceChildren(...options.slice(0, MOST));
  }

  // Nothing is offered for an ordinary word: whoever types words wants to find them, not to be interrupted.
  endings(last) {
    const at = last.indexOf(":") + 1;
    if (!at) return Object.keys(this.words).filter((name) => !last || (name.startsWith(last) && name !== last));
    const [name, begun] = [last.slice(0, at).toLowerCase(), last.slice(at).replace(/^"/, "").toLowerCase()];
    return (this.words[name] ?? []).filter((word) => word.replace(/^"/, "").toLowerCase().startsWith(begun)).map((word) => name + word);
  }
});
