// Says that this agent looks at a conversation, or writes in it, and shows who else does; `live-rows` shows the same on
// the rows of the list. Said again every 20 seconds, and whenever writing begins or pauses.
const AGAIN_MS = 20000;
const PAUSE_MS = 6000;

customElements.define("live-presence", class extends HTMLElement {
  connectedCallback() {
    this.change = (event) => this.show(event.detail);
    this.typing = (event) => event.target.matches?.("textarea") && this.write();
    document.addEventListener("live-presence", this.change);
    document.addEventListener("input", this.typing);
    this.say(false);
    this.timer = setInterval(() => !document.hidden && this.say(this.writes), AGAIN_MS);
  }

  disconnectedCallback() {
    document.removeEventListener("live-presence", this.change);
    document.removeEventListener("input", this.typing);
    clearInterval(this.timer);
    clearTimeout(this.pause);
    this.send({ gone: "1" });
  }

  write() {
    if (!this.writes) this.say(true);
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.say(false), PAUSE_MS);
  }

  say(writes) {
    this.writes = writes;
    this.send(writes ? { writes: "1" } : {});
  }

  send(values) {
    const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
    const headers = { "X-CSRFToken": token ?? "" };
    fetch(this.dataset.src, { method: "POST", headers, body: new URLSearchParams(values), keepalive: true })
      .then((answer) => (answer.status === 200 ? answer.json() : null)).then((news) => news && this.tell(news)).catch(() => {});
  }

  tell(news) {
    document.dispatchEvent(new CustomEvent("live-presence", { detail: news }));
  }

  show({ id, who }) {
    if (String(id) === this.dataset.conversation) this.replaceChildren(...(who.length ? [this.mark(who)] : []));
  }

  mark(who) {
    const mark = document.createElement("span");
    mark.className = "chip accent";
    const words = (key) => who.filter((one) => one.writes === (key === "writes")).map((one) => one.name);
    const said = [["writes", words("writes")], ["looks", words("looks")]].filter(([, names]) => names.length);
    mark.textContent = said.map(([key, names]) => this.dataset[key].replace("{names}", names.join(", "))).join(" · ");
    mark.title = mark.textContent;
    return mark;
  }
});
