// The choice between a reply and a note; choosing one, by mouse, key or #do-reply and #do-note, begins the writing.
customElements.define("composer-tabs", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => event.target.matches("[name=composer]") && this.begin());
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && event.target.matches("textarea")) event.target.blur();
    });
  }

  // Typing moves between the radio buttons too, so the writing begins only once one was chosen for good.
  begin() {
    const text = [...this.querySelectorAll("textarea")].find((area) => area.checkVisibility());
    text?.focus();
    text?.setSelectionRange(text.value.length, text.value.length);
  }
});
