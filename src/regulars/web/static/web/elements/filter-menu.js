// A <details class="menu"> with many choices: opens with its [data-filter] field in focus, typing narrows, arrows walk,
// Enter takes the first match (or sends what was typed, where the field belongs to a form), Escape goes back. What
// says data-stays is there whatever is typed.
customElements.define("filter-menu", class extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details");
    this.away = (event) => this.contains(event.target) || this.close();
    document.addEventListener("click", this.away);
    this.details.addEventListener("toggle", () => this.details.open && this.open());
    this.addEventListener("htmx:afterSettle", () => this.details.open && this.open()); // what it holds came late
    this.addEventListener("input", (event) => event.target.matches("[data-filter]") && this.narrow(event.target.value));
    this.addEventListener("keydown", (event) => this.details.open && this.press(event));
    // Later, because htmx forgets which button was pressed as soon as that loses the focus.
    this.addEventListener("submit", () => setTimeout(() => this.close(true)));
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.away);
  }

  get summary() {
    return this.querySelector("summary");
  }

  get choices() {
    return [...this.querySelectorAll(".items .menu-item")].filter((choice) => !choice.hidden);
  }

  open() {
    const field = this.querySelector("[data-filter]");
    if (field) field.value = "";
    this.narrow("");
    (field ?? this.choices[0])?.focus();
  }

  narrow(text) {
    const words = text.toLocaleLowerCase().trim().split(/\s+/);
    for (const choice of this.querySelectorAll(".items .menu-item")) {
      const said = ` ${choice.textContent.toLocaleLowerCase().replace(/\s+/g, " ")}`;
      choice.hidden = !("stays" in choice.dataset) && !words.every((word) => said.includes(` ${word}`));
    }
  }

  press(event) {
    const { choices } = this;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = choices.indexOf(document.activeElement);
    if (event.key === "Escape") this.close(true);
    else if (step) choices[(here < 0 ? (step > 0 ? 0 : -1) : here + step + choices.length) % choices.length || 0]?.focus();
    else if (event.key === "Enter" && event.target.matches("[data-filter]") && choices[0]) choices[0].click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  close(isBack) {
    this.details.open = false;
    if (isBack) this.summary.focus();
  }
});
