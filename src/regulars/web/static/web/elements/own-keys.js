// Gives the inbox's deeds other letters: one letter a deed, the usual one when it is left empty. <key-shortcuts> keeps them.
customElements.define("own-keys", class extends HTMLElement {
  async connectedCallback() {
    await customElements.whenDefined("key-shortcuts");
    this.keys = this.closest("key-shortcuts");
    this.fields = [...this.closest("dialog").querySelectorAll("[data-usual]")];
    this.own = this.keys.choices.own;
    for (const field of this.fields) field.addEventListener("change", () => this.change(field));
    this.querySelector("button").addEventListener("click", () => this.keep({}));
    this.opens = this.querySelector("input");
    this.opens.checked = this.keys.choices.opens;
    this.opens.addEventListener("change", () => this.keys.keep({ opens: this.opens.checked }));
    this.show();
  }

  // A letter that walks, ticks or belongs to another deed is not given twice.
  change(field) {
    const wanted = field.value.trim().toLowerCase();
    const taken = ["j", "k", "x", "g", "/", "?", ...this.fields.filter((each) => each !== field).map((each) => this.own[each.dataset.usual] ?? each.dataset.usual)];
    const { [field.dataset.usual]: _, ...others } = this.own;
    if (wanted && taken.includes(wanted)) return this.show();
    this.keep(wanted && wanted !== field.dataset.usual ? { ...others, [field.dataset.usual]: wanted } : others);
  }

  keep(own) {
    this.own = own;
    this.keys.keep({ own });
    this.show();
  }

  show() {
    for (const field of this.fields) field.value = this.own[field.dataset.usual] ?? field.dataset.usual;
    this.querySelector("button").hidden = !Object.keys(this.own).length;
  }
});
