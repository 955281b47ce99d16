// Draws the specification at src with the library the page's <meta name="charts"> names, in the colours of the
// theme. It is the picture of a table that stands on the same page; without script the table is there.
const ROLES = ["surface", "ink", "ink-soft", "ink-faint", "line", "line-strong", "accent", "accent-soft", "good", "warn", "bad",
  "full", "classic", "rolling", "return", "bracket"];

customElements.define("vega-chart", class extends HTMLElement {
  connectedCallback() {
    this.redraw = () => this.draw();
    document.addEventListener("look-changed", this.redraw);
    this.night = matchMedia("(prefers-color-scheme: dark)");
    this.night.addEventListener("change", this.redraw);
    this.draw();
  }

  disconnectedCallback() {
    document.removeEventListener("look-changed", this.redraw);
    this.night.removeEventListener("change", this.redraw);
    this.drawn?.finalize();
  }

  async draw() {
    try {
      const [{ vegaEmbed }, spec] = await Promise.all([import(document.querySelector("meta[name=charts]").content), this.spec()]);
      this.drawn?.finalize();
      const options = { ast: true, defaultStyle: false, actions: false, renderer: "svg", config: this.config(), tooltip: { disableDefaultStyle: true } };
      this.drawn = await vegaEmbed(this.place(), this.coloured(spec), options);
      this.dataset.drawn = "";
    } catch (error) {
      this.dataset.failed = "";
      this.textContent = JSON.parse(document.getElementById("words").textContent).no_chart;
      console.error(error);
    }
  }

  async spec() {
    this.text ??= fetch(this.getAttribute("src")).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)));
    return this.text;
  }

  place() {
    return this.querySelector("div") ?? this.appendChild(document.createElement("div"));
  }

  // A specification may say "var(--color-classic)": the role's present colour is put in its place.
  coloured(text) {
    return JSON.parse(text.replace(/var\(--color-([a-z-]+)\)/g, (whole, role) => this.colour(role)));
  }

  // Through a canvas, because Vega computes with colours and does not know OKLCH.
  colour(role) {
    const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const probe = Object.assign(document.createElement("i"), { hidden: true });
    probe.style.setProperty("color", `var(--color-${role})`);
    this.append(probe);
    brush.fillStyle = getComputedStyle(probe).color;
    probe.remove();
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
    return `rgb(${red}, ${green}, ${blue})`;
  }

  config() {
    const [surface, ink, soft, faint, line, , accent] = ROLES.map((role) => this.colour(role));
    const font = getComputedStyle(this).fontFamily;
    const axis = { labelColor: faint, titleColor: soft, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500 };
    return { background: "transparent", font, axis, legend: { labelColor: soft, titleColor: soft }, title: { color: ink }, view: { stroke: "transparent" }, mark: { color: accent }, text: { color: soft }, header: { labelColor: soft, titleColor: soft }, rule: { color: line }, point: { fill: surface } };
  }
});
