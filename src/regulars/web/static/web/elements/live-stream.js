// Keeps this page told of what changes elsewhere: events of the server's stream become events of the document,
// `live-rows`, `live-conversation`, `live-presence` and `live-reload`, with what came as their detail.
// The address of the page says what is looked at. A page that is hidden lets go of its stream after a while and
// catches up from the last number it saw when it is looked at again: browsers keep few connections open at once.
const HIDDEN_MS = 30000;

customElements.define("live-stream", class extends HTMLElement {
  connectedCallback() {
    this.again = () => this.open();
    this.seen = () => this.turn();
    for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) document.body.addEventListener(name, this.again);
    document.addEventListener("visibilitychange", this.seen);
    this.open();
  }

  disconnectedCallback() {
    for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) document.body.removeEventListener(name, this.again);
    document.removeEventListener("visibilitychange", this.seen);
    this.close();
  }

  address() {
    const open = location.pathname.match(/\/conversations\/(\d+)\//)?.[1] ?? "";
    return `${this.dataset.src}?${new URLSearchParams({ list: location.search.slice(1), conversation: open })}`;
  }

  open() {
    const address = this.address();
    if (this.source && this.at === address && this.source.readyState !== EventSource.CLOSED) return;
    this.close();
    this.at = address;
    this.source = new EventSource(this.number ? `${address}&since=${this.number}` : address);
    for (const name of ["here", "rows", "conversation", "presence", "reload"]) this.source.addEventListener(name, (event) => this.tell(name, event));
  }

  close() {
    this.source?.close();
    this.source = null;
  }

  tell(name, event) {
    this.number = event.lastEventId || this.number;
    this.dataset.state = "live";
    document.dispatchEvent(new CustomEvent(`live-${name}`, { detail: JSON.parse(event.data) }));
  }

  turn() {
    clearTimeout(this.resting);
    if (document.hidden) this.resting = setTimeout(() => this.close(), HIDDEN_MS);
    else if (!this.source) this.open();
  }
});
