// Sends the form inside with a bar that shows how much of it has arrived; without this the form sends itself.
class UploadForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(event.target);
    });
  }

  send(form) {
    const request = new XMLHttpRequest();
    const began = performance.now();
    request.upload.addEventListener("progress", (event) => event.lengthComputable && this.show(event, began));
    request.addEventListener("load", () => this.arrive(request));
    for (const fault of ["error", "abort"]) request.addEventListener(fault, () => this.fail());
    request.open("POST", form.action);
    request.send(new FormData(form));
    this.busy(true);
  }

  show({ loaded, total }, began) {
    const seconds = (performance.now() - began) / 1000;
    const rate = loaded / Math.max(0.001, seconds) / 1e6;
    this.querySelector("progress").value = (100 * loaded) / total;
    this.querySelector("[data-said]").textContent =
      `${Math.round((100 * loaded) / total)} % · ${(loaded / 1e6).toFixed(0)} / ${(total / 1e6).toFixed(0)} MB · ${rate.toFixed(1)} MB/s`;
  }

  arrive(request) {
    if (request.status < 400 && !request.responseURL.endsWith(location.pathname)) {
      location.assign(request.responseURL);
      return;
    }
    const problem = new DOMParser().parseFromString(request.responseText, "text/html").querySelector(".notice");
    this.fail(problem?.textContent.trim());
  }

  fail(words) {
    this.busy(false);
    const failed = this.querySelector("[data-failed]");
    if (words) failed.textContent = words;
    failed.hidden = false;
  }

  busy(is) {
    this.querySelector("[data-progress]").hidden = !is;
    this.querySelector("[data-failed]").hidden = true;
    this.querySelector("button").disabled = is;
  }
}

customElements.define("upload-form", UploadForm);
