// Shows the addresses in the field inside as chips that can be taken out; the field keeps them all, with commas.
customElements.define("address-chips", class extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.chips = this.insertBefore(Object.assign(document.createElement("span"), { className: "address-list" }), this.field);
    this.entry = Object.assign(this.field.cloneNode(), { value: "", id: `${this.field.id}-new`, type: "text" });
    this.entry.removeAttribute("name");
    this.querySelector("label").htmlFor = this.entry.id;
    this.field.type = "hidden";
    this.field.before(this.entry);
    this.entry.addEventListener("blur", () => this.take());
    this.entry.addEventListener("keydown", (event) => this.press(event));
    this.entry.addEventListener("input", () => /[,;]\s*$/.test(this.entry.value) && this.take());
    this.show();
  }

  get all() {
    return this.field.value.match(/(?:"[^"]*"|[^,])+/g)?.map((one) => one.trim()).filter(Boolean) ?? [];
  }

  press(event) {
    const isPlain = !event.ctrlKey && !event.metaKey;
    if (event.key === "Enter" && isPlain && this.entry.value.trim()) this.take(event);
    if (event.key === "Backspace" && !this.entry.value) this.keep(this.all.slice(0, -1));
  }

  take(event) {
    event?.preventDefault();
    const typed = this.entry.value.replace(/[,;]\s*$/, "").trim();
    this.entry.value = "";
    if (typed) this.keep([...this.all, typed]);
  }

  keep(addresses) {
    this.field.value = addresses.join(", ");
    this.show();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  show() {
    this.chips.replaceChildren(...this.all.map((address, place) => this.chip(address, place)));
  }

  chip(address, place) {
    const chip = Object.assign(document.createElement("span"), { className: "chip", title: address });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "chip-button", textContent: "×" });
    button.setAttribute("aria-label", `${this.field.dataset.remove} ${address}`);
    button.addEventListener("click", () => this.keep(this.all.filter((_, other) => other !== place)));
    chip.append(Object.assign(document.createElement("span"), { className: "clip", textContent: address.replace(/\s*<.*>$/, "").replaceAll('"', "") }), button);
    return chip;
  }
});
