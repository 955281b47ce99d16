// Shows a moment in the reader's own zone and language; the server's words stand until then, and without it.
const STEPS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];

customElements.define("local-time", class extends HTMLElement {
  connectedCallback() {
    this.time = this.querySelector("time");
    // The page's language, the way it is written where the reader lives.
    const { lang } = document.documentElement;
    this.language = navigator.languages.find((each) => each.split("-")[0] === lang.split("-")[0]) ?? lang;
    this.at = new Date(this.time?.dateTime ?? NaN);
    if (Number.isNaN(this.at.getTime())) return;
    this.time.title = this.written({ dateStyle: "full", timeStyle: "short" });
    this.show();
    if (["ago", "span"].includes(this.dataset.form)) this.timer = setInterval(() => this.show(), 60000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  show() {
    const form = this.dataset.form;
    this.time.textContent = form === "ago" ? this.ago() : form === "span" ? this.span() : form === "moment" ? this.moment()
      : this.written(form === "date" ? { dateStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" });
  }

  written(options) {
    return new Intl.DateTimeFormat(this.language, options).format(this.at);
  }

  // Of today the hour alone, of this year without the year.
  moment() {
    const now = new Date();
    if (this.at.toDateString() === now.toDateString()) return this.written({ timeStyle: "short" });
    if (this.at.getFullYear() !== now.getFullYear()) return this.written({ dateStyle: "medium", timeStyle: "short" });
    return this.written({ day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
  }

  // How far off, without saying which way: "9 min".
  span() {
    const { seconds, unit, size } = this.distance();
    const options = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 };
    return new Intl.NumberFormat(this.language, options).format(Math.max(1, Math.trunc(Math.abs(seconds) / size)));
  }

  distance() {
    const seconds = (this.at - Date.now()) / 1000;
    const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ["minute", 60];
    return { seconds, unit, size };
  }

  ago() {
    const { seconds, unit, size } = this.distance();
    const words = new Intl.RelativeTimeFormat(this.language, { numeric: "auto" });
    return Math.abs(seconds) < 60 ? words.format(0, "second") : words.format(Math.trunc(seconds / size), unit);
  }
});
