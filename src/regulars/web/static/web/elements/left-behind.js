// On the page one reads after signing out: nothing written stays in this browser for whoever sits here next. Drafts are
// on the server; a session that ended by itself forgets nothing.
customElements.define("left-behind", class extends HTMLElement {
  connectedCallback() {
    for (const name of Object.keys(localStorage)) if (name.startsWith("draft-")) localStorage.removeItem(name);
    sessionStorage.clear();
  }
});
