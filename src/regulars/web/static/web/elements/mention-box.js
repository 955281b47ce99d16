// Offers colleagues while one types @ and the beginning of a name into the field inside; Enter or Tab takes one.
customElements.define("mention-box", class extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector("textarea");
    this.list = this.querySelector("[role=listbox]");
    this.area.setAttribute("aria-controls", this.list.id);
    this.area.addEventListener("input", () => this.offer());
    this.area.addEventListener("blur", () => setTimeout(() => this.hide(), 150));
    this.area.addEventListener("keydown", (event) => !this.list.hidden && this.press(event));
    this.list.addEventListener("mousedown", (event) => this.take(event, event.target.closest("[role=option]")));
  }

  get typed() {
    return this.area.value.slice(0, this.area.selectionStart).match(/(?:^|[^\w@])@([^\s@]{0,40})$/u)?.[1];
  }

  get options() {
    return [...this.list.children].filter((option) => !option.hidden);
  }

  offer() {
    const { typed } = this;
    for (const option of this.list.children) {
      option.hidden = typed === undefined || !` ${option.textContent.toLocaleLowerCase()}`.includes(` ${typed.toLocaleLowerCase()}`);
    }
    this.list.hidden = !this.options.length;
    this.select(this.options[0]);
  }

  select(option) {
    for (const each of this.list.children) each.setAttribute("aria-selected", String(each === option));
    this.area.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  press(event) {
    const { options } = this;
    const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.select(options[(here + step + options.length) % options.length]);
    else if (event.key === "Escape") this.hide();
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") return this.take(event, options[here]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(event, option) {
    event.preventDefault();
    if (!option) return;
    const end = this.area.selectionStart;
    this.area.setRangeText(`@${option.textContent} `, end - this.typed.length - 1, end, "end");
    this.hide();
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  hide() {
    this.select((this.list.hidden = true) && null);
  }
});
