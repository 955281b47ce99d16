// Files chosen, dropped or pasted into the form inside go to data-url at once; the answer's lines hang on the form.
customElements.define("file-drop", class extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("[data-files]");
    this.bar = this.querySelector("progress");
    this.addEventListener("change", (event) => event.target.type === "file" && this.take(event, event.target.files));
    this.addEventListener("paste", (event) => this.take(event, event.clipboardData.files));
    this.addEventListener("drop", (event) => this.take(event, event.dataTransfer.files));
    this.addEventListener("dragover", (event) => event.preventDefault());
    for (const [name, is] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
      this.addEventListener(name, (event) => this.contains(event.relatedTarget) || this.toggleAttribute("data-over", is));
    }
    this.addEventListener("click", (event) => this.takeOff(event.target.closest("[data-takes-off]")));
  }

  take(event, files) {
    if (!files.length) return;
    event.preventDefault();
    const form = this.querySelector("form");
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const file of files) body.append("upload", file, file.name);
    if (event.type === "change") event.target.value = "";
    this.send(body);
  }

  send(body) {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => (this.bar.value = (100 * loaded) / total));
    request.addEventListener("loadend", () => this.arrive(request));
    request.open("POST", this.dataset.url);
    request.setRequestHeader("HX-Request", "true");
    request.send(body);
    this.bar.hidden = false;
  }

  arrive(request) {
    this.bar.hidden = true;
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const text = page.querySelector(".refusal p")?.textContent ?? this.dataset.failed;
    if (request.status === 200) this.list.append(...page.body.children);
    else this.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text, tone: "bad" } }));
    this.list.dispatchEvent(new Event("input", { bubbles: true }));
  }

  takeOff(button) {
    button?.closest("li").remove();
    if (button) this.list.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
